import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_FIELDS, reconcile } from '#shared/market/counter/reconcile';
import { POSITION_FIELDS } from '#shared/market/counter/row-figures';
import { counterSnapshotSchema } from '#shared/market/counter/snapshot';
import { sharedFiles } from '#tests/helpers/shared-material';
import { oursOf, tables } from '#tests/unit/market/counter/reconcile-tables';

describe.skipIf(sharedFiles('counter').length === 0)('reconciling the real counter snapshots (skipped when they are not beside the checkout)', () => {
  it.each(sharedFiles('counter'))('%s', (file) => {
    const result = reconcile(counterSnapshotSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), tables);
    expect(result.account.positionProfit?.residual).toBe(result.skew);
    expect(Object.entries(result.account).filter(([field, { residual }]) => field !== 'positionProfit' && residual !== 0)).toEqual([]);
  });

  it.each(sharedFiles('counter'))('%s: no one result of the counter that is altered moves a figure of ours', (file) => {
    const raw = JSON.parse(readFileSync(file, 'utf8')) as { account: Record<string, number>; positions: Record<string, number>[] };
    const oursFrom = (altered: typeof raw) => oursOf(reconcile(counterSnapshotSchema.parse(altered), tables));
    const untouched = oursFrom(raw);
    const places = [
      ...ACCOUNT_FIELDS.filter((field) => field !== 'positionProfit').map((field) => [-1, field] as const),
      ...raw.positions.flatMap((_, at) => POSITION_FIELDS.map((field) => [at, field] as const)),
    ];
    for (const alter of [(value: number) => value + 1, (value: number) => value * 2 + 1000, () => 0, (value: number) => -value]) {
      for (const [at, field] of places) {
        const altered = structuredClone(raw);
        const holder = at < 0 ? altered.account : (altered.positions[at] ?? {});
        // A figure that is only sometimes told is not told where it was not.
        if (holder[field] === undefined && field.startsWith('closeProfitBy')) continue;
        holder[field] = alter(holder[field] ?? 0);
        expect(oursFrom(altered), `${at} ${field}`).toEqual(untouched);
      }
    }
    const all = structuredClone(raw);
    for (const [at, field] of places.filter(([, field]) => field !== 'openCost' && !field.startsWith('closeProfitBy'))) {
      const holder = at < 0 ? all.account : (all.positions[at] ?? {});
      holder[field] = (holder[field] ?? 0) + 1000;
    }
    expect(oursFrom(all)).toEqual(untouched);
  });
});
