/** Lays generated clients over an imported real market day: departments, accounts, lots and money that stand where the day begins, so that its real moves cost and earn. */
import type { AccountMaster, CounterAccount, ItemByStream, MarginRate, PositionDetail, PositionSlice, ReferenceItem } from '#shared/feed/items';
import clientTables from './data/clients.json';
import overlayTables from './data/overlay.json';
import { createRandom, type Random } from './random';

/** A feed's instrument item will do; without a multiplier an instrument gets no positions. */
type OverlayInstrument = {
  exchangeID: string;
  instrumentID: string;
  productID: string;
  volumeMultiple?: number | undefined;
  priceTick?: number | undefined;
  currencyID: string;
};
type Tradable = OverlayInstrument & { volumeMultiple: number };

export type OverlayInput = {
  seed: number;
  /** YYYYMMDD. */
  tradingDay: string;
  instruments: readonly OverlayInstrument[];
  /** First price of the day per instrumentID, in the quote unit; an instrument without one gets no positions. */
  firstPrices: ReadonlyMap<string, number> | Readonly<Record<string, number>>;
  /** Epoch ms the positions and accounts are as of; midnight UTC of the trading day when left out. */
  asOfMs?: number;
  /** 1 to 10,000; 80 when left out. */
  accounts?: number;
};

type Overlay = {
  /** Rates, aggregation, departments, accounts and control groups; the instruments are the caller's own. */
  reference: ReferenceItem[];
  accounts: CounterAccount[];
  /** Slices and their lots. */
  positions: PositionItem[];
  /** What yesterday's lots were settled at, per instrumentID: the first price on the tick. Quotes of the day should carry it. */
  preSettlementPrices: Record<string, number>;
};

type PositionItem = ItemByStream['positions'];
type Held = { instrument: Tradable; isLong: boolean; lots: { volume: number; openPrice: number; openDate: string }[] };

const DEFAULT_ACCOUNTS = 80;
const GROUP_SIZE = 3;
const ACCOUNTS_PER_GROUP = 20;

const round4 = (value: number): number => Math.round(value * 1e4) / 1e4 || 0;

/** A market without a tick (spot quotes) is kept at three decimals. */
function onTick(price: number, tick = 0.001): number {
  const decimals = tick >= 1 ? 0 : (String(tick).split('.')[1]?.length ?? 0);
  return Number((Math.round(price / tick) * tick).toFixed(decimals));
}

/** The calendar day `days` before, `YYYYMMDD`. */
function daysBefore(date: string, days: number): string {
  const timeMs = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) - days * 86_400_000;
  return new Date(timeMs).toISOString().slice(0, 10).replaceAll('-', '');
}

function rateRows(instruments: readonly OverlayInstrument[], tradingDay: string): ReferenceItem[] {
  const sourced = { effectiveFrom: daysBefore(tradingDay, 365), citation: overlayTables.citation, certainty: 'demonstration' as const };
  const rows: ReferenceItem[] = [];
  const products = new Map(instruments.map((instrument) => [`${instrument.exchangeID}|${instrument.productID}`, instrument]));
  for (const exchangeID of new Set(instruments.map((instrument) => instrument.exchangeID))) {
    rows.push({ kind: 'marginAggregation', exchangeID, method: 'productBigSide', ...sourced });
  }
  for (const { exchangeID, productID } of products.values()) {
    const row = (layer: 'exchange' | 'company', ratio: number, isRelative: boolean): MarginRate => ({
      kind: 'marginRate',
      layer,
      investorRange: 'broker',
      exchangeID,
      productID,
      hedgeFlag: 'speculation',
      isRelative,
      longMarginRatioByMoney: ratio,
      longMarginRatioByVolume: 0,
      shortMarginRatioByMoney: ratio,
      shortMarginRatioByVolume: 0,
      ...sourced,
    });
    rows.push(row('exchange', overlayTables.exchangeMargin, false), row('company', overlayTables.companyAddend, true));
    rows.push({
      kind: 'commissionRate',
      investorRange: 'broker',
      exchangeID,
      productID,
      openRatioByMoney: 0,
      openRatioByVolume: overlayTables.feePerLot,
      closeRatioByMoney: 0,
      closeRatioByVolume: overlayTables.feePerLot,
      closeTodayRatioByMoney: 0,
      closeTodayRatioByVolume: overlayTables.feePerLot,
      ...sourced,
    });
  }
  return rows;
}

function drawDegree(random: Random): number {
  const totals: number[] = [];
  let sum = 0;
  for (const band of overlayTables.degrees) {
    sum += band.share;
    totals.push(sum);
  }
  const band = overlayTables.degrees[random.pickWeighted(totals)];
  return band === undefined ? 0.4 : random.range(band.from, band.to);
}

function drawHeld(
  tradable: readonly Tradable[],
  settled: Readonly<Record<string, number>>,
  tradingDay: string,
  marginBudget: number,
  random: Random,
): Held[] {
  const rate = overlayTables.exchangeMargin + overlayTables.companyAddend;
  const chosen = tradable.slice(0, random.int(1, Math.min(2, tradable.length)));
  return chosen.map((instrument, index) => {
    const price = settled[instrument.instrumentID] ?? 0;
    const volume = Math.max(1, Math.round(marginBudget / chosen.length / (price * instrument.volumeMultiple * rate)));
    // The second month is a spread against the first, as often as not.
    const isLong = index === 0 ? random.chance(0.55) : random.chance(0.5);
    const pieces = Math.min(volume, random.int(1, 3));
    const lots = Array.from({ length: pieces }, (_, piece) => ({
      volume: Math.floor(volume / pieces) + (piece < volume % pieces ? 1 : 0),
      openPrice: onTick(price * (1 + 0.012 * random.normal()), instrument.priceTick),
      openDate: daysBefore(tradingDay, (pieces - piece) * 3 + random.int(0, 2)),
    }));
    return { instrument, isLong, lots };
  });
}

/** Deterministic: the same input gives the same overlay. Degrees are spread so that a one per cent day changes the level of some accounts. */
export function createOverlay(input: OverlayInput): Overlay {
  const { tradingDay, instruments } = input;
  const random = createRandom(input.seed).fork('overlay');
  const asOfMs = input.asOfMs ?? Date.UTC(Number(tradingDay.slice(0, 4)), Number(tradingDay.slice(4, 6)) - 1, Number(tradingDay.slice(6, 8)));
  const preSettlementPrices: Record<string, number> = {};
  const tradable: Tradable[] = [];
  const priceBook = input.firstPrices instanceof Map ? input.firstPrices : new Map(Object.entries(input.firstPrices));
  for (const instrument of instruments) {
    const first = priceBook.get(instrument.instrumentID);
    const { volumeMultiple, priceTick } = instrument;
    if (first === undefined || !Number.isFinite(first) || first <= 0 || volumeMultiple === undefined) continue;
    preSettlementPrices[instrument.instrumentID] = onTick(first, priceTick);
    tradable.push({ ...instrument, volumeMultiple });
  }
  const departments = clientTables.departments;
  const masters: AccountMaster[] = [];
  const accounts: CounterAccount[] = [];
  const positions: PositionItem[] = [];
  const count = input.accounts ?? DEFAULT_ACCOUNTS;
  const currencyID = instruments[0]?.currencyID ?? 'USD';
  for (let index = 0; index < count; index += 1) {
    const department = departments[1 + (index % (departments.length - 1))] ?? departments[0];
    const accountID = `9${String(index + 1).padStart(6, '0')}`;
    const { first, second, kind } = clientTables.nameParts;
    masters.push({
      kind: 'accountMaster',
      accountID,
      accountName: `${random.pick(first)}${random.pick(second)}${random.pick(kind)}`,
      departmentID: department?.departmentID ?? 'HQ',
      currencyID,
      marginPriceType: 'preSettlement',
      algorithm: random.chance(0.85) ? 'onlyLost' : 'all',
      availIncludeCloseProfit: 'include',
    });
    const degree = drawDegree(random);
    const equity = Math.exp(Math.log(overlayTables.medianEquity) + 1 * random.normal());
    const held =
      tradable.length === 0 ? [] : drawHeld(likelyFirst(tradable, tradingDay, random), preSettlementPrices, tradingDay, equity * degree, random);
    positions.push(...positionItems(accountID, held, preSettlementPrices, asOfMs, index));
    accounts.push(accountItem(accountID, currencyID, held, preSettlementPrices, degree, equity, asOfMs));
  }
  return {
    reference: [
      ...rateRows(instruments, tradingDay),
      ...departments.map((row) => ({
        kind: 'department' as const,
        departmentID: row.departmentID,
        departmentName: row.name,
        ...(row.parentID === undefined ? {} : { parentID: row.parentID }),
      })),
      ...withControlGroups(masters, random),
    ],
    accounts,
    positions,
    preSettlementPrices,
  };
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const keyed = list.map((item, index) => ({ item, index, key: random.next() }));
  return keyed.sort((a, b) => a.key - b.key || a.index - b.index).map((row) => row.item);
}

/** Contract months until delivery as the instrument's name says (GC201312), or null for one that is not delivered in a month. */
function monthsToDelivery(instrumentID: string, tradingDay: string): number | null {
  const match = /(20\d\d)(0[1-9]|1[0-2])$/.exec(instrumentID);
  if (match === null) return null;
  return (Number(match[1]) - Number(tradingDay.slice(0, 4))) * 12 + Number(match[2]) - Number(tradingDay.slice(4, 6));
}

/** Instruments in a drawn order in which the likely ones come first: trading sits in the first month that is not about to be delivered. */
function likelyFirst(tradable: readonly Tradable[], tradingDay: string, random: Random): Tradable[] {
  const byMonth = [...tradable].sort((a, b) => (a.instrumentID < b.instrumentID ? -1 : 1));
  let rank = 0;
  const keyed = byMonth.map((instrument) => {
    const months = monthsToDelivery(instrument.instrumentID, tradingDay);
    const isLeaving = months !== null && months < 2;
    if (!isLeaving) rank += 1;
    const weight = months === null ? 1 : isLeaving ? 0.01 : 1 / rank ** 3;
    // Exponential races: the smallest of these wins in proportion to its weight.
    return { instrument, key: -Math.log(1 - random.next()) / weight };
  });
  return keyed.sort((a, b) => a.key - b.key).map((row) => row.instrument);
}

function withControlGroups(masters: AccountMaster[], random: Random): ReferenceItem[] {
  const groups: ReferenceItem[] = [];
  const order = shuffled(masters, random);
  for (let group = 0; group < Math.floor(masters.length / ACCOUNTS_PER_GROUP); group += 1) {
    const members = order.slice(group * GROUP_SIZE, (group + 1) * GROUP_SIZE);
    const controlGroupID = `CG${String(group + 1).padStart(3, '0')}`;
    for (const member of members) member.controlGroupID = controlGroupID;
    groups.push({
      kind: 'controlGroup',
      controlGroupID,
      controlGroupName: `${members[0]?.accountName ?? ''}实际控制组`,
      accountIDs: members.map((member) => member.accountID),
    });
  }
  return [...masters, ...groups];
}

const volumeOf = (held: Held): number => held.lots.reduce((sum, lot) => sum + lot.volume, 0);

/** Margin of one side at `ratio`, in the account's currency; all lots are yesterday's, so the pre-settlement price counts. */
function sideMargin(held: Held, settled: Readonly<Record<string, number>>, ratio: number): number {
  return volumeOf(held) * (settled[held.instrument.instrumentID] ?? 0) * held.instrument.volumeMultiple * ratio;
}

function bigSideMargin(held: readonly Held[], settled: Readonly<Record<string, number>>, ratio: number): number {
  const sides = new Map<string, { long: number; short: number }>();
  for (const one of held) {
    const key = `${one.instrument.exchangeID}|${one.instrument.productID}`;
    const side = sides.get(key) ?? { long: 0, short: 0 };
    side[one.isLong ? 'long' : 'short'] += sideMargin(one, settled, ratio);
    sides.set(key, side);
  }
  let total = 0;
  for (const side of sides.values()) total += Math.max(side.long, side.short);
  return round4(total);
}

function accountItem(
  accountID: string,
  currencyID: string,
  held: readonly Held[],
  settled: Readonly<Record<string, number>>,
  degree: number,
  equity: number,
  asOfMs: number,
): CounterAccount {
  const currMargin = bigSideMargin(held, settled, overlayTables.exchangeMargin + overlayTables.companyAddend);
  const exchangeMargin = bigSideMargin(held, settled, overlayTables.exchangeMargin);
  const balance = Math.round((currMargin === 0 ? equity : currMargin / degree) * 100) / 100;
  const available = round4(balance - currMargin);
  return {
    accountID,
    currencyID,
    asOfMs,
    preBalance: balance,
    deposit: 0,
    withdraw: 0,
    balance,
    available,
    currMargin,
    exchangeMargin,
    closeProfit: 0,
    positionProfit: 0,
    commission: 0,
    cashIn: 0,
    frozenMargin: 0,
    frozenCash: 0,
    frozenCommission: 0,
    deliveryMargin: 0,
    preMargin: currMargin,
  };
}

function positionItems(
  accountID: string,
  held: readonly Held[],
  settled: Readonly<Record<string, number>>,
  asOfMs: number,
  accountIndex: number,
): PositionItem[] {
  const rate = overlayTables.exchangeMargin + overlayTables.companyAddend;
  return held.flatMap((one, heldIndex) => {
    const { exchangeID, instrumentID, volumeMultiple } = one.instrument;
    const volume = volumeOf(one);
    const price = settled[instrumentID] ?? 0;
    const direction = one.isLong ? 'long' : 'short';
    const base = { accountID, exchangeID, instrumentID, hedgeFlag: 'speculation', asOfMs } as const;
    const slice: PositionSlice = {
      kind: 'position',
      ...base,
      posiDirection: direction,
      positionDate: 'today',
      position: volume,
      ydPosition: volume,
      todayPosition: 0,
      longFrozen: 0,
      shortFrozen: 0,
      openVolume: 0,
      closeVolume: 0,
      openAmount: 0,
      closeAmount: 0,
      positionCost: round4(price * volumeMultiple * volume),
      openCost: round4(one.lots.reduce((sum, lot) => sum + lot.openPrice * lot.volume, 0) * volumeMultiple),
      useMargin: round4(sideMargin(one, settled, rate)),
      exchangeMargin: round4(sideMargin(one, settled, overlayTables.exchangeMargin)),
      positionProfit: 0,
      closeProfit: 0,
      commission: 0,
      preSettlementPrice: price,
    };
    const lots: PositionDetail[] = one.lots.map((lot, index) => ({
      kind: 'positionDetail',
      ...base,
      direction,
      openDate: lot.openDate,
      tradeID: `L${String(accountIndex).padStart(5, '0')}${heldIndex}${index}`,
      volume: lot.volume,
      openPrice: lot.openPrice,
      lastSettlementPrice: price,
      closeVolume: 0,
    }));
    return [slice, ...lots];
  });
}
