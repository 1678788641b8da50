/** Where the command bus and the approvals meet: what each of the two has to be able to ask of the other. */
import type { ApprovalPolicyId } from '#shared/contract/access-rule';
import type { RequestName } from '#shared/contract/requests';
import type { FunctionName } from '#shared/desk/people/functions';
import type { Outcome } from '#shared/refusal';

/** A command whose row names an approval, asked for by a person who has the function for it. `payload` was parsed by the request's schema. */
export type CommandToApprove = { request: RequestName; payload: unknown; policyId: ApprovalPolicyId; personId: string; sessionId: string };

/** `breakGlass`: nobody else was asked, because the person has opened break-glass; the use is on record. */
export type LetThrough = { breakGlassId: string };

export type Approvals = {
  /**
   * Called by the bus instead of the handler. A refusal is the answer to whoever asked (NEEDS_APPROVAL once the request is on record; its
   * message begins with the approval's id); an accepted outcome means: carry it out now.
   */
  intercept(command: CommandToApprove): Outcome<LetThrough>;
};

/** A command that enough people approved: the payload exactly as it was stored, in the maker's name. */
export type ApprovedCommand = {
  approvalId: string;
  request: RequestName;
  payload: unknown;
  makerId: string;
  makerSessionId: string;
  approvedBy: string[];
};

/** What the approvals need of the command bus and of the people's records. */
export type ApprovalWorld = {
  /** Carries out an approved command as the bus would, in the maker's name, without asking for an approval again. */
  execute(command: ApprovedCommand): Outcome<unknown> | Promise<Outcome<unknown>>;
  /** Whether this person exists, may sign in, and has the function now. */
  /** `about`: for that command too, where the person works with a part of the firm: what is the whole firm's is decided by people of the whole firm. */
  mayNow(personId: string, needed: FunctionName, about?: { request: string; payload: unknown }): boolean;
  /** The human behind a person's record: two records of one human count once. The person's own id where nothing else is known. */
  humanOf(personId: string): string;
  /** The function that the row of this request asks for; null where every signed-in person may. */
  functionFor(request: RequestName): FunctionName | null;
  /** Who is signed in at this desk and in which session; null when nobody is. */
  signedIn(): { personId: string; sessionId: string } | null;
};

/**
 * What a command would change, as it is now: what the maker saw when asking. Its hash is bound into the approval, so that an approval is void
 * once that has changed. One row per request; null where the command replaces nothing (it adds or sends).
 */
export type BeforeReaders = { [Name in RequestName]?: (payload: unknown) => unknown };

/** Who worked on what a command is about before it was asked for: they may not check it, whoever the maker is. Person ids. */
export type WorkedOnReaders = { [Name in RequestName]?: (payload: unknown) => string[] };
