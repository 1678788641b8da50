/** What can be done to a run, each as one request; the streams bring the result, the refusal stays here. */
import { useCallback, useState } from 'react';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import type { Refusal } from '#shared/refusal';
import { request } from '../../state/use-stream';

export type RunRequestName = Extract<RequestName, `run.${string}`>;

export type RunActions = {
  /** Of the last action that had no dialog to show it in. */
  refusal: Refusal | null;
  /** Keeps a refusal for the page to show. */
  send<Name extends RunRequestName>(name: Name, payload: RequestPayload<Name>): Promise<boolean>;
  /** Gives the refusal to whoever asked. */
  ask<Name extends RunRequestName>(name: Name, payload: RequestPayload<Name>): Promise<Refusal | null>;
};

export function useRunActions(): RunActions {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const ask = useCallback(async <Name extends RunRequestName>(name: Name, payload: RequestPayload<Name>): Promise<Refusal | null> => {
    const outcome = await request(name, payload);
    return outcome.ok ? null : outcome;
  }, []);
  const send = useCallback(
    async <Name extends RunRequestName>(name: Name, payload: RequestPayload<Name>): Promise<boolean> => {
      const failed = await ask(name, payload);
      setRefusal(failed);
      return failed === null;
    },
    [ask],
  );
  return { refusal, send, ask };
}
