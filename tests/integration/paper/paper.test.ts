/** Papers made at a whole engine: the file, its entry in the record, what a Word document really holds, and what is refused. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '#engine/engine';
import type { PaperPages } from '#engine/reports/paper/paper-html';
import type { IncidentView } from '#shared/contract/incidents';
import { PAPER_REQUESTS, type PaperMade, type PaperOf } from '#shared/contract/paper';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { readMarkup } from '#tests/helpers/xml-check';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';

const NOBODY = '00000000-0000-7000-8000-000000000000';
const TITLE = '交易网关中断 <b>&"\'';
const PDF = new TextEncoder().encode('%PDF-1.7 stand-in');

let desk: TestDesk;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(() => desk.end());

function taken<Value>(outcome: Outcome<unknown>): Value {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value as Value;
}

async function make(engine: Engine, of: PaperOf, format: 'pdf' | 'docx' = 'docx', language: 'en' | 'zh-CN' = 'en'): Promise<Outcome<PaperMade>> {
  const made: Outcome<unknown> = await engine.request('paper.make', { of, format, language });
  return made.ok ? accept(PAPER_REQUESTS['paper.make'].answer.parse(made.value)) : made;
}

async function openIncident(engine: Engine): Promise<IncidentView['incident']> {
  taken(engine.desk.incidents.stateFirm({ licences: ['cnFuturesBroker'], isCriticalInfrastructure: null, reason: 'a test' }));
  const open = { title: TITLE, eventKind: 'systemFault', state: 'active' };
  return taken<IncidentView>(await engine.request('incident.open', open)).incident;
}

const partsOf = (path: string): Record<string, string> =>
  Object.fromEntries(Object.entries(unzipSync(new Uint8Array(readFileSync(path)))).map(([name, bytes]) => [name, strFromU8(bytes)]));
const textOf = (path: string): string => readMarkup(partsOf(path)['word/document.xml'] ?? '').text;

describe('a Word document', () => {
  it('lies in the exports folder, is in the record with its hash, and names the record as it was before', async () => {
    const engine = await desk.start(null);
    const { incidentId } = await openIncident(engine);
    const { entryCount, headFingerprint } = engine.desk.journalPicture();
    const made = taken<PaperMade>(await make(engine, { kind: 'incident', id: incidentId }));
    expect(dirname(made.path)).toBe(join(desk.dataDir, 'exports'));
    const content = readFileSync(made.path);
    expect(createHash('sha256').update(content).digest('hex')).toBe(made.sha256);
    expect(content.length).toBe(made.bytes);
    expect(made.fingerprint).toBe(`${entryCount}:${headFingerprint}`);
    expect(partsOf(made.path)['word/footer1.xml']).toContain(made.fingerprint);
    const audit = taken<{ entries: { sequence: number }[] }>(
      await engine.request('audit.query', { filter: { types: ['export.made'] }, before: null, limit: 10 }),
    );
    expect(audit.entries).toHaveLength(1);
    const entry = JSON.stringify(await engine.request('audit.entry', { sequence: audit.entries[0]?.sequence ?? 0 }));
    for (const wanted of [made.sha256, made.fingerprint, incidentId, 'docx']) expect(entry).toContain(wanted);
  });

  it('is one that Word takes: every part well formed and declared, nothing that leads outside, text as typed', async () => {
    const engine = await desk.start(null);
    const { incidentId } = await openIncident(engine);
    const made = taken<PaperMade>(await make(engine, { kind: 'incident', id: incidentId }, 'docx', 'zh-CN'));
    const parts = partsOf(made.path);
    const types = readMarkup(parts['[Content_Types].xml'] ?? '').attributes;
    for (const [name, part] of Object.entries(parts)) {
      expect(() => readMarkup(part), name).not.toThrow();
      if (name.endsWith('.xml') && name !== '[Content_Types].xml') expect(types).toContain(`PartName=/${name}`);
    }
    for (const name of Object.keys(parts).filter((each) => each.endsWith('.rels'))) {
      const { attributes } = readMarkup(parts[name] ?? '');
      expect(attributes.filter((each) => each.startsWith('TargetMode='))).toEqual([]);
      for (const target of attributes.filter((each) => each.startsWith('Target='))) expect(target).not.toMatch(/:/);
    }
    expect(textOf(made.path)).toContain(TITLE);
    expect(textOf(made.path)).toContain('八个时间');
  });

  it('of a plan is blank before a run, of a run holds what was recorded; each has its own name', async () => {
    const engine = await desk.start(null);
    const blank = taken<PaperMade>(await make(engine, { kind: 'plan', id: 'EP-01' }, 'docx', 'en'));
    const again = taken<PaperMade>(await make(engine, { kind: 'plan', id: 'EP-01' }, 'docx', 'en'));
    expect(again.path).not.toBe(blank.path);
    const run = taken<{ runId: string }>(await engine.request('run.start', { planId: 'EP-01' }));
    taken(await engine.request('run.note', { runId: run.runId, note: 'called the exchange' }));
    const during = taken<PaperMade>(await make(engine, { kind: 'run', id: run.runId }));
    expect(textOf(during.path)).toContain('called the exchange');
    expect(textOf(during.path)).toContain(run.runId);
    expect(textOf(blank.path)).not.toContain(run.runId);
  });

  it('of a duty is the form, made for each duty by its name', async () => {
    const engine = await desk.start(null);
    const { incidentId, duties } = await openIncident(engine);
    const written = duties.find(({ rule }) => rule.channel === 'writtenForm');
    if (written === undefined) throw new Error('no written duty');
    const made = taken<PaperMade>(await make(engine, { kind: 'duty', id: incidentId, dutyId: written.dutyId }, 'docx', 'zh-CN'));
    expect(textOf(made.path)).toContain('草稿：未经审核，不得报出');
    expect(textOf(made.path)).toContain(written.rule.recipients.zh);
    expect(made.file).toContain(written.dutyId);
  });
});

describe('a paper', () => {
  it('of nothing that exists is refused with the field, and leaves no file and no entry', async () => {
    const engine = await desk.start(null);
    const { incidentId } = await openIncident(engine);
    const wishes: PaperOf[] = [
      { kind: 'plan', id: '../../EP-01' },
      { kind: 'run', id: NOBODY },
      { kind: 'incident', id: NOBODY },
      { kind: 'duty', id: incidentId, dutyId: 'no-such-duty' },
      { kind: 'drill', id: NOBODY },
    ];
    for (const of of wishes) {
      expect(await make(engine, of)).toMatchObject({ ok: false, code: 'UNKNOWN', field: of.kind === 'duty' ? 'of.dutyId' : 'of.id' });
    }
    expect(existsSync(join(desk.dataDir, 'exports'))).toBe(false);
    const audit = await engine.request('audit.query', { filter: { types: ['export.made'] }, before: null, limit: 10 });
    expect(taken<{ entries: unknown[] }>(audit).entries).toEqual([]);
  });

  it('as PDF is refused without the app, which says what works instead', async () => {
    const engine = await desk.start(null);
    expect(await make(engine, { kind: 'plan', id: 'EP-01' }, 'pdf')).toMatchObject({ ok: false, code: 'UNAVAILABLE', field: 'format' });
  });

  it('as PDF is what the shell printed of a page that needs nothing else; when the shell cannot, nothing is written', async () => {
    const orders: PaperPages[] = [];
    let answer: Outcome<Uint8Array> = accept(PDF);
    const printer = async (pages: PaperPages): Promise<Outcome<Uint8Array>> => {
      orders.push(pages);
      return answer;
    };
    const engine = await desk.start(null, {}, { printer });
    const { incidentId } = await openIncident(engine);
    const made = taken<PaperMade>(await make(engine, { kind: 'incident', id: incidentId }, 'pdf'));
    expect(new Uint8Array(readFileSync(made.path))).toEqual(PDF);
    const { elements, attributes, text } = readMarkup(orders[0]?.html ?? '', (element) => element === 'meta' || element === 'col');
    expect(elements).not.toContain('script');
    expect(attributes.filter((each) => /^(src|href|on\w+)=/.test(each))).toEqual([]);
    expect(text).toContain(TITLE);
    expect(orders[0]?.footer).toContain(made.fingerprint);
    answer = refuse('FAILED', 'the shell could not print');
    expect(await make(engine, { kind: 'incident', id: incidentId }, 'pdf')).toMatchObject({ ok: false, code: 'FAILED' });
    expect(readdirSync(join(desk.dataDir, 'exports'))).toEqual([made.file]);
  });

  it('asked for many times at once is written as often, each whole and none over another', async () => {
    const engine = await desk.start(null);
    const made = await Promise.all(Array.from({ length: 4 }, () => make(engine, { kind: 'plan', id: 'EP-02' })));
    const paths = made.map((each) => taken<PaperMade>(each).path);
    expect(new Set(paths).size).toBe(4);
    expect(readdirSync(join(desk.dataDir, 'exports')).sort()).toEqual(
      paths.map((path) => path.slice(join(desk.dataDir, 'exports').length + 1)).sort(),
    );
  });
});
