/** Decides how a shift goes over: nothing that presses goes unmarked, nothing that asks for something goes unread, and nobody hands over to themselves. */
import { type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { severityRank } from '#shared/desk/alerts/evolve';
import type { Decision, DecisionContext } from '#shared/desk/decision';
import { type FrozenItem, type Handover, type HandoverEvent, type HandoverMark, mustBeReadBack } from '#shared/desk/handovers/handover';
import { dataSubjectOfItem, type ItemFacts, type ItemLevel, itemKeyOf, mustBeMarked } from '#shared/desk/handovers/item';
import { type Refusal, refuse } from '#shared/refusal';

/** An item as it stands now, with what was said about it. */
export type OpenItem = { facts: ItemFacts; mark: HandoverMark | null };

/**
 * Whether somebody still has to say how it stands. That a feed was stable before it fell, or an alert before it became graver, says nothing of it now; what to
 * do if it turns holds all the same.
 */
export function needsMark({ facts, mark }: OpenItem): boolean {
  if (!mustBeMarked(facts)) return false;
  return mark === null || (mark.level === 'stable' && hasTurned(facts, mark));
}

function hasTurned(facts: ItemFacts, mark: HandoverMark): boolean {
  if (facts.kind === 'feed') return mark.atMs < facts.sinceMs;
  const now = severityOf(facts);
  return now !== undefined && mark.severity !== undefined && severityRank(now) < severityRank(mark.severity);
}

function severityOf(facts: ItemFacts): Severity | undefined {
  if (facts.kind === 'moreAlerts') return severitySchema.options.find((severity) => (facts.counts[severity] ?? 0) > 0);
  return facts.kind === 'alert' ? facts.severity : undefined;
}

export function decideMark(
  items: readonly OpenItem[],
  { itemKey, level, ifThen }: { itemKey: string; level: ItemLevel; ifThen: string },
  { nowMs }: DecisionContext,
): Decision<HandoverEvent> {
  const item = items.find(({ facts }) => itemKeyOf(facts) === itemKey);
  if (item === undefined) return refuse('UNKNOWN', 'itemKey: nothing of this kind is open any more', 'itemKey');
  if (level !== 'stable' && ifThen === '') return refuse('INVALID', 'ifThen: what to watch or do asks for what to do if it turns', 'ifThen');
  const severity = severityOf(item.facts);
  const payload = { itemKey, level, ifThen, ...(severity === undefined ? {} : { severity }), atMs: nowMs };
  return [about(item.facts, { type: 'handover.marked', subject: `handoverItem:${itemKey}`, payload })];
}

export type Offer = { items: readonly OpenItem[]; open: Handover | null; remarks: string; fingerprint: string };

/** Freezes what is open. Until it is accepted everything stays with whoever leaves. */
export function decideOffer({ items, open, remarks, fingerprint }: Offer, { nowMs, newId }: DecisionContext): Decision<HandoverEvent> {
  if (open !== null) return refuse('CONFLICT', 'a hand-over is waiting to be accepted: accept it or take it back first', 'handoverId');
  const unmarked = items.filter(needsMark);
  if (unmarked.length > 0) return refuse('INVALID', `items: ${unmarked.length} of those that press have no mark yet`, 'items');
  const handoverId = newId();
  const subject = `handover:${handoverId}`;
  const frozen = items.map(({ facts, mark }): FrozenItem => {
    return { itemKey: itemKeyOf(facts), facts, level: mark?.level ?? null, ifThen: mark?.ifThen ?? '' };
  });
  // Each item is an entry of its own, sealed with the key of the client it is about: the sheet of a shift must not keep what is destroyed elsewhere.
  const entries = frozen.map((item) => about(item.facts, { type: 'handover.item' as const, subject, payload: { handoverId, ...item, atMs: nowMs } }));
  const itemKeys = frozen.map(({ itemKey }) => itemKey);
  return [...entries, { type: 'handover.offered', subject, payload: { handoverId, remarks, fingerprint, itemKeys, atMs: nowMs } }];
}

export function decideWithdraw(handover: Handover, reason: string, { nowMs }: DecisionContext): Decision<HandoverEvent> {
  if (handover.state !== 'offered') return refuse('CONFLICT', `the hand-over is ${handover.state}`, 'handoverId');
  const { handoverId } = handover;
  return [{ type: 'handover.withdrawn', subject: `handover:${handoverId}`, payload: { handoverId, reason, atMs: nowMs } }];
}

export type Taking = {
  handover: Handover;
  items: readonly FrozenItem[];
  readBack: readonly string[];
  incoming: string;
  isSameHuman: boolean;
};

/** Why it cannot be taken over so; null when it can. Asked before a confirmation is used up. */
export function refuseTaking({ handover, items, readBack, isSameHuman }: Omit<Taking, 'incoming'>): Refusal | null {
  if (handover.state !== 'offered') return refuse('CONFLICT', `the hand-over is ${handover.state}`, 'handoverId');
  if (isSameHuman) return refuse('FORBIDDEN', 'nobody hands over to themselves', 'confirmationId');
  const read = new Set(readBack);
  const unread = items.filter((item) => mustBeReadBack(item) && !read.has(item.itemKey)).length;
  if (unread > 0) return refuse('INVALID', `readBack: ${unread} items to watch or to act on were not read back`, 'readBack');
  const known = new Set(items.map(({ itemKey }) => itemKey));
  if (readBack.some((itemKey) => !known.has(itemKey))) return refuse('INVALID', 'readBack: names what is not on the sheet', 'readBack');
  return null;
}

function about<Event extends HandoverEvent>(facts: ItemFacts, event: Event): HandoverEvent {
  const dataSubject = dataSubjectOfItem(facts);
  return dataSubject === undefined ? event : { ...event, dataSubject };
}
