/** What the port may ask of the numbers room: pictures for its streams and handlers for its requests. The composition root fills it in. */
import type { RequestHandlers } from '#engine/desk/handlers';
import type { NumbersRequestName, PictureByNumbersStream } from '#shared/contract/numbers';
import type { StreamParams } from '#shared/contract/streams';

type Builder<Kind extends keyof PictureByNumbersStream> = (params: StreamParams<Kind>, nowMs: number) => PictureByNumbersStream[Kind];

export interface NumbersView {
  /** Changes when the pictures made from the market should be made again: at most once a second, and at once when the book is another one. */
  marketVersion(nowMs: number): string;
  /** The same for limits, which are made less often. */
  limitsVersion(nowMs: number): string;
  stress: Builder<'stress'>;
  distance: Builder<'distance'>;
  limits: Builder<'limits'>;
  scenarios: Builder<'scenarios'>;
  worklists: Builder<'worklists'>;
}

export type NumbersRequests = Pick<RequestHandlers, NumbersRequestName>;
