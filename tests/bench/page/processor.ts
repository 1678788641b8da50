/** Whose processor time a gap between two frames was: the page's own, another process's of the desk, or another program's on the machine. */
import { readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';

type Usage = { machineSeconds: number; idleSeconds: number; byProcess: Map<string, number> };
type TraceEvent = { name: string; ph: string; pid: number; tid: number; tdur?: number; args?: { name?: string } };

/** Seconds since the machine and each process of the desk began. */
export async function processorUsage(app: ElectronApplication): Promise<Usage> {
  const metrics = await app.evaluate(({ app: desk }) =>
    desk.getAppMetrics().map(({ pid, type, name, cpu }) => ({ key: `${name ?? type} ${pid}`, seconds: cpu.cumulativeCPUUsage ?? Number.NaN })),
  );
  const times = cpus().map((cpu) => cpu.times);
  const machineMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  const idleMs = times.reduce((sum, { idle }) => sum + idle, 0);
  return { machineSeconds: machineMs / 1000, idleSeconds: idleMs / 1000, byProcess: new Map(metrics.map(({ key, seconds }) => [key, seconds])) };
}

/** Shares of all processors of the machine together, between two readings: 1 is every processor all the time. */
export function processorShares(before: Usage, after: Usage): Record<string, number> {
  const total = after.machineSeconds - before.machineSeconds;
  const shares: Record<string, number> = {};
  let desk = 0;
  for (const [key, seconds] of after.byProcess) {
    const share = (seconds - (before.byProcess.get(key) ?? 0)) / total;
    desk += share;
    if (share > 0.005) shares[key.replace(/ \d+$/, '')] = share;
  }
  const idle = (after.idleSeconds - before.idleSeconds) / total;
  return { ...shares, idle, otherPrograms: 1 - idle - desk };
}

/** The longest task of the page's main thread in so many seconds, in processor time: what no other program on the machine makes longer. */
export async function longestPageTaskMs(app: ElectronApplication, seconds: number): Promise<number> {
  const file = join(tmpdir(), `floorwatch-page-${process.pid}.json`);
  try {
    await app.evaluate(({ contentTracing }) => contentTracing.startRecording({ included_categories: ['toplevel'] }));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await app.evaluate(({ contentTracing }, path) => contentTracing.stopRecording(path), file);
    const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as { traceEvents: TraceEvent[] };
    const isMain = (event: TraceEvent): boolean => event.ph === 'M' && event.name === 'thread_name' && event.args?.name === 'CrRendererMain';
    const mains = new Set(traceEvents.filter(isMain).map(({ pid, tid }) => `${pid} ${tid}`));
    const tasks = traceEvents.filter(({ ph, name, pid, tid }) => ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`));
    return tasks.reduce((longest, { tdur }) => Math.max(longest, (tdur ?? 0) / 1000), 0);
  } finally {
    rmSync(file, { force: true });
  }
}
