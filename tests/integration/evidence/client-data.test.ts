/** One client's data among others': alerts, notes, worklists and notices are sealed with the client's own key, and go with it alone. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Recorder } from '#engine/desk/record';
import { StatementDesk } from '#engine/desk/statements/statement-desk';
import { ChainedJournal } from '#engine/journal/chained-journal';
import type { ImportedStatement } from '#shared/desk/statements/events';
import { canonicalJson } from '#shared/journal/canonical';
import { DESTROYED_WORDS } from '#shared/journal/client-words';
import { DESTROYED_TEXT, subjectKeyOf } from '#shared/journal/sealed';
import { accept, type Outcome } from '#shared/refusal';
import { condition, type OpenDesk, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

const CONFIRMATION = '0197a6a0-0000-7000-8000-000000000001';
const NAME = '赫连勃勃投资';

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;

beforeEach(() => {
  folder = temporaryFolder();
  open = openDesk(folder.path, { secondPerson: { take: () => accept({ personId: 'p-2', sessionId: 's', keyId: 'k', signature: 'x' }) } });
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

function accepted<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

function raise(...entities: string[]): void {
  open.desk.alerts.onConditions(entities.map((entity) => condition('raised', { entity, atMs: open.clock.ms })));
}

function alertAbout(entity: string): string {
  const found = open.journal.tables.alerts.newest(100, 0).find((alert) => alert.entity === entity);
  if (found === undefined) throw new Error(`no alert about ${entity}`);
  return found.alertId;
}

function storedKeys(): Map<string, (string | null)[]> {
  const bySubject = new Map<string, (string | null)[]>();
  const rows = open.store.journalFile.database.prepare('SELECT subject, payload FROM entries ORDER BY sequence').all() as Record<string, string>[];
  for (const { subject, payload } of rows) bySubject.set(subject ?? '', [...(bySubject.get(subject ?? '') ?? []), subjectKeyOf(payload ?? '')]);
  return bySubject;
}

const destroy = (dataSubject: string) =>
  open.desk.requests['privacy.destroy']({ dataSubject, reason: 'asked by the client', confirmationId: CONFIRMATION });

function endAlert(alertId: string): void {
  accepted(open.desk.alerts.acknowledge({ alertIds: [alertId], note: `spoke with ${NAME}` }));
  open.desk.alerts.onConditions([condition('cleared', { entity: 'account:A0001', atMs: open.clock.ms })]);
  accepted(open.desk.alerts.close({ alertId, disposition: 'handled', note: `${NAME} has paid` }));
}

describe('what is recorded about a client', () => {
  it('is sealed with the client’s own key from the first entry of an alert to its last, and what concerns no client is not', () => {
    raise('account:A0001', 'account:A0002', 'feed:primary');
    const [one, two, feed] = ['account:A0001', 'account:A0002', 'feed:primary'].map(alertAbout);
    endAlert(one ?? '');
    const keys = storedKeys();
    const ofOne = keys.get(`alert:${one}`) ?? [];
    expect(ofOne.length).toBeGreaterThanOrEqual(4);
    expect(new Set(ofOne).size).toBe(1);
    expect(ofOne[0]).toMatch(/^s[0-9a-f]{16}$/);
    expect(keys.get(`alert:${two}`)?.[0]).toMatch(/^s[0-9a-f]{16}$/);
    expect(keys.get(`alert:${two}`)?.[0]).not.toBe(ofOne[0]);
    expect(keys.get(`alert:${feed}`)).toEqual([null]);
  });

  it('goes with the key when no alert about the client is open any more: the notes are gone, the chain and everybody else’s data stand', async () => {
    raise('account:A0001', 'account:A0002');
    const alertId = alertAbout('account:A0001');
    expect(await destroy('client:A0001')).toMatchObject({ ok: false, code: 'CONFLICT', field: 'dataSubject' });
    expect(open.journal.tables.alerts.get(alertId)).not.toBeNull();
    endAlert(alertId);
    expect(await destroy('client:A0001')).toEqual(accept({ keyCount: 1 }));
    expect(open.journal.tables.alerts.get(alertId)).toBeNull();
    expect(open.journal.entriesOf(`alert:${alertId}`).every(({ payload }) => payload === DESTROYED_TEXT)).toBe(true);
    expect(open.journal.tables.alerts.open().map(({ entity }) => entity)).toEqual(['account:A0002']);
    expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
    // The account may come back: what is recorded from now on has a key of its own again.
    raise('account:A0001');
    expect(open.journal.tables.alerts.get(alertAbout('account:A0001'))).toMatchObject({ notes: [], human: 'unacknowledged' });
    // And a fold of everything from the beginning gives the same.
    const before = open.journal.tables.dump();
    open.journal.rebuildProjections();
    expect(open.journal.tables.dump()).toEqual(before);
  });

  it('holds an imported statement as well: its name, its money and its positions go with the key, in the folded state and in the entry', async () => {
    const { journal, clock } = open;
    const recorder = new Recorder({ journal, mode: 'live', clock, newId: v7, session: v7(), person: () => 'p-duty', log: () => undefined });
    const statements = new StatementDesk(recorder);
    accepted(statements.record(statementOf('A0001')));
    accepted(statements.record(statementOf('A0002')));
    const keys = ['A0001', 'A0002'].map((clientID) => storedKeys().get(`statement:${clientID}|20260914|mtm`)?.[0]);
    expect(keys[0]).toMatch(/^s[0-9a-f]{16}$/);
    expect(keys[1]).not.toBe(keys[0]);
    const row = open.store.journalFile.database.prepare("SELECT body FROM statements WHERE statementId = 'A0001|20260914|mtm'").pluck().get();
    expect(subjectKeyOf(String(row))).toBe(keys[0]);
    expect(await destroy('client:A0001')).toEqual(accept({ keyCount: 1 }));
    expect(statements.list().map(({ clientID }) => clientID)).toEqual(['A0002']);
    expect(statements.get('A0001|20260914|mtm')).toMatchObject({ ok: false, code: 'UNKNOWN' });
    expect(open.journal.entriesOf('statement:A0001|20260914|mtm').map(({ payload }) => payload)).toEqual([DESTROYED_TEXT]);
    expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
    // The client may come back: the same file is imported anew, under a new key.
    accepted(statements.record(statementOf('A0001')));
    expect(statements.list('A0001')).toHaveLength(1);
    expect(storedKeys().get('statement:A0001|20260914|mtm')?.[1]).not.toBe(keys[0]);
  });

  it('takes a run that answers an alert about the client along, notes and attached runs and all, once it has ended; a run of the firm stays', async () => {
    raise('account:A0001', 'feed:primary');
    const alertId = alertAbout('account:A0001');
    const own = accepted(open.desk.plans.start({ planId: 'EP-01', alertId }));
    const firm = accepted(open.desk.plans.start({ planId: 'EP-01', alertId: alertAbout('feed:primary') }));
    accepted(await open.desk.requests['run.note']({ runId: own.runId, note: `spoke with ${NAME}` }));
    accepted(await open.desk.requests['run.attachPlan']({ runId: own.runId, planId: 'EP-02' }));
    const child = open.desk.plans.run(own.runId)?.children[0]?.runId ?? '';
    const keys = storedKeys();
    expect(new Set([...(keys.get(`run:${own.runId}`) ?? []), ...(keys.get(`run:${child}`) ?? []), keys.get(`alert:${alertId}`)?.[0]]).size).toBe(1);
    expect(keys.get(`run:${firm.runId}`)?.every((key) => key === null)).toBe(true);
    endAlert(alertId);
    expect(await destroy('client:A0001')).toMatchObject({ ok: false, code: 'CONFLICT', message: expect.stringContaining('runs') });
    for (const runId of [child, own.runId]) accepted(await open.desk.requests['run.abort']({ runId, reason: 'the client has paid' }));
    expect(await destroy('client:A0001')).toEqual(accept({ keyCount: 1 }));
    expect([own.runId, child, firm.runId].map((runId) => open.desk.plans.run(runId)?.runId ?? null)).toEqual([null, null, firm.runId]);
    expect(open.journal.entriesOf(`run:${own.runId}`).every(({ payload }) => payload === DESTROYED_TEXT)).toBe(true);
    expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
  });

  it('makes the keys of a thousand clients in one commit, and the same ones are found after a restart', async () => {
    const entities = Array.from({ length: 1_000 }, (_, index) => `account:B${index}`);
    // All at the first time of asking: what is asked for afterwards is there.
    const made = vi.spyOn(open.store.subjectKeys, 'prepare');
    raise(...entities);
    expect(new Set(made.mock.calls[0]?.[0]).size).toBe(1_000);
    made.mockRestore();
    const first = storedKeys().get(`alert:${alertAbout('account:B999')}`)?.[0];
    await open.close();
    open = openDesk(folder.path, {});
    open.journal = new ChainedJournal({ file: open.store.journalFile, clock: open.clock, newId: v7 });
    open.journal.append([noticeOf('B999')], { actor: 'p-duty', session: v7(), mode: 'live' });
    expect(storedKeys().get('notice:0197a6a0-0000-7000-8000-0000000000aa')).toEqual([first]);
  });
});

describe('words about clients in the firm’s own entries', () => {
  const OTHER = '拓跋贸易';
  const OPENING = { eventKind: 'systemFault', state: 'suspected', runId: null, detectedAtMs: null, impactStartMs: null } as const;
  const WORDS = `${NAME} 的追保电话无人接听`;

  beforeEach(() => {
    open.journal.sealWordsAbout((text) => [...(text.includes(NAME) ? ['A0001'] : []), ...(text.includes(OTHER) ? ['A0002'] : [])]);
  });

  async function writtenAbout(): Promise<{ incidentId: string; runId: string; alertId: string }> {
    raise('feed:primary');
    const alertId = alertAbout('feed:primary');
    accepted(open.desk.alerts.note({ alertId, note: `${NAME} asked for their orders by telephone` }));
    const { runId } = accepted(open.desk.plans.start({ planId: 'EP-01', alertId }));
    accepted(await open.desk.requests['run.note']({ runId, note: WORDS }));
    accepted(await open.desk.requests['run.note']({ runId, note: 'second relay tried' }));
    const opened = accepted(await open.desk.requests['incident.open']({ ...OPENING, title: `柜台中断，${NAME} 受影响`, alertId }));
    const { incidentId } = opened.incident;
    for (const text of [`${NAME} and ${OTHER} were told`, `only ${OTHER}`, 'relay is back'])
      accepted(
        await open.desk.requests['incident.act']({
          incidentId,
          act: { type: 'addEntry', occurredAtMs: open.clock.ms, source: 'human', text, refs: [], corrects: null },
        }),
      );
    return { incidentId, runId, alertId };
  }

  async function endWork({ incidentId, runId }: { incidentId: string; runId: string }): Promise<void> {
    expect(await destroy('client:A0001')).toMatchObject({ ok: false, code: 'CONFLICT', message: expect.stringContaining('runs') });
    accepted(await open.desk.requests['run.abort']({ runId, reason: 'relay is back' }));
    expect(await destroy('client:A0001')).toMatchObject({ ok: false, code: 'CONFLICT', message: expect.stringContaining('incidents') });
    const act = { type: 'changeState', to: 'cancelled', reason: 'a test' } as const;
    accepted(await open.desk.requests['incident.act']({ incidentId, act, confirmationId: CONFIRMATION }));
  }

  const incidentNow = (incidentId: string) =>
    open.journal.tables.documents.get('incident', incidentId) as { title: string; timeline: { text: string }[]; state: string };

  it('go with the client’s key and nothing else does: incident, run and alert stand, also after a restart and when folded from the beginning', async () => {
    const ids = await writtenAbout();
    const before = incidentNow(ids.incidentId);
    expect(before.title).toContain(NAME);
    await endWork(ids);
    expect(await destroy('client:A0001')).toMatchObject({ ok: true });
    const expectGone = (): void => {
      const incident = incidentNow(ids.incidentId);
      expect(incident).toMatchObject({ state: 'cancelled', title: DESTROYED_WORDS });
      expect(incident.timeline.map(({ text }) => text)).toEqual([DESTROYED_WORDS, `only ${OTHER}`, 'relay is back']);
      expect(JSON.stringify(open.journal.tables.runs.get(ids.runId))).not.toContain(NAME);
      expect(JSON.stringify(open.journal.tables.runs.get(ids.runId))).toContain('second relay tried');
      expect(open.journal.tables.alerts.get(ids.alertId)).toMatchObject({ notes: [{ text: DESTROYED_WORDS }] });
      const subjects = [`incident:${ids.incidentId}`, `run:${ids.runId}`, `alert:${ids.alertId}`];
      const readable = subjects.flatMap((subject) => open.journal.entriesOf(subject).map(({ payload }) => payload));
      expect(readable.every((payload) => !payload.includes(NAME) && payload !== DESTROYED_TEXT)).toBe(true);
      expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
    };
    expectGone();
    const folded = open.journal.tables.dump();
    open.journal.rebuildProjections();
    expect(open.journal.tables.dump()).toEqual(folded);
    await open.close();
    open = openDesk(folder.path, {});
    expectGone();
  });

  it('are gone from what the desk holds in memory too, and from the screens’ next picture', async () => {
    const ids = await writtenAbout();
    expect(JSON.stringify(open.desk.incidents.briefs())).toContain(NAME);
    await endWork(ids);
    accepted(await destroy('client:A0001'));
    expect(JSON.stringify(open.desk.incidents.briefs())).not.toContain(NAME);
  });

  it('are gone from a back-up that was made before, too', async () => {
    const ids = await writtenAbout();
    const { file } = accepted(await open.store.backups.make());
    await endWork(ids);
    accepted(await destroy('client:A0001'));
    await open.close();
    const other = temporaryFolder();
    for (const name of ['desk-key.json', 'subject-keys.sqlite']) copyFileSync(join(folder.path, name), join(other.path, name));
    copyFileSync(file, join(other.path, 'journal.sqlite'));
    const restored = openDesk(other.path, {});
    const everything = JSON.stringify([restored.journal.tables.dump(), restored.journal.entriesAfter(0, 1_000)]);
    expect(everything).not.toContain(NAME);
    expect(everything).toContain(`only ${OTHER}`);
    expect(everything).toContain('second relay tried');
    await restored.close();
    other.remove();
    open = openDesk(folder.path, {});
  });

  it('are gone from an alert that repeats the title of an incident, and from what was told of it', async () => {
    open.desk.delivery.begin();
    const ids = await writtenAbout();
    const entity = `incident:${ids.incidentId}`;
    const { reason } = condition('raised');
    const params = { ...reason.params, incident: incidentNow(ids.incidentId).title };
    open.desk.alerts.onConditions([
      condition('raised', { ruleId: 'report-duty', kind: 'reportDue', entity, atMs: open.clock.ms, reason: { ...reason, params } }),
    ]);
    const title = () => open.journal.tables.alerts.get(alertAbout(entity))?.reason.params.incident;
    expect(title()).toContain(NAME);
    open.clock.ms += 60_000;
    open.desk.delivery.tick();
    const told = () => JSON.stringify(open.journal.tables.documents.all('alertNotice'));
    expect(told()).toContain(entity);
    expect(told()).not.toContain(NAME);
    await endWork(ids);
    accepted(await destroy('client:A0001'));
    expect(title()).toBe(DESTROYED_WORDS);
    expect(JSON.stringify([open.journal.tables.dump(), open.journal.entriesAfter(0, 1_000)])).not.toContain(NAME);
  });

  it('are forgotten at the next start when the desk ended between the key and the fold', async () => {
    const ids = await writtenAbout();
    expect(() =>
      open.journal.forgetWords(() => {
        open.store.subjectKeys.destroy('client:A0001');
        throw new Error('power cut');
      }),
    ).toThrow('power cut');
    await open.close();
    open = openDesk(folder.path, {});
    expect(incidentNow(ids.incidentId).title).toBe(DESTROYED_WORDS);
    expect(open.journal.tables.runs.get(ids.runId)).not.toBeNull();
  });

  it('that only look sealed are read back as they were typed', async () => {
    const forged = '{"box":"AAAA","key":"s0123456789abcdef","sealed":1}';
    raise('feed:primary');
    const alertId = alertAbout('feed:primary');
    accepted(open.desk.alerts.note({ alertId, note: forged }));
    open.journal.rebuildProjections();
    expect(open.journal.tables.alerts.get(alertId)).toMatchObject({ notes: [{ text: forged }] });
    expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
  });

  it.each(['zz', 's0123456789abcdef'])('that only look sealed, with the key %s, stop nobody from reading the record, whoever wrote them', (keyId) => {
    const forged = `{"box":"AAAA","key":"${keyId}","sealed":1}`;
    const named = `{"box":"${NAME}","key":"${keyId}","sealed":1}`;
    const { reason } = condition('raised');
    // The watch names a contract as its feed does.
    open.desk.alerts.onConditions([condition('raised', { entity: 'account:A0001', reason: { ...reason, params: { instrumentID: forged } } })]);
    const alertId = alertAbout('account:A0001');
    // Named in a client's own alert: one key would seal both.
    accepted(open.desk.alerts.note({ alertId, note: named }));
    open.journal.rebuildProjections();
    expect(open.journal.tables.alerts.get(alertId)).toMatchObject({ notes: [{ text: named }], reason: { params: { instrumentID: forged } } });
    expect(open.journal.entriesOf(`alert:${alertId}`)).toHaveLength(2);
    expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
  });

  it('that looked sealed before such words were sealed are read as they stand', () => {
    const forged = '{"box":"AAAA","key":"zz","sealed":1}';
    raise('feed:primary');
    const alertId = alertAbout('feed:primary');
    accepted(open.desk.alerts.note({ alertId, note: 'spoke with the broker' }));
    const { database, rows } = open.store.journalFile;
    database.exec('DROP TRIGGER entriesAreNeverEdited');
    const [, note] = rows.ofSubject(`alert:${alertId}`);
    const payload = canonicalJson({ ...JSON.parse(note?.payload ?? '{}'), note: forged });
    database
      .prepare('UPDATE entries SET payload = ? WHERE opId = ?')
      .run(open.store.journalFile.sealer.seal(payload, `entry ${note?.opId}`), note?.opId);
    open.journal.rebuildProjections();
    expect(open.journal.tables.alerts.get(alertId)).toMatchObject({ notes: [{ text: forged }] });
  });
});

function statementOf(clientID: string): ImportedStatement {
  return {
    statementId: `${clientID}|20260914|mtm`,
    clientID,
    clientName: NAME,
    date: '20260914',
    basis: 'mtm',
    currencyID: 'CNY',
    sha256: 'a'.repeat(64),
    checkCount: 1,
    disagreements: [],
    notRecomputed: 0,
    close: { balance: 1_000_000 },
    positions: [{ exchangeID: 'SHFE', instrumentID: 'au2612', direction: 'long', volume: 3, settlementPrice: 800 }],
  };
}

function noticeOf(accountID: string) {
  const noticeId = '0197a6a0-0000-7000-8000-0000000000aa';
  return { type: 'notice.generated', subject: `notice:${noticeId}`, payload: { notice: { noticeId, accountID, accountName: NAME }, atMs: 1 } };
}
