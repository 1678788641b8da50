/** A fault that clients may feel opens its suspected incident by itself, once: the reporting clock runs whether or not somebody thought of it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Suspicions } from '#engine/desk/incidents/suspicions';
import { rulePacksFileSchema } from '#shared/desk/reporting/rule-pack';
import { condition, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';
import rulePacks from '../../../resources/reporting/rule-packs.json' with { type: 'json' };

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
