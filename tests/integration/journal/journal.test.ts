import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GENESIS_HASH } from '#shared/journal/entry';
import { condition, openDesk, START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const authorship = { actor: 'li.wei', session: 'session-1', mode: 'live' } as const;
const note = (text: string) => ({ type: 'desk.test', subject: 'desk', payload: { text } });

describe('the journal', () => {
  it('chains entries from the genesis hash on and proves them', async () => {
    const { journal, close } = openDesk(folder.path);
    const first = journal.append([note('one'), note('two')], authorship);
    const second = journal.append([note('three')], authorship);
    expect(first[0]?.prevHash).toBe(GENESIS_HASH);
    expect(first[1]?.prevHash).toBe(first[0]?.entryHash);
    expect(second[0]?.prevHash).toBe(first[1]?.entryHash);
    expect(second[0]?.versionVector).toEqual({ [journal.device]: 3 });
    expect(journal.headFingerprint).toMatch(/^[0-9a-f]{12}$/);
    expect(journal.treeHead()).toMatchObject({ device: journal.device, size: 3, fingerprint: journal.headFingerprint });
    expect(journal.verify()).toEqual({ verdict: 'OK', entryCount: 3, clockAnomalies: 0 });
    await close();
  });

  it('reads entries back exactly as it answered them', async () => {
    const { journal, close } = openDesk(folder.path);
    const entries = journal.append([note('one'), { ...note('two'), subject: 'other' }], authorship);
    expect(journal.entriesAfter(0, 10)).toEqual(entries);
    expect(journal.entriesOf('other')).toEqual(entries.slice(1));
    await close();
  });

  it('goes on with the same device and chain after it was closed', async () => {
    const before = openDesk(folder.path);
    const [entry] = before.journal.append([note('one')], authorship);
    await before.close();
    const after = openDesk(folder.path);
    const [next] = after.journal.append([note('two')], authorship);
    expect(next?.prevHash).toBe(entry?.entryHash);
    expect(next?.deviceSeq).toBe(2);
    expect(after.journal.verify().verdict).toBe('OK');
    await after.close();
  });

  it('answers a repeated operation with what it stored the first time', async () => {
    const { journal, close } = openDesk(folder.path);
    const opId = '01996b1c-0000-7000-8000-000000000001';
    const stored = journal.append([note('one'), note('two')], authorship, opId);
    expect(journal.append([note('something else')], authorship, opId)).toEqual(stored);
    expect(journal.headSequence).toBe(2);
    await close();
  });

  it('records on through any jump of the clock, and its logical clock never runs backwards', async () => {
    const clock = new TestClock(START_MS);
    const { journal, close } = openDesk(folder.path, { clock });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: -1e12, max: 4e12 }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 20 }), (times) => {
        for (const ms of times) {
          clock.ms = ms;
          journal.append([note('tick')], authorship);
        }
      }),
      { seed: 1, numRuns: 20 },
    );
    const clocks = journal.entriesAfter(0, 100_000).map((entry) => entry.hlc);
    expect(clocks).toEqual([...clocks].sort());
    expect(new Set(clocks).size).toBe(clocks.length);
    expect(journal.verify().verdict).toBe('OK');
    await close();
  });

  it('refuses to edit or delete an entry, even for whoever holds the connection', async () => {
    const { journal, store, close } = openDesk(folder.path);
    journal.append([note('one')], authorship);
    expect(() => store.journalFile.database.exec(`UPDATE entries SET actor = 'someone else'`)).toThrow(/never edited/);
    expect(() => store.journalFile.database.exec('DELETE FROM entries')).toThrow(/never deleted/);
    await close();
  });

  it('parks what a newer release wrote instead of dropping it or stopping', async () => {
    const { journal, close } = openDesk(folder.path);
    journal.append(
      [
        { type: 'moonphase.changed', subject: 'x', payload: {} },
        { type: 'alert.raised', subject: 'alert:1', payload: { odd: 1 } },
      ],
      authorship,
    );
    expect(journal.tables.parkedCount()).toBe(2);
    expect(journal.entriesAfter(0, 10)).toHaveLength(2);
    await close();
  });

  it('keeps a payload with broken text, and refuses a number that is none', async () => {
    const { journal, close } = openDesk(folder.path);
    const [entry] = journal.append([note('half a pair: \ud800!')], authorship);
    expect(JSON.parse(entry?.payload ?? '')).toEqual({ text: 'half a pair: \ufffd!' });
    expect(() => journal.append([{ type: 'desk.test', subject: 'desk', payload: { value: Number.NaN } }], authorship)).toThrow(/NaN/);
    expect(journal.headSequence).toBe(1);
    await close();
  });

  it('folds the same projections from the entries as it wrote beside them', async () => {
    const { desk, journal, close } = openDesk(folder.path);
    desk.open('0.1.0');
    desk.alerts.onConditions([condition('raised'), condition('raised', { entity: 'account:A0002', severity: 'medium' })]);
    const [first] = desk.alerts.openAlerts();
    const alertId = first?.alertId ?? '';
    desk.requests['alert.acknowledge']({ alertIds: [alertId], note: 'seen' });
    desk.requests['run.start']({ planId: 'EP-09', alertId });
    desk.requests['settings.change']({ key: 'theme', value: 'light' });
    desk.requests['workspace.save']({ name: 'morning', layout: '{}' });
    desk.recordFeed({ type: 'feed.up', payload: { feedId: 'demo', source: 'demo', atMs: START_MS } });
    const written = journal.tables.dump();
    journal.rebuildProjections();
    expect(journal.tables.dump()).toEqual(written);
    expect(written.alerts).toHaveLength(2);
    expect(written.runs).toHaveLength(1);
    await close();
  });

  it('tells listeners of each commit in order, and a listener that fails undoes nothing', async () => {
    const { journal, close } = openDesk(folder.path);
    const seen: number[] = [];
    journal.onAppended(() => {
      throw new Error('a broken listener');
    });
    const end = journal.onAppended((entries) => seen.push(...entries.map((entry) => entry.sequence)));
    journal.append([note('one'), note('two')], authorship);
    end();
    journal.append([note('three')], authorship);
    expect(seen).toEqual([1, 2]);
    expect(journal.headSequence).toBe(3);
    await close();
  });

  it('lets no second engine into the same folder', async () => {
    const { close } = openDesk(folder.path);
    expect(() => openDesk(folder.path)).toThrow(expect.objectContaining({ code: 'storeInUse' }));
    await close();
  });
});
