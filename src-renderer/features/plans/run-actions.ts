/** What can be done to a run, each as one request; the streams bring the result, the refusal stays here. */
import { useMemo, useState } from 'react';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import type { Refusal } from '#shared/refusal';
import { request } from '../../state/use-stream';

export type RunActions = {
  /** Of the last action that had no dialog to show it in. */
  refusal: Refusal | null;
  startStep(no: number): Promise<void>;
  assignRole(role: string, person: string): Promise<Refusal | null>;
  completeStep(no: number, note: string): Promise<Refusal | null>;
  skipStep(no: number, reason: string): Promise<Refusal | null>;
  reopenStep(no: number, reason: string): Promise<Refusal | null>;
  note(no: number | null, note: string): Promise<Refusal | null>;
  finish(note: string): Promise<Refusal | null>;
  abort(reason: string): Promise<Refusal | null>;
};

async function ask<Name extends RequestName>(name: Name, payload: RequestPayload<Name>): Promise<Refusal | null> {
  const outcome = await request(name, payload);
  return outcome.ok ? null : outcome;
}

export function useRunActions(runId: string): RunActions {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return useMemo(
    () => ({
      refusal,
      startStep: async (no) => setRefusal(await ask('run.startStep', { runId, no })),
      assignRole: (role, person) => ask('run.assignRole', { runId, role, person }),
      completeStep: (no, note) => ask('run.completeStep', { runId, no, ...(note === '' ? {} : { note }) }),
      skipStep: (no, reason) => ask('run.skipStep', { runId, no, reason }),
      reopenStep: (no, reason) => ask('run.reopenStep', { runId, no, reason }),
      note: (no, note) => ask('run.note', { runId, note, ...(no === null ? {} : { no }) }),
      finish: (note) => ask('run.finish', { runId, ...(note === '' ? {} : { note }) }),
      abort: (reason) => ask('run.abort', { runId, reason }),
    }),
    [runId, refusal],
  );
}
