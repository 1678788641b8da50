/** Turns a file of real quotes or trades into a recording, with accounts of the caller's choice laid over it, so that a real day runs through the desk. */
import { basename } from 'node:path';
import type { IntakeEvent } from '#shared/feed/intake';
import type { Calendar, CounterAccount, Instrument, ItemByStream, Quote, ReferenceItem, Session, StreamName } from '#shared/feed/items';
import { calendarSchema, instrumentSchema, sessionSchema } from '#shared/feed/items';
import { accept, type Outcome, refuse } from '#shared/refusal';
import sources from '../../../../resources/market-files.json' with { type: 'json' };
import { RecordingWriter } from '../recording/recording-writer';
import { MarketFile, type MarketFileKind, type MarketRow, type RowRefusal } from './market-rows';

/** What the accounts that are laid over a market day may know of it. */
export type OverlayContext = {
  instruments: readonly Instrument[];
  tradingDay: string;
  /** First price of the day by instrument. */
  firstPrices: ReadonlyMap<string, number>;
  /** Epoch milliseconds of the first row. */
  startMs: number;
};
/** Accounts and positions as they stand before the first row; reference items are theirs (departments, rates, account masters). */
export type Overlay = {
  reference: ReferenceItem[];
  accounts: CounterAccount[];
  positions: ItemByStream['positions'][];
  /** What yesterday's lots were settled at, by instrument: the day's quotes carry it, so that their P&L can be told. */
  preSettlementPrices?: Readonly<Record<string, number>>;
};
export type OverlayProvider = (context: OverlayContext) => Overlay;

export type ImportOptions = {
  file: string;
  kind: MarketFileKind;
  /** `YYYYMMDD`, UTC; taken from the file's name (2014-05-01 or 20140501) when left out. */
  date?: string | undefined;
  feedId?: string;
  overlay?: OverlayProvider | undefined;
};
export type ImportReport = {
  file: string;
  recording: string;
  kind: MarketFileKind;
  tradingDay: string;
  instruments: string[];
  rowCount: number;
  refusedRows: number;
  refusals: RowRefusal[];
  eventCount: number;
  bytes: number;
  firstMs: number | null;
  lastMs: number | null;
};

/** What kind of file it is, by its name; null when the name does not say. */
export function marketFileKind(file: string): MarketFileKind | null {
  const name = basename(file).toLowerCase();
  if (name.includes('quotes')) return 'quotes';
  return name.includes('trades') ? 'trades' : null;
}

/** The day in a file name as `YYYYMMDD`, or null. */
export function dateInName(file: string): string | null {
  const match = /(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)/.exec(basename(file));
  return match === null ? null : `${match[1]}${match[2]}${match[3]}`;
}

function startOfDayMs(date: string): number | null {
  const startMs = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8)));
  const back = new Date(startMs).toISOString().slice(0, 10).replaceAll('-', '');
  return /^\d{8}$/.test(date) && back === date ? startMs : null;
}

type Survey = { instruments: Instrument[]; firstPrices: Map<string, number>; firstMs: number };

const instrumentIdOf = (row: MarketRow): string =>
  'contractMonth' in row ? `${sources.trades.productID}${row.contractMonth}` : sources.quotes.productID;
/** A spot quote has no trade: its middle stands for the last price, rounded to a hundredth of the usual step. */
const priceOf = (row: MarketRow): number => ('price' in row ? row.price : Math.round(((row.bid + row.ask) / 2) * 1e5) / 1e5);

/** Writes `recording`; the rows' times become the times of receipt. A file that cannot be read leaves a refusal and no claim of success. */
export async function importMarketFile(recording: string, options: ImportOptions): Promise<Outcome<ImportReport>> {
  const tradingDay = options.date ?? dateInName(options.file);
  const startMs = tradingDay === null ? null : startOfDayMs(tradingDay);
  if (tradingDay === null || startMs === null) return refuse('INVALID', 'the day is not in the file name: say which it is (YYYYMMDD)', 'date');
  const market = new MarketFile(options.file, options.kind);
  const survey = await surveyOf(market, startMs);
  if (market.failure !== null) return refuse('INVALID', `${options.file}: ${market.failure}`, 'file');
  if (survey === null) return refuse('INVALID', `${options.file} has no usable row${refusalNote(market)}`, 'file');

  const created = await RecordingWriter.create({
    file: recording,
    header: {
      createdAtMs: startMs,
      source: basename(options.file),
      origin: 'import',
      notes: options.kind === 'quotes' ? { lastPrice: 'the middle of bid and ask: a spot quote has no trade' } : { quotes: 'built from trades' },
    },
  });
  if (!created.ok) return created;
  const writer = created.value;
  const session = new ImportSession(options, tradingDay, survey);
  writer.append(session.opening());
  let lastMs: number | null = null;
  for await (const rows of market.rows()) {
    const events: IntakeEvent[] = [];
    for (const row of rows) {
      // Rows are in order of time; one that is not keeps its place in the file.
      lastMs = Math.max(lastMs ?? 0, startMs + Math.round(row.msOfDay));
      events.push(session.quoteEvent(row, lastMs));
    }
    writer.append(events);
    await writer.drained();
  }
  const written = await writer.close();
  if (market.failure !== null) return refuse('FAILED', `${options.file} could not be read to its end: ${market.failure}`, 'file');
  if (written.state !== 'closed') return refuse('FAILED', `the recording was not written: ${written.reason}`, 'recording');
  return accept({
    file: options.file,
    recording,
    kind: options.kind,
    tradingDay,
    instruments: survey.instruments.map(({ instrumentID }) => instrumentID),
    rowCount: market.rowCount,
    refusedRows: market.refusedCount,
    refusals: [...market.refusals],
    eventCount: written.eventCount,
    bytes: written.bytes,
    firstMs: survey.firstMs,
    lastMs,
  });
}

function refusalNote(market: MarketFile): string {
  const first = market.refusals[0];
  return first === undefined ? '' : ` (line ${first.line}: ${first.reason})`;
}

/** The first pass: which instruments there are and where they start, which the accounts must know before the first event. */
async function surveyOf(market: MarketFile, startMs: number): Promise<Survey | null> {
  const firstPrices = new Map<string, number>();
  let firstMs: number | null = null;
  for await (const rows of market.rows()) {
    for (const row of rows) {
      firstMs ??= startMs + Math.round(row.msOfDay);
      const id = instrumentIdOf(row);
      if (!firstPrices.has(id)) firstPrices.set(id, priceOf(row));
    }
  }
  if (firstMs === null) return null;
  const { session, ...facts } = sources[market.kind];
  const instruments = [...firstPrices.keys()]
    .sort()
    .map((instrumentID) =>
      instrumentSchema.parse({ kind: 'instrument', ...facts, instrumentID, lifePhase: 'started', sessionID: session.sessionID }),
    );
  return { instruments, firstPrices: sorted(firstPrices), firstMs };
}

function sorted(prices: Map<string, number>): Map<string, number> {
  return new Map([...prices].sort(([a], [b]) => (a < b ? -1 : 1)));
}

class ImportSession {
  readonly #feedId: string;
  readonly #options: ImportOptions;
  readonly #tradingDay: string;
  readonly #survey: Survey;
  readonly #quotes = new Map<string, Quote>();
  #preSettlementPrices: Readonly<Record<string, number>> = {};
  #sequence = 0;

  constructor(options: ImportOptions, tradingDay: string, survey: Survey) {
    this.#feedId = options.feedId ?? 'import';
    this.#options = options;
    this.#tradingDay = tradingDay;
    this.#survey = survey;
  }

  /** Who speaks, and every stream's picture before the first row. */
  opening(): IntakeEvent[] {
    const { instruments, firstPrices, firstMs } = this.#survey;
    const tradingDay = this.#tradingDay;
    const base = { feedId: this.#feedId, receivedAtMs: firstMs };
    const overlay = this.#options.overlay?.({ instruments, tradingDay, firstPrices, startMs: firstMs });
    this.#preSettlementPrices = overlay?.preSettlementPrices ?? {};
    const { session, exchangeID } = sources[this.#options.kind];
    const reference: ReferenceItem[] = [
      ...instruments,
      sessionSchema.parse({ kind: 'session', ...session }) satisfies Session,
      calendarSchema.parse({
        kind: 'calendar',
        exchangeID,
        from: tradingDay,
        to: tradingDay,
        tradingDays: [tradingDay],
        noNightSession: [tradingDay],
        citation: 'The day of the imported file.',
        certainty: 'secondary',
      }) satisfies Calendar,
      ...(overlay?.reference ?? []),
    ];
    const source = basename(this.#options.file).slice(0, 64);
    return [
      { type: 'welcome', ...base, source, simulated: true, demonstration: overlay !== undefined, sourceTimeMs: firstMs, tradingDay },
      { type: 'link', ...base, state: 'up', reason: '' },
      this.#picture('reference', reference),
      this.#picture('accounts', overlay?.accounts ?? []),
      this.#picture('positions', overlay?.positions ?? []),
      this.#picture('quotes', []),
    ];
  }

  /** The instrument's whole quote after this row. */
  quoteEvent(row: MarketRow, atMs: number): IntakeEvent {
    this.#sequence += 1;
    const moved = 'price' in row ? this.#afterTrade(row.price, row.quantity, instrumentIdOf(row), atMs) : this.#afterQuote(row, atMs);
    const preSettlementPrice = this.#preSettlementPrices[moved.instrumentID];
    const quote: Quote = preSettlementPrice === undefined ? moved : { ...moved, preSettlementPrice };
    this.#quotes.set(quote.instrumentID, quote);
    return {
      type: 'items',
      feedId: this.#feedId,
      receivedAtMs: atMs,
      stream: 'quotes',
      sourceTimeMs: atMs,
      tradingDay: this.#tradingDay,
      sequence: this.#sequence,
      items: [quote],
    };
  }

  #afterTrade(price: number, quantity: number, instrumentID: string, atMs: number): Quote {
    const { exchangeID, volumeMultiple } = sources.trades;
    const before = this.#quotes.get(instrumentID);
    return {
      exchangeID,
      instrumentID,
      updateTimeMs: atMs,
      lastPrice: price,
      openPrice: before?.openPrice ?? price,
      highestPrice: Math.max(before?.highestPrice ?? price, price),
      lowestPrice: Math.min(before?.lowestPrice ?? price, price),
      volume: (before?.volume ?? 0) + quantity,
      turnover: Math.round(((before?.turnover ?? 0) + price * quantity * volumeMultiple) * 100) / 100,
    };
  }

  #afterQuote(row: MarketRow & { bid: number; ask: number }, atMs: number): Quote {
    const { exchangeID, productID } = sources.quotes;
    const before = this.#quotes.get(productID);
    const lastPrice = priceOf(row);
    return {
      exchangeID,
      instrumentID: productID,
      updateTimeMs: atMs,
      lastPrice,
      openPrice: before?.openPrice ?? lastPrice,
      highestPrice: Math.max(before?.highestPrice ?? lastPrice, lastPrice),
      lowestPrice: Math.min(before?.lowestPrice ?? lastPrice, lastPrice),
      bidPrice1: row.bid,
      askPrice1: row.ask,
    };
  }

  #picture<S extends StreamName>(stream: S, items: ItemByStream[S][]): IntakeEvent {
    const { firstMs } = this.#survey;
    return {
      type: 'picture',
      feedId: this.#feedId,
      receivedAtMs: firstMs,
      stream,
      sourceTimeMs: firstMs,
      tradingDay: this.#tradingDay,
      sequence: 0,
      items,
    } as IntakeEvent;
  }
}
