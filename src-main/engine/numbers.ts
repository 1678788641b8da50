/** The numbers room: joins the book, the desk and the reports behind the streams and requests of stress, inverse, worklists, limits, statements and exports. */
import type { NumbersRequests, NumbersView } from '#engine/port/numbers-view';
import { NUMBERS_REQUESTS, type StressSummary } from '#shared/contract/numbers';
import { refuse } from '#shared/refusal';

export type Numbers = { view: NumbersView; requests: NumbersRequests };

export function createNumbers(): Numbers {
  const empty: StressSummary = {
    key: '',
    levels: { normal: 0, warn: 0, call: 0, force: 0, negative: 0, unknown: 0 },
    degreeBins: [0, 0, 0, 0, 0, 0, 0],
    noDegree: 0,
    unknown: 0,
    calls: 0,
    callAmount: 0,
    forced: 0,
    negative: 0,
    firmLoss: 0,
    balance: 0,
    balanceChange: 0,
    changedCount: 0,
    changed: [],
  };
  const notYet = () => refuse('UNAVAILABLE', 'not served by this build');
  return {
    view: {
      marketVersion: () => '',
      stress: () => ({
        columns: [],
        rows: [],
        totalRows: 0,
        values: new Float64Array(0),
        levels: new Uint8Array(0),
        summaries: [],
        now: empty,
        computedAtMs: 0,
        computedInMs: 0,
        marketAsOfMs: null,
        missing: [],
      }),
      distance: () => ({ total: 0, first: 0, rows: [], computedAtMs: 0, computedInMs: 0, marketAsOfMs: null }),
      limits: () => ({ total: 0, first: 0, rows: [], heavy: [], basis: [], computedAtMs: 0, marketAsOfMs: null }),
      scenarios: () => ({ scenarios: [] }),
      worklists: () => ({ worklists: [] }),
    },
    requests: Object.fromEntries(Object.keys(NUMBERS_REQUESTS).map((name) => [name, notYet])) as unknown as NumbersRequests,
  };
}
