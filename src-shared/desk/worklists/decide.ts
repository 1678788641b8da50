/** Decides what may become of a worklist: it is made, stops holding when the account changed, is exported while it holds, and may be withdrawn. */
import type { Decision, DecisionContext } from '#shared/desk/decision';
import type { WorklistBasis, WorklistContent, WorklistEvent } from '#shared/desk/worklists/events';
import type { FoldedWorklist } from '#shared/desk/worklists/evolve';
import { refuse } from '#shared/refusal';

export type WorklistCommand =
  | { type: 'exported'; file: string; sha256: string }
  | { type: 'withdraw'; reason: string }
  /** What the account looks like now, from live data. */
  | { type: 'review'; basis: WorklistBasis };

export function decideMade(worklist: WorklistContent, note: string, context: DecisionContext): Decision<WorklistEvent> {
  return [{ type: 'worklist.made', subject: `worklist:${worklist.worklistId}`, payload: { worklist, note, atMs: context.nowMs } }];
}

export function decideWorklist(list: FoldedWorklist, command: WorklistCommand, context: DecisionContext): Decision<WorklistEvent> {
  const subject = `worklist:${list.worklistId}`;
  const base = { worklistId: list.worklistId, atMs: context.nowMs };
  switch (command.type) {
    case 'exported':
      if (list.state === 'withdrawn') return refuse('CONFLICT', 'the worklist was withdrawn');
      if (list.state === 'reopened') return refuse('CONFLICT', 'the account has changed since: make a new worklist');
      return [{ type: 'worklist.exported', subject, payload: { ...base, file: command.file, sha256: command.sha256 } }];
    case 'withdraw':
      if (list.state === 'withdrawn') return refuse('CONFLICT', 'the worklist was withdrawn before');
      return [{ type: 'worklist.withdrawn', subject, payload: { ...base, reason: command.reason } }];
    case 'review': {
      if (list.state === 'withdrawn' || list.state === 'reopened') return [];
      const change = changeSince(list.basis, command.basis);
      return change === null ? [] : [{ type: 'worklist.reopened', subject, payload: { ...base, ...change } }];
    }
  }
}

type Change = { cause: 'deposit' | 'fill' | 'position'; detail: string };

/** Money first: it may make the whole list unnecessary. */
function changeSince(before: WorklistBasis, now: WorklistBasis): Change | null {
  if (before.tradingDay !== now.tradingDay) return { cause: 'position', detail: `trading day ${now.tradingDay ?? 'unknown'}` };
  if (now.deposit !== null && before.deposit !== null && now.deposit > before.deposit)
    return { cause: 'deposit', detail: `deposit ${before.deposit} -> ${now.deposit}` };
  if (now.fundsIn > before.fundsIn) return { cause: 'deposit', detail: `funds paid in: ${now.fundsIn - before.fundsIn}` };
  if (now.trades > before.trades) return { cause: 'fill', detail: `new trades: ${now.trades - before.trades}` };
  return now.lotsHash === before.lotsHash ? null : { cause: 'position', detail: 'lots differ' };
}
