/** Gives the demonstration's bundled tables their types in one place: they are generated data, never constants in code. */
import marketTables from '../data/market.json';
import productTables from '../data/products.json';

export type PhaseName = 'calm' | 'busy' | 'violent';

/** Fees as [ratio by money, CNY per lot]. */
export type FeePair = { byMoney: number; byVolume: number };

export type Product = {
  index: number;
  exchangeID: string;
  productID: string;
  name: string;
  sector: string;
  multiplier: number;
  tick: number;
  price: number;
  months: number[];
  contracts: number;
  sessionID: string;
  limit: number;
  margin: number;
  addend: number;
  hedgeMargin: number;
  fee: { open: FeePair; close: FeePair; closeToday: FeePair };
  activity: number;
  positionLimit: number;
  maxOrder: number;
  beta: number;
  /** Hardly anybody looks at it: no client holds it, and its prices are drawn apart, so that it moves nobody else's. A stage for misbehaviour of its own. */
  isQuiet: boolean;
};

export type Section = { fromMinute: number; toMinute: number; night: boolean };
type SessionTable = { sessionID: string; sections: Section[] };
type AggregationMethod = 'productBigSide' | 'instrumentBigSide' | 'plainSum';
export type Exchange = { exchangeID: string; aggregation: AggregationMethod; distinguishesToday: boolean; monthDigits: number };
type Sector = { sector: string; volatility: number; globalBeta: number; shockWeight: number };
type PhaseTable = {
  quotesPerSecond: number;
  ordersPerSecond: number;
  volatilityPerRootSecond: number;
  spreadTicks: number;
  shockPercent: { from: number; to: number };
};

const feePair = (pair: number[]): FeePair => ({ byMoney: pair[0] ?? Number.NaN, byVolume: pair[1] ?? Number.NaN });

export const PRODUCTS: readonly Product[] = productTables.products.map((row, index) => ({
  ...row,
  index,
  isQuiet: 'isQuiet' in row && row.isQuiet === true,
  fee: { open: feePair(row.fee.open), close: feePair(row.fee.close), closeToday: feePair(row.fee.closeToday) },
}));

export const SESSIONS: readonly SessionTable[] = marketTables.sessions.map((row) => ({
  sessionID: row.sessionID,
  sections: row.sections.map((section) => ({ fromMinute: Number(section[0]), toMinute: Number(section[1]), night: section[2] === true })),
}));

export const EXCHANGES: readonly Exchange[] = marketTables.exchanges.map((row) => ({ ...row, aggregation: row.aggregation as AggregationMethod }));
export const SECTORS: readonly Sector[] = marketTables.sectors;
export const HOLIDAYS: readonly string[] = marketTables.holidays;
export const TIME_ZONE = marketTables.timeZone;
export const CITATION = productTables.citation;
export const TIMETABLE: readonly { phase: PhaseName; seconds: number }[] = marketTables.timetable.map((row) => ({
  phase: row.phase as PhaseName,
  seconds: row.seconds,
}));

const phaseTable = (row: (typeof marketTables.phases)[PhaseName]): PhaseTable => ({
  ...row,
  shockPercent: { from: row.shockPercent[0] ?? 0, to: row.shockPercent[1] ?? 0 },
});
export const PHASES: Record<PhaseName, PhaseTable> = {
  calm: phaseTable(marketTables.phases.calm),
  busy: phaseTable(marketTables.phases.busy),
  violent: phaseTable(marketTables.phases.violent),
};

export function exchangeOf(exchangeID: string): Exchange {
  const exchange = EXCHANGES.find((row) => row.exchangeID === exchangeID);
  if (exchange === undefined) throw new RangeError(`no such demonstration exchange: ${exchangeID}`);
  return exchange;
}
