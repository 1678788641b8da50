/** The human side of the engine in one place: every request about alerts, plans, settings and the workspace, and the desk's own log. */
import { basename, join } from 'node:path';
import type { Clock } from '#engine/clock';
import { AlertDesk } from '#engine/desk/alerts/alert-desk';
import { DeliveryRoom } from '#engine/desk/delivery/delivery-room';
import { EvidenceDesk, type EvidenceKeeper } from '#engine/desk/evidence/evidence-desk';
import type { HandlersOf } from '#engine/desk/handlers';
import { IncidentDesk } from '#engine/desk/incidents/incident-desk';
import { incidentRequests } from '#engine/desk/incidents/incident-requests';
import { PlanDesk } from '#engine/desk/plans/plan-desk';
import type { PlanProposals } from '#engine/desk/plans/plan-library';
import { planRequests } from '#engine/desk/plans/plan-requests';
import { Recorder } from '#engine/desk/record';
import type { SecondPerson } from '#engine/desk/second-person';
import { recordedSettings, SettingsDesk } from '#engine/desk/settings/settings-desk';
import { WorkspaceDesk } from '#engine/desk/workspace/workspace-desk';
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { StoredEntry } from '#engine/journal/journal';
import { EvidenceFiles } from '#engine/store/evidence-files';
import { type Log, silentLog } from '#engine/store/log';
import type { Store } from '#engine/store/open-store';
import { orderRestore } from '#engine/store/restore-order';
import type { EvidenceRequestName } from '#shared/contract/evidence';
import type { INCIDENT_REQUESTS } from '#shared/contract/incidents';
import type { RequestAnswer, RequestName, RequestPayload, Settings } from '#shared/contract/requests';
import type { HealthPicture, StatusPicture } from '#shared/contract/streams';
import { decideAlert } from '#shared/desk/alerts/decide';
import type { DeskEventBody, FeedEventBody } from '#shared/desk/desk/events';
import type { ReportingRules } from '#shared/desk/incidents/duties';
import type { PlanLibrary } from '#shared/desk/plans/plan';
import { NO_ROTE_GUARD, type RoteGuard } from '#shared/desk/plans/rote-guard';
import { NO_RUN_RULES, type RunRules } from '#shared/desk/plans/run-rules';
import { CHECKPOINT_EVERY_MS } from '#shared/journal/checkpoint';
import type { Mode } from '#shared/journal/entry';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type DeskRequestName =
  | Extract<
      RequestName,
      | `settings.${string}`
      | `alert.${string}`
      | `delivery.${string}`
      | `plan.${string}`
      | `run.${string}`
      | `workspace.${string}`
      | 'backup.now'
      | 'backup.restore'
    >
  | keyof typeof INCIDENT_REQUESTS
  | EvidenceRequestName;

export type DeskRequests = HandlersOf<DeskRequestName>;

export type DeskParts = {
  store: Store;
  journal: ChainedJournal;
  clock: Clock;
  newId: () => string;
  /** This start of the engine: entries of one session were made between one opening and one closing. */
  session: string;
  mode: Mode;
  library: PlanLibrary;
  proposals: PlanProposals;
  /** What marks a run as clicked through; left out, nothing does. */
  roteGuard?: RoteGuard['rules'];
  /** What a run holds people and readings to; left out, nothing. */
  runRules?: RunRules;
  reporting: Pick<ReportingRules, 'packs' | 'calendars' | 'recoveryWatchMs'>;
  /** Left out: no second person can confirm anything here, and what needs two is refused. */
  secondPerson?: SecondPerson;
  /** The human behind a person's record; left out, each record is a human of its own. */
  humanOf?: (personId: string) => string;
  /** Whether there is such a person at this desk, who has not left; left out, anybody may be named. */
  isPerson?: (personId: string) => boolean;
  /** The personId of whoever is signed in; left out, the name in the settings. */
  person?: () => string;
  /** What holds until a person changes it; `person` is who sits here as far as the machine knows. */
  defaultSettings: Settings;
  log?: Log;
  /** Called when somebody's data has become unreadable: what holds names in memory forgets them. */
  onDestroyed?: () => void;
};

export type Desk = {
  alerts: AlertDesk;
  delivery: DeliveryRoom;
  plans: PlanDesk;
  incidents: IncidentDesk;
  evidence: EvidenceKeeper;
  settings: SettingsDesk;
  workspace: WorkspaceDesk;
  /** One handler per request name; the payload was parsed with the request's schema before. */
  requests: DeskRequests;
  /** Records the opening (and a restore, if there was one) and starts the hourly back-ups. */
  open: (version: string) => void;
  /** Records a feed's coming and going. Nothing is thrown when the journal cannot be written; the failure shows in `journalPicture`. */
  recordFeed: (event: FeedEventBody) => void;
  /** Records the closing; the store is closed after it. */
  close: () => void;
  journalPicture: () => StatusPicture['journal'];
  storePicture: (cache: { file: string; bytes: number }, bytesOf: (file: string) => number) => HealthPicture['store'];
  /** Called after each commit with its entries. */
  onAppended: (listener: (entries: readonly StoredEntry[]) => void) => () => void;
};

export function createDesk(parts: DeskParts): Desk {
  const { store, journal, clock } = parts;
  const log = parts.log ?? silentLog;
  const settingsTable = journal.tables.settings;
  const person = parts.person ?? ((): string => recordedSettings(settingsTable, parts.defaultSettings).person);
  const recorder = new Recorder({ journal, mode: parts.mode, clock, newId: parts.newId, session: parts.session, person, log });
  const secondPerson = parts.secondPerson ?? { take: () => refuse('UNAVAILABLE', 'nobody else can confirm at this desk') };
  const isPerson = parts.isPerson ?? (() => true);
  const alerts = new AlertDesk(recorder, (kind) => parts.proposals[kind] ?? [], secondPerson);
  const onFault = (error: unknown): void => log('error', 'deliveryBroke', { message: error instanceof Error ? error.message : String(error) });
  const delivery = new DeliveryRoom({ recorder, alerts, secrets: store.channelSecrets, clock, onFault, isPerson });
  journal.onAppended((entries) => delivery.onAppended(entries));
  const incidents = new IncidentDesk(recorder, secondPerson, parts.reporting, parts.humanOf);
  const plans = new PlanDesk({
    recorder,
    bundled: {
      library: parts.library,
      proposals: parts.proposals,
      roteGuard: parts.roteGuard ?? NO_ROTE_GUARD,
      runRules: parts.runRules ?? NO_RUN_RULES,
    },
    secondPerson,
    humanOf: parts.humanOf,
    isSceneOpen: (run) => incidents.isSceneOpen(run),
    exportFolder: join(store.directory, 'exports'),
    linkAlert: (alert, runId, context) => decideAlert(alert, { type: 'linkRun', runId }, context, alerts.policy),
  });
  const files = new EvidenceFiles(store.directory, store.sealer);
  const evidence = new EvidenceDesk({
    recorder,
    files,
    subjectKeys: store.subjectKeys,
    secondPerson,
    exportFolder: join(store.directory, 'exports'),
    onDestroyed: parts.onDestroyed,
  });
  const settings = new SettingsDesk(recorder, store.tokens, parts.defaultSettings);
  const workspace = new WorkspaceDesk(recorder);

  function note(event: DeskEventBody | FeedEventBody, subject: string): void {
    // The outcome is in the log and in the journal's state: what the desk notes about itself has nobody to answer to.
    recorder.record(event.type, [{ ...event, subject }], { actor: 'engine' });
  }

  let checkpointTimer: NodeJS.Timeout | undefined;
  function makeCheckpoint(): void {
    try {
      journal.checkpoint();
    } catch (error) {
      // A full disk, most likely: the entries are safe, and the next checkpoint covers them too.
      log('error', 'checkpointFailed', { message: error instanceof Error ? error.message : String(error) });
    }
  }

  store.backups.onMade = ({ file, verified, entryCount, evidenceCount, atMs }) => {
    if (store.journalFile.database.open) note({ type: 'backup.made', payload: { atMs, file, verified, entryCount, evidenceCount } }, 'desk');
  };
  store.backups.copyEvidence = () => files.backUp();

  function restoreBackup({ file, reason }: RequestPayload<'backup.restore'>): Outcome<RequestAnswer<'backup.restore'>> {
    const found = store.backups.list().find((each) => basename(each.file) === file);
    if (found === undefined) return recorder.refused('backup.restore', refuse('UNKNOWN', `there is no back-up ${file}`, 'file'));
    const event = { type: 'backup.restoreOrdered', subject: 'desk', payload: { atMs: clock.nowMs(), file, reason } };
    const recorded = recorder.record('backup.restore', [event]);
    if (!recorded.ok) return recorded;
    orderRestore(store.directory, file);
    return accept({ file });
  }

  const requests: DeskRequests = {
    'settings.get': () => accept(settings.get()),
    'settings.change': (payload) => settings.change(payload),
    'alert.get': (payload) => alerts.get(payload),
    'alert.acknowledge': (payload) => alerts.acknowledge(payload),
    'alert.note': (payload) => alerts.note(payload),
    'alert.close': (payload) => alerts.close(payload),
    'alert.handOver': (payload) =>
      isPerson(payload.to)
        ? alerts.handOver(payload)
        : recorder.refused('alert.handOver', refuse('INVALID', `to: there is no such person at this desk: ${payload.to}`, 'to')),
    'alert.escalate': (payload) => alerts.escalate(payload),
    'alert.list': (payload) => alerts.list(payload),
    'alert.statistics': (payload) => alerts.statistics(payload),
    ...delivery.requests,
    ...planRequests(plans),
    ...incidentRequests(incidents),
    ...evidence.requests,
    'workspace.save': (payload) => workspace.save(payload),
    'workspace.list': () => workspace.list(),
    'workspace.remove': (payload) => workspace.remove(payload),
    'backup.restore': (payload) => restoreBackup(payload),
    'backup.now': async () => {
      const made = await store.backups.make();
      return made.ok ? accept({ file: made.value.file, verified: made.value.verified }) : recorder.refused('backup.now', made);
    },
  };

  return {
    alerts,
    delivery,
    plans,
    incidents,
    evidence,
    settings,
    workspace,
    requests,
    open(version) {
      const atMs = clock.nowMs();
      const { notice, journalFile, sqlite } = store;
      const { witnessFault } = journal;
      if (witnessFault !== null) note({ type: 'desk.journalRestored', payload: { atMs, ...witnessFault } }, 'desk');
      if (notice !== null) {
        note({ type: 'desk.journalRestored', payload: { atMs, code: notice.code, params: notice.params } }, 'desk');
        void evidence.checkAll().catch((error: unknown) => log('error', 'evidenceNotChecked', { message: String(error) }));
      }
      const { wasClosedCleanly } = journalFile;
      note({ type: 'desk.opened', payload: { atMs, version, sqliteVersion: sqlite.version, wasClosedCleanly } }, 'desk');
      store.backups.start();
      checkpointTimer = setInterval(makeCheckpoint, CHECKPOINT_EVERY_MS).unref();
    },
    recordFeed: (event) => note(event, `feed:${event.payload.feedId}`),
    close() {
      clearInterval(checkpointTimer);
      note({ type: 'desk.closed', payload: { atMs: clock.nowMs() } }, 'desk');
      makeCheckpoint();
    },
    journalPicture() {
      const noticeOf = (): Pick<StatusPicture['journal'], 'notice' | 'noticeParams'> => {
        if (recorder.failure !== null) return { notice: recorder.failure.code, noticeParams: { fault: recorder.failure.message } };
        if (store.notice !== null) return { notice: store.notice.code, noticeParams: store.notice.params };
        if (journal.witnessFault !== null) return { notice: journal.witnessFault.code, noticeParams: journal.witnessFault.params };
        if (status.lastFault !== null) return { notice: 'backupFailed', noticeParams: { fault: status.lastFault } };
        return { notice: null, noticeParams: {} };
      };
      const { status } = store.backups;
      const isDegraded = store.notice !== null || journal.witnessFault !== null || status.lastFault !== null || journal.tables.parkedCount() > 0;
      return {
        state: recorder.failure !== null ? 'failed' : isDegraded ? 'degraded' : 'ok',
        entryCount: journal.headSequence,
        headFingerprint: journal.headFingerprint,
        lastBackupAtMs: status.lastAtMs,
        lastBackupVerified: status.lastVerified,
        ...noticeOf(),
      };
    },
    storePicture: (cache, bytesOf) => ({
      journalFile: store.journalFile.path,
      journalBytes: bytesOf(store.journalFile.path),
      cacheFile: cache.file,
      cacheBytes: cache.bytes,
      sqliteVersion: store.sqlite.version,
      protection: store.dataKey.protection,
      backups: store.backups.list(),
    }),
    onAppended: (listener) => journal.onAppended(listener),
  };
}
