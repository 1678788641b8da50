/** The demonstration broker: a pure generator of everything a broker's feed says, stepping in market time, the same for the same seed for ever. */
import type { Fund, InstrumentStatus, ItemByStream, ReferenceItem, StreamName } from '#shared/feed/items';
import { STREAM_NAMES } from '#shared/feed/items';
import type { Client, Lot, Slice } from './counter/book';
import { drawBook, drawRoster } from './counter/clients';
import { createDayStore } from './counter/day-store';
import { createOrderDesk } from './counter/exchange';
import { createFlow } from './counter/flow';
import { createRateBook } from './counter/rates';
import { rollDay } from './counter/settlement';
import { accountItem, lotItem, positionItems, valueClient } from './counter/valuation';
import { createCasting } from './episodes/casting';
import type { EpisodeKind, EpisodeLabel } from './episodes/episode';
import { midnightMs, nearestTradingDay } from './market/calendar';
import { buildContracts, marketReference } from './market/catalogue';
import { createMarketClock } from './market/clock';
import { PHASES, type PhaseName, PRODUCTS } from './market/market-data';
import { createPhases } from './market/phases';
import { type ContractState, createMarketPrices } from './market/prices';
import { createRandom } from './random';

export type BrokerOptions = {
  seed: number;
  /** 10 to 10,000. */
  accounts: number;
  /** YYYYMMDD; a day without trading becomes the next trading day. */
  tradingDay: string;
  phase: PhaseName | 'auto';
  /** Drives the quote rate of every phase to this figure; for benches. */
  quotesPerSecond?: number | undefined;
  /** Where the first day begins, market-local minutes from 00:00; in mid-session. */
  startMinute?: number | undefined;
  /** Market time per step. */
  stepMs?: number | undefined;
};

export type BrokerData<S extends StreamName = StreamName> = {
  [K in S]: { type: 'data'; stream: K; tradingDay: string; sequence: number; sourceTimeMs: number; items: ItemByStream[K][] };
}[S];
/** Everything starts anew: sequences are back at 0 and each stream's picture must be taken again. */
type NewTradingDay = { type: 'newTradingDay'; tradingDay: string; sourceTimeMs: number };
type BrokerMessage = BrokerData | NewTradingDay;

export type Broker = {
  readonly tradingDay: string;
  readonly sourceTimeMs: number;
  readonly stepMs: number;
  readonly phase: PhaseName;
  readonly labels: readonly EpisodeLabel[];
  readonly labelRevision: number;
  sequenceOf(stream: StreamName): number;
  /** Moves the market on by one step and returns what was said meanwhile, in order. */
  step(): BrokerMessage[];
  /** The stream's whole picture as of now. */
  snapshot<S extends StreamName>(stream: S): ItemByStream[S][];
  setPhase(phase: PhaseName | 'auto'): void;
  /** No order is taken and none is filled for so much market time; quotes and money go on. */
  stopGateway(forMs: number): void;
  /** Every contract of the product jumps by so much of its last price, within its limits; false when there is none. */
  shockPrices(productID: string, percent: number): boolean;
  /** Has a misbehaviour played now; false when nobody or nothing suits at this moment. */
  startEpisode(kind: EpisodeKind): boolean;
};

const START_MINUTE = 9 * 60 + 35;
const WARM_UP_STEPS = 150;
const WARM_UP_MS = 25 * 60_000;
const WARM_UP_ORDERS_PER_ACCOUNT = 0.9;
const ACCOUNT_REFRESH_MS = 1000;
const POSITION_REFRESH_MS = 5000;
const MOST_ACCOUNT_REFRESHES_PER_SECOND = 1000;
const FUNDS_PER_ACCOUNT_SECOND = 1 / (300 * 45);

export function createBroker(options: BrokerOptions): Broker {
  const stepMs = options.stepMs ?? 50;
  const seconds = stepMs / 1000;
  const random = createRandom(options.seed);
  const firstDay = nearestTradingDay(options.tradingDay);
  const contracts = buildContracts(firstDay);
  const looked = contracts.filter(({ product }) => !product.isQuiet);
  const clock = createMarketClock(looked, firstDay);
  const startMs = midnightMs(firstDay) + (options.startMinute ?? START_MINUTE) * 60_000;
  const market = createMarketPrices(contracts, random.fork('prices'), startMs - WARM_UP_MS);
  const roster = drawRoster(options.accounts, looked, firstDay, random.fork('roster'));
  const { clients } = roster;
  const reference: ReferenceItem[] = [...marketReference(contracts, firstDay), ...roster.reference];
  let rates = createRateBook(reference, firstDay);
  const bookRandom = random.fork('books');
  for (const client of clients) drawBook(client, market.states, rates, firstDay, bookRandom);
  const desk = createOrderDesk(market, random.fork('fills'), firstDay, rates);
  const flow = createFlow(clients, market, desk, rates, random.fork('flow'));
  const casting = createCasting(roster, market, desk, rates, random.fork('episodes'), firstDay, clock.closeMs);
  const fundRandom = random.fork('funds');
  const arrivals = random.fork('arrivals');
  const phases = createPhases(options.phase, market);
  const store = createDayStore();
  const sequences = new Map<StreamName, number>(STREAM_NAMES.map((stream) => [stream, 0]));
  const statuses = new Map<string, InstrumentStatus>();
  const orderScale = Math.sqrt(options.accounts / 300);

  let nowMs = startMs;
  let elapsedMs = 0;
  let phase: PhaseName = options.phase === 'auto' ? 'calm' : options.phase;
  let quoteCredit = 0;
  let accountCredit = 0;
  let accountCursor = 0;
  let positionCredit = 0;
  let positionCursor = 0;
  let fundCount = 0;
  let gatewayDownUntilMs = 0;
  const jumped = new Set<ContractState>();

  function data<S extends StreamName>(stream: S, items: ItemByStream[S][], into: BrokerMessage[]): void {
    if (items.length === 0) return;
    const sequence = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, sequence);
    into.push({ type: 'data', stream, tradingDay: clock.tradingDay, sequence, sourceTimeMs: nowMs, items } as BrokerData);
  }

  /** Statuses that changed by `timeMs`; also tells the prices which contracts trade. */
  function updateStatuses(timeMs: number): InstrumentStatus[] {
    const changed: InstrumentStatus[] = [];
    for (const product of PRODUCTS) {
      const instrumentStatus = clock.statusOf(product.sessionID, timeMs);
      if (statuses.get(product.productID)?.instrumentStatus === instrumentStatus) continue;
      const item: InstrumentStatus = { exchangeID: product.exchangeID, productID: product.productID, instrumentStatus, enterTimeMs: timeMs };
      statuses.set(product.productID, item);
      changed.push(item);
    }
    for (const state of market.states) state.isOpen = clock.isOpen(state.contract.product.sessionID, timeMs);
    return changed;
  }

  function moveFunds(): { funds: Fund[]; touched: Client[] } {
    const funds: Fund[] = [];
    const touched: Client[] = [];
    for (let count = fundRandom.poisson(clients.length * FUNDS_PER_ACCOUNT_SECOND * seconds); count > 0; count -= 1) {
      const client = fundRandom.pick(clients);
      const value = valueClient(client, market.states, rates);
      const balance = value.balanceCents / 100;
      const isShort = balance > 0 && value.currMargin > balance * 0.97;
      let amountCents = 0;
      if (isShort && fundRandom.chance(0.6)) amountCents = Math.round((value.currMargin / 0.88 - balance) / 1000) * 100_000;
      else if (balance > 0 && fundRandom.chance(0.5)) amountCents = Math.round((balance * fundRandom.range(0.01, 0.05)) / 1000) * 100_000;
      else if (value.available > 20_000) amountCents = -Math.floor((value.available * fundRandom.range(0.05, 0.3)) / 1000) * 100_000;
      if (amountCents === 0) continue;
      if (amountCents > 0) client.depositCents += amountCents;
      else client.withdrawCents -= amountCents;
      fundCount += 1;
      funds.push({
        accountID: client.master.accountID,
        fundSerial: `${clock.tradingDay}-${String(fundCount).padStart(6, '0')}`,
        fundDirection: amountCents > 0 ? 'in' : 'out',
        amount: Math.abs(amountCents) / 100,
        currencyID: 'CNY',
        fundTimeMs: nowMs,
      });
      touched.push(client);
    }
    return { funds, touched };
  }

  function rowsOf(client: Client, slice: Slice): ItemByStream['positions'][] {
    const state = market.states[slice.contract.index];
    return state === undefined ? [] : positionItems(client, slice, state, rates, nowMs);
  }

  /** Sends on what the order desk did, then the money of everybody it touched and of whoever's turn it is. */
  function publish(messages: BrokerMessage[], funds: Fund[], fundClients: readonly Client[]): void {
    const done = desk.drain();
    const positions: ItemByStream['positions'][] = [];
    for (const [slice, client] of done.touchedSlices) positions.push(...rowsOf(client, slice));
    const lots = new Map<Lot, { client: Client; slice: Slice }>();
    for (const { client, slice, lot } of [...done.openedLots, ...done.closedLots]) lots.set(lot, { client, slice });
    for (const [lot, { client, slice }] of lots) {
      const state = market.states[slice.contract.index];
      if (state !== undefined) positions.push(lotItem(client, slice, lot, state, nowMs));
    }
    positionCredit = Math.min(positionCredit + Math.min(clients.length / POSITION_REFRESH_MS, 0.5) * stepMs, clients.length);
    for (; positionCredit >= 1; positionCredit -= 1) {
      const client = clients[positionCursor % clients.length];
      positionCursor += 1;
      for (const slice of client?.slices ?? []) if (client !== undefined && !done.touchedSlices.has(slice)) positions.push(...rowsOf(client, slice));
    }
    const touched = new Set<Client>([...done.touchedClients, ...fundClients]);
    accountCredit = Math.min(
      accountCredit + Math.min(clients.length / ACCOUNT_REFRESH_MS, MOST_ACCOUNT_REFRESHES_PER_SECOND / 1000) * stepMs,
      clients.length,
    );
    for (; accountCredit >= 1; accountCredit -= 1) {
      const client = clients[accountCursor % clients.length];
      accountCursor += 1;
      if (client !== undefined) touched.add(client);
    }
    store.addOrders(done.orders);
    store.addTrades(done.trades);
    store.addFunds(funds);
    data('orders', done.orders, messages);
    data('trades', done.trades, messages);
    data('positions', positions, messages);
    data('funds', funds, messages);
    data(
      'accounts',
      [...touched].map((client) => accountItem(client, valueClient(client, market.states, rates), nowMs)),
      messages,
    );
  }

  function endDay(messages: BrokerMessage[]): void {
    casting.endAll();
    desk.cancelAll(nowMs);
    market.settle();
    data('instrumentStatus', closeStatuses(), messages);
    data(
      'quotes',
      market.states.map((state) => market.quoteOf(state)),
      messages,
    );
    publish(messages, [], clients);
    clock.nextDay();
    const newRates = createRateBook(reference, clock.tradingDay);
    rollDay(clients, market, rates, newRates);
    rates = newRates;
    store.clear();
    desk.startDay(clock.tradingDay, rates);
    flow.startDay(rates);
    casting.startDay(clock.tradingDay, rates, clock.closeMs);
    fundCount = 0;
    for (const stream of STREAM_NAMES) sequences.set(stream, 0);
    nowMs = clock.nextAlive(0) ?? nowMs;
    for (const state of market.states) state.updateTimeMs = nowMs;
    updateStatuses(nowMs);
    messages.push({ type: 'newTradingDay', tradingDay: clock.tradingDay, sourceTimeMs: nowMs });
  }

  function closeStatuses(): InstrumentStatus[] {
    return PRODUCTS.map((product) => ({
      exchangeID: product.exchangeID,
      productID: product.productID,
      instrumentStatus: 'closed',
      enterTimeMs: nowMs,
    }));
  }

  /** Nobody waits for a jumped contract's next print. */
  function sayJumps(): ItemByStream['quotes'][] {
    const quotes = [...jumped].filter(({ isOpen }) => isOpen).map((state) => market.quoteOf(Object.assign(state, { updateTimeMs: nowMs })));
    jumped.clear();
    return quotes;
  }

  function step(): BrokerMessage[] {
    const messages: BrokerMessage[] = [];
    const aliveMs = clock.nextAlive(nowMs + stepMs);
    if (aliveMs === null) {
      endDay(messages);
      return messages;
    }
    nowMs += stepMs;
    if (aliveMs > nowMs) {
      // The break is jumped over, but not kept quiet: everybody hears that trading paused before it goes on.
      data('instrumentStatus', updateStatuses(nowMs), messages);
      nowMs = aliveMs;
    }
    const fromMs = nowMs - stepMs;
    elapsedMs += stepMs;
    data('instrumentStatus', updateStatuses(nowMs), messages);
    phase = phases.at(elapsedMs);
    market.drift(seconds, phase);
    quoteCredit += (options.quotesPerSecond ?? PHASES[phase].quotesPerSecond) * seconds;
    const count = Math.floor(quoteCredit);
    quoteCredit -= count;
    data('quotes', [...sayJumps(), ...market.quote(count, fromMs, nowMs, phase)], messages);
    if (elapsedMs > gatewayDownUntilMs) {
      desk.work(nowMs, seconds);
      flow.act(arrivals.poisson(PHASES[phase].ordersPerSecond * orderScale * seconds), nowMs, phase);
      casting.step(nowMs, elapsedMs);
    }
    const { funds, touched } = moveFunds();
    publish(messages, funds, touched);
    return messages;
  }

  const takeSnapshot: { [S in StreamName]: () => ItemByStream[S][] } = {
    reference: () => reference,
    quotes: () => market.states.map((state) => market.quoteOf(state)),
    accounts: () => clients.map((client) => accountItem(client, valueClient(client, market.states, rates), nowMs)),
    positions: () =>
      clients.flatMap((client) =>
        client.slices.flatMap((slice) => {
          const state = market.states[slice.contract.index];
          if (state === undefined) return [];
          return [...rowsOf(client, slice), ...slice.lots.map((lot) => lotItem(client, slice, lot, state, nowMs))];
        }),
      ),
    orders: store.orders,
    trades: store.trades,
    funds: store.funds,
    instrumentStatus: () => [...statuses.values()],
  };

  // The morning so far: clients have traded since the opening, so today's lots, orders, trades and fees are already there.
  for (let index = 0; index < WARM_UP_STEPS; index += 1) {
    nowMs = startMs - WARM_UP_MS + Math.floor(((index + 1) * WARM_UP_MS) / WARM_UP_STEPS);
    updateStatuses(nowMs);
    market.drift(WARM_UP_MS / WARM_UP_STEPS / 1000, 'calm');
    market.quote(looked.length, nowMs - 5000, nowMs, 'calm');
    desk.work(nowMs, 2);
    flow.act(Math.ceil((options.accounts * WARM_UP_ORDERS_PER_ACCOUNT) / WARM_UP_STEPS), nowMs, 'calm');
    publish([], [], []);
  }
  for (const stream of STREAM_NAMES) sequences.set(stream, 0);

  return {
    get tradingDay() {
      return clock.tradingDay;
    },
    get sourceTimeMs() {
      return nowMs;
    },
    stepMs,
    get phase() {
      return phase;
    },
    labels: casting.labels,
    get labelRevision() {
      return casting.revision;
    },
    sequenceOf: (stream) => sequences.get(stream) ?? 0,
    step,
    snapshot: (stream) => takeSnapshot[stream](),
    setPhase: phases.set,
    stopGateway: (forMs) => {
      gatewayDownUntilMs = elapsedMs + forMs;
    },
    shockPrices: (productID, percent) => {
      const moved = market.jump(productID, percent);
      for (const state of moved) jumped.add(state);
      return moved.length > 0;
    },
    startEpisode: (kind) => casting.start(kind, nowMs),
  };
}
