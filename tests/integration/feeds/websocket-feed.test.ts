/** A feed over a real socket against a source that misbehaves on command: what a desk must survive on an ordinary bad day. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#engine/clock';
import type { DeadLetter } from '#engine/feeds/feed';
import { testFeed } from '#engine/feeds/websocket/test-feed';
import { openWebSocketFeed, type WebSocketFeed } from '#engine/feeds/websocket/websocket-feed';
import type { WebSocketFeedOptions } from '#engine/feeds/websocket/websocket-options';
import type { IntakeEvent } from '#shared/feed/intake';
import type { FeedEncoding } from '#shared/feed/messages';
import { asRecorded } from '#tests/helpers/as-recorded';
import { FeedServer } from '#tests/helpers/feed-server';
import { waitUntil } from '#tests/helpers/wait-until';

const quote = (number: number) => ({
  exchangeID: 'SHFE',
  instrumentID: `au${number}`,
  updateTimeMs: 1_715_130_000_000 + number,
  lastPrice: 560 + number,
});
const trade = (number: number) => ({
  accountID: 'A1',
  exchangeID: 'SHFE',
  instrumentID: 'au2412',
  tradeID: `T${number}`,
  direction: 'buy' as const,
  offsetFlag: 'open' as const,
  hedgeFlag: 'speculation' as const,
  price: 561,
  volume: 1,
  tradeTimeMs: 1_715_130_000_000 + number,
});

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of cleanUp.splice(0).reverse()) await stop();
});

async function server(...options: Parameters<typeof FeedServer.start>): Promise<FeedServer> {
  const started = await FeedServer.start(...options);
  cleanUp.push(() => started.stop());
  return started;
}

class Listener {
  readonly events: IntakeEvent[] = [];
  readonly letters: DeadLetter[] = [];
  onEvents(events: readonly IntakeEvent[]): void {
    this.events.push(...events.map(asRecorded));
  }
  onDeadLetter(letter: DeadLetter): void {
    this.letters.push(letter);
  }
  /** What a book would hold of the trades. */
  trades(): string[] {
    let ids: string[] = [];
    for (const event of this.events) {
      if ((event.type !== 'items' && event.type !== 'picture') || event.stream !== 'trades') continue;
      const more = event.items.map((item) => item.tradeID);
      ids = event.type === 'picture' ? more : [...ids, ...more];
    }
    return ids;
  }
  links(): string[] {
    return this.events.flatMap((event) => (event.type === 'link' ? [event.state] : []));
  }
}

function connect(source: FeedServer, more: Partial<WebSocketFeedOptions> = {}): { feed: WebSocketFeed; listener: Listener } {
  const opened = openWebSocketFeed({
    feedId: 'test',
    url: source.url,
    clock: systemClock,
    random: () => 0,
    timings: { firstRetryMs: 10, maxRetryMs: 50, tickMs: 5, welcomeTimeoutMs: 200, handshakeTimeoutMs: 1000 },
    supervision: { resendTimeoutMs: 100, snapshotTimeoutMs: 300 },
    ...more,
  });
  if (!opened.ok) throw new Error(opened.message);
  const feed = opened.value;
  const listener = new Listener();
  feed.start(listener);
  cleanUp.push(() => feed.stop());
  return { feed, listener };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `T${index}`);
const whole = (feed: WebSocketFeed, listener: Listener, count: number) =>
  waitUntil(`${count} trades, whole`, () => feed.isWhole() && listener.trades().length === count);

describe('a feed over a WebSocket', () => {
  it.each<FeedEncoding>(['json', 'msgpack'])('brings pictures first and then every change, in %s', async (encoding) => {
    const source = await server();
    source.publish('trades', [trade(0), trade(1), trade(2)]);
    const { feed, listener } = connect(source, { encodings: [encoding] });
    await whole(feed, listener, 3);
    expect(source.encoding).toBe(encoding);
    source.publish('trades', [trade(3)]);
    source.publish('quotes', [quote(1), quote(2)]);
    await waitUntil('the quotes', () => listener.events.some((event) => event.type === 'items' && event.stream === 'quotes'));
    expect(listener.trades()).toEqual(ids(4));
    expect(listener.events.find((event) => event.type === 'items' && event.stream === 'quotes')).toMatchObject({
      items: [quote(1), quote(2)],
      sequence: 1,
    });
    expect(listener.links()).toEqual(['connecting', 'up']);
    expect(feed.picture()).toMatchObject({
      state: 'live',
      source: 'test source',
      demonstration: true,
      simulated: true,
      refusedCount: 0,
      gapCount: 0,
    });
    expect(feed.streamPictures().find(({ stream }) => stream === 'trades')).toMatchObject({ sequence: 2, tradingDay: '20240508' });
  });

  it('comes back after the network went and carries on where it was', async () => {
    const source = await server();
    source.publish('trades', [trade(0)]);
    const { feed, listener } = connect(source);
    await whole(feed, listener, 1);
    const pictures = () => listener.events.filter((event) => event.type === 'picture').length;
    const before = pictures();
    source.cut();
    await waitUntil('the link is down', () => listener.links().includes('down'));
    source.publish('trades', [trade(1)]);
    await whole(feed, listener, 2);
    expect(listener.trades()).toEqual(ids(2));
    expect(pictures()).toBe(before);
    expect(feed.picture().reconnectCount).toBe(1);
    expect(source.received.findLast((message) => message.type === 'subscribe')).toMatchObject({
      streams: expect.arrayContaining([{ stream: 'trades', from: { tradingDay: '20240508', sequence: 1 } }]),
    });
  });

  it('fills a hole by asking again, and drops what comes twice', async () => {
    const source = await server();
    const { feed, listener } = connect(source);
    await whole(feed, listener, 0);
    source.losesNext = 2;
    source.publish('trades', [trade(0)]);
    source.publish('trades', [trade(1)]);
    source.doublesNext = 1;
    source.publish('trades', [trade(2)]);
    await whole(feed, listener, 3);
    expect(listener.trades()).toEqual(ids(3));
    expect(source.countOf('resend')).toBe(1);
    expect(listener.events.filter((event) => event.type === 'gap').map((event) => event.healedBy)).toEqual([null, 'resend']);
    expect(feed.picture().gapCount).toBe(1);
  });

  it('sees by the heartbeat that the last message is missing', async () => {
    const source = await server({ heartbeatIntervalMs: 100 });
    const { feed, listener } = connect(source);
    await whole(feed, listener, 0);
    source.losesNext = 1;
    source.publish('trades', [trade(0)]);
    await whole(feed, listener, 1);
    expect(source.countOf('resend')).toBe(1);
  });

  it.each(['refusesResend', 'ignoresResend'] as const)('takes a new picture from a source that %s', async (flaw) => {
    const source = await server();
    const { feed, listener } = connect(source);
    await whole(feed, listener, 0);
    source[flaw] = true;
    source.losesNext = 1;
    source.publish('trades', [trade(0)]);
    source.publish('trades', [trade(1)]);
    await whole(feed, listener, 2);
    expect(listener.trades()).toEqual(ids(2));
    expect(listener.events.findLast((event) => event.type === 'gap')).toMatchObject({ healedBy: 'snapshot' });
  });

  it('never shows half a picture when the link breaks in the middle of one', async () => {
    const source = await server();
    source.publish('trades', [trade(0), trade(1), trade(2)]);
    source.breaksSnapshots = 2;
    const { feed, listener } = connect(source);
    await whole(feed, listener, 3);
    const sizes = listener.events.flatMap((event) => (event.type === 'picture' && event.stream === 'trades' ? [event.items.length] : []));
    expect(sizes).toEqual([3]);
    expect(source.connectionCount).toBe(3);
  });

  it('starts anew on a new trading day', async () => {
    const source = await server();
    source.publish('trades', [trade(0)]);
    const { feed, listener } = connect(source);
    await whole(feed, listener, 1);
    source.newTradingDay('20240509');
    source.publish('trades', [trade(7)]);
    await waitUntil('the new day', () => feed.isWhole() && listener.trades().join() === 'T7');
    expect(feed.streamPictures().every(({ tradingDay }) => tradingDay === '20240509')).toBe(true);
  });

  it('refuses nonsense with its reason and goes on', async () => {
    const source = await server();
    const { feed, listener } = connect(source, { encodings: ['json'] });
    await whole(feed, listener, 0);
    source.sendRaw('{"type":"data"');
    source.sendRaw(Uint8Array.from([0xdd, 0xff, 0xff, 0xff, 0xff]));
    source.sendRaw(JSON.stringify({ type: 'data', stream: 'nowhere' }));
    source.publish('trades', [trade(0), { ...trade(1), price: 1.7976931348623157e308 }, trade(2)]);
    await waitUntil('the good trades', () => listener.trades().length === 2);
    expect(listener.trades()).toEqual(['T0', 'T2']);
    expect(listener.letters.map(({ stream }) => stream)).toEqual([null, null, null, 'trades']);
    expect(listener.letters[3]?.reason).toMatch(/price/);
    expect(feed.picture()).toMatchObject({ state: 'live', refusedCount: 4 });
  });

  it.each<FeedEncoding>(['json', 'msgpack'])('refuses one item whose text is not UTF-8 and takes all others, in %s', async (encoding) => {
    const source = await server();
    source.inGbk = 'GGGG';
    const { feed, listener } = connect(source, { encodings: [encoding] });
    await whole(feed, listener, 0);
    source.publish('trades', [trade(0), { ...trade(1), accountID: 'GGGG' }, trade(2)]);
    source.publish('trades', [trade(3)]);
    await waitUntil('the trades after it', () => listener.trades().length === 3);
    expect(listener.trades()).toEqual(['T0', 'T2', 'T3']);
    expect(listener.letters).toEqual([expect.objectContaining({ stream: 'trades', reason: 'accountID: the text is not UTF-8' })]);
    expect(source.connectionCount).toBe(1);
    expect(feed.picture()).toMatchObject({ state: 'live', refusedCount: 1, gapCount: 0 });
  });

  it('goes past a message that breaks the link, by snapshots, and says what it was', async () => {
    const source = await server({ encodings: ['json'] });
    const { feed, listener } = connect(source, { maxPayloadBytes: 20_000 });
    await whole(feed, listener, 0);
    source.publish(
      'quotes',
      Array.from({ length: 400 }, () => quote(1)),
    );
    source.publish('trades', [trade(0)]);
    await waitUntil('a whole picture after it', () => source.connectionCount === 2 && feed.isWhole() && listener.trades().length === 1);
    expect(listener.letters).toEqual([expect.objectContaining({ stream: null, reason: expect.stringMatching(/payload/i) })]);
    expect(feed.picture()).toMatchObject({ state: 'live', refusedCount: 1 });
  });

  it('closes the link on a message that is too large, and comes back', async () => {
    const source = await server();
    const { feed, listener } = connect(source, { maxPayloadBytes: 10_000 });
    await whole(feed, listener, 0);
    source.sendRaw('x'.repeat(20_000));
    await waitUntil('a second connection', () => source.connectionCount === 2 && feed.isWhole());
    expect(listener.events.find((event) => event.type === 'link' && event.state === 'down')).toMatchObject({
      reason: expect.stringMatching(/payload|1009|1006/i),
    });
  });

  it('shows a silent source as stale, gives it up, and tries again', async () => {
    const source = await server({ heartbeatIntervalMs: 100 });
    const { feed, listener } = connect(source);
    await whole(feed, listener, 0);
    source.isSilent = true;
    await waitUntil('stale', () => feed.picture().state === 'stale');
    await waitUntil('down', () => listener.links().includes('down'));
    source.isSilent = false;
    await waitUntil('live again', () => feed.picture().state === 'live' && feed.isWhole());
  });

  it('gives up on a source that never says welcome', async () => {
    const source = await server();
    source.withholdsWelcome = true;
    const { feed } = connect(source);
    await waitUntil('a second attempt', () => source.connectionCount >= 2);
    source.withholdsWelcome = false;
    await waitUntil('live', () => feed.picture().state === 'live');
  });

  it('sends heartbeats of its own', async () => {
    const source = await server({ heartbeatIntervalMs: 100 });
    connect(source);
    await waitUntil('two heartbeats', () => source.countOf('heartbeat') >= 2);
  });

  it('shows why the source refused, and never writes the token down', async () => {
    const source = await server({ token: 'right' });
    const { feed, listener } = connect(source, { token: 'wrong-secret' });
    await waitUntil('refused', () => feed.picture().reason.includes('UNAUTHORISED'));
    expect(JSON.stringify([listener.events, listener.letters, feed.picture()])).not.toContain('wrong-secret');
    const right = connect(source, { feedId: 'other', token: 'right' });
    await waitUntil('live', () => right.feed.picture().state === 'live');
  });

  it('rests while paused and catches up afterwards', async () => {
    const source = await server();
    const { feed, listener } = connect(source);
    await whole(feed, listener, 0);
    feed.pause();
    expect(feed.picture().state).toBe('paused');
    source.publish('trades', [trade(0)]);
    feed.resume();
    await whole(feed, listener, 1);
  });

  it('brings fresh pictures on request, for a recording that starts now', async () => {
    const source = await server();
    source.publish('trades', [trade(0)]);
    const { feed, listener } = connect(source);
    await whole(feed, listener, 1);
    const count = () => listener.events.filter((event) => event.type === 'picture').length;
    const before = count();
    feed.requestPictures();
    await waitUntil('all pictures again', () => count() === before + 8);
  });

  it('keeps trades whole and quotes newest when the desk is too slow', async () => {
    const source = await server();
    const { feed, listener } = connect(source, { encodings: ['json'] });
    await whole(feed, listener, 0);
    const slow = listener.onEvents.bind(listener);
    listener.onEvents = (events) => {
      const startMs = performance.now();
      while (performance.now() - startMs < 4) slow([]);
      slow(events);
    };
    for (let number = 0; number < 400; number += 1) {
      source.publish('quotes', [{ ...quote(1), lastPrice: number }]);
      if (number % 40 === 0) source.publish('trades', [trade(number / 40)]);
    }
    const last = () => {
      const event = listener.events.findLast((candidate) => candidate.type === 'items' && candidate.stream === 'quotes');
      return event?.type === 'items' && event.stream === 'quotes' ? event.items[0]?.lastPrice : undefined;
    };
    await waitUntil('the newest quote and all trades', () => last() === 399 && listener.trades().length === 10);
    expect(listener.trades()).toEqual(ids(10));
    expect(feed.coalescedCount).toBeGreaterThan(0);
    expect(feed.picture().state).toBe('live');
  });

  it('delivers nothing after stop', async () => {
    const source = await server();
    const { feed, listener } = connect(source);
    await whole(feed, listener, 0);
    await feed.stop();
    const count = listener.events.length;
    source.publish('trades', [trade(0)]);
    await waitUntil('the source sees it go', () => source.received.length > 0);
    expect(listener.events.length).toBe(count);
    expect(listener.links().at(-1)).toBe('down');
  });
});

describe('trying a feed', () => {
  it('says who answers', async () => {
    const source = await server();
    const outcome = await testFeed({ feedId: 'x', url: source.url, encoding: 'msgpack' });
    expect(outcome).toMatchObject({ ok: true, value: { source: 'test source', tradingDay: '20240508' } });
  });

  it('says why nobody does', async () => {
    const source = await server({ token: 'right' });
    expect(await testFeed({ feedId: 'x', url: source.url, encoding: 'json' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await testFeed({ feedId: 'x', url: 'ws://example.com', encoding: 'json' })).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(await testFeed({ feedId: 'x', url: 'ws://127.0.0.1:1', encoding: 'json' })).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    source.withholdsWelcome = true;
    expect(await testFeed({ feedId: 'x', url: source.url, encoding: 'json' }, 50)).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
  });
});
