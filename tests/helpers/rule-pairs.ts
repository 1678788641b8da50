/** Trials of rule settings: from the saved rule through the real book to the alert in the record and the notice to the desk, or to the refusal. */
import { v7 } from 'uuid';
import { Recorder } from '#engine/desk/record';
import { RulesRoom } from '#engine/rules-room';
import { RuleLedger } from '#engine/watch/rule-ledger';
import type { RulePack } from '#engine/watch/rule-schema';
import type { Severity } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/delivery/notice';
import type { Comparison, Expression } from '#shared/desk/rules/expression';
import { type FigureRule, type RuleScope, type Rung, ruleSchema } from '#shared/desk/rules/rule';
import { silentSettingsOf } from '#shared/desk/rules/silent-settings';
import { accept } from '#shared/refusal';
import { allPairs, type Chosen } from '#tests/helpers/all-pairs';
import { FEED, SCENES, type Scene, SceneMarket, scopeIdsOf } from '#tests/helpers/rule-scenes';
import { type OpenDesk, openDesk, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const DAY = '20261123';
const SILENCE_MS = 90_000;

const FACTORS = {
  scene: Object.keys(SCENES) as (keyof typeof SCENES)[],
  /** How the rule comes to be in force. */
  path: ['live', 'shadowFirst', 'offFirst', 'thresholdLowered'],
  scope: ['none', 'accountIDs', 'controlGroupIDs', 'departmentIDs', 'exchangeIDs', 'productIDs', 'instrumentIDs', 'feedIDs'],
  combine: ['separate', 'joint'],
  isPerDimension: [true, false],
  session: ['always', 'open'],
  onDelayMs: [0, 3000, 30_000, 60_000],
  offDelayMs: [0, 30_000],
  minActiveMs: [0, 60_000],
  isLatched: [false, true],
  unknownAfterMs: [0, 30_000],
  hysteresis: ['wide', 'narrow', 'none'],
  severity: SEVERITIES,
  firstStep: ['ignore', 'warn', 'ban'],
  second: ['none', 'reached', 'notReached', 'milder'],
  form: ['simple', 'all', 'any', 'nested'],
  effective: ['now', 'later', 'over', 'lastDay'],
  suppression: ['none', 'shelvedTimed', 'shelvedOneShot', 'mutedCalendar', 'outOfService'],
  covers: SEVERITIES,
} as const;
type Settings = Chosen<typeof FACTORS>;
export type Trial = { answer: Answer; why: string };
type Answer = 'refused' | 'notInForce' | 'notedOnly' | 'told' | 'toldAfterSuppression' | 'SILENT' | 'NOT TOLD' | 'LEAKED' | 'NO FIELD';

let folder = temporaryFolder();
let open: OpenDesk | null = null;
let triedHere = 0;

/** A rule was taken, its condition stood, and nobody heard; or it was refused without a name. */
export function isSilence(answer: Answer): boolean {
  return answer === 'SILENT' || answer === 'NOT TOLD' || answer === 'LEAKED' || answer === 'NO FIELD';
}

/** One journal serves some trials: each has a rule of its own. */
function deskAt(nowMs: number): OpenDesk {
  if (open !== null && triedHere < 20) {
    triedHere += 1;
    open.clock.ms = Math.max(open.clock.ms, nowMs);
    return open;
  }
  endTrials();
  folder = temporaryFolder();
  open = openDesk(folder.path, { clock: new TestClock(nowMs) });
  open.desk.delivery.begin();
  triedHere = 1;
  return open;
}
export function endTrials(): void {
  if (open !== null) open.store.journalFile.database.close();
  open = null;
  folder.remove();
}

function ruleOf(settings: Settings, no: number, threshold: number, scope: RuleScope, isLowered: boolean): unknown {
  const scene: Scene = SCENES[settings.scene];
  const isBelow = 'standing' in scene.from && scene.from.standing === 'lowest';
  const base = 'standing' in scene.from ? (isBelow ? threshold + Math.abs(threshold) * 0.05 + 1 : threshold * 0.9) : scene.from.value;
  // What is out of reach until the threshold is lowered.
  const enterAt = isLowered ? (isBelow ? base - Math.abs(base) * 10 - 1e9 : base * 10 + 1) : base;
  const reach = { wide: 0.5, narrow: 0.001, none: 0 }[settings.hysteresis] * Math.max(Math.abs(enterAt), 1e-6);
  const rung = (name: string, at: number, step: Rung['step'], severity: Severity): unknown => ({
    name,
    step,
    severity,
    citation: 'trial',
    certainty: 'demonstration',
    enter: formed(settings.form, { metric: scene.metric, is: isBelow ? 'below' : 'atLeast', value: at }, false),
    exit: formed(settings.form, { metric: scene.metric, is: isBelow ? 'above' : 'below', value: isBelow ? at + reach : at - reach }, true),
  });
  const beyond = (by: number): number => enterAt + (isBelow ? -1 : 1) * Math.abs(enterAt) * by;
  const milder = SEVERITIES[Math.min(3, SEVERITIES.indexOf(settings.severity) + 1)] as Severity;
  const graver = SEVERITIES[Math.max(0, SEVERITIES.indexOf(settings.severity) - 1)] as Severity;
  const second = {
    none: [],
    reached: [rung('second', beyond(isBelow ? 0.01 : 0.05), 'ban', graver)],
    notReached: [rung('second', beyond(50), 'ban', graver)],
    milder: [rung('second', beyond(0.02), 'ignore', milder)],
  }[settings.second];
  const dates = { now: {}, later: { effectiveFrom: '20270101' }, over: { effectiveTo: '20261101' }, lastDay: { effectiveTo: DAY } }[
    settings.effective
  ];
  return {
    watches: 'figures',
    ruleId: `pair-${no}`,
    version: 1,
    kind: 'ownRule',
    name: { 'zh-CN': '试', en: 'trial' },
    mode: 'live',
    response: { 'zh-CN': '处理', en: 'act' },
    scope,
    effectiveFrom: '20260101',
    ...dates,
    session: settings.session,
    offDelayMs: settings.offDelayMs,
    minActiveMs: settings.minActiveMs,
    isLatched: settings.isLatched,
    subject: scene.subject,
    combine: settings.combine,
    isPerDimension: settings.isPerDimension,
    onDelayMs: settings.onDelayMs,
    unknownAfterMs: settings.unknownAfterMs,
    parameters: { ...scene.parameters },
    rungs: [rung('first', enterAt, settings.firstStep, settings.severity), ...second],
  };
}

function formed(form: Settings['form'], comparison: Comparison, isExit: boolean): Expression {
  if (form === 'simple') return comparison;
  // The second part says the same from farther off, so that both forms mean what the simple one does.
  const one: Expression = form === 'nested' ? { all: [{ any: [comparison] }] } : comparison;
  return (form === 'any') !== isExit ? { any: [one] } : { all: [one] };
}

/** The watch under this rule alone, beside the one that says how old data is. */
function only(pack: RulePack, ruleId: string): RulePack {
  const modes = new Map(pack.modes).set('feed-stale', 'shadow');
  return {
    ...pack,
    modes,
    rules: pack.rules.filter((row) => row.ruleId === ruleId || row.ruleId === 'feed-stale'),
    scans: pack.scans.filter((rule) => rule.ruleId === ruleId),
    trading: [],
  };
}

export async function tryOut(settings: Settings, no: number): Promise<Trial> {
  const scene: Scene = SCENES[settings.scene];
  const ruleId = `pair-${no}`;
  const ledger = new RuleLedger();
  let sinkOf: OpenDesk | null = null;
  const market = new SceneMarket(NO_RULES, { onConditions: (conditions) => sinkOf?.desk.alerts.onConditions(conditions) });
  sinkOf = deskAt(market.nowMs);
  const { desk, journal, clock } = sinkOf;
  const recorder = new Recorder({ journal, mode: 'live', clock, newId: v7, session: v7(), person: () => 'p-duty', log: () => undefined });
  const room = new RulesRoom({
    recorder,
    market: () => ({
      book: { tradingDay: DAY },
      core: market.core,
      ledger,
      applyRules: (pack) => market.core.setRules(only(pack, ruleId), market.nowMs),
    }),
    resolveRecording: (name) => accept(name),
    dataKey: { keyId: '0a1b2c3d', bytes: Buffer.alloc(32, 5) },
  });
  room.pack();
  room.begin();

  const probe = ruleOf(settings, no, 1, {}, false) as FigureRule;
  const asIs = { ...probe, combine: 'separate', session: 'always' } as FigureRule;
  const isLowest = 'standing' in scene.from && scene.from.standing === 'lowest';
  const top = market.extreme(asIs, scene.metric, isLowest) ?? market.extreme(asIs, 'priceMove', false);
  const scope: RuleScope =
    settings.scope === 'none'
      ? {}
      : { [settings.scope]: settings.scope === 'feedIDs' ? [FEED] : top === null ? ['nobody'] : scopeIdsOf(market, top)[settings.scope] };
  const inScope = 'standing' in scene.from ? market.extreme({ ...probe, scope }, scene.metric, isLowest) : null;
  if ('standing' in scene.from && inScope === null && Object.values(scope).every((list) => (list?.length ?? 0) > 0) && settings.scope === 'none')
    return { answer: 'SILENT', why: 'the market has no such figure' };
  const threshold = inScope?.value ?? 1;

  let version = 0;
  const save = async (mode: 'live' | 'shadow' | 'off', isLowered: boolean): Promise<Trial | null> => {
    const draft = { ...(ruleOf(settings, no, threshold, scope, isLowered) as FigureRule), mode };
    // The door of the desk: the schema first, then the decider.
    const parsed = ruleSchema.safeParse(draft);
    if (!parsed.success) return refusal(parsed.error.issues[0]?.path.join('.'), parsed.error.issues[0]?.message);
    const outcome = await room.requests['rule.save']({ rule: parsed.data, baseVersion: version, reason: 'trial' });
    if (!outcome.ok) return refusal(outcome.field, outcome.message);
    version = outcome.value.newestVersion;
    return null;
  };
  if (settings.path === 'shadowFirst' || settings.path === 'offFirst') {
    const refused = await save(settings.path === 'offFirst' ? 'off' : 'shadow', false);
    if (refused !== null) return refused;
    market.pass(2000);
  }
  if (settings.path === 'thresholdLowered') {
    // What can never be so high is refused; the rule as it should be is tried all the same.
    await save('live', true);
    market.pass(2000);
  }
  const refused = await save('live', false);
  if (refused !== null) return refused;
  const view = room.picture().rules.find(({ rule }) => rule.ruleId === ruleId);
  if (view?.isInForce === false) return { answer: 'notInForce', why: settings.effective };

  const told: Notice[] = [];
  desk.delivery.onNotice = (notice) => told.push(notice);
  clock.ms = Math.max(clock.ms, market.nowMs);
  if (settings.suppression !== 'none') {
    const isCalendar = settings.suppression === 'mutedCalendar';
    const window = { zone: 'UTC', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '23:59' };
    const outcome = await desk.delivery.requests['alert.suppress']({
      kind: settings.suppression,
      matcher: { ruleId },
      covers: settings.covers,
      durationMs: SILENCE_MS,
      ...(isCalendar ? { window } : {}),
      reasonCode: 'testing',
      note: 'trial',
    });
    if (!outcome.ok) return refusal(outcome.field, outcome.message);
  }
  const mine = () => desk.alerts.openAlerts().filter((alert) => alert.ruleId === ruleId);
  scene.begin?.(market);
  market.pass(settings.onDelayMs + (scene.withinMs ?? 12_000), () => mine().length > 0);
  if (mine().length === 0) {
    const isNotedOnly = settings.firstStep === 'ignore' && settings.second === 'notReached';
    return isNotedOnly ? { answer: 'notedOnly', why: '' } : { answer: 'SILENT', why: `threshold ${threshold}` };
  }
  const wait = (ms: number): void => {
    for (const endMs = clock.ms + ms; clock.ms < endMs && told.length === 0; clock.ms += 1000) desk.delivery.tick();
  };
  const ofRule = (): Notice[] => told.filter((notice) => notice.ruleId === ruleId);
  const gravest = Math.min(...mine().map(({ severity }) => SEVERITIES.indexOf(severity)));
  const isCovered = settings.suppression !== 'none' && gravest >= SEVERITIES.indexOf(settings.covers);
  if (isCovered) {
    wait(SILENCE_MS - (clock.ms - market.nowMs) - 40_000);
    if (ofRule().some(({ reason }) => reason !== 'suppressionEnding')) return { answer: 'LEAKED', why: JSON.stringify(ofRule()[0]?.reason) };
    told.length = 0;
    for (let step = 0; step < 200 && !ofRule().some(({ reason }) => reason === 'unsuppressed'); step += 1) {
      clock.ms += 1000;
      desk.delivery.tick();
    }
    return ofRule().some(({ reason }) => reason === 'unsuppressed')
      ? { answer: 'toldAfterSuppression', why: '' }
      : { answer: 'NOT TOLD', why: 'after it ended' };
  }
  wait(20_000);
  return ofRule().length > 0 ? { answer: 'told', why: '' } : { answer: 'NOT TOLD', why: '' };
}

const NO_RULES: RulePack = {
  rules: [
    {
      ruleId: 'feed-stale',
      version: 1,
      kind: 'feedStale',
      engine: 'feedStale',
      entity: 'feed',
      response: 'feedStale',
      onDelayMs: 0,
      offDelayMs: 2000,
      unknownAfterMs: 30_000,
      thresholds: [
        {
          name: 'stale',
          metric: 'silenceMs',
          direction: 'above',
          enter: 10_000,
          exit: 5000,
          severity: 'high',
          citation: 'trial',
          certainty: 'demonstration',
        },
      ],
    },
  ],
  scans: [],
  trading: [],
  levels: [],
  modes: new Map([['feed-stale', 'shadow']]),
  endings: new Map(),
};

function refusal(field: string | undefined, why: string | undefined): Trial {
  return field === undefined || field === '' ? { answer: 'NO FIELD', why: why ?? '' } : { answer: 'refused', why: `${field}: ${why}` };
}

/** Whether a rule with these settings would be taken and in force: whatever is not is tried too, and must be refused by name or say when it holds. */
function isInForce(settings: Settings): boolean {
  if (settings.effective === 'later' || settings.effective === 'over' || settings.suppression === 'shelvedOneShot') return false;
  const scope: RuleScope = settings.scope === 'none' ? {} : { [settings.scope]: ['one'] };
  const parsed = ruleSchema.safeParse(ruleOf(settings, 0, 1, scope, false));
  return parsed.success && silentSettingsOf(parsed.data).length === 0;
}

/** All pairs over everything that can be set; and once more all pairs that a rule in force can have, each of which must come to an alert. */
export function pairTrials(seed: number, triesForAPair?: number): { any: Settings[]; inForce: Settings[]; impossible: string[] } {
  const { rows, impossible } = allPairs(FACTORS, seed, isInForce, triesForAPair);
  return { any: allPairs(FACTORS, seed).rows, inForce: rows, impossible };
}
