/** What a request or stream asks of the person before the engine answers it: stated beside its schema, enforced by the engine's command bus. */
import type { FunctionName } from '#shared/desk/people/functions';

export const APPROVAL_POLICY_IDS = [
  'rules',
  'roles',
  'planPublication',
  'suppressCritical',
  'restoreBackup',
  'largeExport',
  'deviceTrust',
  'referenceRows',
] as const;
export type ApprovalPolicyId = (typeof APPROVAL_POLICY_IDS)[number];

export type AccessRule<Payload = never> = {
  /** `anyone`: also before sign-in and while the desk is locked; `signedIn`: every person at an unlocked desk. */
  needs: FunctionName | 'anyone' | 'signedIn';
  /** A further function that some payloads need: a table of accounts asks for more than a table of quotes. */
  alsoNeeds?: (payload: Payload) => FunctionName | null;
  /** The approval that the command needs before it is carried out; null when this payload needs none. Left out: never. */
  approval?: (payload: Payload) => ApprovalPolicyId | null;
  /**
   * What a person whose reach is a part of the firm gets of it. `free`: it holds nothing of any client's account. `named`: the accounts it is about are
   * named in the payload, and each must be in reach. `filtered`: the port takes out what is not in reach. Left out: it is for people who reach
   * the whole firm, and nobody else.
   */
  reach?: 'free' | 'named' | 'filtered';
  /** Payloads that are for people who reach the whole firm all the same. */
  firmOnly?: (payload: Payload) => boolean;
  /**
   * What a second person who confirms it at the same screen has to hold; left out, what the request itself needs. Where `reach` is left out they hold it
   * for the whole firm. `signedIn`: whoever takes the confirmation asks by itself what they may.
   */
  secondPerson?: FunctionName | 'signedIn';
};
