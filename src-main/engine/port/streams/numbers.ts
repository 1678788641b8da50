/** Stress, distance and limits follow the market at most once a second, off the hot path; scenarios and worklists change only when someone acts. */
import type { EngineView } from '#engine/port/engine-view';
import type { StreamServer, StreamServers } from '#engine/port/open-stream';
import type { PictureByNumbersStream } from '#shared/contract/numbers';
import type { PictureByStream } from '#shared/contract/streams';

type NumbersStream = keyof PictureByNumbersStream;

function marketStream<Kind extends 'stress' | 'distance' | 'limits'>(view: EngineView, kind: Kind): StreamServer<Kind> {
  const build = view.numbers[kind] as (params: unknown, nowMs: number) => PictureByStream[Kind];
  return (params) => ({
    // A scenario saved or removed changes what a stress column means, so the desk's version counts as well.
    version: (nowMs) =>
      kind === 'limits' ? view.numbers.limitsVersion(nowMs) : `${view.numbers.marketVersion(nowMs)}.${kind === 'stress' ? view.deskVersion() : ''}`,
    build: (nowMs) => build(params, nowMs),
  });
}

export function numbersStreams(view: EngineView): Pick<StreamServers, NumbersStream> {
  return {
    stress: marketStream(view, 'stress'),
    distance: marketStream(view, 'distance'),
    limits: marketStream(view, 'limits'),
    scenarios: (params) => ({ version: () => view.deskVersion(), build: (nowMs) => view.numbers.scenarios(params, nowMs) }),
    worklists: (params) => ({ version: () => view.deskVersion(), build: (nowMs) => view.numbers.worklists(params, nowMs) }),
  };
}
