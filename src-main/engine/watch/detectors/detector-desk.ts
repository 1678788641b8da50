/** What every detector is made with: the threshold rows in force, the book of findings, and where it says what it could not judge. */
import type { TrackedOrder } from './facts';
import type { FindingBook } from './finding';
import type { InstrumentState } from './market-state';
import { type DetectorName, type Exemption, findRow, type RuleSubject, type ThresholdRow } from './thresholds';

/** What could not be judged, by detector and reason, so that no silence is taken for "nothing found". */
export class Unjudged {
  readonly #counts = new Map<string, { detector: DetectorName; reason: string; subject: string; count: number }>();

  add(detector: DetectorName, reason: string, subject: string): void {
    const key = `${detector} ${reason} ${subject}`;
    const entry = this.#counts.get(key);
    if (entry !== undefined) entry.count += 1;
    else if (this.#counts.size < 5000) this.#counts.set(key, { detector, reason, subject, count: 1 });
  }

  of(detector: DetectorName, atMost: number): { reason: string; subject: string }[] {
    const found = [...this.#counts.values()].filter((entry) => entry.detector === detector);
    found.sort((one, other) => other.count - one.count);
    return found.slice(0, atMost).map(({ reason, subject }) => ({ reason, subject }));
  }

  list(): { detector: DetectorName; reason: string; subject: string; count: number }[] {
    return [...this.#counts.entries()].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, entry]) => entry);
  }
}

/** `rows` are replaced as a whole when a rule changes in mid-day: what was looked up under the rows before them is looked up again. */
export type DetectorDesk = { rows: readonly ThresholdRow[]; findings: FindingBook; unjudged: Unjudged; tradingDay: () => string };

/** The row for an instrument, looked up once a day. */
export class RowLookup {
  readonly #desk: DetectorDesk;
  readonly #detector: DetectorName;
  #rows: (ThresholdRow | null)[] = [];
  #products: (string | null)[] = [];
  readonly #overall = new Map<string, ThresholdRow | null>();
  /** Over all exchanges; undefined until it is asked for. */
  #everywhere: ThresholdRow | null | undefined;
  #rowsOfDesk: readonly ThresholdRow[] = [];

  constructor(desk: DetectorDesk, detector: DetectorName) {
    this.#desk = desk;
    this.#detector = detector;
  }

  startDay(): void {
    this.#rows = [];
    this.#products = [];
    this.#overall.clear();
    this.#everywhere = undefined;
  }

  of(instrument: InstrumentState): ThresholdRow | null {
    this.#follow();
    const known = this.#rows[instrument.index];
    // The master row may come after the first order: then the product's own thresholds hold from there on.
    if (known !== undefined && this.#products[instrument.index] === instrument.productID) return known;
    const row = this.#find(instrument);
    this.#rows[instrument.index] = row;
    this.#products[instrument.index] = instrument.productID;
    return row;
  }

  /** The row for something that is counted over all exchanges. */
  everywhere(): ThresholdRow | null {
    this.#follow();
    if (this.#everywhere === undefined) this.#everywhere = this.#find({ exchangeID: null, productID: null, instrumentID: null });
    return this.#everywhere;
  }

  /** The row for something that is counted over all instruments of an exchange. */
  overall(exchangeID: string): ThresholdRow | null {
    this.#follow();
    let row = this.#overall.get(exchangeID);
    if (row === undefined) {
      row = this.#find({ exchangeID, productID: null, instrumentID: null });
      this.#overall.set(exchangeID, row);
    }
    return row;
  }

  /** Rules that changed in mid-day hold from the next order on. */
  #follow(): void {
    if (this.#rowsOfDesk === this.#desk.rows) return;
    this.#rowsOfDesk = this.#desk.rows;
    this.startDay();
  }

  #find(subject: RuleSubject): ThresholdRow | null {
    const { row, reason } = findRow(this.#desk.rows, this.#detector, subject, this.#desk.tradingDay());
    if (reason !== null) this.#desk.unjudged.add(this.#detector, reason, subject.exchangeID ?? '*');
    return row;
  }
}

export function isExempt(exempt: readonly Exemption[], order: Pick<TrackedOrder, 'isFak' | 'isFok' | 'hedgeFlag'>): boolean {
  for (const exemption of exempt) {
    if (exemption === 'FAK' ? order.isFak : exemption === 'FOK' ? order.isFok : order.hedgeFlag === exemption) return true;
  }
  return false;
}
