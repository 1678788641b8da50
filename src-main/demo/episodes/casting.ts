/** Decides when which misbehaviour is played and by whom, and keeps the labels of all that was. */

import { marginPerLot, type Roster } from '../counter/clients';
import type { OrderDesk } from '../counter/exchange';
import type { RateBook } from '../counter/rates';
import { openIntervalsBySession } from '../market/calendar';
import type { ContractState, MarketPrices } from '../market/prices';
import type { Random } from '../random';
import { frequentCancel, largeCancel, layering, quoteStuffing, spoofing } from './cancelling';
import { createHand, type EpisodeKind, type EpisodeLabel, type Hand, type Play, type Script } from './episode';
import { fatFinger, runawayAlgo } from './mistakes';
import { markingTheClose, ramping } from './price-pressure';
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
const SCRIPT_OF = new Map(SCRIPTS.map((script) => [script.kind, script]));
/** The order a visitor sees them in: the quick and obvious ones first, one every half minute or so, then at leisure. */
const OPENING: readonly EpisodeKind[] = SCRIPTS.filter((script) => script !== markingTheClose).map((script) => script.kind);
const FIRST_AFTER_MS = 20_000;
const OPENING_EVERY_MS = 35_000;
const LATER_EVERY_MS = { from: 60_000, to: 240_000 };
const PAINT_BEFORE_CLOSE_MS = 150_000;
/** CNY: what a contract may cost per lot for an actor to play hundreds of lots of it. */
const CHEAP_LOT_MARGIN = 15_000;
const LARGE_ORDER_LOTS = 300;

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
  let openingIndex = 0;
  let nextAtMs = FIRST_AFTER_MS;
  let hasPaintedClose = false;
  let turn = 0;

  function lastOpenMs(sessionID: string): number | undefined {
    return openIntervalsBySession(tradingDay).get(sessionID)?.at(-1)?.toMs;
  }

  function suits(kind: EpisodeKind, state: ContractState, roomOf: (state: ContractState) => number): boolean {
    if (!state.isOpen || state.contract.rank > 0 || roomOf(state) > CHEAP_LOT_MARGIN) return false;
    // A close can only be marked in a contract that closes then: SGE goes on for half an hour.
    if (kind === 'markingTheClose') return lastOpenMs(state.contract.product.sessionID) === closeMs;
    if (kind === 'largeCancel')
      return state.contract.product.exchangeID === 'SHFE' && state.contract.product.maxOrder > LARGE_ORDER_LOTS && roomOf(state) < 6000;
    return true;
  }

  function start(kind: EpisodeKind, nowMs: number): boolean {
    const script = SCRIPT_OF.get(kind);
    if (script === undefined) return false;
    const busy = new Set(running.flatMap((episode) => episode.label.accountIDs));
    const troupes = (script.needsGroup ? roster.actorGroups : roster.soloActors.map((client) => [client])).filter(
      (actors) => !actors.some((client) => busy.has(client.master.accountID)),
    );
    turn += 1;
    const actors = troupes[turn % Math.max(1, troupes.length)];
    const first = actors?.[0];
    if (actors === undefined || first === undefined) return false;
    const candidates = market.states.filter((state) => suits(kind, state, (candidate) => marginPerLot(first, candidate, 'speculation', rates)));
    if (candidates.length === 0) return false;
    const state = random.pick(candidates);
    const label: EpisodeLabel = {
      kind,
      tradingDay,
      fromMs: nowMs,
      toMs: nowMs,
      isFinished: false,
      isCutShort: false,
      accountIDs: actors.slice(0, script.needsGroup ? 2 : 1).map((client) => client.master.accountID),
      controlGroupID: first.master.controlGroupID ?? null,
      exchangeID: state.contract.product.exchangeID,
      instrumentID: state.contract.instrumentID,
      orders: 0,
      cancels: 0,
      trades: 0,
    };
    const stage = { actors, state, desk, market, random, closeMs };
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
    if (elapsedMs >= nextAtMs) {
      const kind = OPENING[openingIndex % OPENING.length];
      if (kind !== undefined) start(kind, nowMs);
      openingIndex += 1;
      nextAtMs = elapsedMs + (openingIndex < OPENING.length ? OPENING_EVERY_MS : random.range(LATER_EVERY_MS.from, LATER_EVERY_MS.to));
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
