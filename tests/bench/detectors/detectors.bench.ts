/** How many orders, trades and quotes a second all detectors take on one core, and whether their memory stays flat over a day of five million. */
import { DetectorRun } from '#engine/watch/detectors/detector-run';
import { bundledThresholdRows } from '#engine/watch/detectors/thresholds';
import { type IntakeEvent, QuotesInRows } from '#shared/feed/intake';
import type { Order, Quote, Trade } from '#shared/feed/items';
import { packQuotes } from '#shared/feed/quote-rows';
import { generateDay } from '#tests/helpers/generated-day';

const AIM_PER_SECOND = 300_000;
const ITEMS = Number(process.env.FLOORWATCH_BENCH_DETECTOR_ITEMS ?? 5_000_000);
/** Market time of the piece of a day that is played again and again, each time later and with new order and trade numbers. */
const MINUTES = 8;

type Timed = Extract<IntakeEvent, { type: 'items' | 'picture' }>;

/** A number of its own in each round, as text of one piece such as a parser gives. */
const numbered = (round: number, id: string): string => String(round * 1_000_000_000 + Number(id));

/** The same piece again: everything in it happens `shiftMs` later, under other numbers. */
function later(event: Timed, round: number, shiftMs: number): Timed {
  const base = { ...event, type: 'items', sourceTimeMs: event.sourceTimeMs + shiftMs, sequence: event.sequence + round * 1_000_000 };
  if (event.stream === 'orders') {
    const items = event.items.map(
      (item): Order => ({
        ...item,
        orderSysID: numbered(round, item.orderSysID),
        insertTimeMs: item.insertTimeMs + shiftMs,
        updateTimeMs: item.updateTimeMs + shiftMs,
        ...(item.cancelTimeMs === undefined ? {} : { cancelTimeMs: item.cancelTimeMs + shiftMs }),
      }),
    );
    return { ...base, items } as Timed;
  }
  if (event.stream === 'trades') {
    const items = event.items.map(
      (item): Trade => ({
        ...item,
        tradeID: numbered(round, item.tradeID),
        orderSysID: numbered(round, item.orderSysID ?? '0'),
        tradeTimeMs: item.tradeTimeMs + shiftMs,
      }),
    );
    return { ...base, items } as Timed;
  }
  if (event.stream !== 'quotes') return base as Timed;
  // As a live feed gives them: rows of numbers, made ready by its reader.
  const rows = packQuotes(event.items.map((item): Quote => ({ ...item, updateTimeMs: item.updateTimeMs + shiftMs })));
  return new QuotesInRows(base.feedId, base.receivedAtMs, base.sourceTimeMs, base.tradingDay, base.sequence, rows);
}

const COUNTED: ReadonlySet<string> = new Set(['orders', 'trades', 'quotes']);
/** Items that are made ready before the clock runs: enough that clearing away the last ones does not weigh on each stretch. */
const AT_ONCE = 250_000;

function heapMb(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}

/** Plays `pieces` until so many items were taken; only the detectors' own time counts. */
function play(
  pieces: readonly Timed[],
  opening: readonly IntakeEvent[],
  items: number,
): { perSecond: number; perCpuSecond: number; heapsMb: number[]; findings: number } {
  const run = new DetectorRun(bundledThresholdRows());
  for (const event of opening) run.onEvent(event);
  const taken = (): number => {
    const { orders, trades, quotes } = run.coverage();
    return orders + trades + quotes;
  };
  const heapsMb: number[] = [];
  let spentMs = 0;
  let cpuMs = 0;
  let timed = 0;
  const begun = taken();
  const ofPiece = pieces.reduce((sum, { stream, items: all }) => sum + (COUNTED.has(stream) ? all.length : 0), 0);
  const roundsAtOnce = Math.ceil(AT_ONCE / ofPiece);
  for (let round = 1, next = items / 5; taken() - begun < items; round += roundsAtOnce) {
    const events: Timed[] = [];
    for (let one = round; one < round + roundsAtOnce; one += 1) for (const event of pieces) events.push(later(event, one, one * MINUTES * 60_000));
    // The copies are the bench's own: what they cost to clear away is not the detectors' time.
    globalThis.gc?.();
    const before = taken();
    const cpu = process.cpuUsage();
    const from = performance.now();
    for (const event of events) run.onEvent(event);
    const wallMs = performance.now() - from;
    const spent = process.cpuUsage(cpu);
    // The first stretch warms the code up, as the first minutes of a day do.
    if (round > 1) {
      spentMs += wallMs;
      cpuMs += (spent.user + spent.system) / 1000;
      timed += taken() - before;
    }
    events.length = 0;
    if (taken() - begun >= next) {
      heapsMb.push(heapMb());
      next += items / 5;
    }
  }
  // By the wall and by the processor: the two part when the machine has other work.
  return { perSecond: timed / (spentMs / 1000), perCpuSecond: timed / (cpuMs / 1000), heapsMb, findings: run.findings().length };
}

export function run(): Record<string, unknown> {
  const opening: IntakeEvent[] = [];
  const pieces: Timed[] = [];
  for (const event of generateDay(1, { minutes: MINUTES, phase: 'busy' }).events()) {
    if (event.type === 'items') pieces.push(event);
    else opening.push(event);
  }
  const counts = { orders: 0, trades: 0, quotes: 0 };
  for (const { stream, items } of pieces) if (COUNTED.has(stream)) counts[stream as keyof typeof counts] += items.length;
  const wholeDay = play(pieces, opening, ITEMS);
  const ordersOnly = play(
    pieces.filter((event) => event.stream !== 'quotes'),
    opening,
    ITEMS / 2,
  );
  const [first = Number.NaN] = wholeDay.heapsMb;
  const last = wholeDay.heapsMb.at(-1) ?? Number.NaN;
  return {
    items: ITEMS,
    piece: counts,
    wholeDay,
    ordersAndTradesOnly: ordersOnly,
    /** Once all that is remembered is full, nothing more may be added; a first fifth may still be filling. */
    heapGrowthMbFromFirstFifthToEnd: last - first,
    aims: { perSecond: AIM_PER_SECOND },
  };
}
