/** Whatever a network does to a stream (loss, doubling, disorder, cut links), the book must see each item once, in order, and end with the source's picture. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeedSupervisor } from '#engine/feeds/supervision/feed-supervisor';
import type { Statement } from '#engine/feeds/supervision/statement';
import { noEffects } from '#engine/feeds/supervision/stream-supervisor';
import { LIMITS, perform, Rig, step, trade } from '#tests/unit/feeds/supervision-rig';

describe('supervision', () => {
  it('gives the book each item once, in order, and the same final picture, whatever the network does', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (actions) => {
        const rig = new Rig();
        rig.connect();
        for (const action of actions) perform(rig, action);
        rig.settle();
        rig.expectWhole();
      }),
      { numRuns: 1500 },
    );
  });

  function settled(messages = 3): Rig {
    const rig = new Rig();
    for (let index = 0; index < messages; index += 1) rig.source.publish(1);
    rig.settle();
    rig.requests = [];
    return rig;
  }

  it('asks again for exactly what is missing and reports the hole and its healing', () => {
    const rig = settled();
    rig.source.publish(1);
    rig.source.publish(1);
    const out = noEffects();
    rig.supervisor.receive(rig.source.publish(1), 0, rig.nowMs, out);
    expect(out.requests).toEqual([{ type: 'resend', stream: 'trades', tradingDay: '20240506', fromSequence: 4, toSequence: 5 }]);
    expect(out.events).toMatchObject([{ type: 'gap', fromSequence: 4, toSequence: 5, healedBy: null }]);
    const healed = noEffects();
    rig.supervisor.receive(rig.source.delta(4), 0, rig.nowMs, healed);
    rig.supervisor.receive(rig.source.delta(5), 0, rig.nowMs, healed);
    expect(healed.events.map((event) => event.type)).toEqual(['items', 'items', 'items', 'gap']);
    expect(healed.events.at(-1)).toMatchObject({ healedBy: 'resend' });
  });

  it('takes a snapshot when the source refuses the resend, and when it does not answer', () => {
    for (const isRefused of [true, false]) {
      const rig = settled();
      rig.source.publish(1);
      const late = rig.source.publish(1);
      const out = noEffects();
      rig.supervisor.receive(late, 0, rig.nowMs, out);
      const next = noEffects();
      if (isRefused) rig.supervisor.receive({ type: 'refusal', code: 'RESEND_UNAVAILABLE', message: '' }, 0, rig.nowMs, next);
      else rig.supervisor.tick(rig.nowMs + LIMITS.resendTimeoutMs, next);
      expect(next.requests).toEqual([{ type: 'snapshotRequest', stream: 'trades' }]);
      for (const statement of rig.source.snapshot('requested')) rig.supervisor.receive(statement, 0, rig.nowMs, next);
      expect(next.events).toMatchObject([
        { type: 'picture', sequence: 5 },
        { type: 'gap', healedBy: 'snapshot' },
      ]);
    }
  });

  it('sees a hole at the end of a quiet stream by the heartbeat', () => {
    const rig = settled();
    rig.source.publish(1);
    const out = noEffects();
    rig.supervisor.receive(rig.source.heartbeat(), 0, rig.nowMs, out);
    expect(out.requests).toMatchObject([{ type: 'resend', fromSequence: 4, toSequence: 4 }]);
  });

  it('does not swap in half a snapshot: interrupted, miscounted or cut off, the old picture stays', () => {
    const rig = settled();
    const before = [...rig.sink.picture];
    const [begin, part, , end] = rig.source.snapshot('requested') as [Statement, Statement, Statement, Statement];
    rig.deliver(begin);
    rig.deliver(part);
    expect(rig.sink.picture).toEqual(before);
    const out = noEffects();
    rig.supervisor.receive(end, 0, rig.nowMs, out);
    expect(out.events).toEqual([]);
    expect(out.complaints[0]?.reason).toMatch(/discarded/);
    rig.cut();
    rig.settle();
    rig.expectWhole();
  });

  it('gives up on a source that cannot bring a whole snapshot, and asks for a new link', () => {
    const supervisor = new FeedSupervisor('f', ['trades'], LIMITS);
    supervisor.linkOpened(['trades'], 0);
    const out = noEffects();
    for (let nowMs = 0; nowMs < 2000; nowMs += 50) supervisor.tick(nowMs, out);
    expect(out.requests.filter(({ type }) => type === 'snapshotRequest').length).toBe(LIMITS.maxSnapshotAttempts);
    expect(out.requests.at(-1)).toMatchObject({ type: 'reconnect' });
  });

  it('ends the link when snapshots that never end grow on many streams together', () => {
    const supervisor = new FeedSupervisor('f', ['orders', 'trades', 'funds'], { ...LIMITS, maxSnapshotItems: 100 });
    supervisor.linkOpened(['orders', 'trades', 'funds'], 0);
    const out = noEffects();
    const say = (statement: Statement) => supervisor.receive(statement, 0, 0, out);
    const mark = { tradingDay: '20240506', sequence: 1, sourceTimeMs: 1, reason: 'requested' as const };
    for (const stream of ['orders', 'trades', 'funds'] as const) say({ type: 'snapshotBegin', stream, ...mark });
    const items = Array.from({ length: 40 }, (_, number) => trade(number));
    for (const stream of ['orders', 'trades'] as const) say({ type: 'snapshot', stream, items, receivedCount: items.length });
    expect(out.requests).toEqual([]);
    say({ type: 'snapshot', stream: 'funds', items, receivedCount: items.length });
    expect(out.requests).toMatchObject([{ type: 'reconnect' }]);
    expect(out.complaints[0]?.reason).toMatch(/together/);
  });

  it('does not drown in snapshots when a message speaks of a day that the source then knows nothing of', () => {
    const rig = settled();
    const stray: Statement = { type: 'data', stream: 'trades', tradingDay: '99991231', sequence: 1, sourceTimeMs: 1, items: [trade(9_000)] };
    rig.network.push(stray);
    let steps = 0;
    for (let statement = rig.network.shift(); statement !== undefined && steps < 1000; statement = rig.network.shift()) {
      steps += 1;
      rig.deliver(statement);
    }
    expect(rig.requests.map(({ type }) => type)).toEqual(['snapshotRequest', 'snapshotRequest']);
    const out = noEffects();
    rig.supervisor.receive(stray, 0, rig.nowMs, out);
    expect(out.requests).toEqual([]);
    expect(out.complaints[0]?.reason).toMatch(/99991231/);
    /* Today goes on meanwhile, and the real next day is taken at once. */
    rig.deliver(rig.source.publish(1));
    rig.expectWhole();
    for (const statement of rig.source.newDay()) rig.deliver(statement);
    rig.deliver(rig.source.publish(2));
    rig.expectWhole();
  });

  it('believes in a later day again after a while, when the source only was too slow for it', () => {
    const rig = settled();
    const early: Statement = { type: 'data', stream: 'trades', tradingDay: '20240507', sequence: 1, sourceTimeMs: 1, items: [trade(9_000)] };
    rig.network.push(early);
    for (let statement = rig.network.shift(); statement !== undefined; statement = rig.network.shift()) rig.deliver(statement);
    rig.source.newDay();
    rig.source.publish(3);
    rig.nowMs += LIMITS.snapshotTimeoutMs;
    rig.settle();
    rig.expectWhole();
  });

  it('does not take what is on its way after a reconnect for a hole', () => {
    const rig = settled();
    rig.cut();
    const missed = rig.source.publish(1);
    rig.isUp = true;
    rig.supervisor.linkOpened(['trades'], rig.nowMs);
    const out = noEffects();
    rig.supervisor.receive(rig.source.heartbeat(), 0, rig.nowMs, out);
    expect(out.requests).toEqual([]);
    rig.supervisor.receive(missed, 0, rig.nowMs, out);
    expect(out.events.map((event) => event.type)).toEqual(['heartbeat', 'items']);
  });

  it('goes back with a source that lost its day, but only when the source says so', () => {
    const rig = settled();
    rig.source.log = [];
    rig.source.publish(1);
    rig.settle();
    rig.expectWhole();
  });

  it('drops what comes twice without a word, and counts it', () => {
    const rig = settled();
    const out = noEffects();
    for (const sequence of [3, 1, 3]) rig.supervisor.receive(rig.source.delta(sequence), 0, rig.nowMs, out);
    expect(out).toEqual(noEffects());
    rig.supervisor.receive(
      { type: 'data', stream: 'trades', tradingDay: '20240503', sequence: 9, sourceTimeMs: 1, items: [trade(9)] },
      0,
      rig.nowMs,
      out,
    );
    expect(out).toEqual(noEffects());
    rig.expectWhole();
  });

  it('does not go back to a snapshot older than what it has already applied', () => {
    const rig = settled();
    const old = rig.source.snapshot('requested');
    rig.deliver(rig.source.publish(1));
    for (const statement of old) rig.deliver(statement);
    rig.expectWhole();
    expect(rig.sink.sequence).toBe(4);
  });

  it('drops trades that come again under a new sequence number', () => {
    const rig = settled();
    const again: Statement = {
      type: 'data',
      stream: 'trades',
      tradingDay: '20240506',
      sequence: 4,
      sourceTimeMs: 1,
      items: [trade(0), trade(1), trade(99)],
    };
    const out = noEffects();
    rig.supervisor.receive(again, 0, rig.nowMs, out);
    expect(out.events).toMatchObject([{ type: 'items', items: [trade(99)] }]);
  });
});
