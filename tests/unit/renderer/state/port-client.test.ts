/** What a page may count on from its end of the port: shared subscriptions, one frame in flight, and pictures that outlive an engine. */
import { describe, expect, it } from 'vitest';
import type { HeatmapPicture, StatusPicture, StreamParams } from '#shared/contract/streams';
import type { EngineMessage, PageMessage } from '#shared/contract/wire';
import { PortClient, type PortLike, subscriptionKey } from '../../../../src-renderer/state/port-client';

class EngineEnd implements PortLike {
  readonly received: PageMessage[] = [];
  isClosed = false;
  private listener: (event: { data: unknown }) => void = () => {};
  postMessage(message: PageMessage): void {
    this.received.push(message);
  }
  addEventListener(_type: 'message', listener: (event: { data: unknown }) => void): void {
    this.listener = listener;
  }
  start(): void {}
  close(): void {
    this.isClosed = true;
  }
  say(message: EngineMessage): void {
    this.listener({ data: message });
  }
  of<T extends PageMessage['t']>(type: T): Extract<PageMessage, { t: T }>[] {
    return this.received.filter((message): message is Extract<PageMessage, { t: T }> => message.t === type);
  }
}

function setUp() {
  const paints: (() => void)[] = [];
  const timers = new Map<number, () => void>();
  const connections: boolean[] = [];
  const alertIds: string[] = [];
  let nextTimer = 0;
  const client = new PortClient(
    {
      nowMs: () => 1000,
      beforePaint: (callback) => paints.push(callback),
      afterMs: (_delayMs, callback) => {
        const timer = nextTimer++;
        timers.set(timer, callback);
        return () => timers.delete(timer);
      },
    },
    {
      onConnection: ({ connected }) => connections.push(connected),
      onAlerts: ({ alerts }) => alertIds.push(...alerts.map((alert) => alert.alertId)),
      onFrameDrawn: () => {},
    },
  );
  return {
    client,
    connections,
    alertIds,
    paint: () => {
      for (const callback of paints.splice(0)) callback();
    },
    runTimers: () => {
      for (const [timer, callback] of [...timers]) {
        timers.delete(timer);
        callback();
      }
    },
    timerCount: () => timers.size,
  };
}

const picture = (person: string) => ({ person }) as StatusPicture;

describe('subscriptions', () => {
  it('asks the engine once for equal parameters, and lets go when the last reader has gone', () => {
    const { client } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    const stopFirst = client.subscribe('run', { runId: 'a' }, () => {});
    const stopSecond = client.subscribe('run', { runId: 'a' }, () => {});
    expect(port.of('subscribe')).toHaveLength(1);
    stopFirst();
    expect(port.of('unsubscribe')).toHaveLength(0);
    stopSecond();
    expect(port.of('unsubscribe').map((message) => message.id)).toEqual(port.of('subscribe').map((message) => message.id));
    expect(client.subscriptionCount).toBe(0);
  });

  it('gives equal keys to equal parameters in any order of their names', () => {
    expect(subscriptionKey('table', { a: 1, b: { c: 2, d: 3 } })).toBe(subscriptionKey('table', { b: { d: 3, c: 2 }, a: 1 }));
    expect(subscriptionKey('table', { a: [1, 2] })).not.toBe(subscriptionKey('table', { a: [2, 1] }));
  });

  it('subscribes again at a restarted engine and keeps the last picture meanwhile', () => {
    const { client, paint, connections } = setUp();
    const first = new EngineEnd();
    client.attach(first);
    client.subscribe('status', {}, () => {});
    first.say({ t: 'ready', engineId: 'one', startedAtMs: 0 });
    const id = first.of('subscribe')[0]?.id ?? -1;
    first.say({ t: 'frame', frame: 1, builtAtMs: 77, parts: { [id]: picture('Li') } });
    paint();
    const second = new EngineEnd();
    client.attach(second);
    expect(first.isClosed).toBe(true);
    expect(client.view('status', {})).toMatchObject({ picture: { person: 'Li' }, builtAtMs: 77 });
    expect(second.of('subscribe')).toHaveLength(1);
    expect(connections).toEqual([true, false]);
    second.say({ t: 'ready', engineId: 'two', startedAtMs: 1 });
    expect(connections).toEqual([true, false, true]);
  });

  it('ignores what an engine says that has been replaced', () => {
    const { client, paint } = setUp();
    const first = new EngineEnd();
    client.attach(first);
    client.subscribe('status', {}, () => {});
    const id = first.of('subscribe')[0]?.id ?? -1;
    first.say({ t: 'frame', frame: 1, builtAtMs: 1, parts: { [id]: picture('late') } });
    client.attach(new EngineEnd());
    paint();
    expect(client.view('status', {}).picture).toBeNull();
    expect(first.of('credit')).toHaveLength(0);
  });

  it('keeps a refused subscription readable as refused', () => {
    const { client } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    client.subscribe('run', { runId: 'x' }, () => {});
    port.say({ t: 'subscriptionRefused', id: port.of('subscribe')[0]?.id ?? -1, outcome: { ok: false, code: 'INVALID', message: 'no' } });
    expect(client.view('run', { runId: 'x' }).refusal?.code).toBe('INVALID');
  });
});

describe('frames', () => {
  it('pays for a frame only after it was drawn', () => {
    const { client, paint, runTimers } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    client.subscribe('status', {}, () => {});
    port.say({ t: 'frame', frame: 5, builtAtMs: 1, parts: {} });
    expect(port.of('credit')).toHaveLength(0);
    paint();
    expect(port.of('credit')).toHaveLength(0);
    runTimers();
    expect(port.of('credit')).toEqual([{ t: 'credit', frame: 5 }]);
  });

  it('draws large pictures one paint after the other, and pays when the last of them stands', () => {
    const { client, paint, runTimers } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    const drawn: string[] = [];
    client.subscribe('status', {}, () => drawn.push('status'));
    client.subscribe('table', { table: 'accounts' } as StreamParams<'table'>, () => drawn.push('accounts'));
    client.subscribe('table', { table: 'quotes' } as StreamParams<'table'>, () => drawn.push('quotes'));
    client.subscribe('health', {}, () => drawn.push('health'));
    const parts = Object.fromEntries(port.of('subscribe').map(({ id }) => [id, {}]));
    port.say({ t: 'frame', frame: 3, builtAtMs: 1, parts });
    const afterEachPaint = [1, 2, 3].map(() => {
      paint();
      runTimers();
      return [drawn.splice(0), port.of('credit').length];
    });
    expect(afterEachPaint).toEqual([
      [['status', 'health'], 0],
      [['accounts'], 0],
      [['quotes'], 1],
    ]);
  });

  it('keeps a heat map’s layout while the engine sends none, and drops it with its version', () => {
    const { client, paint } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    const params = { measure: 'riskDegree', rows: 'account', columns: 'product', scope: {}, filter: '', order: 'worst', maxRows: 10 } as const;
    client.subscribe('heatmap', params, () => {});
    const id = port.of('subscribe')[0]?.id ?? -1;
    const layout = { rows: [{ key: 'a', label: 'a', sublabel: '' }], columns: [], totalRows: 1 };
    const send = (part: Partial<HeatmapPicture>): void => {
      port.say({ t: 'frame', frame: 1, builtAtMs: 1, parts: { [id]: part } });
      paint();
    };
    send({ layoutVersion: 1, layout });
    send({ layoutVersion: 1, layout: null });
    expect(client.view('heatmap', params).picture?.layout).toEqual(layout);
    send({ layoutVersion: 2, layout: null });
    expect(client.view('heatmap', params).picture?.layout).toBeNull();
  });

  it('takes the alert lane at once and says how far it got', () => {
    const { client, alertIds } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    port.say({ t: 'lane', snapshot: true, sequence: 9, alerts: [{ alertId: 'x' }] });
    expect(alertIds).toEqual(['x']);
    expect(port.of('laneCredit')).toEqual([{ t: 'laneCredit', sequence: 9 }]);
  });
});

describe('requests', () => {
  it('answers with what the engine said', async () => {
    const { client, timerCount } = setUp();
    const port = new EngineEnd();
    client.attach(port);
    const answer = client.request('backup.now', {});
    port.say({ t: 'answer', id: port.of('request')[0]?.id ?? -1, outcome: { ok: true, value: { file: 'f', verified: true } } });
    expect(await answer).toEqual({ ok: true, value: { file: 'f', verified: true } });
    expect(timerCount()).toBe(0);
  });

  it('refuses honestly without an engine, after a time-out, and when the engine goes away', async () => {
    const { client, runTimers } = setUp();
    expect(await client.request('backup.now', {})).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    client.attach(new EngineEnd());
    const late = client.request('backup.now', {});
    runTimers();
    expect(await late).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    const lost = client.request('backup.now', {});
    client.attach(new EngineEnd());
    expect(await lost).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
  });
});
