/** What stands on paper: every step, role and blank of every plan in both languages; every known fact of an incident; and no text that becomes anything but text. */

import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { paperDocx } from '#engine/reports/paper/paper-docx';
import { paperHtml } from '#engine/reports/paper/paper-html';
import { paperWords } from '#engine/reports/paper/paper-texts';
import { reportOf } from '#shared/desk/drills/after-action';
import { type Drill, drillSchema } from '#shared/desk/drills/drill';
import { drillScenariosSchema } from '#shared/desk/drills/scenario';
import { scoringSchema } from '#shared/desk/drills/score';
import { type Incident, incidentSchema, NO_IMPACT, type TimelineEntry } from '#shared/desk/incidents/incident';
import { type PaperBlock, type PaperDocument, type PaperLanguage, plainText } from '#shared/desk/paper/document';
import { drillDocument } from '#shared/desk/paper/drill-document';
import { incidentDocument } from '#shared/desk/paper/incident-document';
import { planDocument } from '#shared/desk/paper/plan-document';
import { regulatorForm } from '#shared/desk/paper/regulator-form';
import type { Duty } from '#shared/desk/reporting/duty';
import { rulePacksFileSchema } from '#shared/desk/reporting/rule-pack';
import { bundledPlans, Replica } from '#tests/helpers/plan-run';
import { readMarkup } from '#tests/helpers/xml-check';
import scenarioFile from '../../../../resources/drills/scenarios.json' with { type: 'json' };
import scoringFile from '../../../../resources/drills/scoring.json' with { type: 'json' };
import rulePacks from '../../../../resources/reporting/rule-packs.json' with { type: 'json' };

const LANGUAGES: readonly PaperLanguage[] = ['zh-CN', 'en'];
const AT_MS = Date.parse('2026-03-16T01:00:00Z');
const facts = { fingerprint: '7:0123456789ab', printedAtMs: AT_MS };
const ID = '01996b1c-0000-7000-8000-000000000001';
const wordsIn = (language: PaperLanguage) =>
  paperWords({ language, timeZone: 'Asia/Shanghai', person: (id) => ({ 'p-duty': 'Lin Duty' })[id] ?? id, entityName: () => '' });
const { packs } = rulePacksFileSchema.parse(rulePacks);
const { roles } = bundledPlans.library;

const incident = (more: Partial<Incident> = {}): Incident =>
  incidentSchema.parse({
    incidentId: ID,
    mode: 'live',
    title: 'Orders are not acknowledged',
    eventKind: 'systemFault',
    state: 'active',
    grade: null,
    isClassifiedMajor: null,
    openedBy: 'p-duty',
    openedAtMs: AT_MS,
    times: { aware: AT_MS },
    timeHistory: [],
    roles: [],
    timeline: [],
    impact: NO_IMPACT,
    seal: null,
    repairBegunAtMs: null,
    reports: [],
    links: { alertIds: [], runIds: [], mergedInto: null, mergedFrom: [] },
    review: { wasUpgradedBefore: null, causes: [], actions: [], lessons: '' },
    duties: [],
    sequence: 1,
    ...more,
  } satisfies Incident);

const line = (text: string): TimelineEntry => ({
  ...{ entryId: 'e1', occurredAtMs: AT_MS, recordedAtMs: AT_MS, by: 'p-duty', source: 'human', text, code: null },
  ...{ params: {}, refs: [], corrects: null },
});

function duty(more: Partial<Duty> = {}): Duty {
  const pack = packs.find(({ packId }) => packId === 'cn-csrc');
  const rule = pack?.rows.find(({ channel }) => channel === 'writtenForm');
  if (pack === undefined || rule === undefined) throw new Error('the pack has no written form');
  return {
    ...{ dutyId: rule.rowId, packId: pack.packId, timeZone: pack.timeZone, rule, state: 'armed', openedAtMs: AT_MS, armedBy: null, draft: null },
    ...{ draftedBy: null, approvedBy: null, submissions: [], receipt: null, waiver: null, stoodDownReason: null },
    ...more,
  };
}
const formOf = (one: Duty, language: PaperLanguage = 'en', more: Partial<Incident> = {}): PaperDocument =>
  regulatorForm(
    { incident: incident(more), duty: one, due: null, firm: { licences: ['cnFuturesBroker'], isCriticalInfrastructure: null } },
    wordsIn(language),
    facts,
  );

const isVoid = (element: string): boolean => element === 'meta' || element === 'col';
const htmlOf = (document: PaperDocument) => readMarkup(paperHtml(document).html, isVoid);
const partsOf = async (document: PaperDocument): Promise<Record<string, string>> =>
  Object.fromEntries(Object.entries(unzipSync(await paperDocx(document))).map(([name, bytes]) => [name, strFromU8(bytes)]));

function flat(blocks: readonly PaperBlock[]): PaperBlock[] {
  return blocks.flatMap((block) => (block.kind === 'group' ? flat(block.blocks) : [block]));
}
const blanks = (blocks: readonly PaperBlock[]): string[] =>
  flat(blocks).flatMap((block) => (block.kind === 'fields' ? block.fields.filter(({ value }) => value === null).map(({ label }) => label) : []));

describe('a plan on paper', { timeout: 30_000 }, () => {
  it.each(LANGUAGES)('has in %s every step with its action, its role, its ways out and blanks to write into', async (language) => {
    expect(bundledPlans.library.plans).toHaveLength(17);
    for (const plan of bundledPlans.library.plans) {
      const isChinese = language === 'zh-CN';
      const document = planDocument({ plan, hash: 'c'.repeat(64), version: 2, standing: 'unconfirmed' }, roles, wordsIn(language), facts);
      const { text } = htmlOf(document);
      const docx = readMarkup((await partsOf(document))['word/document.xml'] ?? '').text.replaceAll('|', '');
      const groups = document.blocks.filter((block) => block.kind === 'group');
      expect(groups).toHaveLength(plan.steps.length);
      plan.steps.forEach((step, index) => {
        const own = groups[index]?.blocks ?? [];
        for (const wanted of [isChinese ? step.title_zh : step.title, (isChinese ? step.action_zh : step.action) ?? '', step.role]) {
          expect(text, `${plan.id} ${step.no}`).toContain(plainText(wanted));
          expect(docx, `${plan.id} ${step.no}`).toContain(plainText(wanted).replaceAll('\n', ''));
        }
        const choices = [...(step.branches ?? []), ...(step.on_fail ?? [])];
        const boxes = flat(own).flatMap((block) => (block.kind === 'boxes' ? block.boxes : []));
        expect(boxes.map((box) => box.text)).toEqual(choices.map((choice) => (isChinese ? choice.label_zh : choice.label)));
        // Begun at, done at, a reading or note, and one line for each signature.
        expect(blanks(own), `${plan.id} ${step.no}`).toHaveLength(3 + step.signatures);
      });
      for (const role of new Set(plan.steps.map((step) => step.role))) expect(blanks(document.blocks).join(' ')).toContain(`(${role})`);
      const signing = document.blocks.find((block) => block.kind === 'signatures');
      expect(signing?.lines.map(({ name, signedAt }) => [name, signedAt])).toEqual([
        [null, null],
        [null, null],
        [null, null],
      ]);
      expect(document.footer).toContain('7:0123456789ab');
      expect(text).toContain('cccccccccccc');
      expect(text).toContain(isChinese ? '公司未确认' : 'not confirmed by the firm');
      expect(text).not.toMatch(/sense\/confirm|\{\{|plans:|undefined/);
    }
  });

  it('prints during a run what is known and leaves blank what is not; a drill says so on every sheet', async () => {
    const replica = new Replica();
    const plan = bundledPlans.library.plans[0];
    if (plan === undefined) throw new Error('no plan');
    replica.start(plan);
    const document = planDocument({ run: { ...replica.run, mode: 'drill' } }, roles, wordsIn('en'), facts);
    expect(document.banner).toBe('DRILL: NOT A REAL EVENT');
    const pages = paperHtml(document);
    expect(pages.header).toContain('DRILL: NOT A REAL EVENT');
    expect((await partsOf(document))['word/header1.xml']).toContain('DRILL: NOT A REAL EVENT');
    expect(htmlOf(document).text).toContain(replica.run.runId);
    expect(blanks(document.blocks).length).toBeGreaterThan(plan.steps.length);
  });
});

describe('an incident on paper', () => {
  it.each(LANGUAGES)('names in %s all eight times, says what nobody knows, and keeps what was corrected', (language) => {
    const words = wordsIn(language);
    const changed = incident({
      times: { aware: AT_MS, impactStart: AT_MS - 60_000 },
      timeHistory: [{ name: 'impactStart', atMs: AT_MS - 60_000, before: AT_MS, reason: 'gateway log', by: 'p-duty', recordedAtMs: AT_MS }],
    });
    const first = { ...line('wrong'), entryId: 'e1' };
    const second = { ...line('right'), entryId: 'e2', corrects: 'e1' };
    const { text } = htmlOf(incidentDocument({ incident: changed, timeline: [first, second], dues: [] }, words, facts));
    for (const name of ['impactStart', 'detected', 'aware', 'declared', 'classified', 'contained', 'impactEnd', 'recovered'])
      expect(text).toContain(words.word(`incidents:time.${name}`));
    expect(text).toContain(words.word('incidents:notKnown'));
    expect(text).toContain('gateway log');
    expect(text).toContain(`wrong\n${words.word('incidents:isCorrected')}`);
    expect(text).toContain(`right\n${words.word('incidents:isCorrection')}`);
    expect(text).toContain('Lin Duty');
    expect(text).not.toMatch(/\{\{|incidents:|plans:|undefined|\bnull\b|NaN/);
  });
});

describe('a report to a regulator on paper', () => {
  it('is marked on every sheet as long as nobody approved it, and not any more once somebody has', () => {
    expect(formOf(duty()).banner).toBe('DRAFT: NOT APPROVED, NOT TO BE SENT');
    const approved = formOf(duty({ state: 'approved', draft: { what: 'Gateway down' }, draftedBy: 'p-duty', approvedBy: 'p-compliance' }));
    expect(approved.banner).toBeNull();
    const { text } = htmlOf(approved);
    expect(text).toContain('Gateway down');
    expect(text).toContain('p-compliance');
    expect(formOf(duty({ approvedBy: 'p-compliance' }), 'en', { mode: 'drill' }).banner).toBe('DRILL: NOT TO BE SENT');
  });

  it.each(LANGUAGES)('before a draft holds in %s every item, filled from the record or said to be unknown', (language) => {
    const words = wordsIn(language);
    const { text } = htmlOf(formOf(duty(), language));
    for (const field of ['what', 'when', 'grade', 'impact', 'cause', 'actions', 'needs', 'evidence'])
      expect(text).toContain(words.word(`incidents:form.${field}`));
    expect(text).toContain('Orders are not acknowledged');
    expect(text).toContain(words.word('incidents:notKnown'));
    expect(text).not.toMatch(/\{\{|incidents:|plans:|undefined|\bnull\b|NaN/);
  });

  it('counts in the regulator’s zone, not in the desk’s', () => {
    const far = regulatorForm(
      { incident: incident(), duty: duty({ timeZone: 'Europe/Paris' }), due: null, firm: { licences: [], isCriticalInfrastructure: null } },
      wordsIn('en'),
      facts,
    );
    expect(htmlOf(far).text).toContain('Mar 16, 2026, 02:00:00');
    expect(htmlOf(formOf(duty())).text).toContain('Mar 16, 2026, 09:00:00');
  });
});

describe('a drill on paper', () => {
  const scenario = drillScenariosSchema.parse(scenarioFile).scenarios[0];
  const scoring = scoringSchema.parse(scoringFile.scoring[0]);
  const drill = (more: Partial<Drill> = {}): Drill =>
    drillSchema.parse({
      ...{
        drillId: ID,
        scenario,
        state: 'aarDraft',
        plannedAtMs: null,
        hotwash: { atMs: AT_MS, by: 'p-duty', present: ['p-duty'], wentWell: 'calm voices', toBetter: '' },
        createdBy: 'p-duty',
        createdAtMs: AT_MS,
        approvedBy: [],
        players: ['p-duty'],
      },
      ...{ controllers: [], evaluators: [], startedAtMs: AT_MS, endedAtMs: AT_MS + 600_000, pauses: [], runId: null, injected: [], observations: [] },
      ...{ marks: [], strengths: ['Roles were taken in a minute'], improvements: [], leak: null, abortReason: null, signedBy: [], sequence: 1 },
      ...more,
    });

  it.each(LANGUAGES)(
    'has in %s objectives, tasks, lapses, story, strengths and who signs, says the same in Word, and never looks real',
    async (language) => {
      const one = drill({ injected: [{ no: 1, atMs: AT_MS + 1000, by: 'engine', outcome: 'done', note: '' }] });
      const report = reportOf(one, { run: null, alertAcknowledgedAtMs: null, incidentOpenedAtMs: null, missedDuties: [] }, scoring);
      const words = wordsIn(language);
      const document = drillDocument({ drill: one, report, earlier: [] }, words, facts);
      expect(document.banner).toBe(words.word('plans:paper.drill'));
      const { text } = htmlOf(document);
      const tongue = language === 'zh-CN' ? 'zh' : 'en';
      for (const { text: wanted } of [...one.scenario.objectives, ...one.scenario.criticalTasks]) expect(text).toContain(wanted[tongue]);
      expect(text).toContain(one.scenario.injects[0]?.content[tongue]);
      expect(text).toContain('Roles were taken in a minute');
      expect(text).toContain('10:00');
      expect(text).toContain(words.word('drills:lapses'));
      const { text: inWord } = readMarkup((await partsOf(document))['word/document.xml'] ?? '');
      const plain = (said: string): string => said.replaceAll(/[\s|]/g, '');
      for (const said of text.split('|').filter((part) => part.trim().length > 3)) expect(plain(inWord)).toContain(plain(said));
      expect(text).not.toMatch(/\{\{|incidents:|plans:|drills:|drill\.|undefined|\bnull\b|NaN/);
    },
  );
});

describe('a Word document', () => {
  it('of the same paper is the same to the byte, and of another moment is not', async () => {
    const at = (printedAtMs: number): Promise<Uint8Array> =>
      paperDocx(incidentDocument({ incident: incident(), timeline: [line('x')], dues: [] }, wordsIn('en'), { ...facts, printedAtMs }));
    expect(await at(AT_MS)).toEqual(await at(AT_MS));
    expect(await at(AT_MS)).not.toEqual(await at(AT_MS + 1000));
  });
});

describe('a text that people typed', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '</w:t></w:r><w:hyperlink r:id="rId9">',
      '<script>1</script>',
      '{{fingerprint}}',
      ']]>',
      '&lt;b&gt;',
      '\u0000\u001b[2J',
      '\u202Egnp.exe',
      '=cmd|1',
    ),
  );

  it('stays text: no element, attribute or relation more, and the reader sees what was typed', async () => {
    const shape = async (document: PaperDocument) => {
      const html = htmlOf(document);
      const parts = await partsOf(document);
      const word = readMarkup(parts['word/document.xml'] ?? '');
      return { html, word, parts, elements: { html: new Set(html.elements), word: new Set(word.elements) } };
    };
    const paperOf = (text: string): PaperDocument =>
      incidentDocument(
        {
          incident: incident({ title: text.slice(0, 200) || 'x', review: { wasUpgradedBefore: null, causes: [text], actions: [], lessons: text } }),
          timeline: [line(text)],
          dues: [],
        },
        wordsIn('zh-CN'),
        facts,
      );
    const plain = await shape(paperOf('plain\nwords'));
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        const seen = await shape(paperOf(text));
        expect(seen.elements.html).toEqual(plain.elements.html);
        expect([...seen.elements.word].every((element) => plain.elements.word.has(element))).toBe(true);
        expect(seen.html.attributes).toEqual(plain.html.attributes);
        expect(seen.parts['word/_rels/document.xml.rels']).toBe(plain.parts['word/_rels/document.xml.rels']);
        expect(seen.html.text).toContain(plainText(text));
        expect(plainText(text)).not.toMatch(/(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
        for (const [name, part] of Object.entries(seen.parts)) expect(() => readMarkup(part), name).not.toThrow();
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
