/** The rules' room on a real journal: saved rules are in force at once and after a restart, and a draft's trial touches nothing live. */
import { join } from 'node:path';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBroker } from '#demo/broker';
import { Recorder } from '#engine/desk/record';
import { dryRun } from '#engine/dry-run';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { RulesRoom } from '#engine/rules-room';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import { RuleLedger } from '#engine/watch/rule-ledger';
import type { RulePack } from '#engine/watch/rule-schema';
import type { NotJudged } from '#shared/contract/rules';
import type { FigureRule, Rule } from '#shared/desk/rules/rule';
import type { IntakeEvent } from '#shared/feed/intake';
import { STREAM_NAMES } from '#shared/feed/items';
import { accept } from '#shared/refusal';
import { condition, type OpenDesk, openDesk, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const START_MS = Date.UTC(2026, 10, 23, 2);
let folder: ReturnType<typeof temporaryFolder>;
let desk: OpenDesk;
let applied: RulePack[];
let tradingDay: string;
const notJudged = new Map<string, NotJudged[]>();

function room(ledger = new RuleLedger()): RulesRoom {
  const clock = new TestClock(START_MS);
  const recorder = new Recorder({
    journal: desk.journal,
    mode: 'live',
    clock,
    newId: v7,
    session: v7(),
    person: () => 'p-duty',
    log: () => undefined,
  });
  const rules = new RulesRoom({
    recorder,
    market: () => ({
      book: { tradingDay },
      core: { notJudgedBy: (detector) => notJudged.get(detector) ?? [] },
      ledger,
      applyRules: (pack) => applied.push(pack),
    }),
    resolveRecording: (name) => accept(name),
    dataKey: { keyId: '0a1b2c3d', bytes: Buffer.alloc(32, 5) },
  });
  rules.pack();
  rules.begin();
  return rules;
}
async function writeRecording(file: string, events: readonly IntakeEvent[]): Promise<void> {
  const header = { createdAtMs: START_MS, source: 'generated', origin: 'live' as const };
  const created = await RecordingWriter.create({ file, header });
  if (!created.ok) throw new Error(created.message);
  created.value.append(events);
  await created.value.close();
}
const bundled = (ruleId: string): Rule => structuredClone(bundledRules().find((rule) => rule.ruleId === ruleId) as Rule);

beforeEach(() => {
  folder = temporaryFolder();
  desk = openDesk(folder.path, { clock: new TestClock(START_MS) });
  applied = [];
  notJudged.clear();
  tradingDay = '20261123';
});
afterEach(async () => {
  await desk.close();
  folder.remove();
});

describe('the rules of a desk', () => {
  it('are in force with the next message, keep who changed what and why, and come back after a restart', async () => {
    const rules = room();
    const rule = { ...bundled('heavy-position'), mode: 'live' as const };
    expect(await rules.requests['rule.save']({ rule, baseVersion: 1, reason: 'the committee agreed' })).toMatchObject({
      ok: true,
      value: { newestVersion: 2, origin: 'changed' },
    });
    expect(applied.at(-1)?.modes.get('heavy-position')).toBe('live');
    expect(await rules.requests['rule.get']({ ruleId: 'heavy-position' })).toMatchObject({
      ok: true,
      value: {
        versions: [
          { rule: { version: 2, mode: 'live' }, before: { mode: 'shadow' }, savedBy: 'p-duty', reason: 'the committee agreed' },
          { rule: { version: 1 }, savedBy: null },
        ],
      },
    });
    expect(await rules.requests['rule.save']({ rule, baseVersion: 1, reason: 'late' })).toMatchObject({ ok: false, code: 'CONFLICT' });
    const entry = desk.journal.entriesOf('rule:heavy-position')[0];
    expect(entry).toMatchObject({ type: 'rule.saved', actor: 'p-duty' });
    expect(JSON.parse(entry?.payload ?? '{}')).toMatchObject({ before: { mode: 'shadow' }, after: { mode: 'live' }, reason: 'the committee agreed' });
    expect(room().pack().modes.get('heavy-position')).toBe('live');
  });

  it('say why they are in shadow, on whose word, and no longer when they are live', async () => {
    const rules = room();
    const shownOf = (ruleId: string) => rules.picture().rules.find(({ rule }) => rule.ruleId === ruleId)?.rule;
    for (const { rule } of rules.picture().rules) if (rule.mode === 'shadow') expect(rule.shadowReason?.['zh-CN']).toMatch(/./);
    const save = (rule: Rule, baseVersion: number, reason: string) => rules.requests['rule.save']({ rule, baseVersion, reason });
    expect(await save({ ...bundled('price-limit'), mode: 'shadow' }, 1, 'too many on new year’s eve')).toMatchObject({ ok: true });
    expect(shownOf('price-limit')).toMatchObject({ mode: 'shadow', shadowReason: { en: 'too many on new year’s eve' } });
    const shown = shownOf('price-limit') as Rule;
    await save({ ...shown, offDelayMs: 45_000 }, 2, 'longer');
    expect(shownOf('price-limit')).toMatchObject({ offDelayMs: 45_000, shadowReason: { en: 'too many on new year’s eve' } });
    await save({ ...shown, mode: 'live' }, 3, 'over');
    expect(shownOf('price-limit')?.shadowReason).toBeUndefined();
  });

  it('say what they cannot judge', () => {
    const rules = room();
    notJudged.set('frequentCancel', [{ reason: 'CONTRADICTING_THRESHOLDS', subject: 'SHFE' }]);
    const shown = new Map(rules.picture().rules.map((view) => [view.rule.ruleId, view.notJudged]));
    expect(shown.get('trading-frequent-cancel')).toEqual([{ reason: 'CONTRADICTING_THRESHOLDS', subject: 'SHFE' }]);
    expect(shown.get('trading-self-trade')).toEqual([]);
  });

  it('change with the trading day when a version begins later, and leave the watch when they are retired', async () => {
    const rules = room();
    const later = { ...bundled('price-limit'), effectiveFrom: '20270104', mode: 'shadow' as const };
    expect(await rules.requests['rule.save']({ rule: later, baseVersion: 1, reason: 'from the new year' })).toMatchObject({
      ok: true,
      value: { rule: { version: 1 }, next: { version: 2, effectiveFrom: '20270104' } },
    });
    rules.tick();
    expect(rules.pack().modes.get('price-limit')).toBe('live');
    tradingDay = '20270104';
    rules.tick();
    expect(applied.at(-1)?.modes.get('price-limit')).toBe('shadow');
    await rules.requests['rule.retire']({ ruleId: 'fast-move', baseVersion: 1, reason: 'too noisy here' });
    expect(applied.at(-1)?.modes.has('fast-move')).toBe(false);
    expect(rules.picture().rules.find(({ rule }) => rule.ruleId === 'fast-move')).toMatchObject({ isRetired: true, isInForce: false });
  });
});

describe('what a rule in shadow would have raised', () => {
  const shadow = (transition: Condition['transition'], entity: string): Condition =>
    condition(transition, { ruleId: 'heavy-position', kind: 'heavyPosition', severity: 'medium', entity, atMs: START_MS });
  const modes = new Map([['heavy-position', 'shadow']] as const);

  it('is still known after a restart, is not counted twice because it still stands, and ends with the trading day', async () => {
    const before = new RuleLedger();
    const first = room(before);
    before.startDay('20261123', START_MS);
    before.take([shadow('raised', 'account:A'), shadow('raised', 'account:B')], modes);
    before.take([shadow('cleared', 'account:B')], modes);
    await first.stop();
    const after = new RuleLedger();
    const second = room(after);
    const heavy = () => second.picture().rules.find(({ rule }) => rule.ruleId === 'heavy-position');
    expect(heavy()).toMatchObject({ shadowRaised: 2, shadowOn: 1, raised: 0, lastAtMs: START_MS });
    expect(heavy()?.examples.map(({ entity }) => entity)).toEqual(['account:A', 'account:B']);
    expect(second.picture()).toMatchObject({ sinceMs: START_MS, tradingDay: '20261123' });
    // The watch finds it again, as nothing tells it that it was on before.
    after.startDay('20261123', START_MS + 60_000);
    after.take([shadow('raised', 'account:A'), shadow('raised', 'account:C')], modes);
    expect(heavy()).toMatchObject({ shadowRaised: 3, shadowOn: 2 });
    expect(after.openFor({ modes }).kept.map(({ entity }) => entity)).toEqual(['account:A', 'account:C']);
    await second.stop();
    const third = new RuleLedger();
    const next = room(third);
    third.startDay('20261124', START_MS + 86_400_000);
    expect(next.picture().rules.find(({ rule }) => rule.ruleId === 'heavy-position')).toMatchObject({ shadowRaised: 0, shadowOn: 2, examples: [] });
  });
});

describe('a dry-run', () => {
  it('says what a draft would have raised over a recorded piece of a day, hour by hour, the same each time', async () => {
    const broker = createBroker({ seed: 7, accounts: 60, tradingDay: '20261123', phase: 'busy' });
    const file = join(folder.path, 'piece.fwrec.gz');
    const events: IntakeEvent[] = [];
    const base = { feedId: 'demo', tradingDay: broker.tradingDay };
    const startMs = broker.sourceTimeMs;
    events.push({ type: 'link', feedId: 'demo', receivedAtMs: startMs, state: 'up', reason: '' });
    for (const stream of STREAM_NAMES)
      events.push({
        type: 'picture',
        stream,
        items: broker.snapshot(stream),
        ...base,
        sourceTimeMs: startMs,
        receivedAtMs: startMs,
        sequence: 0,
      } as IntakeEvent);
    for (let step = 0; step < 400; step += 1)
      for (const message of broker.step())
        if (message.type === 'data') events.push({ ...message, type: 'items', feedId: 'demo', receivedAtMs: message.sourceTimeMs } as IntakeEvent);
    await writeRecording(file, events);
    const rule = bundled('account-risk-level') as FigureRule;
    const answer = await dryRun({ file, name: 'piece', rule });
    if (!answer.ok) throw new Error(answer.message);
    expect(answer.value.raised).toBeGreaterThan(3);
    expect(answer.value.perHour.reduce((sum, { raised }) => sum + raised, 0)).toBe(answer.value.raised);
    expect(answer.value.examples[0]).toMatchObject({ entity: expect.stringMatching(/^account:/), severity: expect.any(String) });
    expect(await dryRun({ file, name: 'piece', rule })).toEqual(answer);
    // A stricter draft has more to say; one in shadow is tried all the same.
    const stricter = structuredClone(rule);
    for (const rung of stricter.rungs.slice(0, 1))
      if ('metric' in rung.enter && 'metric' in rung.exit)
        Object.assign(rung, { enter: { ...rung.enter, value: 0.3 }, exit: { ...rung.exit, value: 0.2 } });
    const more = await dryRun({ file, name: 'piece', rule: { ...stricter, mode: 'shadow' } });
    expect(more.ok && more.value.raised).toBeGreaterThan(answer.value.raised);
    expect(await dryRun({ file: join(folder.path, 'none'), name: 'none', rule })).toMatchObject({ ok: false, field: 'file' });
  });
});
