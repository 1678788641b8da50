/** The composition root: builds the engine's parts in order, joins them, and stops them in the reverse order. Runs in a utility process or on plain Node. */
import { v7 as uuidv7 } from 'uuid';
import { createAccess } from '#engine/access';
import { beforeReaders, workedOnReaders } from '#engine/before-readers';
import type { Book } from '#engine/book/book';
import { SlicedCheck } from '#engine/book/full-check';
import { CapacityGuard } from '#engine/capacity';
import { systemClock } from '#engine/clock';
import { createView } from '#engine/create-view';
import type { Ask } from '#engine/desk/bus/command-bus';
import type { Desk } from '#engine/desk/desk';
import { loadDrills } from '#engine/desk/drills/drill-data';
import { DrillDesk } from '#engine/desk/drills/drill-desk';
import { stayInside } from '#engine/desk/drills/stay-inside';
import { ReportClock } from '#engine/desk/incidents/report-clock';
import { Suspicions } from '#engine/desk/incidents/suspicions';
import { NoticeDesk } from '#engine/desk/notices/notice-desk';
import type { PeopleDesk } from '#engine/desk/people/people-desk';
import type { EngineParts, EngineSetting } from '#engine/engine-parts';
import { testFeed } from '#engine/feeds/websocket/test-feed';
import { createHandovers } from '#engine/handovers';
import { openJournalRiver } from '#engine/journal-river';
import { openMarketRiver } from '#engine/market-river';
import { createNumbers } from '#engine/numbers';
import { createOversight } from '#engine/oversight';
import type { AlertSource } from '#engine/port/alert-lane';
import type { EngineView } from '#engine/port/engine-view';
import type { PagePort } from '#engine/port/page-port';
import { PortServer } from '#engine/port/port-server';
import { RefusalLog } from '#engine/port/refusal-log';
import { createEngineRequests } from '#engine/port/requests/engine-requests';
import { createRequestHandlers } from '#engine/port/requests/request-handlers';
import { createStreamServers } from '#engine/port/streams/stream-servers';
import { ReplayControl } from '#engine/replay-control';
import { Reporter } from '#engine/reporter';
import { PaperRoom, paperFolder } from '#engine/reports/paper/paper-room';
import { findResourcesFolder } from '#engine/resources';
import { startRounds } from '#engine/rounds';
import { sessionOfBook, timeZoneOfBook } from '#engine/status-picture';
import { silentLog } from '#engine/store/log';
import { LoopLag } from '#engine/timings';
import type { RequestPayload } from '#shared/contract/requests';
import { type EngineReport, engineOptionsSchema } from '#shared/contract/shell';
import type { DrillResult } from '#shared/desk/drills/result';
import type { DrillSeed } from '#shared/desk/drills/seed';

export type Engine = {
  readonly engineId: string;
  readonly view: EngineView;
  readonly desk: Desk;
  /** Who sits here, and what the rest of the engine may ask about people. */
  readonly people: PeopleDesk;
  /** The same requests a page makes, for the command line and tests. */
  readonly request: Ask;
  attachPort(port: PagePort): void;
  onPower(state: 'suspended' | 'resumed' | 'screenLocked'): void;
  /** A critical alert at the live desk: a drill that runs here stands still. */
  pauseDrill(): void;
  /** What the drill desk said of its drills, for the live one to keep. */
  takeDrillResults(results: readonly DrillResult[]): void;
  /** Resolves when everything is on disk and nothing runs any more. */
  stop(): Promise<void>;
};

/**
 * Starts an engine: store, journal, desk, last known picture, feeds, timers; resolves when it serves. Throws a StoreError (with a code that
 * says what a person can do) when the journal cannot be opened; then nothing is left running.
 */
export async function createEngine(parts: EngineParts): Promise<Engine> {
  const setting: EngineSetting = {
    parts,
    options: engineOptionsSchema.parse(parts.options),
    engineId: uuidv7(),
    clock: parts.clock ?? systemClock,
    log: parts.log ?? silentLog,
    resources: findResourcesFolder(),
  };
  const { options, engineId, clock, log, resources } = setting;
  const { mode } = options;
  const startedAtMs = clock.nowMs();

  // ---- the two rivers -------------------------------------------------------------------------------------------------
  const record = openJournalRiver(setting, { shownBook: () => shownBook(), reach: () => access.reach });
  const { store, journal, people, desk, recorder, signing, reporting } = record;
  const river = openMarketRiver(setting, record, { notices: () => notices, onForgotten: () => server.reopenAll(), shownBook: () => shownBook() });
  const { rules, market, cache, feeds, recordings } = river;

  // ---- what the screen sees -------------------------------------------------------------------------------------------
  const replays = new ReplayControl({
    clock,
    rules: () => rules.pack(),
    resolve: (name) => recordings.resolve(name),
    seal: river.sealedFiles,
    onAlerts: () => server.flushLanes(),
    onSwitched: () => server.reopenAll(),
    onFault: (error) => log('error', 'replayBroke', { message: String(error) }),
  });
  const liveAlerts: AlertSource = {
    alertSequence: () => journal.headSequence,
    alertSnapshot: () => desk.alerts.alertSnapshot(),
    alertsAfter: (sequence, limit) => desk.alerts.alertsAfter(sequence, limit),
  };
  const shownBook = (): Book => replays.current?.book ?? market.book;
  const numbers = createNumbers({
    clock,
    log,
    recorder,
    dataDir: options.dataDir,
    book: shownBook,
    liveBook: () => market.book,
    isDataLive: (nowMs) => market.core.isDataLive(nowMs),
    secondPerson: people.secondPerson,
    isDemonstration: () => feeds.pictures(clock.nowMs()).some((feed) => feed.demonstration),
  });
  const notices = new NoticeDesk(recorder, {
    book: () => market.book,
    isDataLive: () => market.core.isDataLive(clock.nowMs()),
    timeZone: () => timeZoneOfBook(market.book),
  });
  const drillSeed = (): DrillSeed => {
    const { licences, isCriticalInfrastructure } = desk.incidents.firm();
    return { people: people.copyForDrill(), plans: desk.plans.library.copyForDrill(), firm: { licences: [...licences], isCriticalInfrastructure } };
  };
  const tellShell = (report: EngineReport): boolean => {
    parts.report?.(report);
    return parts.report !== undefined;
  };
  const drills = new DrillDesk({
    recorder,
    secondPerson: people.secondPerson,
    data: loadDrills(resources),
    plans: () => desk.plans.plans(),
    actingPeople: () => people.actingPeople(),
    calendars: reporting.calendars,
    missedDuties: (fromMs, untilMs) => desk.incidents.missedDuties(fromMs, untilMs),
    openDesk: () => tellShell({ type: 'openDrillDesk', seed: drillSeed() }),
    drive: (action) => tellShell({ type: 'inject', action }),
    tell: (results) => void tellShell({ type: 'drillResults', results }),
  });
  const handovers = createHandovers({
    ...{ recorder, clock, people, desk, notices },
    feeds: (nowMs) => feeds.pictures(nowMs),
    worklists: () => numbers.view.worklists({}, clock.nowMs()).worklists,
    approvals: () => oversight.view.approvals(),
  });
  const papers = new PaperRoom({
    recorder,
    nowMs: () => clock.nowMs(),
    newId: uuidv7,
    folder: paperFolder(options.dataDir),
    timeZone: () => timeZoneOfBook(market.book),
    personNames: () => people.authPicture().names,
    entityNames: () => market.book.entityNames().names,
    planInForce: (planId) => desk.plans.library.planInForce(planId),
    roles: () => desk.plans.library.roles,
    run: (runId) => desk.plans.run(runId),
    incident: (incidentId) => {
      const incident = desk.incidents.incident(incidentId);
      return incident === null ? null : desk.incidents.view(incident);
    },
    firm: () => desk.incidents.firm(),
    drill: (drillId) => drills.view(drillId),
    handover: (handoverId) => handovers.view(handoverId),
    printer: parts.printer,
  });
  const check = new SlicedCheck();
  const loopLag = new LoopLag();
  const view = createView({
    ...{ setting, startedAtMs, record, river, replays, shownBook, numbers, notices, drills, handovers },
    ...{ check, loopLag, oversight: () => oversight },
  });
  // Always of the live desk: a run is about what happens now, whatever is on screen.
  desk.plans.readFrom(() => {
    const nowMs = clock.nowMs();
    const { book } = market;
    const unacknowledged = desk.alerts.unacknowledgedBySeverity();
    return { nowMs, feeds: feeds.pictures(nowMs), book, session: sessionOfBook(book, nowMs), unacknowledged, journal: desk.journalPicture() };
  });
  const engineRequests = createEngineRequests({
    feeds: {
      test: (payload) => testFeed(payload),
      pause: (feedId, reason) => feeds.pause(feedId, reason),
      resume: (feedId) => feeds.resume(feedId),
      reconnect: (feedId) => feeds.reconnect(feedId),
    },
    recordings,
    replays,
    book: shownBook,
    plans: () => desk.plans.plans(),
  });
  const access = createAccess({
    people,
    recorder,
    clock,
    log,
    desk,
    book: shownBook,
    handlers: () => handlers,
    approvals: () => oversight.approvals,
    exportedRows: (name, payload) => (name === 'export.table' ? numbers.exportedRows(payload as RequestPayload<'export.table'>) : null),
  });
  const oversight = createOversight({
    recorder,
    clock,
    dataDir: options.dataDir,
    file: store.journalFile,
    signing,
    secondPerson: people.secondPerson,
    world: access.bus.approvalWorld,
    people: {
      isClaimed: () => people.isClaimed,
      isPerson: (personId) => people.isActive(personId),
      names: () => people.names(),
      proveAgain: (secret) => people.proveAgain(secret),
    },
    alerts: { onConditions: (conditions) => desk.alerts.onConditions(conditions), open: desk.alerts.openConditions() },
    lastEntryAtMs: record.lastEntryAtMs,
    before: beforeReaders({
      tables: journal.tables,
      rule: (ruleId) => {
        const found = rules.requests['rule.get']({ ruleId });
        return 'ok' in found && found.ok ? found.value : null;
      },
      referenceRows: (payload) => river.reference.before(payload),
    }),
    workedOn: workedOnReaders({ tables: journal.tables }),
    accountName: (accountID) => market.book.accountRow(accountID)?.accountName ?? '',
  });
  const handlers = stayInside(
    createRequestHandlers(
      desk.requests,
      engineRequests,
      numbers.requests,
      people.requests,
      rules.requests,
      river.reference.requests,
      oversight.requests,
      notices.requests,
      drills.requests,
      papers.requests,
      handovers.requests,
    ),
    mode,
  );
  const refusals = new RefusalLog(log, () => clock.nowMs());
  const streams = createStreamServers(view);
  const server = new PortServer({
    engineId,
    startedAtMs,
    streams: () => streams,
    ask: access.bus.fromPage,
    gate: access.gate,
    alerts: () => replays.current?.alerts ?? liveAlerts,
    nowMs: () => clock.nowMs(),
    framePaceMs: options.framePaceMs,
    onRefusal: (refusal, about) => refusals.add(refusal, about),
  });

  // ---- joining the rivers ---------------------------------------------------------------------------------------------
  const reporter = new Reporter(desk, parts.report ?? (() => undefined));
  desk.delivery.onNotice = (notice) => reporter.onNotice(notice);
  desk.delivery.isDemonstration = () => feeds.pictures(clock.nowMs()).some((feed) => feed.demonstration);
  desk.alerts.currencyOf = (accountID) => market.book.accountRow(accountID)?.currencyID || null;
  desk.delivery.begin();
  people.onAccessChanged(() => server.reopenAll());
  const endListening = desk.onAppended((entries) => {
    server.flushLanes();
    reporter.onAppended(entries);
    if (entries.some((entry) => entry.type === 'setting.changed' && entry.subject.includes('feeds'))) void river.connect();
  });
  await river.connect();
  const reportClock = new ReportClock(desk.incidents, reporting.alarm, desk.alerts.openConditions());
  const suspicions = new Suspicions({
    ...{ desk: desk.incidents, rules: reporting.suspicions, alerts: journal.tables.alerts, mode },
    language: () => desk.settings.get().language,
  });
  const endRounds = startRounds({
    ...{ clock, record, river, loopLag, check, reporter, reportClock, suspicions, numbers, drills, notices, access, server },
    capacity: new CapacityGuard(parts.capacity),
    approvals: oversight.approvals,
    clockWatch: oversight.clock,
    framePaceMs: options.framePaceMs,
  });
  await oversight.approvals.resume();
  record.keepKeyInMemory();
  if (parts.keyOpened !== undefined) await people.enterWithKey(parts.keyOpened);
  reporter.begin(engineId, startedAtMs);

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    endRounds();
    await feeds.stop();
    river.signals.flush();
    await replays.stop();
    await rules.stop();
    if (recordings.picture() !== null) await recordings.stop();
    await cache.close();
    server.closeAll();
    endListening();
    access.close();
    await people.close();
    desk.close();
    await store.close();
  }

  return {
    engineId,
    view,
    desk,
    people,
    request: access.bus.fromLocal,
    attachPort: (port) => void server.attach(port),
    onPower: (state) => {
      if (state === 'resumed') {
        oversight.clock.onWake();
        feeds.reconnectAll();
      } else people.lock(state === 'suspended' ? 'suspend' : 'screenLock');
    },
    pauseDrill: () => drills.pauseForReal(),
    takeDrillResults: (results) => drills.takeResults(results),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
