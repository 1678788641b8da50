/** The shape in which every capability of the desk answers its requests: payloads arrive parsed, refusals go back as values. */
import type { RequestAnswer, RequestName, RequestPayload } from '#shared/contract/requests';
import type { Outcome } from '#shared/refusal';

export type HandlersOf<Names extends RequestName> = {
  [Name in Names]: (payload: RequestPayload<Name>) => Outcome<RequestAnswer<Name>> | Promise<Outcome<RequestAnswer<Name>>>;
};

/** One handler for every request of the contract: what the command bus calls once it has let a request through. */
export type RequestHandlers = HandlersOf<RequestName>;
