/** Reading what a person named on the command line, and the rule tables that checks of counter files stand on. */
import { statSync } from 'node:fs';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { type AggregationRule, aggregationRulesSchema } from '#shared/market/counter/aggregation';
import marginAggregation from '../../resources/rules/margin-aggregation.json' with { type: 'json' };

export function aggregationRules(): AggregationRule[] {
  return aggregationRulesSchema.parse(marginAggregation).rules;
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
