/** A whole desk for a test: a demonstration broker on a real socket and an engine on a real disk, both gone at the end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBroker } from '#demo/broker';
import { type DemoServer, startDemoServer } from '#demo/server/demo-server';
import type { Capacity } from '#engine/capacity';
import { createEngine, type Engine } from '#engine/engine';
import type { EngineParts } from '#engine/engine-parts';
import type { EngineOptions, EngineReport } from '#shared/contract/shell';

export type TestDesk = {
  dataDir: string;
  reports: EngineReport[];
  start(
    demoUrl: string | null,
    capacity?: Partial<Capacity>,
    more?: Partial<Omit<EngineParts, 'options'>>,
    options?: Partial<EngineOptions>,
  ): Promise<Engine>;
  startDemo(accounts?: number): Promise<DemoServer>;
  end(): Promise<void>;
};

export function createTestDesk(): TestDesk {
  const dataDir = mkdtempSync(join(tmpdir(), 'floorwatch-engine-'));
  const reports: EngineReport[] = [];
  const engines: Engine[] = [];
  const servers: DemoServer[] = [];
  return {
    dataDir,
    reports,
    async start(demoUrl, capacity = {}, more = {}, options = {}) {
      const engine = await createEngine({
        options: { dataDir, demoUrl, isPackaged: false, sqliteModulePath: null, person: 'tester', mode: 'live', framePaceMs: 20, ...options },
        report: (report) => reports.push(report),
        capacity,
        feedTimings: { firstRetryMs: 50, maxRetryMs: 200 },
        secretCost: { memoryKiB: 1024, iterations: 1, parallelism: 1 },
        ...more,
      });
      engines.push(engine);
      return engine;
    },
    async startDemo(accounts = 60) {
      const broker = createBroker({ seed: 7, accounts, tradingDay: '20270104', phase: 'violent' });
      const server = await startDemoServer({ broker, port: 0, speed: 1 });
      servers.push(server);
      return server;
    },
    async end() {
      for (const engine of engines) await engine.stop();
      for (const server of servers) await server.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
