/** What keeps alerts from being sent, and the newest notices: for the marks in the list, the inventory and the sounds. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function alertSendingStream(view: EngineView): StreamServer<'alertSending'> {
  return () => ({ version: () => view.alertSending.version(), build: (nowMs) => view.alertSending.picture(nowMs) });
}
