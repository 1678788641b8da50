/** What of the pictures and alerts the person at the desk may see: asked when a stream is opened and again whenever that may have changed. */
import type { OpenStream, StreamServers } from '#engine/port/open-stream';
import type { StreamKind } from '#shared/contract/streams';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Refusal } from '#shared/refusal';

export interface StreamGate {
  /** `silent`: nobody is signed in, or the desk is locked; the subscription stands, and nothing is sent until that ends. */
  open(servers: StreamServers, kind: StreamKind, params: unknown): OpenStream | 'silent' | Refusal;
  /** Null: every alert. Otherwise whether one may be seen; asked anew for every batch. */
  alertTest(): ((alert: Alert) => boolean) | null;
}

/** The one place where a stream's name meets parameters that its own schema has parsed. */
export function openStream(servers: StreamServers, kind: StreamKind, params: unknown): OpenStream {
  const server = servers[kind] as (params: unknown) => OpenStream;
  return server(params);
}

/** For a port that serves whoever holds it: tests of the port alone. */
export const OPEN_GATE: StreamGate = { open: openStream, alertTest: () => null };
