/** A demonstration feed that keeps back what a test wants unknown: a relay in front of the real one that drops items and stays honest about counts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Packr } from 'msgpackr';
import { type WebSocket as Socket, WebSocket, WebSocketServer } from 'ws';
import { repositoryFolder } from './e2e-desk';

export type Item = Record<string, unknown>;
/** `isKeptBack` answers true for an item that must not reach the desk. */
export type ForgetfulOptions = { demoArgs?: readonly string[]; isKeptBack?: (stream: string, item: Item) => boolean };
export type ForgetfulFeed = { readonly url: string; close(): Promise<void> };

type Message = { type: string; stream?: string; items?: Item[]; count?: number };

const packr = new Packr({ useRecords: false });

function startDemo(args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repositoryFolder, 'out', 'main', 'demo.js'), '--port=0', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let head = '';
    child.once('exit', (code) => reject(new Error(`the demonstration feed ended with ${code}`)));
    child.stdout.on('data', (data: Buffer) => {
      head += String(data);
      const line = /^(.*)\n/.exec(head)?.[1];
      if (line !== undefined) resolve({ child, url: (JSON.parse(line) as { url: string }).url });
    });
  });
}

function relay(desk: Socket, source: Socket, isKeptBack: (stream: string, item: Item) => boolean): void {
  const waiting: { data: Buffer; isBinary: boolean }[] = [];
  const droppedBySnapshot = new Map<string, number>();
  desk.on('message', (data: Buffer, isBinary) => {
    if (source.readyState === WebSocket.OPEN) source.send(data, { binary: isBinary });
    else waiting.push({ data, isBinary });
  });
  source.on('open', () => {
    for (const { data, isBinary } of waiting) source.send(data, { binary: isBinary });
  });
  source.on('message', (data: Buffer, isBinary) => {
    const message = (isBinary ? packr.unpack(data) : JSON.parse(String(data))) as Message;
    const stream = message.stream ?? '';
    if (message.type === 'snapshotBegin') droppedBySnapshot.set(stream, 0);
    if (message.items !== undefined) {
      const kept = message.items.filter((item) => !isKeptBack(stream, item));
      if (message.type === 'snapshot') droppedBySnapshot.set(stream, (droppedBySnapshot.get(stream) ?? 0) + message.items.length - kept.length);
      message.items = kept;
    }
    if (message.type === 'snapshotEnd' && message.count !== undefined) message.count -= droppedBySnapshot.get(stream) ?? 0;
    if (desk.readyState === WebSocket.OPEN) desk.send(isBinary ? packr.pack(message) : JSON.stringify(message));
  });
  desk.on('close', () => source.terminate());
  source.on('close', () => desk.terminate());
  for (const each of [desk, source]) each.on('error', () => each.terminate());
}

export async function startForgetfulFeed({ demoArgs = [], isKeptBack = () => false }: ForgetfulOptions = {}): Promise<ForgetfulFeed> {
  const { child, url } = await startDemo(demoArgs);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: (offered) => [...offered][0] ?? false });
  server.on('connection', (desk) => relay(desk, new WebSocket(url, desk.protocol), isKeptBack));
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return {
    url: `ws://127.0.0.1:${address.port}${new URL(url).pathname}`,
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await ended;
    },
  };
}
