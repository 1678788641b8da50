/** How a number came about, as a tree whose lines add up exactly: what a supervisor opens before putting a name under a figure. */
import type { Precedence } from '#shared/desk/reference-rows/own-row';
import type { Certainty } from '#shared/feed/items';

/** Where an input came from: which feed said it, in which stream and when, by the source's clock and by ours. */
export type DerivationSource = {
  feedId: string;
  stream: string;
  tradingDay: string;
  /** The stream's newest sequence at the time of explaining; an item does not carry its own. Null when the stream is not known. */
  sequence: number | null;
  /** The source's own time of the item. */
  asOfMs: number;
  receivedAtMs: number;
};

/** A dated row that the figure was computed by: a margin rate, an aggregation rule, a level. */
export type DerivationRule = {
  /** What the row is about, for example `company speculation SHFE.au investor 1001`. */
  subject: string;
  /** Its figures as a person reads them, for example `longByMoney 0.12`. */
  text: string;
  effectiveFrom: string;
  citation: string;
  certainty: Certainty;
  /** Where no source says it: who at this desk does. */
  supplied?: SuppliedRow;
};

/** A reference row of the desk's own behind a figure. */
export type SuppliedRow = {
  rowId: string;
  suppliedBy: string;
  approvedBy: string[];
  suppliedAtMs: number;
  precedence: Precedence;
  /** The feed's own figures where the row stands instead of them; null where the feed says nothing. */
  feedSays: string | null;
};

/** How the lines below make the value above. */
export type Combination =
  /** The sum of the children's values, each times its `factor`. */
  | 'sum'
  | 'product'
  | 'quotient'
  | 'largest'
  /** Computed by the formula from the children; checked apart from the tree. */
  | 'formula'
  /** Taken from a source; it has no children that make it. */
  | 'input';

/** What a node's value is counted in; pages choose the format by it. */
export type DerivationUnit = 'money' | 'price' | 'lots' | 'rate' | 'degree' | 'count' | 'text';

export type Derivation = {
  /** Stable id of the formula or input, the key of the page's texts: `balance`, `lotMargin`, `input.preBalance`. */
  id: string;
  /** What this line is about when the id alone does not say: a contract, a lot, a side. */
  subject: string;
  unit: DerivationUnit;
  /** Null when unknown; `reason` then says why. */
  value: number | null;
  reason: string | null;
  /** A value that is a word (an algorithm, a level, `none` for no degree). */
  text: string | null;
  combination: Combination;
  /** With which factor this line enters a parent that is a sum: 1 or -1. */
  factor: number;
  /** The formula in the field's own names, readable as it stands: `balance - currMargin - heldBack - excludedProfit`. */
  formula: string | null;
  source: DerivationSource | null;
  rules: DerivationRule[];
  children: Derivation[];
};
