/** The demonstration desk is a source like any other: what it says passes the schemas, its holes heal, its accounts lie over an imported day. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createBroker } from '#demo/broker';
import { createOverlay } from '#demo/overlay';
import { startDemoServer } from '#demo/server/demo-server';
import { systemClock } from '#engine/clock';
import type { DeadLetter } from '#engine/feeds/feed';
import { importMarketFile } from '#engine/feeds/import/import-market-file';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { openWebSocketFeed } from '#engine/feeds/websocket/websocket-feed';
import type { IntakeEvent } from '#shared/feed/intake';
import type { FeedEncoding } from '#shared/feed/messages';
import { asRecorded } from '#tests/helpers/as-recorded';
import { waitUntil } from '#tests/helpers/wait-until';

it.each<FeedEncoding>(['json', 'msgpack'])('is understood to the last item in %s, and its holes heal', async (encoding) => {
  const broker = createBroker({ seed: 7, accounts: 60, tradingDay: '20250312', phase: 'busy' });
  const server = await startDemoServer({ broker, port: 0, speed: 1, isPaced: false });
  const opened = openWebSocketFeed({
    feedId: 'demo',
    url: server.url,
    encodings: [encoding],
    clock: systemClock,
    random: () => 0,
    timings: { tickMs: 5, firstRetryMs: 10 },
  });
  if (!opened.ok) throw new Error(opened.message);
  const feed = opened.value;
  const events: IntakeEvent[] = [];
  const letters: DeadLetter[] = [];
  feed.start({ onEvents: (list) => events.push(...list.map(asRecorded)), onDeadLetter: (letter) => letters.push(letter) });
  try {
    await waitUntil('the whole picture', () => feed.isWhole());
    server.advance(20);
    server.loseNext('quotes');
    server.advance(20);
    await waitUntil('a healed hole', () => feed.isWhole() && events.some((event) => event.type === 'gap' && event.healedBy === 'resend'));
    expect(letters).toEqual([]);
    expect(feed.picture()).toMatchObject({ demonstration: true, simulated: true, refusedCount: 0, gapCount: 1 });
    const accounts = events.find((event) => event.type === 'picture' && event.stream === 'accounts');
    expect(accounts).toMatchObject({ items: { length: 60 } });
  } finally {
    await feed.stop();
    await server.close();
  }
});

it('lays its accounts over an imported day', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floorwatch-overlay-'));
  try {
    const file = join(folder, 'comex-gc-2013-10-07-trades.csv');
    await writeFile(file, 'ms_of_day,contract_month,price,quantity\n276,201312,1313.7,2\n300,201402,1314.5,1\n900,201312,1310.1,1\n');
    const recording = join(folder, 'day.fwrec.gz');
    const report = await importMarketFile(recording, {
      file,
      kind: 'trades',
      overlay: (context) => createOverlay({ seed: 3, ...context, asOfMs: context.startMs, accounts: 40 }),
    });
    expect(report).toMatchObject({ ok: true, value: { refusedRows: 0 } });
    const opened = await RecordingReader.open(recording);
    if (!opened.ok) throw new Error(opened.message);
    const events: IntakeEvent[] = [];
    for await (const event of opened.value.events()) events.push(event);
    expect(opened.value.refusedLines).toBe(0);
    expect(events.find((event) => event.type === 'picture' && event.stream === 'accounts')).toMatchObject({ items: { length: 40 } });
    const positions = events.find((event) => event.type === 'picture' && event.stream === 'positions');
    expect(positions?.type === 'picture' ? positions.items.length : 0).toBeGreaterThan(40);
    const last = events.findLast((event) => event.type === 'items' && event.stream === 'quotes');
    expect(last).toMatchObject({ items: [{ lastPrice: 1310.1, preSettlementPrice: 1313.7 }] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
