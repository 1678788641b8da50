/** The drill desk: a second engine with its own folder, its own broker and its own window. It shares nothing with the live desk but this program. */
import { join } from 'node:path';
import { MessageChannelMain, type Session, type WebContents } from 'electron';
import { CHANNELS } from '#shared/contract/channels';
import type { EngineOptions, EngineReport } from '#shared/contract/shell';
import type { DrillResult } from '#shared/desk/drills/result';
import type { DrillSeed } from '#shared/desk/drills/seed';
import { drillOrderOf, drillResultsOf } from '#shell/drill-order';
import { DemoProcess } from '#shell/processes/demo-process';
import { EngineProcess } from '#shell/processes/engine-process';
import { createDeskWindows } from '#shell/windows';

/** A live desk without the demonstration is still a desk; a drill without its broker has nothing to play on, so it is waited for. */
const BROKER_START_TIMEOUT_MS = 120_000;

type DrillDeskParts = {
  /** The live desk's folder; the drill's lies in it, apart. */
  dataDir: string;
  /** Where the built engine.js and demo.js are. */
  programFolder: string;
  /** All but what makes it a drill. Asked at each start. */
  options: (dataDir: string) => Promise<Omit<EngineOptions, 'dataDir' | 'demoUrl' | 'mode' | 'drillSeed'>>;
  /** Guarded as the live pages' session is, and not theirs. Asked once the app is ready. */
  session: () => Session;
  /** How its drills stand, for the live desk. */
  onResults: (results: DrillResult[]) => void;
  log: (text: string) => void;
};

type DrillDesk = {
  /** Opens it with the firm's people and plans as they are now, or brings its window to the front. */
  open(seed: DrillSeed): void;
  isOurs(contents: WebContents): boolean;
  onPageReady(contents: WebContents): void;
  /** Something real is critical at the live desk. */
  pause(): void;
  tellPower(state: 'suspended' | 'resumed' | 'screenLocked'): void;
  stop(): Promise<void>;
};

type Running = { engine: EngineProcess; broker: DemoProcess };

export function createDrillDesk(parts: DrillDeskParts): DrillDesk {
  const dataDir = join(parts.dataDir, 'drill');
  const { log } = parts;
  const windows = createDeskWindows(dataDir, log, parts.session);
  const listening = new Set<WebContents>();
  let running: Running | null = null;
  /** A desk that still closes its books: another may not open the same folder before that is done. */
  let closing: Promise<void> = Promise.resolve();

  function handOverPort(contents: WebContents): void {
    if (running?.engine.isReady !== true || contents.isDestroyed()) return;
    const { port1, port2 } = new MessageChannelMain();
    running.engine.attachPort(contents.id, port1);
    contents.postMessage(CHANNELS.port, null, [port2]);
  }

  function onReport(report: EngineReport): void {
    if (report.type === 'ready') for (const contents of listening) handOverPort(contents);
    const order = drillOrderOf(report);
    if (order !== null) running?.broker.tell(order);
    const results = drillResultsOf(report);
    if (results !== null) parts.onResults(results);
  }

  function start(drillSeed: DrillSeed): Running {
    const broker = new DemoProcess(join(parts.programFolder, 'demo.js'), (text) => log(`broker: ${text}`), {
      serviceName: 'Floorwatch drill broker',
      // The scenario says when the market turns; until then it is calm.
      args: ['--phase=calm'],
      startTimeoutMs: BROKER_START_TIMEOUT_MS,
    });
    const demoUrl = broker.start();
    const engine = new EngineProcess(
      join(parts.programFolder, 'engine.js'),
      async () => ({ ...(await parts.options(dataDir)), dataDir, demoUrl: await demoUrl, mode: 'drill', drillSeed }),
      {
        onState: (state) => windows.sendToAll(CHANNELS.engineState, state),
        onReport,
        // Its people are the demonstration's: none of them has one.
        askAuthenticator: () => Promise.resolve({ kind: 'probed', isThere: false }),
        log,
        onOutput: (text) => log(`engine: ${text}`),
      },
      'Floorwatch drill engine',
    );
    engine.start();
    return { engine, broker };
  }

  async function stop(): Promise<void> {
    const stopped = running;
    running = null;
    if (stopped !== null) {
      closing = stopped.engine.stop().then(() => stopped.broker.stop());
    }
    await closing;
  }

  return {
    open(seed) {
      if (running !== null) {
        windows.focusMain();
        return;
      }
      void closing.then(() => {
        if (running !== null) return;
        running = start(seed);
        windows.openMain();
        for (const contents of windows.all()) contents.once('destroyed', () => void stop());
      });
    },
    isOurs: windows.isOurs,
    onPageReady(contents) {
      if (!listening.has(contents)) contents.once('destroyed', () => listening.delete(contents));
      listening.add(contents);
      if (running !== null) contents.send(CHANNELS.engineState, running.engine.state);
      handOverPort(contents);
    },
    pause: () => running?.engine.pauseDrill(),
    tellPower: (state) => running?.engine.tellPower(state),
    stop,
  };
}
