/** The demonstration feed as a process of its own, so that the desk reaches it over a real socket, exactly as it would a user's feed. */
import { type UtilityProcess, utilityProcess } from 'electron';
import { z } from 'zod';
import { createBackOff } from '#shell/processes/back-off';

const START_TIMEOUT_MS = 20_000;

/** The first line it prints: where it listens. */
const announcementSchema = z.object({ url: z.url({ protocol: /^ws$/ }) });

/** Which broker it is to the system, what it is started with, and how long a desk waits for it. */
type DemoProcessKind = { serviceName: string; args: readonly string[]; startTimeoutMs: number };

export class DemoProcess {
  readonly #kind: DemoProcessKind;
  readonly #file: string;
  readonly #onOutput: (text: string) => void;
  readonly #backOff = createBackOff();
  #child: UtilityProcess | null = null;
  #url: string | null = null;
  #isStopping = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    file: string,
    onOutput: (text: string) => void,
    kind: DemoProcessKind = { serviceName: 'Floorwatch demonstration feed', args: [], startTimeoutMs: START_TIMEOUT_MS },
  ) {
    this.#kind = kind;
    this.#file = file;
    this.#onOutput = onOutput;
  }

  /** Resolves to the address once it listens, or to null when it does not start: the desk then opens without a feed. */
  start(): Promise<string | null> {
    this.#timer = null;
    // Once it had a port it is asked to take the same again, so that the engine's reconnecting finds it.
    const port = this.#url === null ? 0 : new URL(this.#url).port;
    const { serviceName, args } = this.#kind;
    const child = utilityProcess.fork(this.#file, [`--port=${port}`, ...args], { serviceName, stdio: 'pipe' });
    this.#child = child;
    this.#backOff.started(performance.now());
    return new Promise((resolve) => {
      let head = '';
      const timer = setTimeout(() => resolve(null), this.#kind.startTimeoutMs);
      const read = (data: Buffer): void => {
        head += String(data);
        const end = head.indexOf('\n');
        if (end === -1) return;
        child.stdout?.off('data', read);
        child.stdout?.on('data', (text: Buffer) => this.#onOutput(String(text)));
        clearTimeout(timer);
        this.#url = urlFromAnnouncement(head.slice(0, end));
        if (this.#url === null) this.#onOutput(`not an announcement: ${head.slice(0, end)}`);
        resolve(this.#url);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', (text: Buffer) => this.#onOutput(String(text)));
      child.on('exit', (code) => {
        clearTimeout(timer);
        resolve(null);
        if (this.#child !== child || this.#isStopping) return;
        this.#child = null;
        const delayMs = this.#backOff.ended(performance.now());
        this.#onOutput(`ended (exit ${code}); starting it again in ${delayMs} ms`);
        this.#timer = setTimeout(() => void this.start(), delayMs);
      });
    });
  }

  /** A line of the broker's own control; lost while it is not running. */
  tell(control: object): void {
    this.#child?.postMessage(control);
  }

  /** Nobody listens to it once a feed of one's own is configured; when that is removed again it comes back at its old address. */
  setNeeded(isNeeded: boolean): void {
    if (this.#isStopping) return;
    if (isNeeded) {
      if (this.#child === null && this.#timer === null) void this.start();
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const child = this.#child;
    // Forgotten before it ends, so that its end does not start it again.
    this.#child = null;
    child?.kill();
  }

  stop(): void {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#child?.kill();
  }
}

function urlFromAnnouncement(line: string): string | null {
  try {
    return announcementSchema.parse(JSON.parse(line)).url;
  } catch {
    return null;
  }
}
