/** Entry of the engine's own process: takes the shell's messages, starts the engine, hands it ports, and stops it in order. */
import process from 'node:process';
import { systemClock } from '#engine/clock';
import { ShellAuthenticator } from '#engine/desk/people/shell-authenticator';
import { createEngine, type Engine } from '#engine/engine';
import { type LockedDesk, openLockedDesk } from '#engine/locked-desk';
import { type ElectronPort, pagePortFromElectron } from '#engine/port/page-port';
import { ShellPrinter } from '#engine/reports/paper/shell-printer';
import type { Log } from '#engine/store/log';
import { StoreError } from '#engine/store/store-error';
import { type EngineOptions, type EngineReport, shellMessageSchema } from '#shared/contract/shell';

/** As much of Electron's `process.parentPort` as is used: the engine imports no Electron. */
type ParentPort = {
  on(event: 'message', listener: (event: { data: unknown; ports: ElectronPort[] }) => void): void;
  postMessage(message: unknown): void;
};

const { parentPort } = process as unknown as { parentPort?: ParentPort };
if (parentPort === undefined) {
  process.stderr.write('the engine is started by the shell; on its own use the desk command\n');
  process.exit(2);
}

const report = (message: EngineReport): void => parentPort.postMessage(message);
/* What fails unforeseen ends the process: the shell starts it again, and the journal holds all that was answered. */
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const printer = new ShellPrinter(report);
const authenticator = new ShellAuthenticator(report);
const ofShell = { printer: printer.print, askAuthenticator: authenticator.ask };
let engine: Engine | null = null;
let locked: LockedDesk | null = null;
/** Pages may be handed over before the engine is ready. */
const waitingPorts: ElectronPort[] = [];

parentPort.on('message', ({ data, ports }) => {
  const parsed = shellMessageSchema.safeParse(data);
  if (!parsed.success) {
    process.stderr.write(`refused a message of the shell: ${parsed.error.message}\n`);
    return;
  }
  const message = parsed.data;
  switch (message.type) {
    case 'start':
      if (engine === null && locked === null) start(message.options);
      return;
    case 'attach-port': {
      const port = ports[0];
      if (port === undefined) return;
      if (engine !== null) engine.attachPort(pagePortFromElectron(port));
      else if (locked !== null) locked.attachPort(pagePortFromElectron(port));
      else waitingPorts.push(port);
      return;
    }
    case 'pauseDrill':
      engine?.pauseDrill();
      return;
    case 'drillResults':
      engine?.takeDrillResults(message.results);
      return;
    case 'printed':
      printer.onPrinted(message);
      return;
    case 'authenticatorAnswered':
      authenticator.onAnswered(message.askId, message.answer);
      return;
    case 'ping':
      report({ type: 'pong' });
      return;
    case 'power':
      engine?.onPower(message.state);
      return;
    case 'shutdown':
      void stop();
  }
});

function start(options: EngineOptions): void {
  /* The shell keeps what the engine prints; one JSON text per line. */
  const log: Log = (level, code, params) => void process.stderr.write(`${JSON.stringify({ level, code, ...params })}\n`);
  createEngine({ options, report, log, ...ofShell }).then(serve, (error: unknown) => {
    if (error instanceof StoreError && error.code === 'keyLocked') waitForKey(options, log);
    else fail(error);
  });
}

function serve(started: Engine): void {
  engine = started;
  for (const port of waitingPorts.splice(0)) engine.attachPort(pagePortFromElectron(port));
}

/** Windows get the page that asks for a secret; the same process is the desk's engine as soon as one opens the key. */
function waitForKey(options: EngineOptions, log: Log): void {
  try {
    locked = openLockedDesk({ dataDir: options.dataDir, framePaceMs: options.framePaceMs, clock: systemClock, log });
  } catch (error) {
    fail(error);
    return;
  }
  const { engineId, startedAtMs, opened } = locked;
  for (const port of waitingPorts.splice(0)) locked.attachPort(pagePortFromElectron(port));
  report({ type: 'keyLocked', engineId, startedAtMs });
  opened
    .then(async (keyOpened) => {
      await locked?.stop();
      locked = null;
      serve(await createEngine({ options, report, log, ...ofShell, keyOpened }));
    })
    .catch(fail);
}

async function stop(): Promise<void> {
  await locked?.stop();
  await engine?.stop();
  report({ type: 'stopped' });
  process.exit(0);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'engineFault';
  process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
  report({ type: 'failed', code: code.slice(0, 64), message: message.slice(0, 2000) });
  process.exitCode = 1;
  /* The report is posted asynchronously; without a moment the shell would only see an exit code. */
  setTimeout(() => process.exit(1), 50);
}
