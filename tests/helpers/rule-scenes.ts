/** A small real market for trials of rules: the demonstration broker's picture in a real book, a core over it, and one thing that can go wrong for each figure. */
import { type Broker, createBroker } from '#demo/broker';
import { Book } from '#engine/book/book';
import { MarketCore } from '#engine/core';
import { BookReadings } from '#engine/market-readings';
import { sessionOfTick } from '#engine/session-of';
import type { ConditionSink } from '#engine/watch/condition';
import type { MarketReadings } from '#engine/watch/readings';
import type { RulePack } from '#engine/watch/rule-schema';
import type { SourcePrices } from '#engine/watch/source-prices';
import type { RuleSubject } from '#shared/desk/rules/metrics';
import type { FigureRule, RuleScope } from '#shared/desk/rules/rule';
import type { IntakeEvent, ItemsEvent } from '#shared/feed/intake';
import { type ItemByStream, type Quote, STREAM_NAMES, type StreamName } from '#shared/feed/items';

export const FEED = 'counter';
const STEP_MS = 250;
const MESSAGE_EVERY_MS = 1000;

export class SceneMarket {
  readonly broker: Broker;
  readonly book: Book;
  readonly core: MarketCore;
  nowMs: number;
  /** Streams that have gone quiet; `all` is a link that says nothing at all. */
  readonly quiet = new Set<StreamName | 'all'>();
  /** Deadlines of margin calls, on the market's clock. */
  readonly dues = new Map<string, number>();
  callDueAtMs: (accountID: string) => number | null = (accountID) => this.dues.get(accountID) ?? null;
  onSecond: () => void = () => undefined;
  #readings: MarketReadings | undefined;
  #tradingDay: string;
  #sequence = 1;
  #messageAtMs: number;

  constructor(rules: RulePack, sink: ConditionSink, seed = 11) {
    this.broker = createBroker({ seed, accounts: 16, tradingDay: '20261123', phase: 'busy' });
    for (let step = 0; step < 200; step += 1) this.broker.step();
    this.nowMs = this.broker.sourceTimeMs;
    this.#tradingDay = this.broker.tradingDay;
    this.#messageAtMs = this.nowMs;
    this.book = new Book({ nowMs: () => this.nowMs, isFeedLive: () => true, riskLevels: rules.levels });
    this.core = new MarketCore({
      book: this.book,
      rules,
      open: [],
      sink,
      sessionOf: sessionOfTick(this.book),
      departmentOf: (accountID) => this.book.reference.masters.get(accountID)?.departmentID ?? null,
      readings: (prices) => this.#readingsOf(prices),
    });
    this.#welcome();
  }

  #welcome(): void {
    this.core.onMessage([{ type: 'link', feedId: FEED, receivedAtMs: this.nowMs, state: 'up', reason: '' }], this.nowMs);
    this.core.onMessage(
      STREAM_NAMES.map((stream) => this.#event(stream, this.broker.snapshot(stream), 'picture')),
      this.nowMs,
    );
  }

  /** The counter is away until `atMs`, and is back with the picture of another trading day in which nothing has changed. */
  returnOn(tradingDay: string, atMs: number, then: () => void = () => undefined): void {
    this.linkDown();
    while (this.nowMs < atMs) {
      this.nowMs = Math.min(atMs, this.nowMs + 600_000);
      this.core.tick(this.nowMs);
    }
    this.#tradingDay = tradingDay;
    this.#messageAtMs = this.nowMs;
    this.#welcome();
    then();
  }

  get readings(): MarketReadings {
    if (this.#readings === undefined) throw new Error('the core asks for its readings when it is built');
    return this.#readings;
  }

  #readingsOf(prices: SourcePrices): MarketReadings {
    this.#readings = new BookReadings({ book: this.book, prices, callDueAtMs: (accountID) => this.callDueAtMs(accountID) });
    return this.#readings;
  }

  send<S extends StreamName>(stream: S, items: readonly ItemByStream[S][], feedId = FEED): void {
    if (this.quiet.has(stream) || this.quiet.has('all')) return;
    this.core.onMessage([{ ...this.#event(stream, items, 'items'), feedId }], this.nowMs);
  }

  linkDown(): void {
    this.core.onMessage([{ type: 'link', feedId: FEED, receivedAtMs: this.nowMs, state: 'down', reason: 'test' }], this.nowMs);
  }

  quotes(change: (quote: Quote) => Partial<Quote> = () => ({})): Quote[] {
    return this.broker.snapshot('quotes').map((quote) => ({ ...quote, updateTimeMs: this.nowMs, ...change(quote) }));
  }

  /** Lets time pass, with a message of every stream that has anything to say once a second; stops when `isOver` says so. */
  pass(ms: number, isOver: () => boolean = () => false, stepMs = STEP_MS): void {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs && !isOver(); ) {
      this.nowMs += stepMs;
      if (this.nowMs - this.#messageAtMs >= MESSAGE_EVERY_MS) {
        this.#messageAtMs = this.nowMs;
        for (const stream of ['accounts', 'positions', 'orders', 'trades'] as const) this.send(stream, []);
        this.onSecond();
      }
      this.core.tick(this.nowMs);
    }
  }

  /** The reading of the rule's subject and scope that stands highest (or lowest), finite; null where there is none. */
  extreme(
    rule: FigureRule,
    metric: string,
    isLowest: boolean,
  ): { value: number; entity: string; dimensions: Readonly<Record<string, string>> } | null {
    let best: { value: number; entity: string; dimensions: Readonly<Record<string, string>> } | null = null;
    const { core, book, nowMs } = this;
    const moment = { nowMs, book, columns: book.accountColumns(), links: [], isDataLive: core.isDataLive(nowMs), sessionOf: sessionOfTick(book) };
    const asked = { ...moment, sessionOf: () => 'open' as const };
    for (let part = 0; part < this.readings.partsOf(rule); part += 1) {
      this.readings.each(rule, part, asked, (reading) => {
        const value = reading.value(metric);
        if (!Number.isFinite(value) || (best !== null && (isLowest ? value >= best.value : value <= best.value))) return;
        best = { value, entity: reading.entity, dimensions: { ...reading.dimensions } };
      });
    }
    return best;
  }

  #event<S extends StreamName>(stream: S, items: readonly ItemByStream[S][], type: 'items' | 'picture'): IntakeEvent {
    this.#sequence += 1;
    const at = { sourceTimeMs: this.nowMs, receivedAtMs: this.nowMs, tradingDay: this.#tradingDay, sequence: this.#sequence };
    return { type, feedId: FEED, stream, items: [...items], ...at } as ItemsEvent;
  }
}

/** What a rule is made of so that it must speak: a figure, its number, and what happens in the market. */
export type Scene = {
  subject: RuleSubject;
  metric: string;
  parameters?: Record<string, number>;
  /** `threshold` of what stands already; else the number itself. */
  from: { standing: 'highest' | 'lowest' } | { value: number };
  /** Something goes wrong after the rule holds. */
  begin?: (market: SceneMarket) => void;
  /** For how long it may take beyond the rule's own delay. */
  withinMs?: number;
};

const FURTHER = { tellAgainAfterMs: 60_000, forgetAfterMs: 600_000 };
const standing: Scene['from'] = { standing: 'highest' };
const firstAccount = (market: SceneMarket) => {
  const [account] = market.broker.snapshot('accounts');
  if (account === undefined) throw new Error('the broker has no account');
  return account;
};
const jump = (market: SceneMarket): void => {
  market.pass(15_000);
  market.send(
    'quotes',
    market.quotes((quote) => (quote.lastPrice === undefined ? {} : { lastPrice: quote.lastPrice * 1.04 })),
  );
};

export const SCENES = {
  accountDegree: { subject: 'account', metric: 'riskDegree', from: standing },
  accountEquity: { subject: 'account', metric: 'balance', from: { standing: 'lowest' } },
  accountAvailable: { subject: 'account', metric: 'available', from: { standing: 'lowest' } },
  groupDegree: { subject: 'controlGroup', metric: 'exchangeRiskDegree', from: standing },
  departmentMargin: { subject: 'department', metric: 'currMargin', from: standing },
  firmMargin: { subject: 'firm', metric: 'exchangeMargin', from: standing },
  callOpen: {
    subject: 'account',
    metric: 'callOpenMs',
    parameters: { callDegree: 0.01, releaseDegree: 0.001 },
    from: { value: 4000 },
    withinMs: 20_000,
  },
  callOverdue: {
    subject: 'account',
    metric: 'callOverdueMs',
    from: { value: 2000 },
    begin: (market) => {
      market.dues.set(firstAccount(market).accountID, market.nowMs);
      market.onSecond = () => market.send('quotes', market.quotes());
    },
    withinMs: 20_000,
  },
  fundsOut: {
    subject: 'account',
    metric: 'fundsOutShare',
    parameters: { windowMs: 60_000 },
    from: { value: 0.2 },
    begin: (market) => {
      const { accountID, currencyID, balance = 0 } = firstAccount(market);
      market.send('funds', [
        { accountID, currencyID, fundSerial: 'out-1', fundDirection: 'out', amount: Math.abs(balance) + 1, fundTimeMs: market.nowMs },
      ]);
    },
  },
  equityMove: { subject: 'account', metric: 'equityMoveShare', parameters: { windowMs: 60_000 }, from: { value: 0.0001 }, begin: jump },
  windowMove: { subject: 'instrument', metric: 'windowMove', parameters: { windowMs: 60_000 }, from: { value: 0.02 }, begin: jump },
  limitUse: { subject: 'position', metric: 'limitUse', from: standing },
  openInterest: { subject: 'position', metric: 'openInterestShare', from: standing },
  netMargin: { subject: 'exposure', metric: 'netMarginShare', from: standing },
  productMargin: { subject: 'product', metric: 'productMarginShare', from: standing },
  priceMove: { subject: 'instrument', metric: 'priceMove', from: standing },
  limitNear: { subject: 'instrument', metric: 'limitNearness', from: standing },
  limitLocked: {
    subject: 'instrument',
    metric: 'limitLocked',
    from: { value: 0.9 },
    begin: (market) => {
      const locked = (quote: Quote) => ({ lastPrice: quote.upperLimitPrice, askPrice1: undefined, askVolume1: undefined });
      market.send(
        'quotes',
        market.quotes((quote) => locked(quote) as Partial<Quote>),
      );
    },
  },
  sourceBasis: {
    subject: 'instrument',
    metric: 'sourceBasis',
    parameters: { freshMs: 5000 },
    from: { value: 0.01 },
    begin: (market) => {
      market.onSecond = () => {
        market.send('quotes', market.quotes());
        market.send(
          'quotes',
          market.quotes((quote) => (quote.lastPrice === undefined ? {} : { lastPrice: quote.lastPrice * 1.03 })),
          'second',
        );
      };
    },
  },
  streamSilence: {
    subject: 'feed',
    metric: 'streamSilenceMs',
    from: { value: 4000 },
    begin: (market) => market.quiet.add('orders'),
    withinMs: 20_000,
  },
  silence: { subject: 'feed', metric: 'silenceMs', from: { value: 4000 }, begin: (market) => market.quiet.add('all'), withinMs: 20_000 },
  down: {
    subject: 'feed',
    metric: 'downMs',
    from: { value: 4000 },
    begin: (market) => {
      market.linkDown();
      market.quiet.add('all');
    },
    withinMs: 20_000,
  },
  staleShare: {
    subject: 'feed',
    metric: 'staleHeldShare',
    parameters: { instrumentSilenceMs: 3000 },
    from: { value: 0.5 },
    withinMs: 20_000,
  },
  accountLag: {
    subject: 'feed',
    metric: 'accountLagMs',
    from: { value: 4000 },
    begin: (market) => {
      market.quiet.add('accounts');
      market.onSecond = () => market.send('quotes', market.quotes());
    },
    withinMs: 20_000,
  },
  unknownAccounts: {
    subject: 'book',
    metric: 'unknownAccounts',
    parameters: FURTHER,
    from: { value: 1 },
    begin: (market) => {
      const [slice] = market.broker.snapshot('positions').flatMap((item) => (item.kind === 'position' ? [item] : []));
      if (slice === undefined) throw new Error('the broker holds nothing');
      market.send('positions', [{ ...slice, instrumentID: 'nobodyknows9', position: 5, asOfMs: market.nowMs }]);
    },
  },
  differingOwnRows: {
    subject: 'book',
    metric: 'differingOwnRows',
    parameters: FURTHER,
    from: { value: 1 },
    begin: (market) => {
      const [contract] = market.broker.snapshot('reference').flatMap((item) => (item.kind === 'instrument' ? [item] : []));
      if (contract === undefined) throw new Error('the broker has no contract');
      const item = {
        ...{ ...contract, volumeMultiple: (contract.volumeMultiple ?? 1) + 1 },
        ...{ effectiveFrom: '20260101', citation: 'a notice', certainty: 'secondary' as const },
      };
      const who = { suppliedBy: 'p-risk', approvedBy: ['p-supervisor'], suppliedAtMs: market.nowMs };
      const row = { rowId: 'r-1', version: 1, precedence: 'onlyWhereMissing' as const, item, ...who };
      market.core.onMessage([{ type: 'ownRows', feedId: 'desk', receivedAtMs: market.nowMs, rows: [row] }], market.nowMs);
    },
  },
  residual: {
    subject: 'book',
    metric: 'residualAccounts',
    parameters: { residualEnterMoney: 1, residualExitMoney: 0.5, ...FURTHER },
    from: { value: 1 },
    begin: (market) => {
      const account = firstAccount(market);
      market.send('accounts', [{ ...account, asOfMs: market.nowMs, balance: (account.balance ?? 0) + 5000 }]);
    },
  },
} as const satisfies Record<string, Scene>;

/** Ids by which the thing that stands highest can be named in a scope. */
export function scopeIdsOf(market: SceneMarket, { entity, dimensions }: { entity: string; dimensions: Readonly<Record<string, string>> }): RuleScope {
  const at = entity.indexOf(':');
  const kind = entity.slice(0, at);
  const id = entity.slice(at + 1);
  const { reference } = market.book;
  const accounts = [...reference.masters.keys()].filter(
    (accountID) =>
      (kind === 'account' && accountID === id) ||
      (kind === 'controlGroup' && reference.controlGroupOf(accountID) === id) ||
      (kind === 'department' && reference.masters.get(accountID)?.departmentID === id) ||
      kind === 'firm' ||
      kind === 'scope' ||
      kind === 'product',
  );
  const [exchangeID = '', rest = ''] = (
    kind === 'instrument' || kind === 'product' ? id : (dimensions.instrument ?? dimensions.productSet ?? '')
  ).split('.');
  const record = market.book.records.instruments.find((one) => one.exchangeID === exchangeID && one.instrumentID === rest);
  return {
    accountIDs: accounts,
    controlGroupIDs: [...new Set(accounts.flatMap((accountID) => reference.controlGroupOf(accountID) ?? []))],
    departmentIDs: [...new Set(accounts.flatMap((accountID) => reference.masters.get(accountID)?.departmentID ?? []))],
    exchangeIDs: [exchangeID],
    productIDs: [record?.productID ?? rest],
    instrumentIDs: record === undefined ? [] : [record.instrumentID],
    feedIDs: [FEED],
  };
}
