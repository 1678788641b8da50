/**
 * Daily settlement prices and volumes in a plain CSV in the data folder, one line per day and contract: what value at risk and average volume are computed
 * from. Appended to, never rewritten; of two lines about one day and contract the later counts, as far as it says something. A person may read it and take it along.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Log, silentLog } from '#engine/store/log';
import { accept, type Outcome, type Refusal, refuse } from '#shared/refusal';

export type DailyPrice = {
  date: string;
  exchangeID: string;
  instrumentID: string;
  settlementPrice: number | null;
  volume: number | null;
  source: string;
};

const HEADER = 'date,exchangeID,instrumentID,settlementPrice,volume,source';
const REQUIRED = ['date', 'exchangeID', 'instrumentID', 'settlementPrice'] as const;

/** Reads a CSV with at least date, exchangeID, instrumentID and settlementPrice; refuses with the line and the column that does not fit. */
export function parseDailyPrices(text: string, source: string): Outcome<DailyPrice[]> {
  const { prices, faults } = readLines(text, source);
  return faults[0] ?? accept(prices);
}

/** What can be read, and what is wrong with each line that cannot. */
function readLines(text: string, source: string): { prices: DailyPrice[]; faults: Refusal[] } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = lines[0]?.split(',').map((name) => name.trim()) ?? [];
  const missing = REQUIRED.find((name) => !header.includes(name));
  if (missing !== undefined) return { prices: [], faults: [refuse('INVALID', `line 1: the column ${missing} is missing`, missing)] };
  const prices: DailyPrice[] = [];
  const faults: Refusal[] = [];
  for (const [at, line] of lines.entries()) {
    if (at === 0 || line.trim() === '') continue;
    const read = readLine(line, at + 1, header, source);
    if ('ok' in read) faults.push(read);
    else prices.push(read);
  }
  return { prices, faults };
}

function readLine(text: string, line: number, header: readonly string[], source: string): DailyPrice | Refusal {
  const cells = text.split(',').map((cell) => cell.trim());
  const cell = (name: string): string => cells[header.indexOf(name)] ?? '';
  const wrong = (field: string, why: string) => refuse('INVALID', `line ${line}: ${field} ${why}`, field);
  if (cells.length !== header.length) return wrong('line', `has ${cells.length} cells, the heading has ${header.length}`);
  if (!/^\d{8}$/.test(cell('date'))) return wrong('date', 'must be YYYYMMDD');
  if (cell('exchangeID') === '') return wrong('exchangeID', 'is empty');
  if (cell('instrumentID') === '') return wrong('instrumentID', 'is empty');
  const settlementPrice = numberOrNull(cell('settlementPrice'));
  const volume = numberOrNull(cell('volume'));
  if (settlementPrice === undefined || (settlementPrice !== null && (settlementPrice <= 0 || settlementPrice >= 1e15)))
    return wrong('settlementPrice', 'must be a price above zero');
  if (volume === undefined || (volume !== null && volume < 0)) return wrong('volume', 'must be a number of lots');
  return {
    date: cell('date'),
    exchangeID: cell('exchangeID'),
    instrumentID: cell('instrumentID'),
    settlementPrice,
    volume,
    source: cell('source') || source,
  };
}

/** Null for an empty cell, undefined for one that is no number. */
function numberOrNull(cell: string): number | null | undefined {
  if (cell === '') return null;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

export class PriceHistory {
  readonly #path: string;
  readonly #log: Log;
  /** By contract, then by date. */
  readonly #byContract = new Map<string, Map<string, DailyPrice>>();
  #dates: string[] | null = null;
  /** What must come before the next line: the heading of a new file, the end of a line that a sudden end of the engine cut off, or nothing. */
  #before: 'heading' | 'lineEnd' | 'nothing' = 'heading';

  constructor(path: string, log: Log = silentLog) {
    this.#path = path;
    this.#log = log;
    if (!existsSync(path)) return;
    try {
      const text = readFileSync(path, 'utf8');
      // Cut off within the heading: nothing was ever written.
      if (`${HEADER}\n`.startsWith(text) && text !== `${HEADER}\n`) return;
      this.#before = text.endsWith('\n') ? 'nothing' : 'lineEnd';
      const { prices, faults } = readLines(text, '');
      for (const price of prices) this.#keep(price);
      const [first] = faults;
      if (first !== undefined) this.#log('warn', 'priceHistoryUnreadable', { path, lines: faults.length, message: first.message });
    } catch (error) {
      this.#before = 'lineEnd';
      this.#log('warn', 'priceHistoryUnreadable', { path, message: String(error) });
    }
  }

  /** Keeps what is new or different. Throws when the disk refuses; then nothing of it is kept. */
  add(prices: readonly DailyPrice[]): number {
    const added = prices.filter((price) => {
      const before = this.#byContract.get(contractOf(price))?.get(price.date);
      const after = withKnown(before, price);
      return before === undefined || before.settlementPrice !== after.settlementPrice || before.volume !== after.volume;
    });
    if (added.length === 0) return 0;
    mkdirSync(dirname(this.#path), { recursive: true });
    const cell = (text: string): string => text.replaceAll(/[,\r\n]/g, ' ');
    const lines = added.map(({ date, exchangeID, instrumentID, settlementPrice, volume, source }) =>
      [date, cell(exchangeID), cell(instrumentID), settlementPrice ?? '', volume ?? '', cell(source)].join(','),
    );
    const text = `${lines.join('\n')}\n`;
    if (this.#before === 'heading') writeFileSync(this.#path, `${HEADER}\n${text}`);
    else appendFileSync(this.#path, this.#before === 'lineEnd' ? `\n${text}` : text);
    this.#before = 'nothing';
    for (const price of added) this.#keep(price);
    return added.length;
  }

  /** All dates with any price, ascending. */
  dates(): readonly string[] {
    this.#dates ??= [...new Set([...this.#byContract.values()].flatMap((days) => [...days.keys()]))].sort();
    return this.#dates;
  }

  of(exchangeID: string, instrumentID: string): ReadonlyMap<string, DailyPrice> {
    return this.#byContract.get(`${exchangeID}|${instrumentID}`) ?? new Map();
  }

  contracts(): IterableIterator<[string, ReadonlyMap<string, DailyPrice>]> {
    return this.#byContract.entries();
  }

  sources(): string[] {
    return [...new Set([...this.#byContract.values()].flatMap((days) => [...days.values()].map(({ source }) => source)))].sort();
  }

  /** Mean volume over the newest `days` days before `today` that have one. */
  averageVolume(exchangeID: string, instrumentID: string, today: string | null, days = 20): { average: number; days: number } | null {
    const volumes = [...this.of(exchangeID, instrumentID).values()]
      .filter(({ date, volume }) => volume !== null && (today === null || date < today))
      .sort((a, b) => b.date.localeCompare(a.date))
      .slice(0, days)
      .map(({ volume }) => volume ?? 0);
    return volumes.length === 0 ? null : { average: volumes.reduce((sum, volume) => sum + volume, 0) / volumes.length, days: volumes.length };
  }

  #keep(price: DailyPrice): void {
    const contract = contractOf(price);
    const days = this.#byContract.get(contract);
    if (days === undefined) this.#byContract.set(contract, new Map([[price.date, price]]));
    else days.set(price.date, withKnown(days.get(price.date), price));
    this.#dates = null;
  }
}

/** The later word counts, but saying nothing of a price or a volume does not take back what was said of it: a desk that was restarted no longer knows the volume. */
function withKnown(before: DailyPrice | undefined, price: DailyPrice): DailyPrice {
  if (before === undefined) return price;
  return { ...price, settlementPrice: price.settlementPrice ?? before.settlementPrice, volume: price.volume ?? before.volume };
}

function contractOf({ exchangeID, instrumentID }: DailyPrice): string {
  return `${exchangeID}|${instrumentID}`;
}
