/** Random books of a wanted size as intake events: for tests of the book and for benches, seeded so that every run values the same book. */
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import type {
  AccountMaster,
  CounterAccount,
  HedgeFlag,
  Instrument,
  ItemByStream,
  MarginRate,
  PositionDetail,
  PositionSlice,
  Quote,
  ReferenceItem,
  StreamName,
} from '#shared/feed/items';

export type BookFixtureSize = { instruments: number; accounts: number; lots: number };
export type BookFixture = {
  reference: ReferenceItem[];
  quotes: Quote[];
  accounts: CounterAccount[];
  details: PositionDetail[];
  slices: PositionSlice[];
  events: IntakeEvent[];
  random: () => number;
};

export const FIXTURE_DAY = '20260914';
export const FIXTURE_START_MS = Date.UTC(2026, 8, 14, 2);

/** mulberry32: small, seeded, good enough to spread a book. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function itemsEvent<S extends StreamName>(
  stream: S,
  items: ItemByStream[S][],
  over: Partial<Pick<ItemsEvent, 'type' | 'feedId' | 'receivedAtMs' | 'sourceTimeMs' | 'tradingDay' | 'sequence' | 'refused'>> = {},
): IntakeEvent {
  return {
    type: 'items',
    feedId: 'fixture',
    receivedAtMs: FIXTURE_START_MS,
    sourceTimeMs: FIXTURE_START_MS,
    tradingDay: FIXTURE_DAY,
    sequence: 1,
    ...over,
    stream,
    items,
  } as IntakeEvent;
}

const EXCHANGES = ['SHFE', 'CZCE', 'DCE', 'INE'] as const;
const AGGREGATION = { SHFE: 'productBigSide', CZCE: 'instrumentBigSide', DCE: 'plainSum', INE: 'productBigSide' } as const;
const HEDGE_FLAGS: readonly HedgeFlag[] = ['speculation', 'speculation', 'speculation', 'hedge'];
const MONTHS_PER_PRODUCT = 5;
const SOURCED = { effectiveFrom: '20260101', citation: 'generated for a test', certainty: 'demonstration' } as const;

function rate(
  layer: MarginRate['layer'],
  exchangeID: string,
  productID: string,
  hedgeFlag: HedgeFlag,
  ratio: number,
  isRelative: boolean,
): MarginRate {
  return {
    kind: 'marginRate',
    layer,
    investorRange: 'broker',
    exchangeID,
    productID,
    hedgeFlag,
    isRelative,
    longMarginRatioByMoney: ratio,
    longMarginRatioByVolume: 0,
    shortMarginRatioByMoney: ratio,
    shortMarginRatioByVolume: 0,
    ...SOURCED,
  };
}

/** A book in which everything is known. `mixed` accounts take all margin price types and algorithms; otherwise the usual ones (open, onlyLost). */
export function makeBookFixture(seed: number, size: BookFixtureSize, mixed = true): BookFixture {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const reference: ReferenceItem[] = [];
  const quotes: Quote[] = [];
  const instruments: Instrument[] = [];
  for (const exchangeID of EXCHANGES) reference.push({ kind: 'marginAggregation', exchangeID, method: AGGREGATION[exchangeID], ...SOURCED });
  for (let i = 0; i < size.instruments; i++) {
    const product = Math.floor(i / MONTHS_PER_PRODUCT);
    const exchangeID = EXCHANGES[product % EXCHANGES.length] as string;
    const productID = `p${product}`;
    const instrumentID = `${productID}m${i % MONTHS_PER_PRODUCT}`;
    const priceTick = pick([0.02, 0.5, 1, 5]);
    const instrument: Instrument = {
      kind: 'instrument',
      exchangeID,
      instrumentID,
      productID,
      productClass: 'futures',
      currencyID: 'CNY',
      volumeMultiple: pick([5, 10, 15, 1000]),
      priceTick,
    };
    instruments.push(instrument);
    reference.push(instrument);
    if (i % MONTHS_PER_PRODUCT === 0) {
      for (const hedgeFlag of ['speculation', 'hedge'] as const) {
        reference.push(rate('exchange', exchangeID, productID, hedgeFlag, hedgeFlag === 'hedge' ? 0.08 : 0.09, false));
        reference.push(rate('company', exchangeID, productID, hedgeFlag, 0.03, true));
      }
    }
    const ticks = 200 + Math.floor(random() * 4000);
    const preSettlementPrice = decimal(ticks * priceTick);
    const lastPrice = decimal((ticks + Math.floor(random() * 40) - 20) * priceTick);
    quotes.push({
      exchangeID,
      instrumentID,
      updateTimeMs: FIXTURE_START_MS - 1000,
      lastPrice,
      preSettlementPrice,
      averagePrice: decimal((lastPrice + preSettlementPrice) / 2),
      lowestPrice: Math.min(lastPrice, preSettlementPrice),
      highestPrice: Math.max(lastPrice, preSettlementPrice),
    });
  }
  const masters: AccountMaster[] = [];
  const accounts: CounterAccount[] = [];
  for (let d = 0; d < 8; d++) reference.push({ kind: 'department', departmentID: `D${d}`, departmentName: `Department ${d}` });
  for (let a = 0; a < size.accounts; a++) {
    const accountID = `A${String(a).padStart(5, '0')}`;
    masters.push({
      kind: 'accountMaster',
      accountID,
      accountName: `Account ${a}`,
      departmentID: `D${a % 8}`,
      currencyID: 'CNY',
      marginPriceType: mixed ? pick(['preSettlement', 'latest', 'average', 'open']) : 'open',
      algorithm: mixed ? pick(['all', 'onlyLost', 'onlyGain', 'none']) : 'onlyLost',
      availIncludeCloseProfit: mixed ? pick(['include', 'notInclude']) : 'include',
    });
    accounts.push({
      accountID,
      currencyID: 'CNY',
      asOfMs: FIXTURE_START_MS,
      preBalance: Math.round(random() * 1e9) / 100 + 1e6,
      deposit: a % 7 === 0 ? 50_000 : 0,
      withdraw: 0,
      closeProfit: Math.round((random() - 0.5) * 1e6) / 100,
      commission: Math.round(random() * 1e5) / 100,
      frozenMargin: 0,
      frozenCommission: 0,
    });
  }
  reference.push(...masters);
  const details: PositionDetail[] = [];
  const totals = new Map<string, PositionSlice>();
  for (let n = 0; n < size.lots; n++) {
    const instrumentIndex = Math.floor(random() * instruments.length);
    const instrument = instruments[instrumentIndex] as Instrument;
    const quote = quotes[instrumentIndex] as Quote;
    const accountID = (accounts[Math.floor(random() * accounts.length)] as CounterAccount).accountID;
    const direction = pick(['long', 'short'] as const);
    const hedgeFlag = pick(HEDGE_FLAGS);
    const isToday = random() < 0.4;
    const volume = 1 + Math.floor(random() * 20);
    const openPrice = decimal((quote.preSettlementPrice ?? 0) + (Math.floor(random() * 60) - 30) * (instrument.priceTick ?? 1));
    const place = { accountID, exchangeID: instrument.exchangeID, instrumentID: instrument.instrumentID };
    details.push({
      kind: 'positionDetail',
      ...place,
      direction,
      hedgeFlag,
      openDate: isToday ? FIXTURE_DAY : '20260911',
      tradeID: `T${n}`,
      asOfMs: FIXTURE_START_MS,
      volume,
      openPrice,
      ...(isToday || n % 3 === 0 ? {} : { lastSettlementPrice: quote.preSettlementPrice ?? 0 }),
    });
    addToSlice(totals, place, direction, hedgeFlag, isToday, volume, openPrice, quote.preSettlementPrice ?? 0, instrument.volumeMultiple ?? 0);
  }
  const slices = [...totals.values()];
  const events = [
    itemsEvent('reference', reference, { type: 'picture' }),
    itemsEvent('quotes', quotes, { type: 'picture' }),
    itemsEvent('accounts', accounts, { type: 'picture' }),
    itemsEvent('positions', [...slices, ...details], { type: 'picture' }),
  ];
  return { reference, quotes, accounts, details, slices, events, random };
}

/** As exchanges write it: at most four decimals, without binary dust. */
export function decimal(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function addToSlice(
  totals: Map<string, PositionSlice>,
  place: { accountID: string; exchangeID: string; instrumentID: string },
  posiDirection: 'long' | 'short',
  hedgeFlag: HedgeFlag,
  isToday: boolean,
  volume: number,
  openPrice: number,
  preSettlementPrice: number,
  multiplier: number,
): void {
  const positionDate = isToday ? 'today' : 'history';
  const key = `${place.accountID}|${place.exchangeID}|${place.instrumentID}|${posiDirection}|${hedgeFlag}|${positionDate}`;
  const before = totals.get(key);
  const slice: PositionSlice = before ?? {
    kind: 'position',
    ...place,
    posiDirection,
    hedgeFlag,
    positionDate,
    asOfMs: FIXTURE_START_MS,
    position: 0,
    positionCost: 0,
    openCost: 0,
    preSettlementPrice,
  };
  slice.position += volume;
  slice.positionCost = decimal((slice.positionCost ?? 0) + volume * multiplier * (isToday ? openPrice : preSettlementPrice));
  slice.openCost = decimal((slice.openCost ?? 0) + volume * multiplier * openPrice);
  totals.set(key, slice);
}
