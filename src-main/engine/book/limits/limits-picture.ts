/**
 * Limit use, concentration and the large-trader list as a page shows them. A limit that is not known is shown as unknown, never as none; a contract
 * that its product's limit covers is told from it.
 */
import type { LimitRow, LimitsParams, LimitsPicture } from '#shared/contract/numbers-limits';
import type { PositionLimit } from '#shared/feed/items';
import {
  type ConcentrationParameter,
  type ConcentrationTable,
  concentrationTableSchema,
  countedVolume,
  daysToExit,
  limitInForce,
  limitTier,
  parameterInForce,
} from '#shared/market/concentration';
import { type Known, unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';
import table from '../../../../resources/concentration.json' with { type: 'json' };
import type { Book } from '../book';
import type { InstrumentRecord } from '../things';
import { type Column, sortedWindow } from '../views/sorting';
import { buildHeavyRows } from './heavy-rows';
import { type LimitRun, runLimits } from './limit-run';

const TABLE: ConcentrationTable = concentrationTableSchema.parse(table);

/** Mean daily volume of a contract over past days, and how many days those were. */
export type VolumeHistory = (exchangeID: string, instrumentID: string) => { average: number; days: number } | null;

/** One row before it is shown: a contract of a holder, or (instrument null) the holder's whole product where the product has a limit. */
type Row = {
  holder: number;
  instrument: InstrumentRecord;
  isProduct: boolean;
  long: number;
  short: number;
  hedge: number;
  limit: Known<PositionLimit>;
};

export function buildLimitsPicture(
  book: Book,
  params: LimitsParams,
  volumes: VolumeHistory,
  nowMs: number,
  concentration: ConcentrationTable = TABLE,
): LimitsPicture {
  const day = book.tradingDay;
  const told = (['limitNear', 'limitHigh', 'limitReached', 'largeTrader', 'exitShareOfVolume'] as const).map((name) =>
    parameterInForce(concentration, name, day),
  );
  const basisRows = told.flatMap((row) => (row.known ? [row.value] : []));
  const boundReason = told.find((row) => !row.known);
  const bound = (name: ConcentrationParameter): number => basisRows.find((row) => row.name === name)?.value ?? Number.NaN;
  const picture = {
    basis: basisRows.map(({ name, value, effectiveFrom, citation, certainty }) => ({ name, value, effectiveFrom, citation, certainty })),
    computedAtMs: nowMs,
    marketAsOfMs: book.marketTimeMs,
    first: params.first,
  };
  if (params.view === 'heavy') {
    const heavy = buildHeavyRows(book, params, concentration);
    return { ...picture, total: heavy.total, rows: [], heavy: heavy.rows, unknownCount: 0 };
  }
  const run = runLimits(book, params);
  const all = rowsOf(book, run);
  const isUnknown = (row: Row): boolean => !row.limit.known && !isCovered(row);
  // Who holds a contract without a known limit may have to report: left out of the list, that would read as a no.
  const rows =
    params.view === 'largeTraders'
      ? all.filter((row) => isUnknown(row) || (!isCovered(row) && !((limitUseOf(row) ?? 0) < bound('largeTrader'))))
      : all;
  const unknownCount = rows.reduce((count, row) => count + (isUnknown(row) ? 1 : 0), 0);
  const bounds = { near: bound('limitNear'), high: bound('limitHigh'), reached: bound('limitReached') };
  const share = bound('exitShareOfVolume');
  const withBoundReason = (row: LimitRow): LimitRow =>
    boundReason?.known === false && row.reason === null ? { ...row, reason: boundReason.reason } : row;
  const direction = params.sort?.direction ?? 'descending';
  const window = sortedWindow(rows, columnFor(run, params, volumes, share), direction, params.first, params.count);
  return {
    ...picture,
    total: rows.length,
    rows: window.map((row) => withBoundReason(buildRow(run, row, bounds, share, volumes))),
    heavy: [],
    unknownCount,
  };
}

function rowsOf(book: Book, run: LimitRun): Row[] {
  const day = book.tradingDay ?? '';
  const { positionLimits } = book.reference;
  const limitOf = new Map<InstrumentRecord, Known<PositionLimit>>();
  const productLimit = new Map<string, Known<PositionLimit>>();
  const rows: Row[] = [];
  let products = new Map<string, Row>();
  let holder = -1;
  const closeHolder = (): void => {
    rows.push(...products.values());
    products = new Map();
  };
  for (let at = 0; at < run.count; at++) {
    const instrument = book.records.instruments[run.instrument[at] ?? -1];
    if (instrument === undefined) continue;
    if (run.holder[at] !== holder) closeHolder();
    holder = run.holder[at] ?? -1;
    let limit = limitOf.get(instrument);
    if (limit === undefined) {
      limit = limitInForce(positionLimits, instrument, day);
      limitOf.set(instrument, limit);
    }
    const [long, short, hedge] = [run.long[at] ?? 0, run.short[at] ?? 0, run.hedge[at] ?? 0];
    const key = `${instrument.exchangeID}|${instrument.productID}`;
    let ofProduct = productLimit.get(key);
    if (ofProduct === undefined) {
      ofProduct = limitInForce(positionLimits, { ...instrument, instrumentID: null }, day);
      productLimit.set(key, ofProduct);
    }
    const hasProductRow = ofProduct.known || !ofProduct.reason.startsWith('noLimit');
    const isOnlyProducts = hasProductRow && !limit.known && limit.reason.startsWith('noLimit');
    const problem = run.problems.get(at);
    const own =
      problem !== undefined
        ? unknown(problem)
        : isOnlyProducts
          ? unknown(reasonFor('coveredByProduct', `${instrument.exchangeID}.${instrument.productID}`))
          : limit;
    rows.push({ holder, instrument, isProduct: false, long, short, hedge, limit: own });
    if (!hasProductRow) continue;
    const merged = products.get(key);
    if (merged === undefined)
      products.set(key, { holder, instrument, isProduct: true, long, short, hedge, limit: problem === undefined ? ofProduct : unknown(problem) });
    else {
      if (problem !== undefined) merged.limit = unknown(problem);
      merged.long += long;
      merged.short += short;
      merged.hedge += hedge;
    }
  }
  closeHolder();
  return rows;
}

function isCovered({ limit }: Row): boolean {
  return !limit.known && limit.reason.startsWith('coveredByProduct');
}

/** Counted lots over the limit; infinite where none at all may be held and some are, null where the limit is not known. */
function limitUseOf(row: Row): number | null {
  if (!row.limit.known) return null;
  const counted = countedVolume(row);
  return counted === 0 ? 0 : counted / row.limit.value.limitVolume;
}

function interestShare({ instrument, isProduct, long, short }: Row): number | null {
  const interest = isProduct ? undefined : instrument.quote?.openInterest;
  return interest === undefined || interest <= 0 ? null : Math.max(long, short) / interest;
}

/** Past days when there are any; until then the day's own volume so far, told by a count of zero days. */
function volumeOf({ instrument, isProduct }: Row, volumes: VolumeHistory): { average: number; days: number } | null {
  if (isProduct) return null;
  const past = volumes(instrument.exchangeID, instrument.instrumentID);
  if (past !== null) return past;
  const today = instrument.quote?.volume;
  return today === undefined ? null : { average: today, days: 0 };
}

function columnFor(run: LimitRun, { sort }: LimitsParams, volumes: VolumeHistory, share: number): Column<Row> {
  switch (sort?.column) {
    case 'holderID':
      return { kind: 'text', value: (row) => run.holders[row.holder]?.id ?? '' };
    case 'holderName':
      return { kind: 'text', value: (row) => run.holders[row.holder]?.name ?? '' };
    case 'instrumentID':
      return { kind: 'text', value: (row) => (row.isProduct ? row.instrument.productID : row.instrument.instrumentID) };
    case 'longVolume':
      return { kind: 'number', value: (row) => row.long };
    case 'shortVolume':
      return { kind: 'number', value: (row) => row.short };
    case 'countedVolume':
      return { kind: 'number', value: (row) => countedVolume(row) };
    case 'openInterestShare':
      return { kind: 'number', value: interestShare };
    case 'daysToExit':
      return { kind: 'number', value: (row) => daysToExit(row.long - row.short, volumeOf(row, volumes)?.average ?? null, share) };
  }
  // Known use first; where no limit is known the largest position leads.
  return { kind: 'number', value: (row) => limitUseOf(row) ?? -1 / (1 + countedVolume(row)) };
}

function buildRow(run: LimitRun, row: Row, bounds: Parameters<typeof limitTier>[1], share: number, volumes: VolumeHistory): LimitRow {
  const { instrument, long, short, hedge, limit, isProduct } = row;
  const holder = run.holders[row.holder];
  const use = limitUseOf(row);
  const shareUsed = use === null || !Number.isFinite(use) ? null : use;
  const volume = volumeOf(row, volumes);
  return {
    key: `${holder?.kind}|${holder?.id}|${instrument.exchangeID}|${isProduct ? instrument.productID : instrument.instrumentID}|${isProduct}`,
    holderKind: holder?.kind ?? 'account',
    holderID: holder?.id ?? '',
    holderName: holder?.name ?? '',
    accountIDs: holder?.accounts.map(({ accountID }) => accountID) ?? [],
    exchangeID: instrument.exchangeID,
    productID: instrument.productID,
    instrumentID: isProduct ? null : instrument.instrumentID,
    longVolume: long,
    shortVolume: short,
    countedVolume: countedVolume({ long, short, hedge }),
    hedgeVolume: hedge,
    limitVolume: limit.known ? limit.value.limitVolume : null,
    limitUse: shareUsed,
    tier: isCovered(row) ? 'covered' : limitTier(use, bounds),
    limitRow: limit.known ? { effectiveFrom: limit.value.effectiveFrom, citation: limit.value.citation, certainty: limit.value.certainty } : null,
    openInterest: isProduct ? null : (instrument.quote?.openInterest ?? null),
    openInterestShare: interestShare(row),
    averageDailyVolume: volume?.average ?? null,
    volumeDays: volume?.days ?? 0,
    daysToExit: daysToExit(long - short, volume?.average ?? null, share),
    reason: !limit.known ? limit.reason : shareUsed === null ? reasonFor('zeroLimit', instrument.label) : null,
  };
}
