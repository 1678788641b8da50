/** The desk's own reference rows beside the feed's: which of them are in force, where they stand in or go before, and whose row a figure came from. */

import type { OwnRow } from '#shared/desk/reference-rows/own-row';
import { isOwnInForce } from '#shared/desk/reference-rows/own-row';
import { chooseRow, newestOf, ownItemsOf, type RateRow, withOverrides } from '#shared/desk/reference-rows/precedence';
import type { BigSideExclusion, CombinationMargin, CommissionRate, MarginAggregation, MarginRate } from '#shared/feed/items';
import type { Known } from '#shared/market/known';

type RateKind = RateRow['kind'];
type RowOfKind = {
  marginRate: MarginRate;
  commissionRate: CommissionRate;
  marginAggregation: MarginAggregation;
  bigSideExclusion: BigSideExclusion;
  combinationMargin: CombinationMargin;
};
type Tiers = { first: readonly RateRow[]; standIns: readonly RateRow[] };

export class OwnRows {
  #rows: readonly OwnRow[] = [];
  #byItem = new Map<unknown, OwnRow>();
  #contracts = new Map<string, OwnRow[]>();
  #prices = new Map<string, OwnRow[]>();
  /** For one day, made when first asked for; forgotten with every change of rows or feed. */
  readonly #tiers = new Map<string, Tiers>();
  /** Grows with every change of the own rows. */
  version = 0;

  get rows(): readonly OwnRow[] {
    return this.#rows;
  }

  set(rows: readonly OwnRow[]): void {
    this.#rows = rows;
    this.#byItem = new Map(rows.map((row) => [row.item, row]));
    this.#contracts = byContract(rows, 'instrument');
    this.#prices = byContract(rows, 'preSettlement');
    this.version += 1;
    this.forget();
  }

  forget(): void {
    this.#tiers.clear();
  }

  /** Whose row this object is; null for the feed's. */
  originOf(item: unknown): OwnRow | null {
    return this.#byItem.size === 0 ? null : (this.#byItem.get(item) ?? null);
  }

  /**
   * One question about a rate. `said` are the feed's rows that could answer it and `at` names which these are, so that what stands before and behind them
   * is put together once.
   */
  choose<Kind extends RateKind>(
    kind: Kind,
    at: string,
    said: readonly RowOfKind[Kind][],
    day: string,
    select: (rows: readonly RowOfKind[Kind][]) => Known<RowOfKind[Kind]>,
  ): Known<RowOfKind[Kind]> {
    if (this.#rows.length === 0) return select(said);
    const key = `${kind}|${at}|${day}`;
    let tiers = this.#tiers.get(key);
    if (tiers === undefined) {
      const overriding = ownItemsOf(this.#rows, kind, 'insteadOf', day) as unknown as RowOfKind[Kind][];
      tiers = {
        first: withOverrides<RateRow>(said, overriding),
        standIns: ownItemsOf(this.#rows, kind, 'onlyWhereMissing', day) as unknown as RateRow[],
      };
      this.#tiers.set(key, tiers);
    }
    return chooseRow(tiers.first as RowOfKind[Kind][], tiers.standIns as RowOfKind[Kind][], select);
  }

  /** The own row about a contract that is in force on the day. */
  contractOn(exchangeID: string, instrumentID: string, day: string): OwnRow | null {
    return inForce(this.#contracts.get(`${exchangeID}|${instrumentID}`), day);
  }

  /** Every own pre-settlement price of the day. */
  *pricesOn(day: string): Iterable<OwnRow> {
    for (const rows of this.#prices.values()) {
      const row = inForce(rows, day);
      if (row !== null) yield row;
    }
  }

  /** Contracts that an own row in force on the day is about. */
  *contractsOn(day: string): Iterable<{ exchangeID: string; instrumentID: string; row: OwnRow }> {
    for (const rows of this.#contracts.values()) {
      const row = inForce(rows, day);
      if (row?.item.kind === 'instrument') yield { exchangeID: row.item.exchangeID, instrumentID: row.item.instrumentID, row };
    }
  }

  /** Accounts that have a rate row of their own here. */
  *investors(): Iterable<string> {
    for (const { item } of this.#rows)
      if (item.kind === 'marginRate' && item.investorRange === 'investor' && item.investorID !== undefined) yield item.investorID;
  }
}

function inForce(rows: readonly OwnRow[] | undefined, day: string): OwnRow | null {
  return rows === undefined ? null : newestOf(rows.filter(({ item }) => isOwnInForce(item, day)));
}

function byContract(rows: readonly OwnRow[], kind: 'instrument' | 'preSettlement'): Map<string, OwnRow[]> {
  const found = new Map<string, OwnRow[]>();
  for (const row of rows) {
    const { item } = row;
    if (item.kind !== kind) continue;
    const key = `${item.exchangeID}|${item.instrumentID}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [row]);
    else list.push(row);
  }
  return found;
}
