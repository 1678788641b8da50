/** Reading what a person named on the command line, and the rule tables that checks of counter files stand on. */
import { statSync } from 'node:fs';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { aggregationRulesSchema } from '#shared/market/counter/aggregation';
import { declaredChargesSchema } from '#shared/market/counter/charges';
import { seenRatesSchema } from '#shared/market/counter/margin-rates';
import type { ReconcileTables } from '#shared/market/counter/reconcile';
import { optionMarginTableSchema } from '#shared/market/option-margin';
import { combinationMarginTableSchema } from '#shared/market/side-rules';
import { withdrawRulesSchema } from '#shared/market/withdraw-quota';
import combinationMargin from '../../resources/combination-margin.json' with { type: 'json' };
import optionMargin from '../../resources/option-margin.json' with { type: 'json' };
import counterCommissionRates from '../../resources/rules/counter-commission-rates.json' with { type: 'json' };
import counterMarginRates from '../../resources/rules/counter-margin-rates.json' with { type: 'json' };
import marginAggregation from '../../resources/rules/margin-aggregation.json' with { type: 'json' };
import withdrawQuota from '../../resources/withdraw-quota.json' with { type: 'json' };

/** The bundled dated rows that a snapshot is recomputed with. */
export function reconcileTables(): ReconcileTables {
  return {
    aggregation: aggregationRulesSchema.parse(marginAggregation).rules,
    seenRates: seenRatesSchema.parse(counterMarginRates).rates,
    charges: declaredChargesSchema.parse(counterCommissionRates),
    withdraw: withdrawRulesSchema.parse(withdrawQuota).rules,
    optionMargin: optionMarginTableSchema.parse(optionMargin).rows,
    combinations: combinationMarginTableSchema.parse(combinationMargin).rows,
  };
}

export function readInput(file: string, maxBytes: number, read: (file: string) => string): string {
  try {
    const { size } = statSync(file);
    if (size > maxBytes) throw new CliRefusal(EXIT.input, `${file} has ${size} bytes, more than the ${maxBytes} that are read`);
    return read(file);
  } catch (fault) {
    if (fault instanceof CliRefusal) throw fault;
    throw new CliRefusal(EXIT.input, `${file} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}
