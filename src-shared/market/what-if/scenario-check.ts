/** What is wrong with a scenario's rows: two for one scope, of which one would silently win, and rows that match nothing, which would silently change nothing. */
import type { Scenario } from '#shared/market/what-if/scenario';

type Rows = Pick<Scenario, 'price' | 'marginOverrides' | 'cash' | 'closes'>;
/** `field` is the path of the row in the scenario; `about` names what it is about, in the market's own names. */
export type RowProblem = { field: string; about: string };

/** What the rows of a scenario can match. */
type KnownMarket = {
  hasContract(scope: { exchangeID?: string | undefined; productID?: string | undefined; instrumentID?: string | undefined }): boolean;
  hasAccount(accountID: string): boolean;
  holds(accountID: string, exchangeID: string, instrumentID: string, direction: 'long' | 'short'): boolean;
};

/** The first row that has the scope of one before it: two moves of one contract, product or exchange, or two additions to one rate. */
export function doubledRow({ price, marginOverrides }: Rows): RowProblem | null {
  const seen = new Set<string>();
  const isSeen = (scope: string): boolean => seen.has(scope) || !seen.add(scope);
  for (const [at, move] of (price.type === 'custom' ? price.moves : []).entries())
    if (isSeen(`move ${scopeOf(move)}`)) return { field: `price.moves.${at}`, about: scopeOf(move) };
  for (const [at, row] of marginOverrides.entries()) {
    const layers = row.layer === 'both' ? (['company', 'exchange'] as const) : [row.layer];
    if (layers.filter((layer) => isSeen(`${layer} ${scopeOf(row)}`)).length > 0) return { field: `marginOverrides.${at}`, about: scopeOf(row) };
  }
  return null;
}

/** Rows that match nothing there is; a row that names nothing matches everything. */
export function unmatchedRows({ price, marginOverrides, cash, closes }: Rows, market: KnownMarket): RowProblem[] {
  const scoped = (rows: readonly Parameters<KnownMarket['hasContract']>[0][], path: string): RowProblem[] =>
    rows.flatMap((row, at) => (scopeOf(row) === '' || market.hasContract(row) ? [] : [{ field: `${path}.${at}`, about: scopeOf(row) }]));
  return [
    ...scoped(price.type === 'custom' ? price.moves : [], 'price.moves'),
    ...scoped(marginOverrides, 'marginOverrides'),
    ...cash.flatMap(({ accountID }, at) => (market.hasAccount(accountID) ? [] : [{ field: `cash.${at}.accountID`, about: accountID }])),
    ...closes.flatMap(({ accountID, exchangeID, instrumentID, direction }, at) => {
      if (!market.hasAccount(accountID)) return [{ field: `closes.${at}.accountID`, about: accountID }];
      if (market.holds(accountID, exchangeID, instrumentID, direction)) return [];
      return [{ field: `closes.${at}.instrumentID`, about: `${accountID} ${exchangeID}.${instrumentID} ${direction}` }];
    }),
  ];
}

function scopeOf({ exchangeID, productID, instrumentID }: Parameters<KnownMarket['hasContract']>[0] & { instrumentID?: string | undefined }): string {
  return [exchangeID, productID, instrumentID].filter((part) => part !== undefined).join('.');
}
