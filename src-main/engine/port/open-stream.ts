/** What a stream is to the port: a cheap version that tells whether there is news, and a picture built only when the window can take one. */
import type { PictureByStream, StreamKind, StreamParams } from '#shared/contract/streams';

/** One subscription of one window. It may remember what it sent (a layout), never a queue. */
export type OpenStream<Kind extends StreamKind = StreamKind> = {
  version(nowMs: number): string | number;
  build(nowMs: number): PictureByStream[Kind];
};

/** Throws nothing: parameters have been parsed; what they name may not exist, and the picture says so. */
export type StreamServer<Kind extends StreamKind> = (params: StreamParams<Kind>) => OpenStream<Kind>;

export type StreamServers = { [Kind in StreamKind]: StreamServer<Kind> };
