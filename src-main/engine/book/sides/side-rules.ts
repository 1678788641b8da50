/** The rules by which sides make a margin: how a product's add up, which contracts stand apart from them, and what a declared combination takes. */
import type { BigSideExclusion, CombinationMargin, MarginAggregation, ReferenceItem } from '#shared/feed/items';
import { type Known, known, unknown } from '#shared/market/known';
import type { AggregationMethod } from '#shared/market/margin';
import { isInForce, selectAggregationRow } from '#shared/market/rates';
import { reasonFor, reasonParts } from '#shared/market/reason';
import { combinationKindOf, combinationMarginTableSchema, selectCombinationRow, selectExclusionRow } from '#shared/market/side-rules';
import combinationMarginTable from '../../../../resources/combination-margin.json' with { type: 'json' };
import type { OwnRows } from '../own-rows';
import { isRefusedSideRule } from '../refused-rows';

/** Asked where neither a feed nor the desk says. */
const BUNDLED = combinationMarginTableSchema.parse(combinationMarginTable).rows;

export class SideRules {
  readonly #own: OwnRows;
  #aggregations: MarginAggregation[] = [];
  #exclusions: BigSideExclusion[] = [];
  #combinations: CombinationMargin[] = [];
  readonly #methods = new Map<string, Known<AggregationMethod>>();
  readonly #excluded = new Map<string, Known<AggregationMethod> | undefined>();

  constructor(own: OwnRows) {
    this.#own = own;
  }

  clear(): void {
    this.#aggregations = [];
    this.#exclusions = [];
    this.#combinations = [];
    this.forget();
  }

  /** Takes a row that is one of these; answers whether it was. */
  add(item: ReferenceItem): void {
    if (item.kind === 'marginAggregation') this.#aggregations.push(item);
    else if (item.kind === 'bigSideExclusion') this.#exclusions.push(item);
    else if (item.kind === 'combinationMargin') this.#combinations.push(item);
  }

  /** After a change of trading day: what is in force is asked again. */
  forget(): void {
    this.#methods.clear();
    this.#excluded.clear();
  }

  aggregationRow(exchangeID: string, productID: string, tradingDay: string): Known<MarginAggregation> {
    return this.#own.choose('marginAggregation', '', this.#aggregations, tradingDay, (rows) =>
      usable(selectAggregationRow(rows, { exchangeID, productID, tradingDay }), `${exchangeID}.${productID}`),
    );
  }

  /** What the feed alone would answer. */
  saidAggregationRow(exchangeID: string, productID: string, tradingDay: string): Known<MarginAggregation> {
    return usable(selectAggregationRow(this.#aggregations, { exchangeID, productID, tradingDay }), `${exchangeID}.${productID}`);
  }

  aggregation(exchangeID: string, productID: string, tradingDay: string): Known<AggregationMethod> {
    const key = `${exchangeID}|${productID}`;
    let method = this.#methods.get(key);
    if (method === undefined) {
      const row = this.aggregationRow(exchangeID, productID, tradingDay);
      method = row.known ? { known: true, value: row.value.method } : row;
      this.#methods.set(key, method);
    }
    return method;
  }

  exclusionRow(exchangeID: string, instrumentID: string, tradingDay: string): Known<BigSideExclusion> {
    return this.#own.choose('bigSideExclusion', '', this.#exclusions, tradingDay, (rows) =>
      usable(selectExclusionRow(rows, { exchangeID, instrumentID, tradingDay }), `${exchangeID}.${instrumentID} bigSideExclusion`),
    );
  }

  saidExclusionRow(exchangeID: string, instrumentID: string, tradingDay: string): Known<BigSideExclusion> {
    return usable(selectExclusionRow(this.#exclusions, { exchangeID, instrumentID, tradingDay }), `${exchangeID}.${instrumentID} bigSideExclusion`);
  }

  /** How the contract's own sides add up while it is out of its product's larger side; undefined while it is counted with its product. */
  exclusion(exchangeID: string, instrumentID: string, tradingDay: string): Known<AggregationMethod> | undefined {
    if (this.#exclusions.length === 0 && this.#own.rows.length === 0) return undefined;
    const key = `${exchangeID}|${instrumentID}`;
    if (this.#excluded.has(key)) return this.#excluded.get(key);
    const row = this.exclusionRow(exchangeID, instrumentID, tradingDay);
    const isCounted = !row.known && reasonParts(row.reason).code === 'noRate';
    const method = isCounted ? undefined : row.known ? known(row.value.countedAs) : row;
    this.#excluded.set(key, method);
    return method;
  }

  /** The feed's row or the desk's own, and where neither says anything a bundled one. */
  combinationRow(exchangeID: string, combInstrumentID: string, tradingDay: string): Known<CombinationMargin> {
    const query = { exchangeID, combinationKind: combinationKindOf(combInstrumentID), tradingDay };
    const row = this.#own.choose('combinationMargin', '', this.#combinations, tradingDay, (rows) => this.#select(rows, query));
    if (row.known || reasonParts(row.reason).code !== 'noCombinationRule') return row;
    return selectCombinationRow(BUNDLED, query);
  }

  /** The bundled rows in force, each with whether it is asked at all: a row of the feed or of the desk goes before it. */
  bundledCombinationRows(tradingDay: string): { row: CombinationMargin; isUnused: boolean }[] {
    return BUNDLED.filter((row) => isInForce(row, tradingDay)).map((row) => {
      const asked = this.combinationRow(row.exchangeID, `${row.combinationKind ?? ''} `, tradingDay);
      return { row, isUnused: !asked.known || asked.value !== row };
    });
  }

  saidCombinationRow(exchangeID: string, combinationKind: string, tradingDay: string): Known<CombinationMargin> {
    return this.#select(this.#combinations, { exchangeID, combinationKind, tradingDay });
  }

  #select(rows: readonly CombinationMargin[], query: Parameters<typeof selectCombinationRow>[1]): Known<CombinationMargin> {
    return usable(selectCombinationRow(rows, query), `${query.exchangeID}.${query.combinationKind} combinationMargin`);
  }
}

/** A row that came without its values keeps its place and says nothing. The subject names its kind, unless it is how a product's sides add up. */
function usable<Row extends MarginAggregation | BigSideExclusion | CombinationMargin>(row: Known<Row>, subject: string): Known<Row> {
  return row.known && isRefusedSideRule(row.value) ? unknown(reasonFor('rateRefused', subject)) : row;
}
