import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFeedClient } from './feed-client';

const root = resolve(import.meta.dirname, '../../..');
let folder = '';
let entry = '';

/** The entry is built as it ships (one bundle, packages outside), inside the checkout so that it finds its packages. */
beforeAll(async () => {
  mkdirSync(join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(join(root, '.cache', 'demo-process-'));
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      target: 'node20.18',
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: { input: { demo: resolve(root, 'src-main/demo/main.ts') } },
    },
  });
  entry = join(folder, 'demo.js');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Running = { child: ChildProcessWithoutNullStreams; announcement: Record<string, unknown>; exited: Promise<number | null> };

async function launch(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [entry, ...args]);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited.then((code) => [`{"exited":${code}}`])])) as [
    string,
  ];
  return { child, announcement: JSON.parse(line) as Record<string, unknown>, exited };
}

async function fail(...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [entry, ...args]);
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString('utf8');
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

describe('the demonstration process', () => {
  it('says where it listens in one line, serves the feed with its token, and ends when its parent lets go', async () => {
    const labels = join(folder, 'labels.json');
    const { child, announcement, exited } = await launch(
      ...['--seed', '5', '--accounts', '20', '--token', 'secret', '--labels', labels, '--trading-day', '20261123', '--speed', '20'],
    );
    expect(announcement).toMatchObject({ type: 'listening', token: 'secret', seed: 5, tradingDay: '20261123' });
    const client = await openFeedClient(String(announcement.url), 'msgpack', { token: 'secret' });
    await client.until((message) => message.type === 'welcome', 'welcome');
    client.send({ type: 'subscribe', streams: [{ stream: 'quotes' }, { stream: 'orders' }] });
    await client.until((message) => message.type === 'data' && message.stream === 'quotes' && message.sequence > 20, 'quotes');
    child.stdin.write('{"type":"episode","kind":"fatFinger"}\n{"type":"phase","phase":"violent"}\nnonsense\n');
    await client.until(
      (message) => message.type === 'data' && message.stream === 'quotes' && message.items.length > 200,
      'a violent batch of quotes',
    );
    child.stdin.end();
    expect(await exited).toBe(0);
    const written = JSON.parse(readFileSync(labels, 'utf8')) as { seed: number; labels: { kind: string }[] };
    expect(written.seed).toBe(5);
    expect(written.labels.map((label) => label.kind)).toContain('fatFinger');
    expect(existsSync(`${labels}.partial`)).toBe(false);
  });

  it('names a bad option and ends with 2, and a taken port with 1', async () => {
    expect(await fail('--phase', 'wild')).toMatchObject({ code: 2, said: expect.stringContaining('--phase') });
    expect(await fail('--color', 'red')).toMatchObject({ code: 2, said: expect.stringContaining('--color') });
    const first = await launch('--accounts', '10');
    const port = new URL(String(first.announcement.url)).port;
    expect(await fail('--accounts', '10', '--port', port)).toMatchObject({ code: 1, said: expect.stringContaining('EADDRINUSE') });
    first.child.stdin.end();
    expect(await first.exited).toBe(0);
  });

  it('gives the same first day of messages to two processes with one seed', async () => {
    const picture = async (): Promise<unknown[]> => {
      const { child, announcement, exited } = await launch('--seed', '8', '--accounts', '12', '--trading-day', '20261123');
      const client = await openFeedClient(String(announcement.url));
      await client.until((message) => message.type === 'welcome', 'welcome');
      client.send({
        type: 'subscribe',
        streams: [
          { stream: 'quotes', from: { tradingDay: '20261123', sequence: 0 } },
          { stream: 'accounts', from: { tradingDay: '20261123', sequence: 0 } },
        ],
      });
      await client.until((message) => message.type === 'data' && message.stream === 'accounts' && message.sequence === 12, 'accounts 12');
      const data = client.messages.filter((message) => message.type === 'data' && message.sequence <= 10);
      client.close();
      child.stdin.end();
      await exited;
      return data.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    };
    expect(await picture()).toEqual(await picture());
  });
});
