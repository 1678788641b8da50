/** Words and figures of an alert, made from its reason in the page's language. */
import type { TFunction } from 'i18next';
import type { Alert } from '#shared/desk/alerts/alert';
import type { ConditionEvidence } from '#shared/desk/rules/evidence';
import { type Metric, metricOf } from '#shared/desk/rules/metrics';
import { reasonText } from '../../components/data-table/reason-text';
import { decimalsOfTick, type Formatters, isKnown, UNKNOWN_MARK } from '../../components/format/formatters';

/** What patterns in orders and trades are measured by, where it is a share; the metrics of rules say their unit themselves. */
const PATTERN_SHARES: ReadonlySet<string> = new Set(['priceDeviation', 'reversedShare', 'shareOfThreshold']);

function unitOf(metric: string): Metric['unit'] | null {
  return PATTERN_SHARES.has(metric) ? 'share' : (metricOf(metric)?.unit ?? null);
}

/** A metric's value as people read it; thresholds of the metric are shown the same way. */
export function metricText(metric: string, value: number | null, format: Formatters, currencyID?: unknown): string {
  if (!isKnown(value)) return UNKNOWN_MARK;
  switch (unitOf(metric)) {
    case 'share':
      return format.percent(value);
    case 'ms':
      return format.duration(value);
    case 'count':
      return format.number(value, Number.isInteger(value) ? 0 : 1);
    case 'money':
      return withCurrency(format.number(value, 2), currencyID);
    default:
      return format.number(value, Number.isInteger(value) ? 0 : 4);
  }
}

/** A parameter's text: times and lengths by their name's unit, everything else as it is. */
export function paramText(
  name: string,
  value: string | number | null,
  t: TFunction,
  format: Formatters,
  currencyID?: unknown,
  timeZone: string | null = null,
): string {
  if (value === null) return UNKNOWN_MARK;
  // What is counted over all contracts is about none of them.
  if (name === 'instrument' && value === NO_DIMENSION) return t('alerts:allContracts');
  if (typeof value === 'string' && FIGURE_REASONS.has(name)) return reasonText(t, value);
  if (name === 'firstField') return t(`entries:field.${value}`, { defaultValue: String(value) });
  if (name === 'worstField') return t(`table:column.${value}`, { defaultValue: String(value) });
  // A rate has more places than a count.
  if ((name === 'ownValue' || name === 'feedValue') && typeof value === 'number') return format.price(value, null);
  if (typeof value === 'string') return t(`alerts:word.${value}`, { defaultValue: value });
  if (name.endsWith('AtMs') || name === 'fromMs' || name === 'toMs') return format.marketDateTime(value, timeZone);
  if (name === 'isBuy') return t(`alerts:evidence.side.${value === 1 ? 'buy' : 'sell'}`);
  if (name.endsWith('Cny')) return withCurrency(format.number(value, 2), 'CNY');
  if (name.endsWith('Ms')) return value < EXACT_BELOW_MS ? t('alerts:seconds', { seconds: format.number(value / 1000, 1) }) : format.duration(value);
  if (name.endsWith('Degree') || name.endsWith('Share') || name === 'move') return format.percent(value);
  const text = format.number(value, Number.isInteger(value) ? 0 : 2);
  return MONEY_PARAMS.has(name) ? withCurrency(text, currencyID) : text;
}

/** Parameters that say why a figure is unknown: the same words as on the figure itself. */
const FIGURE_REASONS: ReadonlySet<string> = new Set(['firstReason', 'groupReason', 'unknownReason']);

/** What stands in the place of a dimension that an alert does not have. */
const NO_DIMENSION = '∅';

/** How long an order lived that was not meant is told in tenths of a second. */
const EXACT_BELOW_MS = 10_000;

const MONEY_PARAMS: ReadonlySet<string> = new Set([
  'balance',
  'currMargin',
  'exchangeMargin',
  'available',
  'marginCall',
  'positionProfit',
  'worstResidual',
]);

/** Money never stands without its currency; where nobody knows it, that shows. */
function withCurrency(text: string, currencyID: unknown): string {
  return `${text} ${typeof currencyID === 'string' && currencyID !== '' ? currencyID : `(${UNKNOWN_MARK})`}`;
}

export type Entity = { kind: string; id: string };

/** `account:A0001` taken apart. */
export function entityOf({ entity }: { entity: string }): Entity {
  const colon = entity.indexOf(':');
  return colon < 0 ? { kind: '', id: entity } : { kind: entity.slice(0, colon), id: entity.slice(colon + 1) };
}

/** What it is about, as people call it: by the id it is known by; what only this program has a name for, in words. */
export function aboutText(about: { entity: string }, t: TFunction): string {
  const { kind, id } = entityOf(about);
  if (kind === 'firm') return t('alerts:entity.firm');
  return kind === 'book' ? t(`alerts:book.${id}`, { defaultValue: id }) : id;
}

/** The same for an alert: an incident by its title. */
export function entityText(alert: Alert, t: TFunction): string {
  const title = alert.reason.params.incident;
  return entityOf(alert).kind === 'incident' && typeof title === 'string' ? title : aboutText(alert, t);
}

/** One line that says what is wrong with what. */
export function alertTitle(alert: Alert, t: TFunction): string {
  const { level } = alert.reason.params;
  const levelWord = typeof level === 'string' ? t(`alerts:word.${level}`, { defaultValue: level }) : '';
  return t(`alerts:kind.${alert.kind}`, { level: levelWord, defaultValue: `${alert.kind} ${levelWord}`.trim() });
}

/**
 * Why the figure that fired is a dash; null when nobody said. A share of an equity that is not above zero is no number, however well everything is
 * known, and neither is a share of a limit of no lots.
 */
export function missingValueReason({ reason }: Alert, t: TFunction): string | null {
  const { unknownReason, balance, limitVolume, countedVolume } = reason.params;
  if (typeof unknownReason === 'string') return reasonText(t, unknownReason);
  if (reason.metric === 'limitUse' && limitVolume === 0 && typeof countedVolume === 'number')
    return t('alerts:noLotsAllowed', { held: countedVolume });
  return unitOf(reason.metric) === 'share' && typeof balance === 'number' && balance <= 0 ? reasonText(t, 'noDegree') : null;
}

/** The figure that fired, beside the threshold it crossed. */
export function alertFigure(alert: Alert, t: TFunction, format: Formatters): string {
  const { metric, value, enterThreshold } = alert.reason;
  const why = isKnown(value) ? null : missingValueReason(alert, t);
  const text = metricText(metric, value, format, alert.reason.params.currencyID);
  return t('alerts:figure', {
    metric: t(`alerts:metric.${metric}`, { defaultValue: metric }),
    value: why === null ? text : t('alerts:missing', { mark: text, why }),
    threshold: metricText(metric, enterThreshold, format, alert.reason.params.currencyID),
  });
}

/** What is frozen does not hold the tick: as many decimals as the finest of its prices has, so that none is rounded. */
export function priceDecimals({ orders, trades, ticks }: ConditionEvidence): number {
  const prices = [
    ...orders.map(({ limitPrice }) => limitPrice),
    ...trades.map((trade) => trade.price),
    ...ticks.flatMap(({ lastPrice, bidPrice, askPrice }) => [lastPrice, bidPrice, askPrice]),
  ];
  return prices.reduce<number>((most, value) => (value === null ? most : Math.max(most, decimalsOfTick(value))), 0);
}

/** The word for how the condition stands: what only waits for a person to see that it is back says so. */
export function conditionWord({ condition, isLatched }: Pick<Alert, 'condition' | 'isLatched'>): Alert['condition'] | 'latched' {
  return isLatched && condition === 'active' ? 'latched' : condition;
}
