/** Reference data changes with the feed's rows, which are rare, with the day and with what people supply; pre-settlement prices are looked at once a second. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';

export function referenceStream(view: EngineView): StreamServer<'reference'> {
  return (params) => ({
    version: (nowMs) => {
      const book = view.book();
      return `${view.deskVersion()}.${book.namesVersion}.${book.tradingDay ?? ''}.${Math.floor(nowMs / 2000)}`;
    },
    build: () => view.reference(params),
  });
}
