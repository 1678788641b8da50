/** A demonstration feed that a test can cut and bring back at the same address, as a network or a counter would go and come. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { repositoryFolder } from './e2e-desk';

export type CuttableFeed = {
  readonly url: string;
  /** Nothing answers any more, from one moment to the next. */
  cut(): Promise<void>;
  /** The process stands still with its sockets open, as behind a firewall that drops packets; `thaw` lets it go on. */
  freeze(): void;
  thaw(): void;
  /** The same address answers again. */
  bringBack(): Promise<void>;
};

/** A demonstration feed with options of its own. */
export async function startFeed(args: readonly string[]): Promise<{ url: string; stop(): Promise<void> }> {
  const { child, url } = await start('0', args);
  return { url, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await ended;
}

function start(port: string, args: readonly string[] = []): Promise<{ child: ChildProcess; url: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(repositoryFolder, 'out', 'main', 'demo.js'), `--port=${port}`, ...args], {
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

export async function startCuttableFeed(): Promise<CuttableFeed> {
  let running = await start('0');
  return {
    url: running.url,
    cut: () => end(running.child),
    freeze() {
      running.child.kill('SIGSTOP');
    },
    thaw() {
      running.child.kill('SIGCONT');
    },
    async bringBack() {
      running = await start(new URL(running.url).port);
    },
  };
}
