/**
 * Finds settings that a rule would carry without effect, or that would keep it from ever speaking: each is refused by field when the rule is saved,
 * so that no combination of settings quietly means "no alert".
 */
import { comparisonsOf } from './expression';
import { metricOf, type RuleSubject } from './metrics';
import { type FigureRule, LADDER_STEPS, type Rule, type RuleScope, type TradingRule } from './rule';
import { type DetectorName, judgeAlike, type ThresholdRow } from './threshold-row';

/** `fault` is what the page has words for; `path` is the field. */
export type SilentSetting = { fault: SilentFault; path: string; message: string };
export const SILENT_FAULTS = [
  'scopeUnknown',
  'sessionIgnored',
  'jointMeaningless',
  'toldNobody',
  'stepFalls',
  'severityFalls',
  'parameterRange',
  'delayOutlastsWindow',
  'rowMissing',
  'rowNever',
  'rowContradicts',
] as const;
export type SilentFault = (typeof SILENT_FAULTS)[number];

type ScopeList = keyof RuleScope;
const HOLDERS: readonly ScopeList[] = ['accountIDs', 'controlGroupIDs', 'departmentIDs'];
const CONTRACTS: readonly ScopeList[] = ['exchangeIDs', 'productIDs', 'instrumentIDs'];
/** What can be narrowed about each subject. */
const SCOPE_OF: Record<RuleSubject, readonly ScopeList[]> = {
  account: HOLDERS,
  controlGroup: HOLDERS,
  department: HOLDERS,
  firm: HOLDERS,
  position: [...HOLDERS, ...CONTRACTS],
  exposure: [...HOLDERS, 'exchangeIDs', 'productIDs'],
  product: [...HOLDERS, 'exchangeIDs', 'productIDs'],
  instrument: CONTRACTS,
  feed: ['feedIDs'],
  book: [],
};
/** Subjects whose readings know whether a session is open; positions and what is made of them exist at all times. */
const HAS_SESSION: ReadonlySet<RuleSubject> = new Set(['account', 'controlGroup', 'department', 'firm', 'instrument', 'feed']);
/** Subjects of which a sum over the scope says something. */
const HAS_SUM: ReadonlySet<RuleSubject> = new Set(['controlGroup', 'department', 'firm', 'position', 'exposure']);
/** Beyond its window a move is no move any more: waiting longer than that would wait for ever. */
const WINDOWED: ReadonlySet<string> = new Set(['fundsOutShare', 'fundsInShare', 'equityMoveShare', 'windowMove']);

/** A figure is looked at in up to ten samples of its window, each a second apart or more. */
const LEAST_WINDOW_MS = 10_000;
const LEAST_FRESH_MS = 1000;
const MOST_MS = 86_400_000;
const LEAST: Record<string, { least: number; most: number }> = {
  windowMs: { least: LEAST_WINDOW_MS, most: MOST_MS },
  freshMs: { least: LEAST_FRESH_MS, most: MOST_MS },
  instrumentSilenceMs: { least: LEAST_FRESH_MS, most: MOST_MS },
  tellAgainAfterMs: { least: LEAST_FRESH_MS, most: MOST_MS },
  forgetAfterMs: { least: LEAST_FRESH_MS, most: MOST_MS },
};

export function silentSettingsOf(rule: Rule): SilentSetting[] {
  const found: SilentSetting[] = [];
  const add = (fault: SilentFault, path: string, message: string): void => void found.push({ fault, path, message });
  if (rule.watches === 'figures') checkFigures(rule, add);
  else checkTrading(rule, add);
  return found;
}

type Add = (fault: SilentFault, path: string, message: string) => void;

function checkFigures(rule: FigureRule, add: Add): void {
  const { subject, rungs } = rule;
  const metrics = new Set(rungs.flatMap(({ enter, exit }) => [...comparisonsOf(enter), ...comparisonsOf(exit)].map(({ metric }) => metric)));
  const isScanned = [...metrics].every((name) => {
    const engine = metricOf(name)?.engine;
    return engine === 'scan' || engine === 'band';
  });
  const lists = isScanned ? SCOPE_OF[subject] : [];
  for (const list of narrowedBy(rule.scope))
    if (!lists.includes(list)) add('scopeUnknown', `scope.${list}`, `does not narrow what this rule looks at: ${subject}`);
  if (rule.session === 'open' && (!isScanned || !HAS_SESSION.has(subject)))
    add('sessionIgnored', 'session', `this figure of ${subject} is judged at all times`);
  if (rule.combine === 'joint' && !HAS_SUM.has(subject)) add('jointMeaningless', 'combine', `no sum of ${subject} says anything`);
  if (rungs.every(({ step }) => step === 'ignore')) add('toldNobody', 'rungs', 'every rung is only noted: nobody would ever be told');
  checkRising(rule, add);
  checkParameters(rule, metrics, add);
}

/** What is worse may not be told less: an alert would end, or become milder, while its figure gets worse. */
function checkRising({ rungs }: FigureRule, add: Add): void {
  const severities = ['low', 'medium', 'high', 'critical'];
  rungs.forEach((rung, at) => {
    const before = at === 0 ? undefined : rungs[at - 1];
    if (before === undefined) return;
    if (LADDER_STEPS.indexOf(rung.step) < LADDER_STEPS.indexOf(before.step))
      add('stepFalls', `rungs.${at}.step`, 'is milder than the rung before it: getting worse would end the alert');
    if (severities.indexOf(rung.severity) < severities.indexOf(before.severity))
      add('severityFalls', `rungs.${at}.severity`, 'is milder than the rung before it');
  });
}

function checkParameters({ parameters, onDelayMs }: FigureRule, metrics: ReadonlySet<string>, add: Add): void {
  for (const name of new Set([...metrics].flatMap((metric) => metricOf(metric)?.parameters ?? []))) {
    const range = LEAST[name];
    const value = parameters[name];
    if (range !== undefined && value !== undefined && !(value >= range.least && value <= range.most))
      add('parameterRange', `parameters.${name}`, `must be from ${range.least} to ${range.most}`);
  }
  const { windowMs, callDegree, releaseDegree, residualEnterMoney, residualExitMoney } = parameters;
  if ([...metrics].some((name) => WINDOWED.has(name)) && windowMs !== undefined && onDelayMs >= windowMs)
    add('delayOutlastsWindow', 'onDelayMs', 'a move is over once its window is: it could never last that long');
  if (metrics.has('callOpenMs') && callDegree !== undefined && releaseDegree !== undefined && !(releaseDegree > 0 && releaseDegree < callDegree))
    add('parameterRange', 'parameters.releaseDegree', 'must be above 0 and below callDegree, or the clock never runs');
  if (
    metrics.has('residualAccounts') &&
    residualEnterMoney !== undefined &&
    residualExitMoney !== undefined &&
    !(residualExitMoney >= 0 && residualExitMoney < residualEnterMoney)
  )
    add('parameterRange', 'parameters.residualExitMoney', 'must be from 0 to below residualEnterMoney');
}

function narrowedBy(scope: RuleScope): ScopeList[] {
  return (Object.keys(scope) as ScopeList[]).filter((list) => (scope[list]?.length ?? 0) > 0);
}

// ---- trading ---------------------------------------------------------------------------------------------------------

/** Counted over all contracts, and those over all exchanges too: neither is about one of them. */
const OVER_CONTRACTS: ReadonlySet<DetectorName> = new Set(['orderRate', 'programReport', 'securitiesHighFrequency']);
const OVER_EXCHANGES: ReadonlySet<DetectorName> = new Set(['orderRate', 'programReport']);
/** The metric is a share of what was traded one way: it cannot go beyond the whole. */
const UP_TO_ONE: ReadonlySet<DetectorName> = new Set(['momentumIgnition', 'ramping']);

/** What each detector's rows must bring along, and from where on each number can be met at all. */
const ROW_PARAMETERS: Partial<Record<DetectorName, Record<string, number>>> = {
  programReport: { messages: 1, withinMs: 1 },
  securitiesHighFrequency: { perSecond: 1, perDay: 1 },
  messageFee: { lowRatio: 0, lowRatioShare: 0 },
  spoofing: { minLots: 0, minVolumeRatio: 0, maxLifeMs: 1, maxAfterFillMs: 1, maxFilledShare: 0, minLevelsOfLayering: 1, windowMs: 1 },
  layering: { minLots: 0, minVolumeRatio: 0, maxLifeMs: 1, maxAfterFillMs: 1, maxFilledShare: 0, minLevelsOfLayering: 1, windowMs: 1 },
  momentumIgnition: { minOrders: 1, minMove: 0, windowMs: 1, maxGapMs: 1, reverseWithinMs: 1 },
  ramping: { minOrders: 1, minMove: 0, windowMs: 1, maxGapMs: 1, reverseWithinMs: 1 },
  markingTheClose: { windowMs: 1, minOneWayShare: 0, minMove: 0, minMarketShare: 0, persistentOrders: 1, wildMove: 0 },
  washTrade: { windowMs: 1, tolerance: 0, minLots: 0 },
  quoteStuffing: { windowMs: 1, maxFillShare: 0 },
  fatFinger: { minNotionalCny: 0, maxQuoteAgeMs: 1 },
  runawayAlgo: { windowMs: 1, minFillShare: 0 },
};
/** Room for so many times is made at once; nobody sends more in a second. */
const MOST_IN_A_SECOND = 100_000;
/** Shares that nothing can exceed. */
const SHARES: ReadonlySet<string> = new Set(['minOneWayShare', 'minMarketShare', 'minFillShare']);
const LARGE_FROM = ['minLots', 'minShareOfMaxOrder', 'moreThanShareOfMaxOrder'] as const;

function checkTrading(rule: TradingRule, add: Add): void {
  const { detector, scope, rows } = rule;
  for (const list of narrowedBy(scope)) {
    const isAboutContracts = list === 'instrumentIDs' || list === 'productIDs';
    if (list === 'feedIDs' || (isAboutContracts && OVER_CONTRACTS.has(detector)) || (list === 'exchangeIDs' && OVER_EXCHANGES.has(detector)))
      add('scopeUnknown', `scope.${list}`, `does not narrow what ${detector} counts`);
  }
  if (rule.session === 'open') add('sessionIgnored', 'session', 'orders and trades are judged whenever they come');
  for (const [at, row] of rows.entries()) {
    checkRow(rule, row, at, add);
    const other = rows.slice(0, at).findIndex((before) => contradict(before, row));
    if (other >= 0) add('rowContradicts', `rows.${at}.effectiveFrom`, `row ${other + 1} is about the same from the same day on, with other numbers`);
  }
  checkReach(rule, add);
}

/** Places of the rows that say different things about the same from one day on: none of them is judged by, whoever stands first. */
export function contradictingRows(rule: Rule): ReadonlySet<number> {
  if (rule.watches !== 'trading') return new Set();
  const { rows } = rule;
  return new Set(rows.flatMap((row, at) => (rows.some((other) => other !== row && contradict(other, row)) ? [at] : [])));
}

function contradict(one: ThresholdRow, other: ThresholdRow): boolean {
  const { exchangeID, productID, instrumentID, effectiveFrom } = one;
  const isOfOneScope = exchangeID === other.exchangeID && productID === other.productID && instrumentID === other.instrumentID;
  return isOfOneScope && effectiveFrom === other.effectiveFrom && !judgeAlike(one, other);
}

/** The same of a table of rows that belongs to no rule yet: rows that judge nothing, or all where one was meant. */
export function silentRowsOf(rows: readonly ThresholdRow[]): SilentSetting[] {
  const found: SilentSetting[] = [];
  for (const [at, row] of rows.entries())
    checkRow({ detector: row.detector, effectiveFrom: '' }, row, at, (fault, path, message) => void found.push({ fault, path, message }));
  return found;
}

type RowsOf = Pick<TradingRule, 'detector' | 'effectiveFrom' | 'effectiveTo'>;

function checkRow({ detector, effectiveFrom, effectiveTo }: RowsOf, row: ThresholdRow, at: number, add: Add): void {
  if (row.effectiveTo !== undefined && row.effectiveTo < row.effectiveFrom)
    add('rowNever', `rows.${at}.effectiveTo`, 'lies before effectiveFrom: the row would never hold');
  else if ((effectiveTo !== undefined && row.effectiveFrom > effectiveTo) || (row.effectiveTo !== undefined && row.effectiveTo < effectiveFrom))
    add('rowNever', `rows.${at}.effectiveFrom`, 'the row holds on no day on which the rule does');
  const { noiseShare = 0, minTakenBackShare = 0 } = row.parameters;
  if (!(minTakenBackShare >= 0 && minTakenBackShare <= 1)) add('parameterRange', `rows.${at}.parameters.minTakenBackShare`, 'must be from 0 to 1');
  if (UP_TO_ONE.has(detector) && !(noiseShare >= 0 && noiseShare <= 1))
    add('parameterRange', `rows.${at}.parameters.noiseShare`, 'must be from 0 to 1');
  if (UP_TO_ONE.has(detector) && row.warn > 1) add('rowNever', `rows.${at}.warn`, 'a share above 1 is never reached');
  const isOfOneContract = row.instrumentID !== undefined || row.productID !== undefined;
  if ((OVER_CONTRACTS.has(detector) && isOfOneContract) || (OVER_EXCHANGES.has(detector) && row.exchangeID !== '*'))
    add('rowNever', `rows.${at}.exchangeID`, `${detector} counts over all of them: this row would never hold`);
  if (row.exchangeID === '*' && isOfOneContract)
    add('rowNever', `rows.${at}.exchangeID`, 'a product or contract needs its exchange: this row would hold for all');
  for (const [name, least] of Object.entries(ROW_PARAMETERS[detector] ?? {})) {
    const value = row.parameters[name];
    const most = SHARES.has(name) ? 1 : name === 'messages' || name === 'perSecond' ? MOST_IN_A_SECOND : Number.MAX_VALUE;
    const mustBeWhole = name === 'messages' || name === 'perSecond';
    if (value === undefined || !(value >= least && value <= most) || (mustBeWhole && !Number.isInteger(value)))
      add('parameterRange', `rows.${at}.parameters.${name}`, value === undefined ? `is needed for ${detector}` : `must be from ${least} to ${most}`);
  }
  if (detector === 'largeCancel' && LARGE_FROM.every((name) => !((row.parameters[name] ?? -1) >= 0)))
    add('parameterRange', `rows.${at}.parameters.minLots`, 'the row does not say which cancels are large');
}

/** Every exchange that the scope names must have a threshold, or the rule looks at it and says nothing. */
function checkReach({ rows, scope }: TradingRule, add: Add): void {
  for (const exchangeID of scope.exchangeIDs ?? []) {
    const isReached = rows.some((row) => row.exchangeID === exchangeID || (row.exchangeID === '*' && !row.notOnExchanges.includes(exchangeID)));
    if (!isReached) add('rowMissing', 'scope.exchangeIDs', `no row says what is too much on ${exchangeID}`);
  }
}
