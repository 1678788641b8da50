/** What scanned rules read of customers: their positions merged over a control group, and how heavy they are against equity. */
import type { Book } from '#engine/book/book';
import { lotVolume, sliceVolume, volumeProblem } from '#engine/book/holding-problem';
import { type Holder, holdersOf } from '#engine/book/limits/limit-run';
import type { InstrumentRecord } from '#engine/book/things';
import { isByLots } from '#engine/book/valuation';
import { currencyOf } from '#engine/book/views/scope';
import type { Reading } from '#engine/watch/readings';
import type { FigureRule, RuleScope } from '#shared/desk/rules/rule';
import type { PositionLimit } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { type ConcentrationTable, concentrationTableSchema, countedVolume, limitInForce, type SideVolumes } from '#shared/market/concentration';
import { type Known, unknown } from '#shared/market/known';
import { isInForce } from '#shared/market/rates';
import table from '../../resources/concentration.json' with { type: 'json' };

const TABLE: ConcentrationTable = concentrationTableSchema.parse(table);

const isIn = (list: readonly string[] | undefined, value: string): boolean => list === undefined || list.length === 0 || list.includes(value);

/** Everything in a rule's scope taken together, named by the rule: whom it covers may change while an alert about it stands. */
export const JOINT_KIND = 'scope';
type HeldBy = Pick<Holder, 'id' | 'accounts'> & { kind: string };

type Position = SideVolumes & { contract: string; instrument: InstrumentRecord; isProduct: boolean; limit: Known<PositionLimit> };

export class HolderReadings {
  readonly #book: Book;
  #holders: Holder[] = [];
  /** Customers are put together anew at the beginning of a round: groups change seldom, and never within one. */
  readonly #roundOf = new Map<string, readonly HeldBy[]>();

  constructor(book: Book) {
    this.#book = book;
  }

  each(rule: FigureRule, part: number, parts: number, see: (reading: Reading) => void): void {
    if (part === 0) {
      this.#holders = holdersOf(this.#book, { by: 'controlGroup', scope: {}, filter: '' });
      this.#roundOf.set(rule.ruleId, rule.combine === 'joint' ? this.#asOne(rule) : this.#holders);
    }
    const holders = this.#roundOf.get(rule.ruleId) ?? [];
    for (let at = part; at < holders.length; at += parts) {
      const holder = holders[at] as HeldBy;
      if (rule.combine === 'separate' && !this.#isIn(rule.scope, holder)) continue;
      if (rule.subject === 'position') this.#eachPosition(rule.scope, holder, see);
      else this.#eachExposure(rule.scope, holder, see);
    }
  }

  /** All accounts of the scope as if they were one customer's. */
  #asOne({ ruleId, scope }: FigureRule): readonly HeldBy[] {
    const { accountIDs, controlGroupIDs, departmentIDs } = scope;
    const isGroupIn = (holder: Holder): boolean =>
      controlGroupIDs === undefined || controlGroupIDs.length === 0 || this.#isIn({ controlGroupIDs }, holder);
    const accounts = this.#holders
      .filter(isGroupIn)
      .flatMap((holder) => holder.accounts)
      .filter(({ accountID, master }) => isIn(accountIDs, accountID) && isIn(departmentIDs, master?.departmentID ?? ''));
    return [{ kind: JOINT_KIND, id: ruleId, accounts }];
  }

  #isIn({ accountIDs, controlGroupIDs, departmentIDs }: RuleScope, holder: HeldBy): boolean {
    if (controlGroupIDs !== undefined && controlGroupIDs.length > 0) {
      const { reference } = this.#book;
      if (!holder.accounts.some(({ accountID }) => controlGroupIDs.includes(reference.controlGroupOf(accountID) ?? ''))) return false;
    }
    if (accountIDs !== undefined && accountIDs.length > 0 && !holder.accounts.some(({ accountID }) => accountIDs.includes(accountID))) return false;
    return (
      departmentIDs === undefined ||
      departmentIDs.length === 0 ||
      holder.accounts.some(({ master }) => departmentIDs.includes(master?.departmentID ?? ''))
    );
  }

  #eachPosition(scope: RuleScope, holder: HeldBy, see: (reading: Reading) => void): void {
    const isStale = holder.accounts.some(({ index }) => this.#book.isStale(index));
    for (const position of this.#positionsOf(holder, scope)) {
      const { instrument, limit, contract } = position;
      const counted = countedVolume(position);
      see({
        entity: `${holder.kind}:${holder.id}`,
        dimensions: { instrument: contract },
        isOpen: true,
        isStale,
        value: (metric) => {
          // A limit of no lots (a delivery month, for individuals) is passed by any lot, without end.
          if (metric === 'limitUse') return !limit.known ? Number.NaN : counted === 0 ? 0 : counted / limit.value.limitVolume;
          const interest = position.isProduct ? undefined : instrument.quote?.openInterest;
          return metric === 'openInterestShare' && interest !== undefined && interest > 0 ? counted / interest : Number.NaN;
        },
        params: () => ({
          contract,
          countedVolume: counted,
          longVolume: position.long,
          shortVolume: position.short,
          hedgeVolume: position.hedge,
          limitVolume: limit.known ? limit.value.limitVolume : null,
          ...(limit.known ? { limitCitation: limit.value.citation, limitCertainty: limit.value.certainty } : {}),
          openInterest: instrument.quote?.openInterest ?? null,
        }),
      });
    }
  }

  /** Per contract, and once more per product where the product as a whole has a limit. */
  #positionsOf(holder: HeldBy, { exchangeIDs, productIDs, instrumentIDs }: RuleScope): Position[] {
    const byContract = new Map<string, Position>();
    for (const account of holder.accounts) {
      for (const holding of account.holdings.values()) {
        const { instrument, sides } = holding;
        if (!isIn(exchangeIDs, instrument.exchangeID) || !isIn(productIDs, instrument.productID) || !isIn(instrumentIDs, instrument.instrumentID))
          continue;
        const problem = volumeProblem(holding);
        if (problem !== null) for (const position of this.#contractsOf(instrument, byContract)) position.limit = unknown(problem);
        for (const side of sides) {
          const volume = isByLots(side, account) ? lotVolume(side) : sliceVolume(side);
          if (volume === 0) continue;
          for (const position of this.#contractsOf(instrument, byContract)) {
            if (side.hedgeFlag === 'hedge') position.hedge += volume;
            else position[side.direction] += volume;
          }
        }
      }
    }
    return [...byContract.values()];
  }

  #contractsOf(instrument: InstrumentRecord, byContract: Map<string, Position>): Position[] {
    const product = `${instrument.exchangeID}.${instrument.productID}`;
    const found: Position[] = [];
    for (const [contract, isProduct] of [
      [instrument.label, false],
      [product, true],
    ] as const) {
      let position = byContract.get(contract);
      if (position === undefined) {
        const query = isProduct ? { ...instrument, instrumentID: null } : instrument;
        const limit = limitInForce(this.#book.reference.positionLimits, query, this.#book.tradingDay ?? '');
        // A row that cannot be used hides what is held of the product no less than one that can.
        if (isProduct && !limit.known && limit.reason.startsWith('noLimit')) continue;
        position = { contract, instrument, isProduct, limit, long: 0, short: 0, hedge: 0 };
        byContract.set(contract, position);
      }
      found.push(position);
    }
    return found;
  }

  /** Of each currency by itself: amounts of two make no sum. */
  #eachExposure(scope: RuleScope, holder: HeldBy, see: (reading: Reading) => void): void {
    const purses = groupBy(holder.accounts, (account) => currencyOf(account) ?? '');
    for (const [currencyID, accounts] of purses) this.#eachInPurse(scope, { ...holder, accounts }, purses.size > 1 ? { currencyID } : {}, see);
  }

  #eachInPurse(scope: RuleScope, holder: HeldBy, ofCurrency: Record<string, string>, see: (reading: Reading) => void): void {
    const book = this.#book;
    const { balance: balances } = book.kernel.columns;
    const balance = holder.accounts.reduce((sum, { index }) => sum + (balances[index] ?? Number.NaN), 0);
    const net = netMargins([holder], book, scope);
    if (net.size === 0) return;
    const isStale = holder.accounts.some(({ index }) => book.isStale(index));
    const show = (productSet: string, margin: number): void =>
      see({
        entity: `${holder.kind}:${holder.id}`,
        dimensions: { productSet, ...ofCurrency },
        isOpen: true,
        isStale,
        value: (metric) =>
          metric !== 'netMarginShare' || Number.isNaN(margin + balance) ? Number.NaN : balance > 0 ? margin / balance : Number.POSITIVE_INFINITY,
        params: () => ({ netMargin: Number.isNaN(margin) ? null : margin, balance: Number.isNaN(balance) ? null : balance, ...ofCurrency }),
      });
    for (const [product, { long, short }] of net) show(product, Math.abs(long - short));
    for (const { setID, products, ...dates } of TABLE.productSets) {
      if (book.tradingDay !== null && !isInForce(dates, book.tradingDay)) continue;
      const held = products.flatMap((product) => net.get(product) ?? []);
      if (held.length > 1) show(setID, Math.abs(held.reduce((sum, { long, short }) => sum + long - short, 0)));
    }
  }

  /** Company margin per currency and product over all customers of the scope: the larger side of each customer, as exchanges take it. */
  marginByProduct(scope: RuleScope): Map<string, Map<string, number>> {
    const byCurrency = new Map<string, Map<string, number>>();
    for (const account of this.#book.records.accounts) {
      const holder: HeldBy = { kind: 'account', id: account.accountID, accounts: [account] };
      if (!this.#isIn(scope, holder)) continue;
      for (const [product, { long, short }] of netMargins([holder], this.#book, scope)) {
        const margin = Math.max(long, short);
        if (Number.isNaN(margin)) continue;
        const currencyID = currencyOf(account) ?? '';
        const margins = byCurrency.get(currencyID) ?? new Map<string, number>();
        byCurrency.set(currencyID, margins.set(product, (margins.get(product) ?? 0) + margin));
      }
    }
    return byCurrency;
  }
}

function netMargins(holders: readonly HeldBy[], book: Book, { exchangeIDs, productIDs }: RuleScope): Map<string, { long: number; short: number }> {
  const { groupSides } = book.kernel.columns;
  const net = new Map<string, { long: number; short: number }>();
  for (const { accounts } of holders) {
    for (const { groups } of accounts) {
      for (const [key, group] of groups) {
        const [exchangeID = '', productID = ''] = key.split('|');
        if (!isIn(exchangeIDs, exchangeID) || !isIn(productIDs, productID)) continue;
        const long = groupSides[group * 4] ?? Number.NaN;
        const short = groupSides[group * 4 + 1] ?? Number.NaN;
        if (long === 0 && short === 0) continue;
        const product = `${exchangeID}.${productID}`;
        const sums = net.get(product) ?? { long: 0, short: 0 };
        sums.long += long;
        sums.short += short;
        net.set(product, sums);
      }
    }
  }
  return net;
}
