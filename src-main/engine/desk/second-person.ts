/** Another person at the same screen: confirms one command by their own credentials, once, for exactly what was shown to them. */
import { type ReachWorld, refuseOutOfReach } from '#engine/desk/bus/reach-guard';
import { REQUEST_ACCESS } from '#shared/contract/access';
import type { AccessRule } from '#shared/contract/access-rule';
import type { RequestName } from '#shared/contract/requests';
import type { Permissions } from '#shared/desk/people/permissions';
import { type Outcome, type Refusal, refuse } from '#shared/refusal';

/** Who confirmed, and the proof that goes into the entry beside the first person's. */
export type ConfirmedBy = { personId: string; sessionId: string; keyId: string; signature: string };

export type SecondPerson = {
  /**
   * Uses up a confirmation. `payload` is the command's own payload without `confirmationId`. Refused: unknown, used or expired confirmation
   * (UNKNOWN, CONFLICT), another request or payload than the one confirmed (CONFLICT), the same human as the one signed in, or somebody who may not confirm it (FORBIDDEN).
   */
  take(confirmationId: string, about: { request: string; payload: unknown }): Outcome<ConfirmedBy>;
};

/**
 * Two people are not enough: the second one answers for what the row of the request says, and has to hold it for the accounts it is about (those, once the
 * payload is known). Null when they do.
 */
export function refuseSecondPerson(request: string, permissions: Permissions, about?: { payload: unknown; world: ReachWorld }): Refusal | null {
  if (!Object.hasOwn(REQUEST_ACCESS, request)) return refuse('UNKNOWN', `no request is called ${request.slice(0, 64)}`, 'about.request');
  const rule = REQUEST_ACCESS[request as RequestName] as AccessRule;
  const needed = rule.secondPerson ?? rule.needs;
  if (needed === 'anyone' || needed === 'signedIn') return null;
  const reach = permissions.get(needed);
  if (reach === undefined) return refuse('FORBIDDEN', `the second person needs the function ${needed}`, 'login');
  if (reach === 'firm') return null;
  if (rule.reach === undefined) return refuse('FORBIDDEN', 'the second person must work with the whole firm', 'login');
  const outside = about === undefined || rule.reach === 'free' ? null : refuseOutOfReach(about.payload, reach, about.world, false);
  return outside === null ? null : refuse('FORBIDDEN', 'the second person does not work with these accounts', 'login');
}
