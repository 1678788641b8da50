/**
 * Ways in which a drill could reach something live: a channel, the live journal, a live hold, alert, incident, approval or setting, a file outside its folder,
 * another feed, the shell. Each is tried from the page or from inside.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sha256 } from '#engine/store/hash';
import type { RequestName, RequestPayload } from '#shared/contract/requests';
import { type EngineReport, engineReportSchema } from '#shared/contract/shell';
import type { Channel } from '#shared/desk/delivery/channel';
import { foldOps, joinOps, type RunOp, runOpOf } from '#shared/desk/plans/merge';
import { canonicalJson } from '#shared/journal/canonical';
import type { Outcome } from '#shared/refusal';
import { drillOrderOf } from '#shell/drill-order';
import { decoyUrl, live, liveEntries, NOTHING_YET, room, startEngine, target, until, wayOut } from '#tests/faults/drill-beside-live';
import { settingsWith } from '#tests/faults/ways-out';
import { worked } from '#tests/integration/drills/drill-room';
import { condition } from '#tests/integration/journal/helpers';

const HOLD_STEP = 9;

type Attempt = () => Promise<unknown> | unknown;
type Refusing = { name: RequestName; payload: unknown };

const ask = (name: RequestName, payload: unknown): Promise<Outcome<unknown>> =>
  room.page.request(name, payload as RequestPayload<typeof name>) as Promise<Outcome<unknown>>;
/** An attempt that must be refused, whoever is asked. */
const refused =
  (given: () => Refusing): Attempt =>
  async () => {
    const { name, payload } = given();
    const outcome = await ask(name, payload);
    // Refused for what it is about, not for a slip in how it was asked.
    expect([name, outcome.ok ? 'ok' : outcome.code]).not.toEqual([name, 'ok']);
    expect([name, outcome.ok ? 'ok' : outcome.code]).not.toEqual([name, 'INVALID']);
  };
const allowed =
  (given: () => Refusing): Attempt =>
  async () => {
    const { name, payload } = given();
    worked(await ask(name, payload));
  };

/** Past the guard at the door: as if a fault had let the setting through. */
async function smuggled(type: Channel['type']): Promise<void> {
  const { requests } = room.engine.desk.delivery;
  const channel = wayOut(type);
  worked(await requests['delivery.configure']({ settings: settingsWith([channel]), reason: 'an attempt' }));
  const tested = worked(await requests['delivery.test']({ channelId: channel.channelId }));
  expect(tested.code).toBe('drillMayNotLeave');
}

/** A critical alert of the drill while every way out is set up: it is told of here, and goes no further. */
async function criticalAlert(): Promise<void> {
  const { requests } = room.engine.desk.delivery;
  const channels = [wayOut('webhook'), wayOut('email'), wayOut('command')];
  worked(await requests['delivery.configure']({ settings: settingsWith(channels), reason: 'an attempt' }));
  const told = room.reports.filter(({ type }) => type === 'notify').length;
  room.engine.desk.alerts.onConditions([condition('raised', { severity: 'critical', entity: 'account:A0099', atMs: room.clock.nowMs() })]);
  await until(() => room.reports.filter(({ type }) => type === 'notify').length > told);
}

const shellIsDeaf =
  (report: EngineReport): Attempt =>
  () => {
    expect(drillOrderOf(engineReportSchema.parse(report))).toBeNull();
  };

async function drillConfirmationFor(request: RequestName, payload: unknown): Promise<string> {
  const about = { request, payloadHash: sha256(canonicalJson(payload)) };
  return worked(await room.page.request('auth.confirm', { login: 'duty', secret: 'demo-duty', about })).confirmationId;
}

const opsOfLiveRun = (): RunOp[] => liveEntries.filter(({ subject }) => subject === `run:${target.runId}`).flatMap((entry) => runOpOf(entry) ?? []);

const onLive = (more: object): object => ({ runId: target.runId, no: HOLD_STEP, ...more });

export const ATTEMPTS: Record<string, Attempt> = {
  // ---- channels ----
  'set up a webhook': refused(() => ({ name: 'delivery.configure', payload: { settings: settingsWith([wayOut('webhook')]), reason: 'x' } })),
  'set up mail': refused(() => ({ name: 'delivery.configure', payload: { settings: settingsWith([wayOut('email')]), reason: 'x' } })),
  'set up a command': refused(() => ({ name: 'delivery.configure', payload: { settings: settingsWith([wayOut('command')]), reason: 'x' } })),
  'send a trial message': refused(() => ({ name: 'delivery.test', payload: { channelId: 'web' } })),
  'send by a webhook that was smuggled in': () => smuggled('webhook'),
  'send by mail that was smuggled in': () => smuggled('email'),
  'run a command that was smuggled in': () => smuggled('command'),
  'raise a critical alert with every way out set up': criticalAlert,
  'ask an escalation to be sent': async () => {
    const alertId = room.engine.desk.alerts.openAlerts()[0]?.alertId ?? '';
    worked(await ask('alert.escalate', { alertId, note: 'an attempt' }));
  },
  // ---- the shell ----
  'show a desktop notification': async () => {
    const report = room.reports.find(({ type }) => type === 'notify');
    expect(report).toBeDefined();
    if (report !== undefined) await shellIsDeaf(report)();
  },
  'change the tray and the badge': shellIsDeaf({ type: 'attention', unacknowledged: { critical: 9, high: 0, medium: 0, low: 0 } }),
  'change the menus and the theme': shellIsDeaf({ type: 'preferences', language: 'en', theme: 'light' }),
  'stop the live demonstration feed': shellIsDeaf({ type: 'demonstration', isNeeded: false }),
  'open a further desk through the shell': shellIsDeaf({
    type: 'openDrillDesk',
    seed: { people: null, plans: [], firm: { licences: [], isCriticalInfrastructure: null } },
  }),
  'give a told inject to the broker': shellIsDeaf({ type: 'inject', action: { kind: 'regulatorCall' } }),
  'open a drill desk from a drill desk': refused(() => ({ name: 'drill.openDesk', payload: {} })),
  // ---- feeds ----
  'try another feed': refused(() => ({ name: 'feed.test', payload: { feedId: 'counter', url: decoyUrl, encoding: 'json' } })),
  'set another feed': refused(() => ({
    name: 'settings.change',
    payload: { key: 'feeds', value: [{ feedId: 'counter', url: decoyUrl, encoding: 'json' }] },
  })),
  'listen to a feed that was smuggled in, after a restart': async () => {
    worked(room.engine.desk.settings.change({ key: 'feeds', value: [{ feedId: 'counter', url: decoyUrl, encoding: 'json' }] }));
    await room.restartEngine();
    await until(() => room.engine.view.status(room.clock.nowMs()).feeds.some(({ state }) => state === 'live'));
    expect(room.engine.view.status(room.clock.nowMs()).feeds.map(({ feedId }) => feedId)).toEqual(['demo']);
  },
  // ---- live alerts ----
  'acknowledge a live alert': refused(() => ({ name: 'alert.acknowledge', payload: { alertIds: [target.alertId], note: 'x' } })),
  'close a live alert': refused(() => ({ name: 'alert.close', payload: { alertId: target.alertId, disposition: 'handled', note: 'x' } })),
  'hand a live alert over': refused(() => ({ name: 'alert.handOver', payload: { alertId: target.alertId, to: 'p-duty', note: 'x' } })),
  'note something on a live alert': refused(() => ({ name: 'alert.note', payload: { alertId: target.alertId, note: 'x' } })),
  'escalate a live alert': refused(() => ({ name: 'alert.escalate', payload: { alertId: target.alertId, note: 'x' } })),
  'raise the same condition, so that it counts as the live alert': () => {
    room.engine.desk.alerts.onConditions([condition('raised', { severity: 'critical' })]);
    const twin = room.engine.desk.alerts.openAlerts().find(({ entity }) => entity === 'account:A0001');
    const own = live.desk.alerts.openAlerts().find(({ alertId }) => alertId === target.alertId);
    expect(twin).toBeDefined();
    expect(twin?.dedupKey).not.toBe(own?.dedupKey);
  },
  'clear the same condition, so that the live alert ends': () =>
    room.engine.desk.alerts.onConditions([condition('cleared', { severity: 'critical' })]),
  'silence everything of the live rule': allowed(() => ({
    name: 'alert.suppress',
    payload: { kind: 'shelvedTimed', matcher: { ruleId: 'risk-level' }, covers: 'high', durationMs: 600_000, reasonCode: 'testing', note: 'x' },
  })),
  // ---- live holds and runs ----
  'sign a live hold': refused(() => ({ name: 'run.completeStep', payload: onLive({}) })),
  'override a live hold': async () => {
    const payload = onLive({ reason: 'x' });
    const confirmationId = await drillConfirmationFor('run.overrideHold', payload);
    expect((await ask('run.overrideHold', { ...payload, confirmationId })).ok).toBe(false);
  },
  "satisfy a live hold by a second person's word given at the drill desk": async () => {
    const payload = onLive({ reason: 'x' });
    const confirmationId = await drillConfirmationFor('run.overrideHold', payload);
    // Asked at the live desk's own door; nothing but the record of the refusal may come of it.
    const outcome = await live.request('run.overrideHold', { ...payload, confirmationId } as never);
    expect(outcome.ok).toBe(false);
  },
  'skip a step of a live run': refused(() => ({ name: 'run.skipStep', payload: onLive({ reason: 'x' }) })),
  'attach evidence to a live run': refused(() => ({
    name: 'run.addEvidence',
    payload: onLive({ item: { kind: 'typed', label: '', text: 'looks fine' } }),
  })),
  'end a live run': refused(() => ({ name: 'run.abort', payload: { runId: target.runId, reason: 'x' } })),
  "merge a drill's entries into a live run": () => {
    const own = opsOfLiveRun();
    const forged = own.map((op) => ({ ...op, opId: `${op.opId}x`, device: 'drill-desk', mode: 'drill' as const }));
    const abort: RunOp = {
      ...(forged[0] as RunOp),
      deviceSeq: 2,
      opId: 'forged',
      event: { type: 'run.aborted', payload: { runId: target.runId, atMs: 1, reason: 'x' } } as RunOp['event'],
    };
    const merged = foldOps(joinOps(own, forged, [abort]));
    expect(merged.map(({ state, mode }) => [state, mode])).toEqual([['running', 'live']]);
    expect(merged[0]?.roleClaims).toEqual(foldOps(own)[0]?.roleClaims);
  },
  'start the same plan, so that the live run counts as answered': async () => {
    const run = worked(await room.page.request('run.start', { planId: 'EP-01' }));
    expect(run.mode).toBe('drill');
  },
  // ---- incidents, reports, notices, approvals ----
  'act on a live incident': refused(() => ({
    name: 'incident.act',
    payload: { incidentId: target.incidentId, act: { type: 'beginRepair' } },
  })),
  'fulfil a duty of a live incident': refused(() => ({
    name: 'duty.act',
    payload: {
      incidentId: target.incidentId,
      dutyId: 'cn-csrc-first',
      act: { type: 'send', sentAtMs: 1, channel: 'phone', proof: 'x' },
    },
  })),
  'open an incident whose duties the live clock would count': async () => {
    const opened = worked(
      await room.page.request('incident.open', { ...{ title: 'Drill', eventKind: 'systemFault', state: 'active' }, ...NOTHING_YET }),
    );
    expect(opened.incident.mode).toBe('drill');
  },
  "state the firm's licences for the live desk": refused(() => ({
    name: 'firm.state',
    payload: { licences: ['cnFuturesBroker'], isCriticalInfrastructure: false, reason: 'x' },
  })),
  'decide a live approval': refused(() => ({
    name: 'approval.decide',
    payload: {
      approvalId: target.approvalId,
      decision: 'approve',
      payloadHash: target.payloadHash,
      contextHash: target.contextHash,
      note: '',
    },
  })),
  'have a rule changed at the live desk': async () => {
    await ask('rule.retire', { ruleId: 'price-move', baseVersion: 1, reason: 'x' });
  },
  'make a margin notice': async () => {
    await ask('notice.generate', { accountIDs: ['A0001'] });
  },
  // ---- people and settings ----
  'claim the desk for real people': refused(() => ({
    name: 'people.claim',
    payload: { login: 'boss', displayName: 'Bo Shen', secret: 'umbra-corvid-41-lantern' },
  })),
  'make a person who could sign in at the live desk': refused(() => ({ name: 'people.create', payload: { login: 'mole', displayName: 'Mole' } })),
  'give somebody a role': refused(() => ({
    name: 'role.grant',
    payload: { personId: 'p-duty', role: 'administrator', reach: 'firm', reason: 'x' },
  })),
  "change a person's password": refused(() => ({
    name: 'auth.changeSecret',
    payload: { current: 'demo-supervisor', secret: 'umbra-corvid-41-lantern' },
  })),
  'publish a plan that people would follow for real': refused(() => ({
    name: 'plan.publish',
    payload: { planId: 'EP-01', hash: 'a'.repeat(64), effectiveFromMs: 0 },
  })),
  'sign somebody else in at the live desk': async () => {
    worked((await room.signIn('duty')) as never);
    worked((await room.signIn('supervisor')) as never);
  },
  "change the live desk's language": allowed(() => ({ name: 'settings.change', payload: { key: 'language', value: 'en' } })),
  "change the live desk's layouts": allowed(() => ({ name: 'workspace.save', payload: { name: 'drill', layout: '{}' } })),
  // ---- files ----
  'export a table into the live folder': async () => {
    await ask('export.table', { table: 'accounts', format: 'csv', file: '../../exports/leak' });
    await ask('export.table', { table: 'accounts', format: 'csv', file: 'leak' });
  },
  'put a back-up among the live ones': allowed(() => ({ name: 'backup.now', payload: {} })),
  'record among the live recordings': async () => {
    worked(await ask('recording.start', { name: 'leak' }));
    worked(await ask('recording.stop', {}));
  },
  'read a file of the live folder as a recording': refused(() => ({
    name: 'replay.start',
    payload: { file: '../../recordings-secret.fwr', speed: 1 },
  })),
  'export the audit into the live folder': async () => {
    await ask('audit.export', { filter: {}, reason: 'x' });
  },
  // ---- the folders ----
  'open the live folder as a drill desk while the live desk runs': async () => {
    await expect(startEngine(room.folder, 'drill')).rejects.toThrow();
  },
  'open the drill folder as a live desk': async () => {
    await room.engine.stop();
    await expect(startEngine(join(room.folder, 'drill'), 'live')).rejects.toThrow(/drill desk/);
    await room.startEngine();
  },
  'open a copy of a live folder as a drill desk': async () => {
    const other = join(room.folder, 'drill', 'copy');
    mkdirSync(other, { recursive: true });
    const first = await startEngine(other, 'live');
    await first.stop();
    await expect(startEngine(other, 'drill')).rejects.toThrow(/live desk/);
  },
  'make the live desk stand still': () => live.pauseDrill(),
  'hand the shell anything but results as a result': () => {
    const results = [{ drillId: target.runId, state: 'done', title: { en: 'x', zh: 'x' }, act: { type: 'run.abort', runId: target.runId } }];
    expect(engineReportSchema.safeParse({ type: 'drillResults', results }).success).toBe(false);
  },
};

/** Attempts at the live desk's own door leave the record of their refusal there, and nothing else. */
export const REFUSED_AT_THE_LIVE_DOOR = "satisfy a live hold by a second person's word given at the drill desk";
