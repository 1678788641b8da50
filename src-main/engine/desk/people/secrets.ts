/** Checks and makes digests of secrets on a thread of their own, with the cost that this desk can bear. */
import { Worker } from 'node:worker_threads';
import type { SecretRules } from '#engine/desk/people/access-data';
import type { HashCost, SecretAnswers, SecretMessage, SecretOrder, SecretReport } from '#engine/desk/people/secret-worker';
import { workerFile } from '#engine/store/worker-file';

/** A thread that nobody needs gives its memory back. */
const IDLE_END_MS = 60_000;

type Waiting = { resolve: (answer: never) => void; reject: (error: Error) => void };

export class Secrets {
  readonly #rules: SecretRules;
  #worker: Worker | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();
  #cost: Promise<HashCost> | null = null;

  /** `cost` instead of what this machine is measured to bear. */
  constructor(rules: SecretRules, cost: HashCost | null) {
    this.#rules = rules;
    if (cost !== null) this.#cost = Promise.resolve(cost);
  }

  async hash(secret: string): Promise<string> {
    return this.#ask({ t: 'hash', secret: normalised(secret), cost: await this.cost() });
  }

  verify(secret: string, phc: string): Promise<boolean> {
    return this.#ask({ t: 'verify', secret: normalised(secret), phc });
  }

  /** 32 bytes; the same secret, salt and cost give the same. */
  derive(secret: string, salt: Uint8Array, cost: HashCost): Promise<Uint8Array> {
    return this.#ask({ t: 'derive', secret: normalised(secret), salt, cost });
  }

  judge(secret: string, words: string[]): Promise<SecretAnswers['judge']> {
    return this.#ask({ t: 'judge', secret: normalised(secret), words });
  }

  /** The most memory of the dated list that this machine fills in time; measured once per start, when the first secret is chosen. */
  cost(): Promise<HashCost> {
    this.#cost ??= this.#measureCost();
    return this.#cost;
  }

  async #measureCost(): Promise<HashCost> {
    const { memoryKiB, iterations, parallelism, longestMs } = this.#rules.argon2id;
    let best: HashCost = { memoryKiB: Math.min(...memoryKiB), iterations, parallelism };
    for (const memory of [...memoryKiB].sort((a, b) => a - b)) {
      const cost = { memoryKiB: memory, iterations, parallelism };
      // Signing in digests twice: once to check, once for the key that opens the person's own keys.
      if ((await this.#ask<'measure'>({ t: 'measure', cost })) * 2 > longestMs) break;
      best = cost;
    }
    return best;
  }

  /** Ends the thread; what was still asked is refused. */
  async stop(): Promise<void> {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#rejectAll('the desk is closing');
  }

  #ask<Kind extends keyof SecretAnswers>(order: Extract<SecretOrder, { t: Kind }>): Promise<SecretAnswers[Kind]> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      const message: SecretMessage = { id, order };
      this.#start().postMessage(message);
    });
  }

  #start(): Worker {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(workerFile('secret-worker', '../desk/people'), { execArgv: [] });
    worker.unref();
    worker.on('message', (report: SecretReport) => {
      const waiting = this.#waiting.get(report.id);
      this.#waiting.delete(report.id);
      if ('fault' in report) waiting?.reject(new Error(report.fault));
      else waiting?.resolve(report.answer as never);
      if (this.#waiting.size === 0) this.#idleTimer = setTimeout(() => void this.#rest(worker), IDLE_END_MS).unref();
    });
    worker.on('error', (error) => this.#onEnded(worker, error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#onEnded(worker, 'the thread ended'));
    this.#worker = worker;
    return worker;
  }

  async #rest(worker: Worker): Promise<void> {
    if (this.#waiting.size > 0 || this.#worker !== worker) return;
    this.#worker = null;
    await worker.terminate();
  }

  #onEnded(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#rejectAll(reason);
  }

  #rejectAll(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(`secrets cannot be checked: ${reason}`));
    this.#waiting.clear();
  }
}

/** One keyboard writes a letter with its accent as one sign, another as two: both must open the door (RFC 8265). */
function normalised(secret: string): string {
  return secret.normalize('NFKC');
}
