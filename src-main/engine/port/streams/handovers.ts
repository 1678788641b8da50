/** What a shift would leave changes with every entry and with the feeds' states. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function handoversStream(view: EngineView): StreamServer<'handovers'> {
  return () => ({ version: () => view.handovers.version(), build: () => view.handovers.picture() });
}
