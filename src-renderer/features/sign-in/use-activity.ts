/** Tells the engine now and then that somebody is at this desk, which puts off its lock. Nothing of what they do is told. */
import { useEffect } from 'react';
import { request } from '../../state/use-stream';

const EVERY_MS = 30_000;

export function useActivity(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    let toldAtMs = Number.NEGATIVE_INFINITY;
    const onActivity = (event: Event): void => {
      const nowMs = performance.now();
      // A script of the page itself moves nothing and presses nothing.
      if (!event.isTrusted || nowMs - toldAtMs < EVERY_MS) return;
      toldAtMs = nowMs;
      void request('auth.activity', {});
    };
    const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
    for (const kind of kinds) window.addEventListener(kind, onActivity, { passive: true, capture: true });
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, onActivity, { capture: true });
    };
  }, [isWanted]);
}
