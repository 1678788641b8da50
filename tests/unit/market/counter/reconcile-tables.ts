/** The tables that ship, as the counter's figures are held against them, and what of a result is ours alone. */
import { readFileSync } from 'node:fs';
import { aggregationRulesSchema } from '#shared/market/counter/aggregation';
import { declaredChargesSchema } from '#shared/market/counter/charges';
import { seenRatesSchema } from '#shared/market/counter/margin-rates';
import { ACCOUNT_FIELDS, type ReconcileTables, type Reconciliation } from '#shared/market/counter/reconcile';
import { POSITION_FIELDS } from '#shared/market/counter/row-figures';
import { optionMarginTableSchema } from '#shared/market/option-margin';
import { combinationMarginTableSchema } from '#shared/market/side-rules';
import { withdrawRulesSchema } from '#shared/market/withdraw-quota';

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
export const tables: ReconcileTables = {
  aggregation: aggregationRulesSchema.parse(read('resources/rules/margin-aggregation.json')).rules,
  combinations: combinationMarginTableSchema.parse(read('resources/combination-margin.json')).rows,
  seenRates: seenRatesSchema.parse(read('resources/rules/counter-margin-rates.json')).rates,
  charges: declaredChargesSchema.parse(read('resources/rules/counter-commission-rates.json')),
  withdraw: withdrawRulesSchema.parse(read('resources/withdraw-quota.json')).rules,
  optionMargin: optionMarginTableSchema.parse(read('resources/option-margin.json')).rows,
};

export function oursOf(result: Reconciliation): unknown {
  return {
    account: ACCOUNT_FIELDS.map((field) => result.account[field]?.ours),
    positions: result.positions.map((row) => POSITION_FIELDS.map((field) => row[field]?.ours)),
  };
}
