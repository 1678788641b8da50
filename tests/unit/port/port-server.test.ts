/** What a page may count on: the newest picture when it can draw, every alert in order, an answer to every request, and nothing else. */
import { describe, expect, it } from 'vitest';
import type { RequestHandlers } from '#engine/desk/handlers';
import type { AlertSource } from '#engine/port/alert-lane';
import type { StreamServers } from '#engine/port/open-stream';
import { PortServer } from '#engine/port/port-server';
import { OPEN_GATE } from '#engine/port/stream-gate';
import type { HeatmapPicture, StatusPicture } from '#shared/contract/streams';
import type { Alert } from '#shared/desk/alerts/alert';
import { accept, type Refusal, refuse } from '#shared/refusal';
import { openBus } from '#tests/unit/desk/bus/open-bus';
import { FakePage } from '#tests/unit/port/fake-page';

/** The desk's projection: one row per alert, the newest state of each. */
class Alerts implements AlertSource {
  readonly rows = new Map<string, Alert>();
  sequence = 0;
  reads = 0;

  change(alertId: string): void {
    this.sequence += 1;
    this.rows.set(alertId, { alertId, sequence: this.sequence } as Alert);
  }
  alertSequence(): number {
    return this.sequence;
  }
  alertSnapshot(): readonly Alert[] {
    return this.alertsAfter(0, Number.MAX_SAFE_INTEGER);
  }
  alertsAfter(sequence: number, limit: number): readonly Alert[] {
    this.reads += 1;
    return [...this.rows.values()]
      .filter((alert) => alert.sequence > sequence)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }
}

function engine() {
  const clock = { nowMs: 0 };
  const market = { version: 0, builds: 0 };
  const refusals: [Refusal, string][] = [];
  const faults: string[] = [];
  const alerts = new Alerts();
  const streams = {
    status: () => ({
      version: () => market.version,
      build: () => {
        market.builds += 1;
        return { nowMs: market.version } as StatusPicture;
      },
    }),
    heatmap: () => ({ version: () => 1, build: () => ({ layoutVersion: 1 }) as HeatmapPicture }),
  } as unknown as StreamServers;
  const handlers = {
    'settings.get': () => refuse('UNAVAILABLE', 'not in this test'),
    'feed.pause': () => {
      throw new Error('the disk is gone');
    },
    'feed.resume': () => accept({}),
  } as unknown as RequestHandlers;
  const bus = openBus(handlers, (name) => faults.push(name));
  const server = new PortServer({
    engineId: 'e',
    startedAtMs: 0,
    streams: () => streams,
    ask: bus.fromPage,
    gate: OPEN_GATE,
    alerts: () => alerts,
    nowMs: () => clock.nowMs,
    framePaceMs: 50,
    onRefusal: (refusal, about) => refusals.push([refusal, about]),
  });
  const page = new FakePage();
  const session = server.attach(page);
  return { clock, market, refusals, faults, alerts, server, page, session };
}

describe('frames', () => {
  it('carry the newest picture, one at a time, and only when something changed', () => {
    const { clock, market, server, page } = engine();
    page.say({ t: 'subscribe', id: 7, stream: 'status', params: {} });
    server.flushFrames();
    expect(page.of('frame')).toMatchObject([{ frame: 1, parts: { 7: { nowMs: 0 } } }]);

    market.version = 1;
    clock.nowMs = 100;
    server.flushFrames();
    expect(page.of('frame')).toHaveLength(1);

    market.version = 2;
    page.say({ t: 'credit', frame: 1 });
    server.flushFrames();
    expect(page.of('frame').at(-1)).toMatchObject({ frame: 2, parts: { 7: { nowMs: 2 } } });

    page.say({ t: 'credit', frame: 2 });
    clock.nowMs = 200;
    server.flushFrames();
    expect(page.of('frame')).toHaveLength(2);
  });

  it('keep their pace', () => {
    const { clock, market, server, page } = engine();
    page.say({ t: 'subscribe', id: 1, stream: 'status', params: {} });
    server.flushFrames();
    page.say({ t: 'credit', frame: 1 });
    market.version = 1;
    clock.nowMs = 49;
    server.flushFrames();
    expect(page.of('frame')).toHaveLength(1);
    clock.nowMs = 50;
    server.flushFrames();
    expect(page.of('frame')).toHaveLength(2);
  });

  it('for a page that stalls 30 s while 100,000 things change cost nothing: nothing is built, nothing is queued', () => {
    const { clock, market, alerts, server, page, session } = engine();
    page.say({ t: 'subscribe', id: 1, stream: 'status', params: {} });
    server.flushFrames();
    const before = { posted: page.received.length, builds: market.builds, counts: session.counts(), reads: alerts.reads };
    for (let change = 0; change < 100_000; change += 1) {
      market.version += 1;
      alerts.change(`alert-${change % 50}`);
      clock.nowMs += 0.3;
      server.flushFrames();
      server.flushLanes();
    }
    expect({ posted: page.received.length, builds: market.builds, counts: session.counts(), reads: alerts.reads }).toEqual(before);

    page.say({ t: 'credit', frame: 1 });
    server.flushFrames();
    expect(page.of('frame').at(-1)).toMatchObject({ frame: 2, parts: { 1: { nowMs: 100_000 } } });
    page.say({ t: 'laneCredit', sequence: 0 });
    expect(page.of('lane').at(-1)?.alerts).toHaveLength(50);
  });

  it('stop when the window is gone', () => {
    const { market, server, page } = engine();
    page.say({ t: 'subscribe', id: 1, stream: 'status', params: {} });
    page.close();
    market.version = 1;
    server.flushFrames();
    expect(page.of('frame')).toEqual([]);
    expect(server.windowCount()).toBe(0);
  });
});

describe('the alert lane', () => {
  it('begins with a snapshot and brings every alert once, in order, a batch per credit', () => {
    const { alerts, server, page } = engine();
    expect(page.of('lane')).toMatchObject([{ snapshot: true, sequence: 0, alerts: [] }]);
    for (let index = 0; index < 450; index += 1) alerts.change(`alert-${index}`);
    server.flushLanes();
    expect(page.of('lane')).toHaveLength(1);
    page.say({ t: 'laneCredit', sequence: 0 });
    page.say({ t: 'laneCredit', sequence: 200 });
    page.say({ t: 'laneCredit', sequence: 400 });
    page.say({ t: 'laneCredit', sequence: 450 });
    const batches = page.of('lane').slice(1);
    expect(batches.map((batch) => [batch.snapshot, batch.alerts.length])).toEqual([
      [false, 200],
      [false, 200],
      [false, 50],
    ]);
    const sequences = batches.flatMap((batch) => (batch.alerts as Alert[]).map((alert) => alert.sequence));
    expect(sequences).toEqual(Array.from({ length: 450 }, (_, index) => index + 1));
  });

  it('ignores credit for what it did not send', () => {
    const { alerts, page } = engine();
    alerts.change('a');
    page.say({ t: 'laneCredit', sequence: 99 });
    expect(page.of('lane')).toHaveLength(1);
  });
});

describe('requests', () => {
  const answers = async (page: FakePage, count: number) => {
    for (let turn = 0; turn < 50 && page.of('answer').length < count; turn += 1) await Promise.resolve();
    return page.of('answer');
  };

  it('are parsed before a handler sees them; every refusal is answered and logged', async () => {
    const { page, refusals } = engine();
    page.say({ t: 'request', id: 1, name: 'feed.resume', payload: { feedId: 5 } });
    page.say({ t: 'request', id: 2, name: 'no.such', payload: {} });
    page.say({ t: 'request', id: 3, name: 'toString', payload: {} });
    page.say({ t: 'request', id: 4, name: 'feed.resume', payload: { feedId: 'primary' } });
    expect((await answers(page, 4)).sort((a, b) => a.id - b.id)).toMatchObject([
      { id: 1, outcome: { ok: false, code: 'INVALID', field: 'feedId' } },
      { id: 2, outcome: { ok: false, code: 'UNKNOWN' } },
      { id: 3, outcome: { ok: false, code: 'UNKNOWN' } },
      { id: 4, outcome: { ok: true } },
    ]);
    expect(refusals.map(([, about]) => about).sort()).toEqual(['feed.resume', 'no.such', 'toString']);
  });

  it('that break inside are refused as failed, and reported as a fault', async () => {
    const { page, faults } = engine();
    page.say({ t: 'request', id: 1, name: 'feed.pause', payload: { feedId: 'primary', reason: 'test' } });
    expect(await answers(page, 1)).toMatchObject([{ outcome: { ok: false, code: 'FAILED', message: 'the disk is gone' } }]);
    expect(faults).toEqual(['feed.pause']);
  });

  it('that are not messages at all are logged and change nothing', () => {
    const { page, refusals } = engine();
    for (const nonsense of [null, 3, { t: 'nonsense' }, { t: 'credit' }]) page.sayAnything(nonsense);
    expect(refusals).toHaveLength(4);
    expect(page.of('answer')).toEqual([]);
  });
});

describe('subscriptions', () => {
  it('to unknown streams or with wrong parameters are refused by id', () => {
    const { page } = engine();
    page.say({ t: 'subscribe', id: 1, stream: 'nonsense', params: {} });
    page.say({ t: 'subscribe', id: 2, stream: 'heatmap', params: { measure: 'mood' } });
    page.say({ t: 'subscribe', id: 3, stream: 'constructor', params: {} });
    expect(page.of('subscriptionRefused')).toMatchObject([
      { id: 1, outcome: { ok: false, code: 'UNKNOWN' } },
      { id: 2, outcome: { ok: false, code: 'INVALID', field: 'measure' } },
      { id: 3, outcome: { ok: false, code: 'UNKNOWN' } },
    ]);
  });

  it('are bounded per window', () => {
    const { page, session } = engine();
    for (let id = 0; id < 70; id += 1) page.say({ t: 'subscribe', id, stream: 'status', params: {} });
    expect(session.counts().subscriptions).toBe(64);
    expect(page.of('subscriptionRefused')).toHaveLength(6);
  });
});
