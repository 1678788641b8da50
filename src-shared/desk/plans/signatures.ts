/** Whether the signatures under a step are enough: two signatures are two only when they are two people and one of them knew of, or checked, the other's. */
import type { Mark } from '#shared/desk/plans/run-parts';

/** One spelling of a person for "have they signed already": the same name in other case or width is the same person. */
export function personKey(person: string): string {
  // Ids as the desk makes them are their own key; a run asks this of every signature again and again.
  return PLAIN_ID.test(person) ? person : person.normalize('NFKC').trim().toLowerCase();
}

const PLAIN_ID = /^[a-z0-9:_-]+$/;

/**
 * Two people who each did the step apart, neither knowing of the other, did it twice: that is no second pair of eyes. It becomes one when either
 * of them signed to have verified, or knew of the other's signature.
 */
export function areEnough(signatures: readonly Mark[], required: number, rule: { ignoresDisputed: boolean }): boolean {
  const counted = rule.ignoresDisputed ? signatures.filter((mark) => !mark.isDisputed) : signatures;
  if (required <= 1) return counted.length > 0;
  return counted.some((first) =>
    counted.some(
      (second) =>
        personKey(first.by) !== personKey(second.by) &&
        (first.as === 'verifier' || second.as === 'verifier' || second.saw.includes(first.opId) || first.saw.includes(second.opId)),
    ),
  );
}

/** The same person, on two desks that did not know of each other. */
export function hasDuplicateActor(signatures: readonly Mark[]): boolean {
  return signatures.some((first, index) =>
    signatures
      .slice(index + 1)
      .some(
        (second) =>
          first.device !== second.device &&
          personKey(first.by) === personKey(second.by) &&
          !second.saw.includes(first.opId) &&
          !first.saw.includes(second.opId),
      ),
  );
}
