/** When a picture of the book is out of date: after any change, and once a second because quality ages while nothing arrives. */
import type { EngineView } from '#engine/port/engine-view';

const AGEING_PACE_MS = 1000;

export function bookVersion(view: EngineView, nowMs: number): string {
  return `${view.book().version}.${Math.floor(nowMs / AGEING_PACE_MS)}`;
}
