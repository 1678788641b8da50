/** What a request or stream asks of the person before the engine answers it: stated beside its schema, enforced by the engine's command bus. */
import type { FunctionName } from '#shared/desk/people/functions';

export const APPROVAL_POLICY_IDS = [
  'rules',
  'ratesAndContracts',
  'roles',
  'planPublication',
  'suppressCritical',
  'deviceTrust',
  'restoreBackup',
  'largeExport',
] as const;
export type ApprovalPolicyId = (typeof APPROVAL_POLICY_IDS)[number];

export type AccessRule<Payload = never> = {
  /** `anyone`: also before sign-in and while the desk is locked; `signedIn`: every person at an unlocked desk. */
  needs: FunctionName | 'anyone' | 'signedIn';
  /** The approval that the command needs before it is carried out; null when this payload needs none. Left out: never. */
  approval?: (payload: Payload) => ApprovalPolicyId | null;
};
