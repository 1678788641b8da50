/** The heat map of one window. It remembers which layout that window has, so that labels cross the port only when they changed. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer } from '#engine/port/open-stream';
import { bookVersion } from '#engine/port/streams/book-version';

export function heatmapStream(view: EngineView): StreamServer<'heatmap'> {
  return (params) => {
    let sentLayoutVersion: number | null = null;
    return {
      version: (nowMs) => bookVersion(view, nowMs),
      build: () => {
        const picture = view.book().heatmap(params);
        if (picture.layoutVersion === sentLayoutVersion) return { ...picture, layout: null };
        if (picture.layout !== null) sentLayoutVersion = picture.layoutVersion;
        return picture;
      },
    };
  };
}
