import { afterEach, describe, expect, it } from 'vitest';
import { createBroker } from '#demo/broker';
import { CLOSE_CODES } from '#demo/server/client-link';
import { type DemoServer, type DemoServerOptions, startDemoServer } from '#demo/server/demo-server';
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import type { FeedSourceMessage } from '#shared/feed/messages';
import { type FeedClient, openFeedClient } from './feed-client';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Setup = Partial<Omit<DemoServerOptions, 'broker'>> & { quotesPerSecond?: number; startMinute?: number };

async function start({
  quotesPerSecond,
  startMinute,
  ...options
}: Setup = {}): Promise<{ server: DemoServer; broker: ReturnType<typeof createBroker> }> {
  const broker = createBroker({ seed: 1, accounts: 20, tradingDay: '20261123', phase: 'busy', quotesPerSecond, startMinute });
  const server = await startDemoServer({ broker, port: 0, speed: 1, isPaced: false, ...options });
  cleanUps.push(() => server.close());
  return { server, broker };
}

async function open(url: string, ...rest: [('json' | 'msgpack')?, (object | null)?]): Promise<FeedClient> {
  const client = await openFeedClient(url, ...rest);
  cleanUps.push(() => client.close());
  return client;
}

const subscribe = (client: FeedClient, streams: readonly StreamName[] = STREAM_NAMES): void =>
  client.send({ type: 'subscribe', streams: streams.map((stream) => ({ stream })) });
const ended = (client: FeedClient, stream: StreamName): Promise<FeedSourceMessage> =>
  client.until((message) => message.type === 'snapshotEnd' && message.stream === stream, `end of the ${stream} snapshot`);
const data = (client: FeedClient, stream: StreamName, sequence: number): Promise<FeedSourceMessage> =>
  client.until((message) => message.type === 'data' && message.stream === stream && message.sequence === sequence, `${stream} ${sequence}`);
const sequencesOf = (client: FeedClient, stream: StreamName): number[] =>
  client.of(stream).flatMap((message) => (message.type === 'data' ? [message.sequence] : []));

describe('the demonstration server', () => {
  it.each(['json', 'msgpack'] as const)('says who it is, then whole snapshots, then deltas without a hole (%s)', async (encoding) => {
    const { server, broker } = await start();
    const client = await open(server.url, encoding);
    const welcome = await client.until((message) => message.type === 'welcome', 'welcome');
    expect(welcome).toMatchObject({ simulated: true, demonstration: true, tradingDay: '20261123', streams: [...STREAM_NAMES] });
    subscribe(client);
    for (const stream of STREAM_NAMES) {
      const end = await ended(client, stream);
      const items = client.of(stream).flatMap((message) => (message.type === 'snapshot' ? message.items : []));
      expect(end).toMatchObject({ count: items.length, sequence: 0 });
      expect(items).toEqual(JSON.parse(JSON.stringify(broker.snapshot(stream))));
      expect(client.of(stream)[0]).toMatchObject({ type: 'snapshotBegin', reason: 'subscribed' });
    }
    server.advance(30);
    await data(client, 'quotes', 30);
    expect(sequencesOf(client, 'quotes')).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect(client.refusedByUs).toEqual([]);
  });

  it('sends again what was lost on the way', async () => {
    const { server } = await start();
    const client = await open(server.url);
    subscribe(client, ['quotes', 'accounts']);
    await ended(client, 'accounts');
    server.advance(3);
    server.loseNext('quotes');
    server.advance(3);
    await data(client, 'quotes', 6);
    expect(sequencesOf(client, 'quotes')).toEqual([1, 2, 3, 5, 6]);
    client.send({ type: 'resend', stream: 'quotes', tradingDay: '20261123', fromSequence: 4, toSequence: 4 });
    const again = await data(client, 'quotes', 4);
    expect(again).toMatchObject({ type: 'data', stream: 'quotes' });
    expect(client.of('quotes').filter((message) => message.type === 'snapshotBegin')).toHaveLength(1);
  });

  it('resumes after a sequence it still has, and gives a snapshot when it has not or when the position is not its own', async () => {
    const { server } = await start();
    server.advance(20);
    const resumed = await open(server.url);
    resumed.send({ type: 'subscribe', streams: [{ stream: 'quotes', from: { tradingDay: '20261123', sequence: 12 } }] });
    await data(resumed, 'quotes', 20);
    expect(sequencesOf(resumed, 'quotes')).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
    expect(resumed.of('quotes').some((message) => message.type === 'snapshotBegin')).toBe(false);

    for (const from of [
      { tradingDay: '20261120', sequence: 12 },
      { tradingDay: '20261123', sequence: 900 },
    ]) {
      const other = await open(server.url);
      other.send({ type: 'subscribe', streams: [{ stream: 'quotes', from }] });
      expect(await ended(other, 'quotes')).toMatchObject({ sequence: 20 });
      expect(other.of('quotes')[0]).toMatchObject({ type: 'snapshotBegin', reason: 'resendUnavailable' });
    }
  });

  it('gives a snapshot instead of messages it no longer keeps', async () => {
    const { server } = await start({ quotesPerSecond: 100_000 });
    const client = await open(server.url);
    subscribe(client, ['instrumentStatus']);
    await ended(client, 'instrumentStatus');
    server.advance(40);
    client.send({ type: 'subscribe', streams: [{ stream: 'quotes', from: { tradingDay: '20261123', sequence: 1 } }] });
    expect(await ended(client, 'quotes')).toMatchObject({ sequence: 40 });
  });

  it('answers a request for a snapshot, and refuses requests on streams nobody subscribed to', async () => {
    const { server } = await start();
    const client = await open(server.url);
    subscribe(client, ['accounts']);
    await ended(client, 'accounts');
    server.advance(5);
    client.send({ type: 'snapshotRequest', stream: 'accounts' });
    await client.until((message) => message.type === 'snapshotBegin' && message.reason === 'requested', 'requested snapshot');
    client.send({ type: 'resend', stream: 'quotes', tradingDay: '20261123', fromSequence: 1, toSequence: 2 });
    await client.until((message) => message.type === 'refusal' && message.code === 'NOT_SUBSCRIBED' && message.stream === 'quotes', 'refusal');
  });

  it('beats with the position of every subscribed stream', async () => {
    const { server } = await start({ heartbeatIntervalMs: 100 });
    const client = await open(server.url);
    subscribe(client, ['quotes', 'funds']);
    await ended(client, 'funds');
    server.advance(4);
    const beat = await client.until(
      (message) => message.type === 'heartbeat' && message.positions.some((position) => position.stream === 'quotes' && position.sequence === 4),
      'heartbeat at 4',
    );
    expect(beat).toMatchObject({ tradingDay: '20261123' });
    expect(beat.type === 'heartbeat' && beat.positions.map((position) => position.stream).sort()).toEqual(['funds', 'quotes']);
  });

  it('lets in only who says hello, in this protocol, with the right token', async () => {
    const { server } = await start({ token: 'correct horse' });
    const right = await open(server.url, 'json', { token: 'correct horse' });
    await right.until((message) => message.type === 'welcome', 'welcome');
    const wrong = await open(server.url, 'json', { token: 'battery staple' });
    expect((await wrong.closed).code).toBe(CLOSE_CODES.badToken);
    expect(wrong.messages).toEqual([expect.objectContaining({ type: 'refusal', code: 'FORBIDDEN' })]);
    const without = await open(server.url, 'json', {});
    expect((await without.closed).code).toBe(CLOSE_CODES.badToken);
    const rude = await open(server.url, 'json', null);
    rude.send({ type: 'subscribe', streams: [] });
    expect((await rude.closed).code).toBe(CLOSE_CODES.badHello);
    const garbage = await open(server.url, 'json', null);
    garbage.socket.send('not json');
    expect((await garbage.closed).code).toBe(CLOSE_CODES.badHello);
  });

  it('hangs up on who never says hello', async () => {
    const { server } = await start({ limits: { helloTimeoutMs: 50 } });
    const silent = await open(server.url, 'json', null);
    expect((await silent.closed).code).toBe(CLOSE_CODES.helloTimeout);
  });

  it('keeps a welcome client that says something it does not understand', async () => {
    const { server } = await start();
    const client = await open(server.url);
    await client.until((message) => message.type === 'welcome', 'welcome');
    client.send({ type: 'dance' });
    await client.until((message) => message.type === 'refusal' && message.code === 'INVALID', 'refusal');
    subscribe(client, ['quotes']);
    await ended(client, 'quotes');
  });

  it('withholds deltas from a client that does not read and goes on with a snapshot when it reads again', async () => {
    const { server } = await start({ quotesPerSecond: 100_000, limits: { conflateAboveBytes: 512 * 1024 } });
    const slow = await open(server.url);
    const quick = await open(server.url, 'msgpack');
    for (const client of [slow, quick]) {
      subscribe(client, ['quotes']);
      await ended(client, 'quotes');
    }
    slow.socket.pause();
    // Kernel buffers take some ten megabytes first: 20 steps are over forty.
    for (let index = 0; index < 20; index += 1) {
      server.advance(1);
      await data(quick, 'quotes', index + 1);
    }
    slow.socket.resume();
    // The market goes on: at some step the slow client has caught up and is given a snapshot.
    const caughtUp = slow.until((message) => message.type === 'snapshotBegin' && message.reason === 'resendUnavailable', 'catch-up snapshot');
    let isCaughtUp = false;
    void caughtUp.then(() => {
      isCaughtUp = true;
    });
    for (let step = 21; !isCaughtUp; step += 1) {
      server.advance(1);
      await data(quick, 'quotes', step);
    }
    await caughtUp;
    const sequences = sequencesOf(slow, 'quotes');
    expect(sequences.length).toBeLessThan(20);
    expect(sequencesOf(quick, 'quotes').slice(0, 20)).toHaveLength(20);
  });

  it('cuts off a client that stays behind', async () => {
    let nowMs = 0;
    const { server } = await start({
      quotesPerSecond: 100_000,
      limits: { conflateAboveBytes: 256 * 1024, mostBehindMs: 30_000 },
      monotonicMs: () => nowMs,
    });
    const dead = await open(server.url);
    const quick = await open(server.url, 'msgpack');
    for (const client of [dead, quick]) {
      subscribe(client, ['quotes']);
      await ended(client, 'quotes');
    }
    dead.socket.pause();
    for (let step = 1; server.clientCount === 2; step += 1) {
      server.advance(1);
      nowMs += 1_000;
      await data(quick, 'quotes', step);
    }
    expect(server.clientCount).toBe(1);
  });

  it('starts a new trading day with new snapshots and sequences from the beginning', async () => {
    const { server, broker } = await start({ quotesPerSecond: 100, startMinute: 14 * 60 + 59 });
    const client = await open(server.url);
    subscribe(client, ['quotes', 'accounts', 'instrumentStatus']);
    await ended(client, 'instrumentStatus');
    while (broker.tradingDay === '20261123') server.advance(1);
    server.advance(2);
    const end = await client.until(
      (message) => message.type === 'snapshotEnd' && message.stream === 'accounts' && message.tradingDay === '20261124',
      'snapshot of the new day',
    );
    expect(end).toMatchObject({ sequence: 0, count: 20 });
    await client.until(
      (message) => message.type === 'data' && message.tradingDay === '20261124' && message.stream === 'quotes' && message.sequence === 1,
      'first quotes',
    );
    const settled = client.of('quotes').findLast((message) => message.type === 'data' && message.tradingDay === '20261123');
    expect(settled?.type === 'data' && settled.items[0]).toHaveProperty('settlementPrice');
    const begin = client.messages.find((message) => message.type === 'snapshotBegin' && message.tradingDay === '20261124');
    expect(begin).toMatchObject({ reason: 'newTradingDay' });
  });

  it('cuts every line on request and lets clients back in afterwards', async () => {
    let nowMs = 0;
    const { server } = await start({ monotonicMs: () => nowMs });
    const client = await open(server.url);
    await client.until((message) => message.type === 'welcome', 'welcome');
    server.cut(5_000);
    expect((await client.closed).code).toBe(CLOSE_CODES.cut);
    await expect(openFeedClient(server.url)).rejects.toThrow('401');
    nowMs += 5_001;
    const back = await open(server.url);
    await back.until((message) => message.type === 'welcome', 'welcome again');
  });

  it('does not speak to web pages', async () => {
    const { server } = await start();
    const { default: WebSocket } = await import('ws');
    const socket = new WebSocket(server.url, { origin: 'https://example.org' });
    const error = await new Promise<Error>((resolve) => {
      socket.on('error', resolve);
    });
    expect(error.message).toContain('401');
  });
});
