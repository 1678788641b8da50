/** Decides what may become of a worklist: it is made, stops holding when the account changed, is exported while it holds, and may be withdrawn. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { ReopenCause, WorklistBasis, WorklistConfirmedBy, WorklistContent, WorklistEvent } from '#shared/desk/worklists/events';
import type { FoldedWorklist } from '#shared/desk/worklists/evolve';
import { refuse } from '#shared/refusal';

export type WorklistCommand =
  | { type: 'exported'; file: string; sha256: string }
  | { type: 'withdraw'; reason: string }
  /** What the account looks like now, from live data. */
  | { type: 'review'; basis: WorklistBasis }
  /** Asked again and again, also without live data: time passes there too. */
  | { type: 'expire' };

export function decideMade(
  worklist: WorklistContent,
  note: string,
  confirmedBy: WorklistConfirmedBy | null,
  context: DecisionContext,
): Decision<WorklistEvent> {
  const payload = { worklist, note, ...(confirmedBy === null ? {} : { confirmedBy }), atMs: context.nowMs };
  return [{ type: 'worklist.made', subject: `worklist:${worklist.worklistId}`, payload }];
}

export function decideWorklist(list: FoldedWorklist, command: WorklistCommand, context: DecisionContext): Decision<WorklistEvent> {
  const subject = `worklist:${list.worklistId}`;
  const base = { worklistId: list.worklistId, atMs: context.nowMs };
  switch (command.type) {
    case 'exported':
      if (list.state === 'withdrawn') return refuse('CONFLICT', 'the worklist was withdrawn');
      if (list.state === 'reopened') return refuse('CONFLICT', 'the account has changed since: make a new worklist');
      if (isOver(list, context.nowMs)) return refuse('CONFLICT', 'its time is over: make a new worklist');
      return [{ type: 'worklist.exported', subject, payload: { ...base, file: command.file, sha256: command.sha256 } }];
    case 'withdraw':
      if (list.state === 'withdrawn') return refuse('CONFLICT', 'the worklist was withdrawn before');
      return [{ type: 'worklist.withdrawn', subject, payload: { ...base, reason: command.reason } }];
    case 'review': {
      if (list.state === 'withdrawn' || list.state === 'reopened') return [];
      const change = changeSince(list, command.basis);
      return change === null ? [] : [{ type: 'worklist.reopened', subject, payload: { ...base, ...change } }];
    }
    case 'expire':
      if (list.state === 'withdrawn' || list.state === 'reopened' || !isOver(list, context.nowMs)) return [];
      return [{ type: 'worklist.reopened', subject, payload: { ...base, cause: 'expired', detail: 'time is over' } }];
  }
}

function isOver({ expiresAtMs }: FoldedWorklist, nowMs: number): boolean {
  return expiresAtMs !== undefined && expiresAtMs !== null && nowMs >= expiresAtMs;
}

type Change = { cause: ReopenCause; detail: string };

/** Money first: what came in may make the whole list unnecessary, what went out may make it too short. */
function changeSince(list: FoldedWorklist, now: WorklistBasis): Change | null {
  const before = list.basis;
  if (before.tradingDay !== now.tradingDay) return { cause: 'position', detail: `trading day ${now.tradingDay ?? 'unknown'}` };
  if (isMore(before.deposit, now.deposit)) return { cause: 'deposit', detail: `deposit ${before.deposit} -> ${now.deposit}` };
  if (now.fundsIn > before.fundsIn) return { cause: 'deposit', detail: `funds paid in: ${now.fundsIn - before.fundsIn}` };
  if (isMore(before.withdraw, now.withdraw)) return { cause: 'withdrawal', detail: `withdraw ${before.withdraw} -> ${now.withdraw}` };
  if (isMore(before.fundsOut, now.fundsOut))
    return { cause: 'withdrawal', detail: `funds paid out: ${(now.fundsOut ?? 0) - (before.fundsOut ?? 0)}` };
  if (now.trades > before.trades) return { cause: 'fill', detail: `new trades: ${now.trades - before.trades}` };
  if (now.lotsHash !== before.lotsHash) return { cause: 'position', detail: 'lots differ' };
  return before.frozen === undefined || frozenOf(list, now.frozen) === frozenOf(list, before.frozen)
    ? null
    : { cause: 'order', detail: 'frozen lots differ' };
}

/** What is frozen of the sides that the list closes, or would have closed: other orders of the account do not touch it. */
function frozenOf({ lines, skipped }: FoldedWorklist, frozen: string | undefined): string {
  const named = [...lines, ...skipped.filter(({ why }) => why === 'frozen')];
  const sides = new Set(named.map(({ exchangeID, instrumentID, direction }) => `${exchangeID}.${instrumentID} ${direction}`));
  const parts = (frozen ?? '').split('; ').filter((part) => sides.has(part.split(' ').slice(0, 2).join(' ')));
  return parts.sort().join('; ');
}

/** What was not known then, or is not known now, tells no change. */
function isMore(before: number | null | undefined, now: number | null | undefined): boolean {
  return typeof before === 'number' && typeof now === 'number' && now > before;
}
