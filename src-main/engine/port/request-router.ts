/** Parses every request before its handler sees it, and turns every failure into a refusal: never a throw across the port, never a silent undefined. */
import { REQUESTS, type RequestAnswer, type RequestName, type RequestPayload } from '#shared/contract/requests';
import { type Outcome, refuse, refuseSchemaIssue } from '#shared/refusal';

export type RequestHandler<Name extends RequestName> = (
  payload: RequestPayload<Name>,
) => Outcome<RequestAnswer<Name>> | Promise<Outcome<RequestAnswer<Name>>>;
export type RequestHandlers = { [Name in RequestName]: RequestHandler<Name> };
export type RequestRouter = (name: string, payload: unknown) => Promise<Outcome<unknown>>;

export function createRequestRouter(handlers: () => RequestHandlers, onFault: (name: string, error: unknown) => void): RequestRouter {
  return async (name, payload) => {
    if (!Object.hasOwn(REQUESTS, name)) return refuse('UNKNOWN', `no request is called ${name}`);
    const requestName = name as RequestName;
    const parsed = REQUESTS[requestName].payload.safeParse(payload);
    if (!parsed.success) return refuseSchemaIssue(parsed.error);
    try {
      const handler = handlers()[requestName] as (payload: unknown) => Outcome<unknown> | Promise<Outcome<unknown>>;
      return await handler(parsed.data);
    } catch (error) {
      onFault(name, error);
      return refuse('FAILED', error instanceof Error ? error.message : String(error));
    }
  };
}
