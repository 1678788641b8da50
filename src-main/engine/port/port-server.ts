/** Serves every window: paces frames, wakes alert lanes after each commit, and lets a window go when its port closes. */

import type { Ask } from '#engine/desk/bus/command-bus';
import type { AlertSource } from '#engine/port/alert-lane';
import type { StreamServers } from '#engine/port/open-stream';
import type { PagePort } from '#engine/port/page-port';
import type { StreamGate } from '#engine/port/stream-gate';
import { WindowSession } from '#engine/port/window-session';
import type { Refusal } from '#shared/refusal';

export type PortServerParts = {
  engineId: string;
  startedAtMs: number;
  streams: () => StreamServers;
  ask: Ask;
  gate: StreamGate;
  alerts: () => AlertSource;
  nowMs: () => number;
  /** Shortest time between two frames of one window. */
  framePaceMs: number;
  onRefusal: (refusal: Refusal, about: string) => void;
};

export class PortServer {
  private readonly parts: PortServerParts;
  private readonly sessions = new Set<WindowSession>();

  constructor(parts: PortServerParts) {
    this.parts = parts;
  }

  attach(port: PagePort): WindowSession {
    const { engineId, startedAtMs, streams, ask, gate, alerts, nowMs, framePaceMs, onRefusal } = this.parts;
    const session = new WindowSession({ port, streams, ask, gate, alerts, nowMs, framePaceMs, onRefusal });
    this.sessions.add(session);
    port.onClose(() => {
      this.sessions.delete(session);
      session.close();
    });
    port.post({ t: 'ready', engineId, startedAtMs });
    session.flushLane();
    return session;
  }

  /** Called at the frame pace by the engine's timer. */
  flushFrames(): void {
    for (const session of this.sessions) session.flushFrame();
  }

  /** Called after each commit of the journal. */
  flushLanes(): void {
    for (const session of this.sessions) session.flushLane();
  }

  reopenAll(): void {
    for (const session of this.sessions) session.reopen();
  }

  windowCount(): number {
    return this.sessions.size;
  }

  closeAll(): void {
    for (const session of this.sessions) session.close();
    this.sessions.clear();
  }
}
