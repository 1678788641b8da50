/** What people may do to a run. `by` and `confirmed` are set where another person than the one signed in signs by their own credentials. */
import type { DecisionContext } from '#shared/desk/decision';
import type { Plan } from '#shared/desk/plans/plan';
import type { RoteGuard } from '#shared/desk/plans/rote-guard';
import type { DeviationCode, Evidence, Reading } from '#shared/desk/plans/run-parts';
import type { RunRules } from '#shared/desk/plans/run-rules';

/** A person who confirmed at this screen, with the proof. */
export type Confirmed = { personId: string; sessionId: string; keyId: string; signature: string };

type OnStep<Type extends string> = { type: Type; no: number };
type MaybeConfirmed = { confirmed?: Confirmed | undefined };

export type SignCommand = OnStep<'completeStep'> &
  MaybeConfirmed & {
    note?: string | undefined;
    /** The chosen branch, for a decision that has branches. */
    route?: string | undefined;
    /** `verifier`: signs to have checked what another did, also where that signature is at a desk this one cannot reach. */
    as?: 'doer' | 'verifier' | undefined;
    /** What the sensors of a step that has some said just now. */
    readings?: readonly Reading[] | undefined;
    /** Plans that the chosen branch begins, with the ids of their runs. */
    attached?: readonly AttachedRun[] | undefined;
  };

export type AttachedRun = { planId: string; childRunId: string };

export type RunStepCommand =
  | OnStep<'startStep'>
  | SignCommand
  | (OnStep<'failStep'> & { reason: string; route?: string | undefined; attached?: readonly AttachedRun[] | undefined })
  | (OnStep<'retryStep'> & { reason: string })
  | (OnStep<'deferStep'> & { untilNo: number; reason: string })
  | (OnStep<'skipStep'> & MaybeConfirmed & { reason: string; deviation?: DeviationCode | undefined; detail?: string | undefined })
  | (OnStep<'overrideHold'> & { reason: string; deviation?: DeviationCode | undefined; detail?: string | undefined; confirmed: Confirmed })
  | (OnStep<'reopenStep'> & { reason: string })
  | (OnStep<'resolveConflict'> & { keep: string; reason: string })
  | (OnStep<'takeReading'> & { readings: readonly Reading[] })
  /** By the desk itself: readings that the step was signed on are bad now. */
  | (OnStep<'turnBack'> & { readings: readonly Reading[]; reopens: boolean })
  | (OnStep<'addEvidence'> & { item: Evidence })
  | (OnStep<'answer'> & MaybeConfirmed & { text: string })
  | (OnStep<'beat'> & { note?: string | undefined; readings: readonly Reading[] })
  | (OnStep<'signItem'> & MaybeConfirmed & { itemId: string; note?: string | undefined });

export type RunCommand =
  | RunStepCommand
  | { type: 'assignRole'; role: string; person: string; knownRoles: readonly string[] }
  | { type: 'notePresence'; person: string; isPresent: boolean }
  | { type: 'immediateDone'; note?: string | undefined }
  | { type: 'openItem'; group: string; label: string }
  | { type: 'attachPlan'; no: number | null; planId: string; childRunId: string }
  | { type: 'linkSibling'; siblingRunId: string }
  | { type: 'note'; no?: number | undefined; note: string }
  | { type: 'finish'; note?: string | undefined }
  | { type: 'abort'; reason: string };

/** What a run begins from. `planHash` is the SHA-256 of the plan's canonical JSON. */
export type RunBeginning = {
  plan: Plan;
  planHash: string;
  alertId: string | null;
  incidentId?: string | null | undefined;
  parent?: { runId: string; no: number | null } | null | undefined;
};

/**
 * `roteGuard`, `rolePairs`: the dated rules in force. `humanOf`: the human behind a record; left out, each record is a human of its own. `isSceneOpen`: the run belongs to
 * an incident whose evidence is not sealed.
 */
export type RunContext = DecisionContext & {
  roteGuard?: RoteGuard['rules'] | undefined;
  rolePairs?: RunRules['rolePairs'] | undefined;
  humanOf?: ((personId: string) => string) | undefined;
  isSceneOpen?: boolean | undefined;
};
