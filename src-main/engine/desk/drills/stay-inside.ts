/** Keeps a drill desk inside: what would lead out of it, or make it more than an exercise, is refused before its handler is asked. */
import type { RequestHandlers } from '#engine/desk/handlers';
import type { Mode } from '#shared/journal/entry';
import { type Refusal, refuse } from '#shared/refusal';

const PEOPLE = 'the people of a drill desk are those of the live desk: change them there';
const DESKS = 'a drill is not carried to another desk, nor decided there';
const PLANS = 'the plans of a drill desk are those of the live desk: change them there';

const REFUSED = {
  /** Opens a connection to any address it is given. */
  'feed.test': 'a drill desk reaches no source but its own broker',
  'delivery.configure': 'a drill desk has no way out to set up',
  'delivery.test': 'nothing of a drill leaves the desk',
  /** People, their roles and their secrets are those of the live desk, copied when this one was opened: nothing made here would hold there. */
  'people.claim': PEOPLE,
  'people.create': PEOPLE,
  'people.change': PEOPLE,
  'people.link': PEOPLE,
  'people.disable': PEOPLE,
  'people.enable': PEOPLE,
  'people.recover': PEOPLE,
  'device.card': DESKS,
  'device.trust': DESKS,
  'device.withdraw': DESKS,
  'approval.carry': DESKS,
  'approval.bringBack': DESKS,
  'foreign.take': DESKS,
  'foreign.decide': DESKS,
  'role.grant': PEOPLE,
  'role.revoke': PEOPLE,
  'auth.changeSecret': PEOPLE,
  'auth.changePin': PEOPLE,
  'auth.redeem': PEOPLE,
  'auth.enrolAuthenticator': PEOPLE,
  /** A plan that was changed here would be drilled, and not be the one that people follow. */
  'plan.saveDraft': PLANS,
  'plan.dropDraft': PLANS,
  'plan.import': PLANS,
  'plan.review': PLANS,
  'plan.publish': PLANS,
  'plan.retire': PLANS,
  'firm.state': 'what the firm is, is stated at the live desk',
} as const;

/** `live` changes nothing. */
export function stayInside(handlers: RequestHandlers, mode: Mode): RequestHandlers {
  if (mode === 'live') return handlers;
  const refused = Object.fromEntries(Object.entries(REFUSED).map(([name, why]) => [name, (): Refusal => refuse('FORBIDDEN', why)]));
  return {
    ...handlers,
    ...refused,
    'settings.change': (payload) =>
      payload.key === 'feeds'
        ? refuse('FORBIDDEN', 'a drill desk listens to its own broker and to nothing else', 'key')
        : handlers['settings.change'](payload),
  };
}
