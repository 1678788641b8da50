/** The demonstration desk's process: reads its options, starts the broker and its server, says where it listens, and ends with its parent. */
import { fstatSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createBroker } from './broker';
import { obey, parseControl } from './control';
import { createLabelsFile } from './labels-file';
import { dateOf, nearestTradingDay } from './market/calendar';
import { parseDemoOptions, USAGE } from './options';
import { type DemoServer, startDemoServer } from './server/demo-server';

const EXIT_BAD_OPTION = 2;
const EXIT_CANNOT_START = 1;

/** Electron gives a utility process a port to its parent; plain Node has none. */
type ParentPort = { on(event: 'message', listener: (event: { data: unknown }) => void): void; postMessage(message: unknown): void };
const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function run(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const options = parseDemoOptions(args);
  if (!options.ok) {
    say(`demo: ${options.message}\n\n${USAGE}`);
    process.exitCode = EXIT_BAD_OPTION;
    return;
  }
  const { seed, accounts, phase, speed, port, token, labels } = options.value;
  const tradingDay = options.value['trading-day'] ?? nearestTradingDay(dateOf(Date.now()));
  const broker = createBroker({ seed, accounts, tradingDay, phase, quotesPerSecond: options.value['quotes-per-second'] });
  const labelsFile = labels === undefined ? null : createLabelsFile(labels, broker, seed);
  let server: DemoServer;
  try {
    labelsFile?.update();
    server = await startDemoServer({ broker, port, speed, token, onStep: () => labelsFile?.update() });
  } catch (error) {
    say(`demo: cannot start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = EXIT_CANNOT_START;
    return;
  }
  const announcement = { type: 'listening', url: server.url, token: token ?? null, seed, tradingDay, accounts };
  process.stdout.write(`${JSON.stringify(announcement)}\n`);
  parentPort?.postMessage(announcement);

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    labelsFile?.update();
    void server.close().then(() => process.exit(0));
  };
  const control = (message: unknown): void => {
    const command = parseControl(message);
    if (!command.ok) {
      say(`demo: ${command.message}`);
      return;
    }
    if (command.value.type === 'stop') {
      stop();
      return;
    }
    const refusal = obey(command.value, broker, server);
    if (refusal !== null) say(`demo: ${refusal}`);
  };
  parentPort?.on('message', (event) => control(event.data));
  if (parentPort === undefined) listenToStandardInput(control, stop);
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The reader of our output went away: nobody is left who knows the port.
  process.stdout.on('error', stop);
}

/** Control lines; the end of a pipe means that the parent is gone. A terminal or /dev/null says nothing about a parent. */
function listenToStandardInput(control: (message: unknown) => void, stop: () => void): void {
  let isPipe = false;
  try {
    const stats = fstatSync(0);
    isPipe = stats.isFIFO() || stats.isSocket();
  } catch {
    return;
  }
  if (!isPipe && !process.stdin.isTTY) return;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (line.trim() !== '') control(line);
  });
  if (isPipe) lines.on('close', stop);
}

void run(process.argv.slice(2));
