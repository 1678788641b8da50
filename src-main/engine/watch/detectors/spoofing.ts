/** Spoofing and layering: large orders on one side, a small fill on the other, then the large ones are taken back before they could trade. */
import { type DetectorDesk, isExempt, RowLookup } from './detector-desk';
import type { Detector, OrderFact, TrackedOrder } from './facts';
import type { AccountCount } from './finding';
import type { CustomerContract } from './market-state';
import { rowParameter, type ThresholdRow } from './thresholds';

/** A fill against the customer's own large orders: what they may have been put there for. */
type Bait = { atMs: number; levels: number; isCounted: boolean };
type Resting = { order: TrackedOrder; bait: Bait | null };
type Rounds = { times: number[]; byAccount: Map<string, number> };
/** A large order that is over: whether it was taken back as a round is, or ended in any other way. */
type Ended = { atMs: number; isTakenBack: boolean };
type Play = { merged: CustomerContract; resting: Resting[]; ended: Ended[]; spoofing: Rounds; layering: Rounds };

/** Large orders of one customer in one contract that are looked at together; more are not needed to see a pattern. */
const MOST_RESTING = 64;
const MOST_ROUNDS = 256;

const newRounds = (): Rounds => ({ times: [], byAccount: new Map() });

/** Cancelled by the customer soon after it was placed and after the fill on the other side, hardly filled itself. */
function isShortLived({ order }: Resting, bait: Bait, { kind, canceledBy, atMs }: OrderFact, row: ThresholdRow): boolean {
  if (kind !== 'cancel' || canceledBy === 'exchange' || canceledBy === 'system') return false;
  const isSoon = atMs - order.insertMs <= rowParameter(row, 'maxLifeMs') && atMs - bait.atMs <= rowParameter(row, 'maxAfterFillMs');
  return isSoon && order.traded <= rowParameter(row, 'maxFilledShare') * order.volume;
}

/**
 * A round is counted when a large order that was there at such a fill is cancelled soon after, hardly filled. Several price levels at once make it
 * layering, one makes it spoofing (CME Rule 575; EU 2016/522 Annex II). The group's accounts are one player. The metric is rounds within a window.
 */
export function spoofingDetector(desk: DetectorDesk): Detector {
  const spoofingRows = new RowLookup(desk, 'spoofing');
  const layeringRows = new RowLookup(desk, 'layering');
  let plays: (Play | undefined)[] = [];

  function onInsert(order: TrackedOrder, row: ThresholdRow): void {
    if (order.isFak || order.isFok || order.isRefused || order.volume < rowParameter(row, 'minLots')) return;
    const { merged } = order.contract;
    let play = plays[merged.index];
    if (play === undefined) {
      play = { merged, resting: [], ended: [], spoofing: newRounds(), layering: newRounds() };
      plays[merged.index] = play;
    }
    if (play.resting.length >= MOST_RESTING) play.resting.shift();
    play.resting.push({ order, bait: null });
  }

  function onFill(play: Play, fact: OrderFact, row: ThresholdRow): void {
    if (play.resting.length === 0) return;
    const large = play.resting.filter(
      ({ order }) => order.isBuy !== fact.order.isBuy && order.volume >= rowParameter(row, 'minVolumeRatio') * fact.order.volume,
    );
    if (large.length === 0) return;
    const bait: Bait = { atMs: fact.atMs, levels: new Set(large.map(({ order }) => order.limitPrice)).size, isCounted: false };
    for (const entry of large) entry.bait = bait;
  }

  function onEnd(play: Play, fact: OrderFact, row: ThresholdRow): void {
    const at = play.resting.findIndex((entry) => entry.order === fact.order);
    const [entry] = at < 0 ? [] : play.resting.splice(at, 1);
    if (entry === undefined) return;
    const { order, bait } = entry;
    const isTakenBack = bait !== null && isShortLived(entry, bait, fact, row);
    play.ended = [...play.ended.filter(({ atMs }) => atMs >= fact.atMs - rowParameter(row, 'windowMs')), { atMs: fact.atMs, isTakenBack }].slice(
      -MOST_ROUNDS,
    );
    if (!isTakenBack || bait.isCounted) return;
    bait.isCounted = true;
    const isLayering = bait.levels >= rowParameter(row, 'minLevelsOfLayering');
    const rounds = isLayering ? play.layering : play.spoofing;
    const ownRow = (isLayering ? layeringRows : spoofingRows).of(play.merged.instrument);
    const { accountID } = order.contract.account;
    rounds.times.push(order.insertMs);
    rounds.byAccount.set(accountID, (rounds.byAccount.get(accountID) ?? 0) + 1);
    const fromMs = fact.atMs - rowParameter(row, 'windowMs');
    rounds.times = rounds.times.filter((timeMs) => timeMs >= fromMs).slice(-MOST_ROUNDS);
    if (ownRow === null || isExempt(ownRow.exempt, order)) return;
    // Whose large orders mostly trade, or stand their time, takes some back in a fast market without meaning anything by it.
    const takenBackShare = play.ended.filter((each) => each.isTakenBack).length / play.ended.length;
    if (takenBackShare < (ownRow.parameters.minTakenBackShare ?? 0)) return;
    desk.findings.observe({
      row: ownRow,
      customer: play.merged.customer,
      instrument: play.merged.instrument,
      value: rounds.times.length,
      atMs: fact.atMs,
      sinceMs: rounds.times[0] ?? order.insertMs,
      byAccount: () => [...rounds.byAccount].map(([id, value]): AccountCount => ({ accountID: id, value })),
      factors: () => ({
        levels: bait.levels,
        largeLots: order.volume,
        lifeMs: fact.atMs - order.insertMs,
        afterFillMs: fact.atMs - bait.atMs,
        takenBackShare,
      }),
      orderSysID: order.orderSysID,
    });
  }

  return {
    startDay: () => {
      spoofingRows.startDay();
      layeringRows.startDay();
      plays = [];
    },
    onOrder: (fact) => {
      if (fact.isFromPicture) return;
      const { contract } = fact.order;
      const play = plays[contract.merged.index];
      if (play === undefined && fact.kind !== 'insert') return;
      // Either rule may be off: what makes a round is then read from the other's row.
      const row = spoofingRows.of(contract.instrument) ?? layeringRows.of(contract.instrument);
      if (row === null || isExempt(row.exempt, fact.order)) return;
      if (fact.kind === 'insert') onInsert(fact.order, row);
      else if (play !== undefined) {
        if (fact.kind === 'fill') onFill(play, fact, row);
        if (fact.kind === 'cancel' || fact.order.traded >= fact.order.volume) onEnd(play, fact, row);
      }
    },
  };
}
