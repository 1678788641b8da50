/** What the figures on screen belong to: a live market or a recording, its clock and its time zone. Read as single values, so that only what changed is drawn again. */
import { useSyncExternalStore } from 'react';
import type { StatusPicture } from '#shared/contract/streams';
import { engine } from './engine';
import { useNow } from './use-now';

const NO_PARAMS = {};
const subscribe = (onChange: () => void): (() => void) => engine.subscribe('status', NO_PARAMS, onChange);

/** `read` answers a plain value, which is compared as it is. */
function useStatusValue<Value extends string | number | boolean | null>(read: (status: StatusPicture | null) => Value): Value {
  return useSyncExternalStore(subscribe, () => read(engine.view('status', NO_PARAMS).picture));
}

/** IANA zone in which times of the market are read; null before any session is known. */
export function useMarketTimeZone(): string | null {
  return useStatusValue((status) => status?.marketTimeZone ?? null);
}

export function useIsReplay(): boolean {
  return useStatusValue((status) => status?.source === 'replay');
}

/** Whether there is anything to watch: without accounts an empty list of alerts says nothing. */
export function useHasAccounts(): boolean {
  return useStatusValue((status) => (status?.accountCount ?? 0) > 0);
}

/** The moment the figures on screen are of: of a replay its own, else now. Ages of what is shown count from it. */
export function useShownNow(): number {
  const nowMs = useNow();
  const replayedAtMs = useStatusValue((status) => status?.replay?.atMs ?? null);
  return replayedAtMs ?? nowMs;
}
