/** Says a step's target aloud, once shortly before it and once when it has passed, and that a reading behind a signature has turned back. */
import { useEffect, useRef } from 'react';
import type { Run } from '#shared/desk/plans/plan';
import { useNow } from '../../state/use-now';
import { nextSteps } from '../plans/step-actions';
import { beep } from './beeper';

/** How long before its target a step is first heard. */
const WARN_BEFORE_MS = 15_000;

export function useTimerSound(run: Run | null, isMuted: boolean): void {
  const nowMs = useNow();
  const heard = useRef(new Set<string>());
  useEffect(() => {
    if (run === null || run.state !== 'running') return;
    for (const { no, reversions } of run.steps) {
      const key = `${run.runId} ${no} turned back ${reversions.at(-1)?.atMs}`;
      if (reversions.length === 0 || heard.current.has(key)) continue;
      heard.current.add(key);
      if (!isMuted) beep(true);
    }
    for (const step of nextSteps(run)) {
      if (step.dueAtMs === null) continue;
      const leftMs = step.dueAtMs - nowMs;
      const what = leftMs <= 0 ? 'late' : leftMs <= WARN_BEFORE_MS ? 'soon' : null;
      const key = `${run.runId} ${step.no} ${step.reopenedCount} ${what}`;
      if (what === null || heard.current.has(key)) continue;
      heard.current.add(key);
      if (!isMuted) beep(what === 'late');
    }
  }, [run, nowMs, isMuted]);
}
