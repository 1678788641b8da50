/** What scanned rules read, taken from the book: accounts and their sums, positions of customers, contracts, streams. A part at a time, so that no step is long. */
import type { Book } from '#engine/book/book';
import { currencyOf } from '#engine/book/views/scope';
import { HolderReadings, JOINT_KIND } from '#engine/holder-readings';
import { InstrumentReadings } from '#engine/instrument-readings';
import { PastFigures } from '#engine/watch/past-figures';
import type { MarketReadings, Reading } from '#engine/watch/readings';
import type { WatchMoment } from '#engine/watch/rule';
import type { SourcePrices } from '#engine/watch/source-prices';
import type { FigureRule, RuleScope } from '#shared/desk/rules/rule';

/** Accounts that are read in one step. */
const ACCOUNTS_A_PART = 1000;
/** Nothing is read more often than once a second. */
const LEAST_PARTS = 4;

export type ReadingSources = {
  book: Book;
  prices: SourcePrices;
  /** By when an account's margin call has to be answered, on the market's clock; absent where nobody makes any, as in a replay. */
  callDueAtMs?: ((accountID: string) => number | null) | undefined;
};

const isIn = (list: readonly string[] | undefined, value: string | null): boolean =>
  list === undefined || list.length === 0 || (value !== null && list.includes(value));

const degree = (margin: number, balance: number): number =>
  Number.isNaN(margin) || Number.isNaN(balance) ? Number.NaN : balance > 0 ? margin / balance : margin > 0 ? Number.POSITIVE_INFINITY : 0;

type Sums = {
  id: string;
  currencyID: string;
  balance: number;
  available: number;
  currMargin: number;
  exchangeMargin: number;
  positionProfit: number;
  accounts: number;
  stale: boolean;
};

export class BookReadings implements MarketReadings {
  readonly #book: Book;
  readonly #callDueAtMs: ReadingSources['callDueAtMs'];
  readonly #holders: HolderReadings;
  readonly #instruments: InstrumentReadings;
  /** Since when an account has stood at its call degree, by the two degrees of the rule that asks. */
  readonly #callSince = new Map<string, Map<number, number>>();
  readonly #equities = new Map<number, PastFigures>();
  #fundSums: { key: string; byAccount: Map<string, { in: number; out: number }> } | null = null;

  constructor({ book, prices, callDueAtMs }: ReadingSources) {
    this.#book = book;
    this.#callDueAtMs = callDueAtMs;
    this.#holders = new HolderReadings(book);
    this.#instruments = new InstrumentReadings(book, prices);
  }

  partsOf({ subject }: FigureRule): number {
    if (subject === 'position' || subject === 'exposure')
      return Math.max(LEAST_PARTS * 5, Math.ceil(this.#book.records.accounts.length / ACCOUNTS_A_PART));
    if (subject === 'account') return Math.max(LEAST_PARTS, Math.ceil(this.#book.records.accounts.length / ACCOUNTS_A_PART));
    return LEAST_PARTS;
  }

  isKnown(entity: string): boolean {
    const at = entity.indexOf(':');
    const kind = entity.slice(0, at);
    const id = entity.slice(at + 1);
    if (kind === 'account') return this.#book.records.findAccount(id) !== null;
    if (kind === 'controlGroup') return this.#book.reference.controlGroups.has(id);
    return kind === 'product' || kind === JOINT_KIND;
  }

  each(rule: FigureRule, part: number, moment: WatchMoment, see: (reading: Reading) => void): void {
    const parts = this.partsOf(rule);
    switch (rule.subject) {
      case 'account':
        this.#eachAccount(rule, part, parts, moment, see);
        break;
      case 'position':
      case 'exposure':
        this.#holders.each(rule, part, parts, see);
        break;
      case 'instrument':
        this.#instruments.each(rule, part, parts, moment, see);
        break;
      case 'feed':
        if (part === 0) this.#eachStream(rule, moment, see);
        break;
      case 'product':
        if (part === 0) this.#eachProduct(rule, see);
        break;
      case 'book':
        break;
      default:
        if (part === 0) this.#eachSum(rule, moment, see);
    }
  }

  // ---- accounts --------------------------------------------------------------------------------------------------------

  #eachAccount(rule: FigureRule, part: number, parts: number, moment: WatchMoment, see: (reading: Reading) => void): void {
    const book = this.#book;
    const { columns } = moment;
    const { windowMs, callDegree, releaseDegree } = rule.parameters;
    const past = windowMs === undefined ? null : this.#equitiesOf(windowMs);
    if (part === 0) past?.sample(columns.balance, moment.nowMs);
    const calls = callDegree === undefined || releaseDegree === undefined ? null : this.#callsOf(callDegree, releaseDegree);
    let index = 0;
    const known = (value: number | undefined): number | null => (value !== undefined && Number.isFinite(value) ? value : null);
    const value = (metric: string): number => {
      const balance = columns.balance[index] as number;
      const margin = columns.currMargin[index] as number;
      switch (metric) {
        case 'riskDegree':
          return degree(margin, balance);
        case 'exchangeRiskDegree':
          return degree(columns.exchangeMargin[index] as number, balance);
        case 'balance':
          return balance === 0 && margin > 0 ? -Number.MIN_VALUE : balance;
        case 'available':
          return columns.available[index] as number;
        case 'currMargin':
          return margin;
        case 'exchangeMargin':
          return columns.exchangeMargin[index] as number;
        case 'positionProfit':
          return columns.positionProfit[index] as number;
        case 'callOpenMs':
          return calls === null
            ? Number.NaN
            : callOpenMs(calls, index, degree(margin, balance), callDegree as number, releaseDegree as number, moment.nowMs);
        case 'callOverdueMs': {
          if (this.#callDueAtMs === undefined) return Number.NaN;
          const dueAtMs = this.#callDueAtMs(columns.accountIDs[index] ?? '');
          return dueAtMs === null ? 0 : Math.max(0, (book.marketTimeMs ?? moment.nowMs) - dueAtMs);
        }
        case 'fundsOutShare':
        case 'fundsInShare': {
          const sums = this.#funds(windowMs ?? 0, moment.nowMs).get(columns.accountIDs[index] ?? '');
          const moved = metric === 'fundsOutShare' ? sums?.out : sums?.in;
          if (moved === undefined || moved === 0) return 0;
          // Equity before the money moved is what it is a share of.
          const before = metric === 'fundsOutShare' ? balance + moved : balance - moved;
          return Number.isNaN(balance) ? Number.NaN : before > 0 ? moved / before : Number.POSITIVE_INFINITY;
        }
        case 'equityMoveShare': {
          const before = past?.at(index) ?? Number.NaN;
          return before > 0 ? Math.abs(balance - before) / before : Number.NaN;
        }
      }
      return Number.NaN;
    };
    const reading: Reading = {
      entity: '',
      dimensions: {},
      value,
      isOpen: true,
      isStale: false,
      params: () => ({
        accountID: columns.accountIDs[index] ?? '',
        riskDegree: known(columns.riskDegree[index]),
        balance: known(columns.balance[index]),
        currMargin: known(columns.currMargin[index]),
        available: known(columns.available[index]),
        unknownReason: book.reasonOf(index),
        ...this.#dueParams(columns.accountIDs[index] ?? ''),
      }),
    };
    const isOpen = rule.session === 'always' || this.#instruments.isAnyOpen(moment);
    for (index = part; index < columns.count; index += parts) {
      const account = book.records.accounts[index];
      if (account === undefined || !book.records.isPresent(account) || !this.#isAccountIn(rule.scope, account.accountID)) continue;
      reading.entity = `account:${account.accountID}`;
      reading.isOpen = isOpen;
      reading.isStale = book.isStale(index);
      see(reading);
    }
  }

  #dueParams(accountID: string): { callDueAtMs?: number } {
    const callDueAtMs = this.#callDueAtMs?.(accountID) ?? null;
    return callDueAtMs === null ? {} : { callDueAtMs };
  }

  #isAccountIn({ accountIDs, controlGroupIDs, departmentIDs }: RuleScope, accountID: string): boolean {
    const { reference } = this.#book;
    if (!isIn(accountIDs, accountID)) return false;
    if (controlGroupIDs !== undefined && controlGroupIDs.length > 0 && !isIn(controlGroupIDs, reference.controlGroupOf(accountID))) return false;
    return departmentIDs === undefined || departmentIDs.length === 0 || isIn(departmentIDs, reference.masters.get(accountID)?.departmentID ?? null);
  }

  #callsOf(callDegree: number, releaseDegree: number): Map<number, number> {
    const key = `${callDegree} ${releaseDegree}`;
    let calls = this.#callSince.get(key);
    if (calls === undefined) {
      calls = new Map();
      this.#callSince.set(key, calls);
    }
    return calls;
  }

  #equitiesOf(windowMs: number): PastFigures {
    let past = this.#equities.get(windowMs);
    if (past === undefined) {
      past = new PastFigures(windowMs);
      this.#equities.set(windowMs, past);
    }
    return past;
  }

  #funds(windowMs: number, nowMs: number): Map<string, { in: number; out: number }> {
    const { funds, marketTimeMs } = this.#book;
    const key = `${windowMs} ${nowMs} ${funds.items.byKey.size}`;
    if (this.#fundSums?.key === key) return this.#fundSums.byAccount;
    const byAccount = new Map<string, { in: number; out: number }>();
    const fromMs = (marketTimeMs ?? nowMs) - windowMs;
    for (const { item } of funds.items.byKey.values()) {
      if (item.fundTimeMs < fromMs) continue;
      const sums = byAccount.get(item.accountID) ?? { in: 0, out: 0 };
      sums[item.fundDirection] += item.amount;
      byAccount.set(item.accountID, sums);
    }
    this.#fundSums = { key, byAccount };
    return byAccount;
  }

  // ---- sums over many --------------------------------------------------------------------------------------------------

  #eachSum(rule: FigureRule, moment: WatchMoment, see: (reading: Reading) => void): void {
    const { reference, records } = this.#book;
    const { columns } = moment;
    const sums = new Map<string, Sums>();
    const currenciesOf = new Map<string, Set<string>>();
    const isJoint = rule.combine === 'joint' && rule.subject !== 'firm';
    for (const account of records.accounts) {
      if (!records.isPresent(account) || !this.#isAccountIn(rule.scope, account.accountID)) continue;
      const own =
        rule.subject === 'firm'
          ? 'all'
          : rule.subject === 'department'
            ? (reference.masters.get(account.accountID)?.departmentID ?? null)
            : reference.controlGroupOf(account.accountID);
      if (own === null) continue;
      const id = isJoint ? rule.ruleId : own;
      // Amounts of two currencies make no sum: each is judged by itself.
      const currencyID = currencyOf(account) ?? '';
      const currencies = currenciesOf.get(id) ?? new Set();
      currenciesOf.set(id, currencies.add(currencyID));
      const key = `${id} ${currencyID}`;
      let sum = sums.get(key);
      if (sum === undefined) {
        sum = { id, currencyID, balance: 0, available: 0, currMargin: 0, exchangeMargin: 0, positionProfit: 0, accounts: 0, stale: false };
        sums.set(key, sum);
      }
      sum.accounts += 1;
      sum.stale ||= this.#book.isStale(account.index);
      for (const name of ['balance', 'available', 'currMargin', 'exchangeMargin', 'positionProfit'] as const)
        sum[name] += columns[name][account.index] as number;
    }
    const isOpen = rule.session === 'always' || this.#instruments.isAnyOpen(moment);
    for (const sum of sums.values()) {
      const ofCurrency: Record<string, string> = (currenciesOf.get(sum.id)?.size ?? 0) > 1 ? { currencyID: sum.currencyID } : {};
      see({
        entity: `${isJoint ? JOINT_KIND : rule.subject}:${sum.id}`,
        dimensions: ofCurrency,
        isOpen,
        isStale: sum.stale,
        value: (metric) => {
          if (metric === 'riskDegree') return degree(sum.currMargin, sum.balance);
          if (metric === 'exchangeRiskDegree') return degree(sum.exchangeMargin, sum.balance);
          return Object.hasOwn(sum, metric) ? Number(sum[metric as keyof Sums]) : Number.NaN;
        },
        params: () => ({ accountCount: sum.accounts, balance: finite(sum.balance), currMargin: finite(sum.currMargin), ...ofCurrency }),
      });
    }
  }

  #eachProduct(rule: FigureRule, see: (reading: Reading) => void): void {
    const byCurrency = this.#holders.marginByProduct(rule.scope);
    for (const [currencyID, margins] of byCurrency) {
      let total = 0;
      for (const margin of margins.values()) total += margin;
      const ofCurrency: Record<string, string> = byCurrency.size > 1 ? { currencyID } : {};
      for (const [product, margin] of margins) {
        see({
          entity: `product:${product}`,
          dimensions: ofCurrency,
          isOpen: true,
          isStale: false,
          value: (metric) => (metric === 'productMarginShare' && total > 0 ? margin / total : Number.NaN),
          params: () => ({ currMargin: finite(margin), totalMargin: finite(total), ...ofCurrency }),
        });
      }
    }
  }

  /** Streams that have spoken since the trading day began; one that never does is not expected to. */
  #eachStream(rule: FigureRule, moment: WatchMoment, see: (reading: Reading) => void): void {
    const isOpen = this.#instruments.isAnyOpen(moment);
    for (const mark of this.#book.streamMarks.values()) {
      if (mark.tradingDay !== this.#book.tradingDay || mark.stream === 'reference' || mark.stream === 'instrumentStatus' || mark.stream === 'funds')
        continue;
      if (!isIn(rule.scope.feedIDs, mark.feedId)) continue;
      const link = moment.links.find((one) => one.feedId === mark.feedId);
      // A link that is down or paused is another rule's; its streams are silent because of it.
      if (link === undefined || link.isPaused || link.notUpSinceMs !== null) continue;
      const silenceMs = Math.max(0, moment.nowMs - Math.max(mark.receivedAtMs, link.upSinceMs ?? 0));
      see({
        entity: `feed:${mark.feedId}`,
        dimensions: { stream: mark.stream },
        isOpen,
        isStale: false,
        value: (metric) => (metric === 'streamSilenceMs' ? silenceMs : Number.NaN),
        params: () => ({ feedId: mark.feedId, lastReceivedAtMs: mark.receivedAtMs }),
      });
    }
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Unknown while the degree is: the clock of an account nobody can see does not go on, and does not stop. */
function callOpenMs(calls: Map<number, number>, index: number, value: number, callDegree: number, releaseDegree: number, nowMs: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  const since = calls.get(index);
  if (value >= callDegree && since === undefined) calls.set(index, nowMs);
  if (value < releaseDegree) calls.delete(index);
  return nowMs - (calls.get(index) ?? nowMs);
}
