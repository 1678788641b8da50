/** Keeps one engine running: starts it, starts it again when it ends, hands out its ports, and gives it time to close its books. */
import { type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import type { AuthenticatorAnswer, AuthenticatorOrder } from '#shared/contract/authenticator';
import type { EngineState } from '#shared/contract/preload';
import { type EngineOptions, type EngineReport, engineReportSchema, type ShellMessage } from '#shared/contract/shell';
import type { DrillResult } from '#shared/desk/drills/result';
import { ASK_EVERY_MS, createAnswerWatch } from '#shell/processes/answer-watch';
import { createBackOff } from '#shell/processes/back-off';
import { type PrintOrder, printPaper } from '#shell/windows/paper-window';

/** Closing the journal and backing it up takes well under a second on a good disk; a bad one gets this long before the process is ended. */
const SHUTDOWN_TIMEOUT_MS = 15_000;
/** From this many ends in a row the state is called failed; starting goes on, slowly. */
const FAILED_AFTER = 6;

export type EngineProcessEvents = {
  onState(state: EngineState): void;
  onReport(report: EngineReport): void;
  /** Never rejects. */
  askAuthenticator(order: AuthenticatorOrder): Promise<AuthenticatorAnswer>;
  log(message: string): void;
  /** What the engine prints. */
  onOutput(text: string): void;
};

export class EngineProcess {
  readonly #file: string;
  readonly #options: () => Promise<EngineOptions>;
  readonly #events: EngineProcessEvents;
  readonly #serviceName: string;
  readonly #backOff = createBackOff();
  #child: UtilityProcess | null = null;
  #isReady = false;
  #isStopping = false;
  readonly #answers = createAnswerWatch();
  #asking: NodeJS.Timeout | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** What the engine last said before it ended, which is a better reason than its exit code. */
  #lastFailure = '';
  #state: EngineState = { state: 'starting', sinceMs: Date.now(), restartCount: 0, reason: '' };

  /** `options` is asked anew before every start, because what it names (the demonstration's address) may have changed. */
  constructor(file: string, options: () => Promise<EngineOptions>, events: EngineProcessEvents, serviceName = 'Floorwatch engine') {
    this.#serviceName = serviceName;
    this.#file = file;
    this.#options = options;
    this.#events = events;
  }

  get state(): EngineState {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  start(): void {
    this.#timer = null;
    const child = utilityProcess.fork(this.#file, [], { serviceName: this.#serviceName, stdio: 'pipe' });
    this.#child = child;
    this.#lastFailure = '';
    this.#backOff.started(performance.now());
    child.stdout?.on('data', (text: Buffer) => this.#events.onOutput(String(text)));
    child.stderr?.on('data', (text: Buffer) => this.#events.onOutput(String(text)));
    child.on('message', (message: unknown) => this.#onMessage(child, message));
    child.on('exit', (code) => this.#onExit(child, code));
    void this.#options().then(
      (options) => {
        if (this.#child === child) this.#send({ type: 'start', options });
      },
      (error: unknown) => this.#events.log(`the engine cannot be told how to start: ${String(error)}`),
    );
  }

  #onMessage(child: UtilityProcess, message: unknown): void {
    if (child !== this.#child) return;
    const parsed = engineReportSchema.safeParse(message);
    if (!parsed.success) {
      this.#events.log(`the engine said something that is not in the contract: ${parsed.error.message}`);
      return;
    }
    const report = parsed.data;
    if (report.type === 'ready') {
      this.#isReady = true;
      this.#watch(child);
      this.#setState('running', '');
    }
    // It serves its windows one page, and is not asked whether it hangs: opening a large journal comes right after.
    if (report.type === 'keyLocked') {
      this.#isReady = true;
      this.#setState('running', '');
    }
    if (report.type === 'pong') {
      this.#answers.answered();
      return;
    }
    if (report.type === 'print') {
      void this.#print(child, report);
      return;
    }
    if (report.type === 'askAuthenticator') {
      const { askId, order } = report;
      void this.#events.askAuthenticator(order).then((answer) => {
        if (child === this.#child) this.#send({ type: 'authenticatorAnswered', askId, answer });
      });
      return;
    }
    if (report.type === 'failed') {
      this.#lastFailure = `${report.code}: ${report.message}`;
      this.#events.log(`the engine reports ${this.#lastFailure}`);
    }
    this.#events.onReport(report);
  }

  /** An engine that ended meanwhile gets no answer: the one after it has not asked. */
  async #print(child: UtilityProcess, order: PrintOrder): Promise<void> {
    const { printId } = order;
    const answer = await printPaper(order, this.#events.log).then(
      (pdf) => ({ type: 'printed' as const, printId, pdf: new Uint8Array(pdf), fault: '' }),
      (error: unknown) => ({ type: 'printed' as const, printId, pdf: null, fault: String(error).slice(0, 2000) }),
    );
    if (child === this.#child) this.#send(answer);
  }

  /** Only once it is ready: opening a large journal after a power cut may hold it longer than any later work. */
  #watch(child: UtilityProcess): void {
    this.#endWatch();
    this.#answers.begin();
    this.#asking = setInterval(() => {
      if (child !== this.#child || this.#isStopping) return;
      if (!this.#answers.isHung()) {
        this.#send({ type: 'ping' });
        return;
      }
      this.#endWatch();
      this.#lastFailure = 'no answer';
      this.#events.log('the engine no longer answers and is ended; the journal keeps all that was acknowledged');
      endAtOnce(child);
    }, ASK_EVERY_MS);
  }

  #endWatch(): void {
    if (this.#asking !== null) clearInterval(this.#asking);
    this.#asking = null;
  }

  #onExit(child: UtilityProcess, code: number): void {
    if (child !== this.#child) return;
    this.#endWatch();
    this.#child = null;
    this.#isReady = false;
    if (this.#isStopping) return;
    const reason = this.#lastFailure === '' ? `exit ${code}` : this.#lastFailure;
    const delayMs = this.#backOff.ended(performance.now());
    this.#events.log(`the engine ended (${reason}); starting it again in ${delayMs} ms`);
    this.#state = { ...this.#state, restartCount: this.#state.restartCount + 1 };
    this.#setState(this.#backOff.failures >= FAILED_AFTER ? 'failed' : 'restarting', reason);
    this.#timer = setTimeout(() => this.start(), delayMs);
  }

  #setState(state: EngineState['state'], reason: string): void {
    this.#state = { state, sinceMs: Date.now(), restartCount: this.#state.restartCount, reason };
    this.#events.onState(this.#state);
  }

  #send(message: ShellMessage, ports: MessagePortMain[] = []): void {
    this.#child?.postMessage(message, ports);
  }

  attachPort(windowId: number, port: MessagePortMain): void {
    this.#send({ type: 'attach-port', windowId }, [port]);
  }

  tellPower(state: 'suspended' | 'resumed' | 'screenLocked'): void {
    if (this.#isReady) this.#send({ type: 'power', state });
  }

  tellDrillResults(results: DrillResult[]): void {
    if (this.#isReady) this.#send({ type: 'drillResults', results });
  }

  pauseDrill(): void {
    if (this.#isReady) this.#send({ type: 'pauseDrill' });
  }

  /** Resolves when the engine has closed its books and ended, or was ended after its time was up. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#endWatch();
    if (this.#timer !== null) clearTimeout(this.#timer);
    const child = this.#child;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#events.log(`the engine did not stop within ${SHUTDOWN_TIMEOUT_MS} ms and is ended; the journal keeps all that was acknowledged`);
        endAtOnce(child);
      }, SHUTDOWN_TIMEOUT_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.on('message', (message: unknown) => {
        // Everything is on disk then; a process that lingers is not waited for.
        if (engineReportSchema.safeParse(message).data?.type === 'stopped') child.kill();
      });
      child.postMessage({ type: 'shutdown' } satisfies ShellMessage);
    });
  }
}

/** A process that hangs may not take a polite signal any more. */
function endAtOnce(child: UtilityProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
