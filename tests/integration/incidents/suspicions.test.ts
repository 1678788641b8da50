/** A fault that clients may feel opens its suspected incident by itself, once: the reporting clock runs whether or not somebody thought of it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Suspicions } from '#engine/desk/incidents/suspicions';
import type { Alert } from '#shared/desk/alerts/alert';
import { rulePacksFileSchema } from '#shared/desk/reporting/rule-pack';
import { condition, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';
import rulePacks from '../../../resources/reporting/rule-packs.json' with { type: 'json' };
import alertWords from '../../../src-renderer/i18n/en/alerts.json' with { type: 'json' };

const { suspicions: rules } = rulePacksFileSchema.parse(rulePacks);
const AFTER_MS = (rules[0]?.afterSeconds ?? 0) * 1000;
const LICENSED = { licences: ['cnFuturesBroker' as const], isCriticalInfrastructure: false, reason: 'licence' };
const down = (transition: 'raised' | 'cleared', atMs: number, more: object = {}) =>
  condition(transition, { ruleId: 'feed-stale', kind: 'feedStale', entity: 'feed:primary', severity: 'critical', atMs, ...more });

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

function open() {
  const room = openDesk(folder.path);
  const { desk, journal, clock } = room;
  const begin = (): Suspicions =>
    new Suspicions({ desk: desk.incidents, rules, alerts: journal.tables.alerts, mode: 'live', language: () => 'zh-CN' });
  return {
    ...room,
    begin,
    firstMs: clock.ms,
    opened: () => desk.incidents.briefs().map(({ title, state, openedBy }) => ({ title, state, openedBy })),
  };
}

const SUSPECTED = [{ title: '数据源 primary 中断', state: 'suspected', openedBy: 'engine' }];

it('once it has lasted, with the duty to report at once and the alert behind it', async () => {
  const { desk, begin, firstMs, opened, clock, close } = open();
  desk.incidents.stateFirm(LICENSED);
  const suspicions = begin();
  desk.alerts.onConditions([down('raised', firstMs)]);
  suspicions.tick(firstMs + AFTER_MS - 1);
  expect(opened()).toEqual([]);
  clock.ms = firstMs + AFTER_MS;
  suspicions.tick(clock.ms);
  expect(opened()).toEqual(SUSPECTED);
  const [brief] = desk.incidents.briefs();
  expect(brief).toMatchObject({ nextDutyId: 'cn-csrc-first', alertIds: [desk.alerts.openAlerts()[0]?.alertId] });
  expect(desk.incidents.incident(brief?.incidentId ?? '')?.times).toMatchObject({ detected: firstMs, aware: clock.ms });
  suspicions.tick(clock.ms + AFTER_MS);
  // Nor after a restart.
  begin().tick(clock.ms + AFTER_MS);
  expect(opened()).toEqual(SUSPECTED);
  await close();
});

it('not for what was over before, what is less grave, or what a person has declared already', async () => {
  const { desk, begin, firstMs, opened, close } = open();
  desk.incidents.stateFirm(LICENSED);
  const suspicions = begin();
  desk.alerts.onConditions([down('raised', firstMs), down('raised', firstMs, { entity: 'feed:second', severity: 'high' })]);
  suspicions.tick(firstMs);
  desk.alerts.onConditions([down('cleared', firstMs + AFTER_MS / 2)]);
  suspicions.tick(firstMs + AFTER_MS);
  expect(opened()).toEqual([]);
  desk.alerts.onConditions([down('raised', firstMs, { entity: 'feed:third' })]);
  const alertId = desk.alerts.openAlerts().find(({ entity }) => entity === 'feed:third')?.alertId ?? '';
  desk.incidents.open({
    ...{ title: 'Prices stand still', eventKind: 'systemFault', state: 'active', alertId, runId: null },
    ...{ detectedAtMs: null, impactStartMs: null },
  });
  suspicions.tick(firstMs + AFTER_MS);
  expect(opened().map(({ title }) => title)).toEqual(['Prices stand still']);
  await close();
});

it.each(rules.map((rule) => [`${rule.alertKind} ${rule.severity}`, rule] as const))(
  'for each fault that clients may feel: %s',
  async (_name, rule) => {
    const { desk, begin, firstMs, opened, clock, close } = open();
    desk.incidents.stateFirm(LICENSED);
    const suspicions = begin();
    const { alertKind: kind, severity } = rule;
    desk.alerts.onConditions([condition('raised', { ruleId: `rule-${kind}`, kind, entity: 'x:甲', severity, atMs: firstMs })]);
    clock.ms = firstMs + rule.afterSeconds * 1000;
    suspicions.tick(clock.ms - 1);
    expect(opened()).toEqual([]);
    suspicions.tick(clock.ms);
    expect(opened()).toEqual([{ title: rule.title.zh.replace('{{what}}', '甲'), state: 'suspected', openedBy: 'engine' }]);
    // Each is a proposal that says so, of a kind of alert that the desk raises.
    expect(rule).toMatchObject({ certainty: 'unconfirmed', citation: expect.stringContaining('art. 18') });
    expect(Object.keys(alertWords.kind)).toContain(kind);
    await close();
  },
);

it('once for one fault however many alerts it shows in, and again for another fault or after the first is over', async () => {
  const { desk, begin, firstMs, opened, clock, close } = open();
  desk.incidents.stateFirm(LICENSED);
  const suspicions = begin();
  const raise = (kind: string, severity: 'high' | 'critical' | 'medium', entity: string) =>
    desk.alerts.onConditions([condition('raised', { ruleId: `rule-${kind}`, kind, entity, severity, atMs: clock.ms })]);
  raise('feedStale', 'critical', 'feed:primary');
  raise('instrumentsStale', 'high', 'firm:all');
  raise('accountsBehind', 'medium', 'firm:all');
  clock.ms = firstMs + 3_600_000;
  suspicions.tick(clock.ms);
  expect(opened()).toEqual(SUSPECTED);
  const [first] = desk.incidents.briefs();
  expect(first?.alertIds).toHaveLength(3);
  for (const entity of ['instrument:SHFE.cu2612', 'instrument:SHFE.al2612']) raise('sourceBasis', 'high', entity);
  clock.ms += 3_600_000;
  suspicions.tick(clock.ms);
  expect(opened().map(({ title }) => title)).toEqual(['SHFE.cu2612 两个行情源不一致', '数据源 primary 中断']);
  const incidentId = first?.incidentId ?? '';
  for (const to of ['active', 'contained', 'recovered'] as const) {
    expect(desk.incidents.act({ incidentId, act: { type: 'changeState', to, reason: 'as seen' } }).ok).toBe(true);
  }
  raise('feedStale', 'critical', 'feed:second');
  clock.ms += 3_600_000;
  suspicions.tick(clock.ms);
  expect(opened()).toHaveLength(3);
  await close();
});

it('not before the firm has said what it is, and then for what still lasts', async () => {
  const { desk, begin, firstMs, opened, close } = open();
  const suspicions = begin();
  desk.alerts.onConditions([down('raised', firstMs)]);
  suspicions.tick(firstMs + AFTER_MS);
  expect(opened()).toEqual([]);
  desk.incidents.stateFirm(LICENSED);
  suspicions.tick(firstMs + AFTER_MS + 1);
  expect(opened()).toEqual(SUSPECTED);
  await close();
});

it('when the fault comes back: counted from then, and again after the first one is over', async () => {
  const { desk, begin, firstMs, opened, clock, close } = open();
  desk.incidents.stateFirm(LICENSED);
  const suspicions = begin();
  const at = (ms: number) => {
    clock.ms = firstMs + ms;
    return clock.ms;
  };
  desk.alerts.onConditions([down('raised', firstMs)]);
  desk.alerts.onConditions([down('cleared', at(1000))]);
  suspicions.tick(clock.ms);
  const backMs = at(20 * AFTER_MS);
  desk.alerts.onConditions([down('raised', backMs)]);
  expect(desk.alerts.openAlerts()).toHaveLength(1);
  suspicions.tick(at(20 * AFTER_MS + 1000));
  // Nor by an engine that was started in between.
  begin().tick(clock.ms);
  expect(opened()).toEqual([]);
  suspicions.tick(at(21 * AFTER_MS));
  expect(opened()).toEqual(SUSPECTED);
  const incidentId = desk.incidents.briefs()[0]?.incidentId ?? '';
  expect(desk.incidents.incident(incidentId)?.times).toMatchObject({ detected: backMs });
  desk.alerts.onConditions([down('cleared', at(22 * AFTER_MS)), down('raised', at(23 * AFTER_MS))]);
  suspicions.tick(at(30 * AFTER_MS));
  expect(opened()).toEqual(SUSPECTED);
  const others = { title: 'The hall has no power', eventKind: 'systemFault' as const, state: 'active' as const, alertId: null, runId: null };
  desk.incidents.open({ ...others, detectedAtMs: null, impactStartMs: null });
  const into = desk.incidents.briefs().find(({ title }) => title === others.title)?.incidentId ?? '';
  expect(desk.incidents.act({ incidentId, act: { type: 'merge', into } }).ok).toBe(true);
  suspicions.tick(at(40 * AFTER_MS));
  expect(opened()).toHaveLength(2);
  desk.alerts.onConditions([down('cleared', at(41 * AFTER_MS)), down('raised', at(42 * AFTER_MS))]);
  suspicions.tick(at(50 * AFTER_MS));
  const suspected = () => opened().filter(({ state }) => state === 'suspected');
  expect(suspected()).toEqual(SUSPECTED);
  // Somebody says that it is over: it is, until it comes back.
  const second = desk.incidents.briefs().find(({ state }) => state === 'suspected')?.incidentId ?? '';
  for (const to of ['active', 'recovered'] as const)
    expect(desk.incidents.act({ incidentId: second, act: { type: 'changeState', to, reason: '' } }).ok).toBe(true);
  begin().tick(at(51 * AFTER_MS));
  expect(suspected()).toEqual([]);
  desk.alerts.onConditions([down('cleared', at(52 * AFTER_MS)), down('raised', at(53 * AFTER_MS))]);
  suspicions.tick(at(60 * AFTER_MS));
  expect(suspected()).toEqual(SUSPECTED);
  await close();
});

it('again, when it could not be written down at first', () => {
  const alert = { alertId: 'a', entity: 'feed:primary', kind: 'feedStale', severity: 'critical', condition: 'active', mode: 'live' } as const;
  const open = [{ ...alert, episode: 1, raisedAtMs: 0, changedAtMs: 0, sequence: 1 }] as unknown as Alert[];
  const tries: boolean[] = [];
  const desk = {
    firm: () => LICENSED,
    hasIncidentOf: () => false,
    unrecovered: () => [],
    join: () => false,
    suspect: () => {
      tries.push(tries.length > 0);
      return tries.at(-1) ?? false;
    },
  };
  const always = rules.map((rule) => ({ ...rule, effectiveFrom: '1970-01-01' }));
  const suspicions = new Suspicions({
    desk,
    rules: always,
    alerts: { open: () => open, after: () => [], get: () => null },
    mode: 'live',
    language: () => 'en',
  });
  for (const atMs of [1, 2, 3]) suspicions.tick(AFTER_MS + atMs * 1000);
  expect(tries).toEqual([false, true]);
});
