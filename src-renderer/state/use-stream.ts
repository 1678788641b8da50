/** Hooks that bind a component to a stream or a request; a subscription lives exactly as long as a component that shows it. */
import { useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { RequestAnswer, RequestName, RequestPayload } from '#shared/contract/requests';
import type { StreamKind, StreamParams } from '#shared/contract/streams';
import type { Outcome, Refusal } from '#shared/refusal';
import { useConnection } from './connection-store';
import { engine } from './engine';
import { type StreamView, subscriptionKey } from './port-client';
import { ShownContext } from './shown';

const NOTHING: StreamView = { picture: null, builtAtMs: null, refusal: null };
const noSubscription = () => () => {};

export type StreamState<Kind extends StreamKind> = StreamView<Kind> & {
  /** False while a picture of earlier parameters still stands in for the one asked for. */
  isCurrent: boolean;
  isConnected: boolean;
};

/**
 * The newest picture of a stream. `params` of null subscribes to nothing. While other parameters are under way the picture of the earlier
 * ones stays (`isCurrent` false), so that scrolling and sorting do not blink; `builtAtMs` gives its age while the engine is away.
 * In a panel behind another tab the first picture still comes (a tab may be named by it) and then none until the panel is seen again.
 */
export function useStream<Kind extends StreamKind>(kind: Kind, params: StreamParams<Kind> | null): StreamState<Kind> {
  const key = params === null ? null : subscriptionKey(kind, params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the parameters, whose identity changes with every render
  const stableParams = useMemo(() => params, [key]);
  const isShown = useContext(ShownContext);
  const last = useRef<{ key: string; view: StreamView<Kind> } | null>(null);
  const asked = isShown || last.current?.key !== key ? stableParams : null;
  const subscribe = useMemo(
    () => (asked === null ? noSubscription : (onChange: () => void) => engine.subscribe(kind, asked, onChange)),
    [kind, asked],
  );
  const read = useCallback(() => (asked === null ? (NOTHING as StreamView<Kind>) : engine.view(kind, asked)), [kind, asked]);
  const view = useSyncExternalStore(subscribe, read);
  const isConnected = useConnection((state) => state.connected);
  if (key === null) last.current = null;
  else if (view.picture !== null) last.current = { key, view };
  const shown = view.picture === null && view.refusal === null && last.current !== null ? last.current.view : view;
  return { ...shown, isCurrent: shown === view, isConnected };
}

/** Asks the engine once; for actions. */
export function request<Name extends RequestName>(
  name: Name,
  payload: RequestPayload<Name>,
  timeoutMs?: number,
): Promise<Outcome<RequestAnswer<Name>>> {
  return engine.request(name, payload, timeoutMs);
}

export type RequestState<Name extends RequestName> = {
  answer: RequestAnswer<Name> | null;
  refusal: Refusal | null;
  isWaiting: boolean;
  reload(): void;
};

/** Asks while mounted: again when the payload, `version` or the engine changes. The last answer stays when a later one is refused. */
export function useRequest<Name extends RequestName>(name: Name, payload: RequestPayload<Name> | null, version: unknown = 0): RequestState<Name> {
  const key = payload === null ? null : JSON.stringify(payload);
  const engineCount = useConnection((state) => state.engineCount);
  const [round, setRound] = useState(0);
  const [state, setState] = useState<{ key: string | null; answer: RequestAnswer<Name> | null; refusal: Refusal | null; isWaiting: boolean }>({
    key: null,
    answer: null,
    refusal: null,
    isWaiting: true,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the payload; version, round and engineCount only say "again"
  useEffect(() => {
    if (payload === null || engineCount === 0) return;
    let isWanted = true;
    setState((before) => ({ ...before, isWaiting: true }));
    void engine.request(name, payload).then((outcome) => {
      if (!isWanted) return;
      setState((before) => ({
        key,
        answer: outcome.ok ? outcome.value : before.key === key ? before.answer : null,
        refusal: outcome.ok ? null : outcome,
        isWaiting: false,
      }));
    });
    return () => {
      isWanted = false;
    };
  }, [name, key, version, round, engineCount]);
  const reload = useCallback(() => setRound((value) => value + 1), []);
  const isOfThisPayload = state.key === key;
  return {
    answer: isOfThisPayload ? state.answer : null,
    refusal: isOfThisPayload ? state.refusal : null,
    isWaiting: state.isWaiting || !isOfThisPayload,
    reload,
  };
}

/** An action under way: `run` asks, `refusal` stays until the next try, so that the form around it can keep its input. */
export function useAction<Name extends RequestName>(name: Name) {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  const run = useCallback(
    async (payload: RequestPayload<Name>, timeoutMs?: number): Promise<RequestAnswer<Name> | null> => {
      setIsWaiting(true);
      setRefusal(null);
      const outcome = await engine.request(name, payload, timeoutMs);
      setIsWaiting(false);
      if (outcome.ok) return outcome.value;
      setRefusal(outcome);
      return null;
    },
    [name],
  );
  const clear = useCallback(() => setRefusal(null), []);
  return { run, refusal, isWaiting, clear };
}
