/** A whole drill engine beside a whole live one that has everything a drill could want to touch, and what of the live one an escape would show in. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { Clock } from '#engine/clock';
import { createEngine, type Engine } from '#engine/engine';
import type { Channel } from '#shared/desk/delivery/channel';
import type { StoredEntry } from '#shared/journal/entry';
import { channelTo } from '#tests/faults/ways-out';
import { mailServer, webServer } from '#tests/helpers/notice-servers';
import { DrillRoom, worked } from '#tests/integration/drills/drill-room';
import { PageClient } from '#tests/integration/engine/page-client';
import { condition } from '#tests/integration/journal/helpers';

export const room = new DrillRoom();
export let live: Engine;
let livePage: PageClient;
export const liveEntries: StoredEntry[] = [];
let web: Awaited<ReturnType<typeof webServer>>;
let mail: Awaited<ReturnType<typeof mailServer>>;
let decoy: Server;
let decoyCalls = 0;
export let decoyUrl = '';
/** Of the live desk: what a drill would like to touch. */
export const target = { alertId: '', runId: '', incidentId: '', approvalId: '', payloadHash: '', contextHash: '', suppressed: 0 };

/** The live desk's time stands still, so that nothing of its own (an escalation that comes due, a lapsed session) falls among the attempts and is told of the drill. */
class StandingClock implements Clock {
  readonly #startedAtMs = Date.now();

  nowMs(): number {
    return this.#startedAtMs;
  }

  monotonicMs(): number {
    return performance.now();
  }
}

export async function startEngine(dataDir: string, mode: 'live' | 'drill'): Promise<Engine> {
  return createEngine({
    options: { dataDir, demoUrl: null, isPackaged: false, sqliteModulePath: null, person: 'tester', mode, framePaceMs: 20 },
    clock: new StandingClock(),
    secretCost: { memoryKiB: 1024, iterations: 1, parallelism: 1 },
  });
}

const commandFile = (): string => join(room.folder, 'a-command-ran');

/** Everything live that an escape would show in. */
export function liveState() {
  const { desk, view, people } = live;
  return {
    journal: desk.journalPicture().headFingerprint,
    entries: desk.journalPicture().entryCount,
    alerts: desk.alerts.openAlerts(),
    run: desk.plans.run(target.runId),
    incident: desk.incidents.incident(target.incidentId),
    settings: desk.settings.get(),
    channels: desk.delivery.settings().channels,
    who: people.actor(),
    notices: view.notices().notices.length,
    drills: view.drills.list().drills.length,
    posted: web.posted.length,
    mails: mail.mails.length,
    commandRan: existsSync(commandFile()),
    decoyCalls,
    files: readdirSync(room.folder, { recursive: true })
      .map(String)
      .filter((name) => !name.startsWith('drill') && !/-(wal|shm)$/.test(name))
      .sort(),
  };
}

export const wayOut = (type: Channel['type']): Channel => channelTo(type, { webUrl: web.url, mailPort: mail.port, commandFile: commandFile() });

/** Both desks, with what a drill would like to touch at the live one. */
export async function startDesks(): Promise<void> {
  [web, mail] = await Promise.all([webServer(), mailServer()]);
  decoy = createServer((socket) => {
    decoyCalls += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => decoy.listen(0, '127.0.0.1', done));
  decoyUrl = `ws://127.0.0.1:${(decoy.address() as AddressInfo).port}/`;
  live = await startEngine(room.folder, 'live');
  live.desk.onAppended((entries) => void liveEntries.push(...entries));
  livePage = new PageClient(live);
  live.desk.alerts.onConditions([condition('raised', { severity: 'critical' })]);
  target.alertId = live.desk.alerts.openAlerts()[0]?.alertId ?? '';
  target.runId = worked(await livePage.request('run.start', { planId: 'EP-01' })).runId;
  target.incidentId = worked(
    await livePage.request('incident.open', { ...{ title: 'Orders hang', eventKind: 'systemFault', state: 'active' }, ...NOTHING_YET }),
  ).incident.incidentId;
  const held = await livePage.request('rule.retire', { ruleId: 'price-move', baseVersion: 1, reason: 'tried by a test' });
  if (!held.ok && held.code === 'NEEDS_APPROVAL') target.approvalId = held.message.slice(0, 36);
  const approval = worked(await livePage.request('approval.get', { approvalId: target.approvalId })).approval;
  target.payloadHash = approval.payloadHash;
  target.contextHash = approval.contextHash;
  writeFileSync(join(room.folder, 'recordings-secret.fwr'), 'not for a drill');
  await room.start();
  await until(() => room.engine.view.status(room.clock.nowMs()).feeds[0]?.state === 'live');
  // What the live engine still had to write of the above is written.
  await live.request('settings.get', {});
}

export async function stopDesks(): Promise<void> {
  livePage.close();
  await live.stop();
  await room.end();
  await Promise.all([web.close(), mail.close(), new Promise((done) => decoy.close(done))]);
}

export const NOTHING_YET = { alertId: null, runId: null, detectedAtMs: null, impactStartMs: null } as const;

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 20));
}
