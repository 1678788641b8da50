/** One account with the counter's figures beside our own. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';
import { bookVersion } from '#engine/port/streams/book-version';

export function accountStream(view: EngineView): StreamServer<'account'> {
  return (params) => ({ version: (nowMs) => bookVersion(view, nowMs), build: () => view.book().account(params) });
}
