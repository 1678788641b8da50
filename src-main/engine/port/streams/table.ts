/** The rows a window shows of a table that the engine filters and sorts. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';
import { bookVersion } from '#engine/port/streams/book-version';

export function tableStream(view: EngineView): StreamServer<'table'> {
  return (params) => ({ version: (nowMs) => bookVersion(view, nowMs), build: () => view.book().table(params) });
}
