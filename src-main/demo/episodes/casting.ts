/** Decides when which misbehaviour is played and by whom, and keeps the labels of all that was. */

import { marginPerLot, type Roster } from '../counter/clients';
import type { OrderDesk } from '../counter/exchange';
import type { RateBook } from '../counter/rates';
import { openIntervalsBySession } from '../market/calendar';
import type { ContractState, MarketPrices } from '../market/prices';
import type { Random } from '../random';
import { frequentCancel, largeCancel, layering, limitPriceCancel, quoteStuffing, spoofing } from './cancelling';
import { intradayOpenLimit } from './day-limit';
import { createHand, type EpisodeKind, type EpisodeLabel, type Hand, type Play, type Script } from './episode';
import { messageFee, orderRate, programReport, securitiesHighFrequency } from './messaging';
import { fatFinger, runawayAlgo } from './mistakes';
import { markingTheClose, momentumIgnition, ramping } from './price-pressure';
import { selfTrade, washTrade } from './self-dealing';

type Casting = {
  /** Plays what is due; `elapsedMs` counts the time that was really traded. */
  step(nowMs: number, elapsedMs: number): void;
  start(kind: EpisodeKind, nowMs: number): boolean;
  endAll(): void;
  startDay(tradingDay: string, rates: RateBook, closeMs: number): void;
  readonly labels: readonly EpisodeLabel[];
  /** Grows whenever a label begins or ends. */
  readonly revision: number;
};

/** One of the two sequences that are played beside each other: once through at a steady pace, then at leisure, for ever. */
type Programme = {
  readonly kinds: readonly EpisodeKind[];
  readonly random: Random;
  /** Whose turn it is among those who act. */
  turn: number;
  index: number;
  nextAtMs: number;
  readonly everyMs: number;
  readonly laterMs: { from: number; to: number };
};

const SCRIPTS: readonly Script[] = [
  fatFinger,
  selfTrade,
  layering,
  quoteStuffing,
  washTrade,
  spoofing,
  runawayAlgo,
  largeCancel,
  ramping,
  frequentCancel,
  markingTheClose,
];
/** What takes long, or a stage of its own: in its own order and with its own randomness, beside the others. The longest first, to be over soon enough. */
const SECOND_SCRIPTS: readonly Script[] = [
  messageFee,
  momentumIgnition,
  orderRate,
  programReport,
  securitiesHighFrequency,
  intradayOpenLimit,
  limitPriceCancel,
];
const SCRIPT_OF = new Map([...SCRIPTS, ...SECOND_SCRIPTS].map((script) => [script.kind, script]));
/** The order a visitor sees them in: the quick and obvious ones first, one every half minute or so, then at leisure. */
const OPENING: readonly EpisodeKind[] = SCRIPTS.filter((script) => script !== markingTheClose).map((script) => script.kind);
const FIRST_AFTER_MS = 20_000;
const OPENING_EVERY_MS = 35_000;
const LATER_EVERY_MS = { from: 60_000, to: 240_000 };
/** When the first programme has been seen once. */
const SECOND_FIRST_AFTER_MS = FIRST_AFTER_MS + SCRIPTS.length * OPENING_EVERY_MS;
const SECOND_EVERY_MS = 25_000;
const SECOND_LATER_EVERY_MS = { from: 200_000, to: 500_000 };
const PAINT_BEFORE_CLOSE_MS = 150_000;
/** CNY: what a contract may cost per lot for an actor to play hundreds of lots of it. */
const CHEAP_LOT_MARGIN = 15_000;
const LARGE_ORDER_LOTS = 300;
/** A price that is to move within seconds has to be quoted often enough. */
const LIVELY = 3;

export function createCasting(
  roster: Roster,
  market: MarketPrices,
  desk: OrderDesk,
  firstRates: RateBook,
  random: Random,
  firstDay: string,
  firstCloseMs: number,
): Casting {
  const labels: EpisodeLabel[] = [];
  let running: { label: EpisodeLabel; play: Play; hand: Hand; state: ContractState }[] = [];
  let revision = 0;
  let rates = firstRates;
  let tradingDay = firstDay;
  let closeMs = firstCloseMs;
  let hasPaintedClose = false;
  const first: Programme = {
    kinds: OPENING,
    random,
    turn: 0,
    index: 0,
    nextAtMs: FIRST_AFTER_MS,
    everyMs: OPENING_EVERY_MS,
    laterMs: LATER_EVERY_MS,
  };
  const second: Programme = {
    kinds: SECOND_SCRIPTS.map((script) => script.kind),
    random: random.fork('second'),
    turn: 0,
    index: 0,
    nextAtMs: SECOND_FIRST_AFTER_MS,
    everyMs: SECOND_EVERY_MS,
    laterMs: SECOND_LATER_EVERY_MS,
  };

  function lastOpenMs(sessionID: string): number | undefined {
    return openIntervalsBySession(tradingDay).get(sessionID)?.at(-1)?.toMs;
  }

  function suits(kind: EpisodeKind, state: ContractState, roomOf: (state: ContractState) => number): boolean {
    const { product } = state.contract;
    if (!state.isOpen || state.contract.rank > 0) return false;
    if (kind === 'limitPriceCancel') return product.isQuiet && product.exchangeID === 'CZCE';
    if (kind === 'securitiesHighFrequency') return product.exchangeID === 'SSE';
    if (product.isQuiet) return false;
    if (kind === 'intradayOpenLimit') return product.exchangeID === 'SHFE' && product.productID === 'au';
    if (roomOf(state) > CHEAP_LOT_MARGIN) return false;
    if (kind === 'messageFee') return product.exchangeID === 'SHFE';
    if (kind === 'momentumIgnition') return product.activity >= LIVELY;
    // A close can only be marked in a contract that closes then: SGE goes on for half an hour.
    if (kind === 'markingTheClose') return lastOpenMs(product.sessionID) === closeMs;
    if (kind === 'largeCancel') return product.exchangeID === 'SHFE' && product.maxOrder > LARGE_ORDER_LOTS && roomOf(state) < 6000;
    return true;
  }

  function start(kind: EpisodeKind, nowMs: number): boolean {
    const script = SCRIPT_OF.get(kind);
    if (script === undefined) return false;
    const programme = SECOND_SCRIPTS.includes(script) ? second : first;
    const busy = new Set(running.flatMap((episode) => episode.label.accountIDs));
    const troupes = (script.needsGroup ? roster.actorGroups : roster.soloActors.map((client) => [client])).filter(
      (actors) => !actors.some((client) => busy.has(client.master.accountID)),
    );
    programme.turn += 1;
    const actors = troupes[programme.turn % Math.max(1, troupes.length)];
    const leader = actors?.[0];
    if (actors === undefined || leader === undefined) return false;
    const candidates = market.states.filter((state) => suits(kind, state, (candidate) => marginPerLot(leader, candidate, 'speculation', rates)));
    if (candidates.length === 0) return false;
    const state = programme.random.pick(candidates);
    const label: EpisodeLabel = {
      kind,
      tradingDay,
      fromMs: nowMs,
      toMs: nowMs,
      isFinished: false,
      isCutShort: false,
      accountIDs: actors.slice(0, script.needsGroup ? 2 : 1).map((client) => client.master.accountID),
      controlGroupID: leader.master.controlGroupID ?? null,
      exchangeID: state.contract.product.exchangeID,
      instrumentID: state.contract.instrumentID,
      orders: 0,
      cancels: 0,
      trades: 0,
      lotsOpened: 0,
    };
    const stage = { actors, state, desk, market, random: programme.random, closeMs };
    labels.push(label);
    running.push({ label, play: script.stage(stage, nowMs), hand: createHand(stage, label), state });
    revision += 1;
    return true;
  }

  function step(nowMs: number, elapsedMs: number): void {
    if (!hasPaintedClose && nowMs >= closeMs - PAINT_BEFORE_CLOSE_MS && nowMs < closeMs) {
      hasPaintedClose = true;
      start('markingTheClose', nowMs);
    }
    for (const programme of [first, second]) {
      if (elapsedMs < programme.nextAtMs) continue;
      const kind = programme.kinds[programme.index % programme.kinds.length];
      if (kind !== undefined) start(kind, nowMs);
      programme.index += 1;
      const isOpening = programme.index < programme.kinds.length;
      programme.nextAtMs = elapsedMs + (isOpening ? programme.everyMs : programme.random.range(programme.laterMs.from, programme.laterMs.to));
    }
    const count = running.length;
    running = running.filter((episode) => {
      const isCutShort = !episode.state.isOpen;
      const isOver = isCutShort || episode.play(nowMs, episode.hand);
      if (isOver) episode.label.isFinished = true;
      if (isCutShort) episode.label.isCutShort = true;
      return !isOver;
    });
    if (running.length !== count) revision += 1;
  }

  function endAll(): void {
    for (const episode of running) {
      episode.label.isFinished = true;
      episode.label.isCutShort = true;
    }
    running = [];
    revision += 1;
  }

  return {
    step,
    start,
    endAll,
    startDay: (day, newRates, newCloseMs) => {
      endAll();
      tradingDay = day;
      rates = newRates;
      closeMs = newCloseMs;
      hasPaintedClose = false;
    },
    labels,
    get revision() {
      return revision;
    },
  };
}
