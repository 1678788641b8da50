/** Which approvals a person may read: what others asked for about accounts beyond their reach is not theirs to see. */
import type { BookReach } from '#engine/desk/bus/book-reach';
import type { Caller } from '#engine/desk/bus/command-bus';
import { refuseOutOfReach } from '#engine/desk/bus/reach-guard';
import type { Approval } from '#shared/desk/approvals/approval';
import type { PartReach } from '#shared/desk/people/person';

/** Whoever has one of these for the whole firm reads everything that waits; the first that is held for a part says which part. */
const READING_FUNCTIONS = ['approval.decide', 'audit.view', 'monitor.view'] as const;
const NO_PART: PartReach = { departments: [], controlGroups: [] };
const ENTITY = /^(account|department|controlGroup|customer):/;

/** Null: all of them. A person's own requests are always theirs to follow. */
export function approvalTest({ acting, permissions }: Caller, reach: BookReach): ((approval: Approval) => boolean) | null {
  const held = READING_FUNCTIONS.flatMap((name) => permissions.get(name) ?? []);
  if (held.includes('firm')) return null;
  const part = held.find((each) => each !== 'firm') ?? NO_PART;
  const isVisible = reach.entityTest(part);
  const isWithin = (value: unknown): boolean => {
    if (typeof value === 'string') return !ENTITY.test(value) || isVisible(value);
    if (value === null || typeof value !== 'object') return true;
    return refuseOutOfReach(value, part, reach, false) === null && Object.values(value).every(isWithin);
  };
  return ({ makerId, payload, before }) => makerId === acting.actor || (isWithin(payload) && isWithin(before));
}
