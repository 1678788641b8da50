/** In whose name the engine is working right now: follows one command through every await, so that its entries name who asked, whoever has signed in since. */
import { AsyncLocalStorage } from 'node:async_hooks';

/** `actor` is what the journal writes: a personId, or `local:NAME` for a program on this machine. */
export type Acting = {
  actor: string;
  sessionId: string;
  /** Where the command is carried out because others agreed to it. */
  approval?: { approvalId: string; approvedBy: readonly string[] };
};

const acting = new AsyncLocalStorage<Acting>();

export function actAs<Answer>(who: Acting, work: () => Answer): Answer {
  return acting.run(who, work);
}

/** Undefined outside any command: then what is recorded is the engine's own doing, or that of whoever is signed in. */
export function actingNow(): Acting | undefined {
  return acting.getStore();
}
