/** A drill desk for tests: a drill engine fed by its own broker on a real socket, whose injects reach that broker as they do through the shell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBroker } from '#demo/broker';
import { obey, parseControl } from '#demo/control';
import { type DemoServer, startDemoServer } from '#demo/server/demo-server';
import type { Clock } from '#engine/clock';
import { createEngine, type Engine } from '#engine/engine';
import { sha256 } from '#engine/store/hash';
import type { DrillAct } from '#shared/contract/drills';
import type { EngineReport } from '#shared/contract/shell';
import { brokerControlOf } from '#shared/desk/drills/drive';
import type { DrillResult } from '#shared/desk/drills/result';
import { canonicalJson } from '#shared/journal/canonical';
import type { Outcome } from '#shared/refusal';
import { drillResultsOf } from '#shell/drill-order';
import { PageClient } from '#tests/integration/engine/page-client';

export function worked<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

/** The machine's clock, put forward by a test so that a drill's minutes need not be waited for. */
export class AheadClock implements Clock {
  byMs = 0;

  nowMs(): number {
    return Date.now() + this.byMs;
  }

  monotonicMs(): number {
    return performance.now();
  }
}

export class DrillRoom {
  readonly folder = mkdtempSync(join(tmpdir(), 'floorwatch-drill-'));
  readonly clock = new AheadClock();
  readonly reports: EngineReport[] = [];
  broker!: ReturnType<typeof createBroker>;
  server!: DemoServer;
  engine!: Engine;
  page!: PageClient;

  async start(): Promise<void> {
    this.broker = createBroker({ seed: 3, accounts: 40, tradingDay: '20270104', phase: 'calm' });
    this.server = await startDemoServer({ broker: this.broker, port: 0, speed: 1 });
    await this.startEngine();
  }

  async startEngine(): Promise<void> {
    this.engine = await createEngine({
      options: {
        dataDir: join(this.folder, 'drill'),
        demoUrl: this.server.url,
        isPackaged: false,
        sqliteModulePath: null,
        person: 'tester',
        mode: 'drill',
        framePaceMs: 20,
      },
      report: (report) => this.#onReport(report),
      clock: this.clock,
      feedTimings: { firstRetryMs: 50, maxRetryMs: 200 },
      secretCost: { memoryKiB: 1024, iterations: 1, parallelism: 1 },
    });
    this.page = new PageClient(this.engine);
  }

  async restartEngine(): Promise<void> {
    this.page.close();
    await this.engine.stop();
    await this.startEngine();
  }

  async end(): Promise<void> {
    this.page.close();
    await this.engine.stop();
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What it last told the firm's own desk. */
  told(): DrillResult[] {
    return this.reports.map(drillResultsOf).findLast((results) => results !== null) ?? [];
  }

  /** As a demonstration person whose secret is published. */
  signIn(login: string): Promise<unknown> {
    return this.page.request('auth.signIn', { login, secret: `demo-${login}` });
  }

  act(drillId: string, act: DrillAct): Promise<Outcome<{ drillId: string }>> {
    return this.page.request('drill.act', { drillId, act });
  }

  /** Approved by whoever is signed in, and by a second person on the spot. */
  async approve(drillId: string, login = 'duty'): Promise<Outcome<{ drillId: string }>> {
    const payload = { drillId, act: { type: 'approve' as const } };
    const about = { request: 'drill.act', payloadHash: sha256(canonicalJson(payload)) };
    const confirmed = worked(await this.page.request('auth.confirm', { login, secret: `demo-${login}`, about }));
    return this.page.request('drill.act', { ...payload, confirmationId: confirmed.confirmationId });
  }

  async running(scenarioId: string, players: string[] = ['p-duty'], evaluators: string[] = []): Promise<string> {
    const { drillId } = worked(await this.page.request('drill.draft', { scenarioId, players, controllers: [], evaluators }));
    worked(await this.approve(drillId));
    worked(await this.act(drillId, { type: 'start' }));
    return drillId;
  }

  #onReport(report: EngineReport): void {
    this.reports.push(report);
    if (report.type !== 'inject') return;
    const command = parseControl(brokerControlOf(report.action));
    if (!command.ok) throw new Error(command.message);
    if (command.value.type !== 'stop') obey(command.value, this.broker, this.server);
  }
}
