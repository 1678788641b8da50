/** The composition root: builds the engine's parts in order, joins them, and stops them in the reverse order. Runs in a utility process or on plain Node. */
import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { createAccess, createPeople } from '#engine/access';
import { beforeReaders, workedOnReaders } from '#engine/before-readers';
import type { Book } from '#engine/book/book';
import { SlicedCheck } from '#engine/book/full-check';
import { type Capacity, CapacityGuard } from '#engine/capacity';
import { type Clock, systemClock } from '#engine/clock';
import type { Ask } from '#engine/desk/bus/command-bus';
import { createDesk, type Desk } from '#engine/desk/desk';
import { loadDrills } from '#engine/desk/drills/drill-data';
import { DrillDesk } from '#engine/desk/drills/drill-desk';
import { stayInside } from '#engine/desk/drills/stay-inside';
import { ReportClock } from '#engine/desk/incidents/report-clock';
import { loadReportingRules } from '#engine/desk/incidents/reporting-rules';
import { NoticeDesk } from '#engine/desk/notices/notice-desk';
import type { AskAuthenticator } from '#engine/desk/people/authenticators';
import type { PeopleDesk } from '#engine/desk/people/people-desk';
import type { HashCost } from '#engine/desk/people/secret-worker';
import { loadPlans } from '#engine/desk/plans/plan-library';
import { Recorder } from '#engine/desk/record';
import { FeedControl } from '#engine/feed-control';
import type { FeedSink } from '#engine/feeds/feed';
import { RecordingTap } from '#engine/feeds/recording/recording-tap';
import { testFeed } from '#engine/feeds/websocket/test-feed';
import { openWebSocketFeed } from '#engine/feeds/websocket/websocket-feed';
import type { WebSocketTimings } from '#engine/feeds/websocket/websocket-options';
import { createHandovers } from '#engine/handovers';
import { buildHealthPicture } from '#engine/health-picture';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { createEntryIds } from '#engine/journal/entry-ids';
import { SigningKeys } from '#engine/journal/signing/signing-keys';
import { LiveMarket } from '#engine/live-market';
import type { KeyOpened } from '#engine/locked-desk';
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
import { RecordingControl } from '#engine/recording-control';
import { ReplayControl } from '#engine/replay-control';
import { Reporter } from '#engine/reporter';
import { PaperRoom, paperFolder } from '#engine/reports/paper/paper-room';
import type { PaperPrinter } from '#engine/reports/paper/shell-printer';
import { findResourcesFolder } from '#engine/resources';
import { RulesRoom } from '#engine/rules-room';
import { buildStatusPicture, sessionOfBook, timeZoneOfBook } from '#engine/status-picture';
import { type DataKey, KEYCHAIN_SLOT, MEMORY_SLOT, type WrappingKey } from '#engine/store/data-key';
import { type Log, silentLog } from '#engine/store/log';
import { openStore } from '#engine/store/open-store';
import { openPictureCache, type PictureCacheStats } from '#engine/store/picture-cache';
import { SealedStreams } from '#engine/store/sealed-stream';
import { StoreError } from '#engine/store/store-error';
import { LoopLag, Timings } from '#engine/timings';
import { collectWarnings } from '#engine/warnings';
import type { FeedConfig, RequestPayload, Settings } from '#shared/contract/requests';
import { type EngineOptions, type EngineReport, engineOptionsSchema } from '#shared/contract/shell';
import type { StatusPicture } from '#shared/contract/streams';
import type { DrillResult } from '#shared/desk/drills/result';
import type { DrillSeed } from '#shared/desk/drills/seed';
import type { IntakeEvent } from '#shared/feed/intake';
import packageJson from '../../package.json' with { type: 'json' };

const TICK_MS = 250;
/** The full check goes on all the time, a little at a time: at most one part in fifty of the engine's thread. */
const CHECK_STEP_MS = 250;
const CHECK_BUDGET_MS = 5;
const NUMBERS_TICK_MS = 1_000;
const APPROVALS_TICK_MS = 5_000;
const ACCESS_TICK_MS = 1_000;
const SHOWN_RUNS = 50;
/** The feed that is used while nothing is configured and a demonstration runs. */
export const DEMO_FEED_ID = 'demo';

export type EngineParts = {
  options: EngineOptions;
  report?: (report: EngineReport) => void;
  clock?: Clock;
  log?: Log;
  /** Tests reconnect faster than a desk. */
  feedTimings?: Partial<WebSocketTimings>;
  /** Tests fill a smaller desk. */
  capacity?: Partial<Capacity>;
  /** Tests digest secrets at a fixed cost; a desk measures what it can bear. */
  secretCost?: HashCost;
  /** Turns pages into PDF; left out, a PDF is refused and the Word document is offered. */
  printer?: PaperPrinter;
  /** Asks the machine's own authenticator; left out, none is offered. */
  askAuthenticator?: AskAuthenticator;
  /** The secret that opened the key of a desk that had started locked: its way, and whom it signs in. */
  keyOpened?: KeyOpened;
};

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
  const options = engineOptionsSchema.parse(parts.options);
  const clock = parts.clock ?? systemClock;
  const log = parts.log ?? silentLog;
  const engineId = uuidv7();
  const startedAtMs = clock.nowMs();
  const resources = findResourcesFolder();

  // ---- the journal river ----------------------------------------------------------------------------------------------
  const store = openStore({
    directory: options.dataDir,
    isPackaged: options.isPackaged,
    sqliteModulePath: options.sqliteModulePath,
    clock,
    log,
    wrappingKeys: [...wrappingKeysOf(options), ...(parts.keyOpened === undefined ? [] : [parts.keyOpened.way])],
  });
  const onListenerFailure = (error: unknown): void => log('error', 'journalListenerFailed', { message: String(error) });
  const newId = createEntryIds(() => clock.nowMs());
  const journal = new ChainedJournal({ file: store.journalFile, clock, newId, onListenerFailure });
  const [first] = journal.entriesAfter(0, 1);
  if (first !== undefined && first.mode !== options.mode) {
    // Nothing was written, and nothing is: neither a drill's entries into a live record nor the other way round.
    store.journalFile.database.close();
    throw new StoreError('otherMode', `the folder ${options.dataDir} is that of a ${first.mode} desk`);
  }
  const { library, proposals, roteGuard, runRules } = loadPlans(join(resources, 'plans'));
  const reporting = loadReportingRules(resources);
  const defaultSettings: Settings = {
    ...{ language: 'zh-CN', theme: 'dark', ...options.looks },
    ...{ priceColours: 'redUp', person: options.person, feeds: [] },
  };
  const { mode } = options;
  const people = createPeople({
    journal,
    clock,
    mode,
    log,
    engineId,
    secretCost: parts.secretCost ?? null,
    dataDir: options.dataDir,
    dataKey: store.dataKey,
    onKeyKept: () => keepInMemory(store.dataKey, options, (report) => parts.report?.(report)),
    askAuthenticator: parts.askAuthenticator,
    localName: options.person,
    signer: () => signing,
    settings: () => desk.settings.get(),
    book: () => shownBook(),
  });
  const person = (): string => people.actor();
  const desk = createDesk({
    person,
    secondPerson: people.secondPerson,
    humanOf: (personId) => people.forBus.humanOf(personId),
    onDestroyed: () => people.forgetDestroyed(),
    store,
    journal,
    clock,
    newId: uuidv7,
    session: engineId,
    mode,
    library,
    proposals,
    roteGuard,
    runRules,
    reporting,
    defaultSettings,
    log,
  });
  desk.open(packageJson.version);
  /** Before anybody sits there: the same people, plans and duties as at the live desk. */
  function takeSeed({ people: copied, plans, firm }: DrillSeed): void {
    if (copied !== null) people.takeCopy(copied);
    desk.plans.library.takeCopy(plans);
    desk.incidents.takeFirm(firm);
  }
  const recorder = new Recorder({ journal, mode, clock, newId: uuidv7, session: engineId, person, log });
  const signing = new SigningKeys({
    journal,
    journalPath: store.journalFile.path,
    nowMs: () => clock.nowMs(),
    record: (event) => void recorder.append([event], 'engine'),
  });
  signing.begin();
  if (mode === 'drill' && options.drillSeed !== undefined) takeSeed(options.drillSeed);
  people.open();

  // ---- the market river -----------------------------------------------------------------------------------------------
  const rules = new RulesRoom({ recorder, market: () => market, resolveRecording: (name) => recordings.resolve(name), dataKey: store.dataKey });
  const market = new LiveMarket({
    clock,
    rules: () => rules.pack(),
    sink: desk.alerts,
    openConditions: () => desk.alerts.openConditions(),
    isFeedLive: (feedId) => feeds.isLive(feedId),
    // Asked for with the first tick, long after both are there.
    callDueAtMs: (accountID) => notices.callDueAtMs(accountID),
  });
  rules.begin();
  const wantedFeeds = (): FeedConfig[] => {
    // Whatever lies in its folder: a drill desk listens to its own broker and to nothing else.
    const configured = mode === 'drill' ? [] : desk.settings.feedConfigs();
    if (configured.length > 0 || options.demoUrl === null) return configured;
    return [{ feedId: DEMO_FEED_ID, url: options.demoUrl, encoding: 'msgpack' }];
  };
  const cache = openPictureCache({ directory: options.dataDir, sqlite: store.sqlite, clock, log, dataKey: store.dataKey });
  market.core.restore(picturesOf(cache.load(), wantedFeeds()));
  const timings = new Timings();
  const loopLag = new LoopLag();
  const coreSink: FeedSink = {
    onEvents: (events) => {
      const begunMs = clock.monotonicMs();
      market.core.onMessage(events, clock.nowMs());
      cache.put(events);
      timings.add('message', clock.monotonicMs() - begunMs);
    },
    onDeadLetter: () => undefined,
  };
  const tap = new RecordingTap(coreSink);
  const feeds = new FeedControl({
    clock,
    createFeed: (config) => {
      const { feedId, url, token, encoding } = config;
      const encodings = encoding === 'json' ? (['json'] as const) : (['msgpack', 'json'] as const);
      return openWebSocketFeed({ feedId, url, token, encodings, clock, random: Math.random, timings: parts.feedTimings ?? {} });
    },
    onEvents: (events) => tap.onEvents(events),
    onExpected: (feedId) => market.expectFeed(feedId),
    onForgotten: (feedId) => {
      cache.put(market.forgetFeed(feedId));
      server.reopenAll();
    },
    onPaused: (feedId, isPaused) => market.core.setFeedPaused(feedId, isPaused, clock.nowMs()),
    record: (event, actor) => recorder.record(event.type, [{ ...event, subject: `feed:${event.payload.feedId}` }], { actor }),
    onRefused: (feedId, refusal) => log('error', 'feedRefused', { feedId, message: refusal.message }),
  });
  const sealedFiles = new SealedStreams(store.dataKey);
  const recordings = new RecordingControl({
    folder: join(options.dataDir, 'recordings'),
    exportFolder: join(options.dataDir, 'exports'),
    recordExport: (made) => {
      const payload = { ...made, atMs: clock.nowMs() };
      return recorder.record('recording.export', [{ type: 'export.made', subject: `export:${basename(made.file)}`, payload }]);
    },
    clock,
    seal: sealedFiles,
    tap,
    sourceName: () =>
      feeds
        .pictures(clock.nowMs())
        .map(({ source, feedId }) => source || feedId)
        .join(', ') || 'no feed',
    requestPictures: () => feeds.requestPictures(),
  });

  // ---- what the screen sees -------------------------------------------------------------------------------------------
  const replays = new ReplayControl({
    clock,
    rules: () => rules.pack(),
    resolve: (name) => recordings.resolve(name),
    seal: sealedFiles,
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
  const check = new SlicedCheck();
  let fullCheck: { drift: number; atMs: number } | null = null;
  const numbers = createNumbers({
    clock,
    log,
    recorder,
    dataDir: options.dataDir,
    book: shownBook,
    liveBook: () => market.book,
    isDataLive: (nowMs) => market.core.isDataLive(nowMs),
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
    planIds: () => desk.plans.plans().map(({ id }) => id),
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
  const view: EngineView = {
    book: shownBook,
    numbers: numbers.view,
    status: (nowMs) =>
      buildStatusPicture({
        nowMs,
        startedAtMs,
        engineLagMs: loopLag.lagMs,
        mode,
        feeds: feeds.pictures(nowMs),
        book: shownBook(),
        liveBook: market.book,
        desk,
        person: people.displayName(),
        cache: cacheState(cache.stats()),
        recording: recordings.picture(),
        replay: replays.current?.picture() ?? null,
        warnings: collectWarnings({
          store: [...store.warnings],
          recordingFailure: recordings.failure(),
          fullCheck,
          unrecordedConditions: desk.alerts.pendingConditionCount,
          liveUnacknowledged: replays.current === null ? null : sumOf(desk.alerts.unacknowledgedBySeverity()),
        }),
      }),
    health: (nowMs) =>
      buildHealthPicture({
        nowMs,
        bookNowMs: replays.current?.picture().atMs ?? nowMs,
        book: shownBook(),
        desk,
        feeds,
        timings,
        cacheFile: cache.stats().file,
        fullCheck,
      }),
    alertSending: { version: () => desk.delivery.version(), picture: (nowMs) => desk.delivery.picture(nowMs) },
    deskVersion: () => journal.headSequence,
    rules: () => rules.picture(),
    oversight: { approvals: () => oversight.view.approvals(), audit: () => oversight.view.audit() },
    auth: { version: () => people.authVersion(), picture: () => people.authPicture() },
    runs: () => desk.plans.runs(SHOWN_RUNS),
    librarySequence: () => desk.plans.library.sequence(),
    run: (runId) => desk.plans.run(runId),
    sensors: () => desk.plans.readings(),
    notices: () => notices.picture(),
    handovers,
    drills,
    incidents: {
      list: () => ({ incidents: desk.incidents.briefs(), hasLicences: desk.incidents.firm().licences.length > 0 }),
      one: (incidentId) => {
        const incident = desk.incidents.incident(incidentId);
        return incident === null ? null : desk.incidents.view(incident);
      },
    },
  };
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
    before: beforeReaders({
      tables: journal.tables,
      rule: (ruleId) => {
        const found = rules.requests['rule.get']({ ruleId });
        return 'ok' in found && found.ok ? found.value : null;
      },
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
    if (entries.some((entry) => entry.type === 'setting.changed' && entry.subject.includes('feeds'))) void feeds.configure(wantedFeeds());
  });
  await feeds.configure(wantedFeeds());
  const reportClock = new ReportClock(desk.incidents, reporting.alarm, desk.alerts.openConditions());
  const capacity = new CapacityGuard(parts.capacity);
  const timers = [
    setInterval(() => {
      const exceeded = capacity.exceeded(market.book.counts());
      if (exceeded !== null) feeds.stopLoudest(exceeded);
      timings.add('loopLag', loopLag.measure(clock.monotonicMs(), TICK_MS));
      market.core.tick(clock.nowMs());
      if (desk.alerts.pendingConditionCount > 0) desk.alerts.onConditions([]);
      desk.delivery.tick();
      reporter.tick();
    }, TICK_MS),
    setInterval(() => {
      const begunMs = clock.monotonicMs();
      numbers.tick(clock.nowMs());
      const duties = reportClock.tick(clock.nowMs());
      if (duties.length > 0) desk.alerts.onConditions(duties);
      rules.tick();
      drills.tick(clock.nowMs());
      desk.plans.tick(clock.nowMs());
      timings.add('numbersTick', clock.monotonicMs() - begunMs);
    }, NUMBERS_TICK_MS),
    setInterval(() => access.tick(), ACCESS_TICK_MS),
    setInterval(() => oversight.approvals.tick(), APPROVALS_TICK_MS),
    setInterval(() => server.flushFrames(), Math.max(10, options.framePaceMs / 2)),
    setInterval(() => {
      const begunMs = clock.monotonicMs();
      fullCheck = check.step(market.book, CHECK_BUDGET_MS, clock) ?? fullCheck;
      timings.add('fullCheckSlice', clock.monotonicMs() - begunMs);
    }, CHECK_STEP_MS),
  ];
  await oversight.approvals.resume();
  keepInMemory(store.dataKey, options, (report) => parts.report?.(report));
  if (parts.keyOpened !== undefined) await people.enterWithKey(parts.keyOpened);
  reporter.begin(engineId, startedAtMs);

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    await feeds.stop();
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
      if (state === 'resumed') feeds.reconnectAll();
      else people.lock(state === 'suspended' ? 'suspend' : 'screenLock');
    },
    pauseDrill: () => drills.pauseForReal(),
    takeDrillResults: (results) => drills.takeResults(results),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Of a feed that is no longer configured nothing is shown: its accounts would stand beside another source's as if they were one desk's. */
function picturesOf(events: readonly IntakeEvent[], feeds: readonly FeedConfig[]): IntakeEvent[] {
  const wanted = new Set(feeds.length > 0 ? feeds.map(({ feedId }) => feedId) : [DEMO_FEED_ID]);
  return events.filter((event) => wanted.has(event.feedId));
}

function wrappingKeysOf({ keychainKey, memoryKey }: EngineOptions): WrappingKey[] {
  const ways = [
    { slot: KEYCHAIN_SLOT, key: keychainKey },
    { slot: MEMORY_SLOT, key: memoryKey },
  ];
  return ways.flatMap(({ slot, key }) => (key === undefined ? [] : [{ slot, key: Buffer.from(key, 'base64') }]));
}

/** Where only people's secrets open the desk, its shell gets a way for as long as it runs: an engine that ends at night needs nobody. */
function keepInMemory(dataKey: DataKey, { memoryKey }: EngineOptions, report: (report: EngineReport) => void): void {
  if (dataKey.keeping !== 'signIn') return;
  if (memoryKey !== undefined && dataKey.opensWith({ slot: MEMORY_SLOT, key: Buffer.from(memoryKey, 'base64') })) return;
  const key = randomBytes(32);
  dataKey.putSlot({ slot: MEMORY_SLOT, key });
  report({ type: 'keyHeld', key: key.toString('base64') });
}

function cacheState({ state, queuedRows, droppedRows, lastWriteAtMs }: PictureCacheStats): StatusPicture['cache'] {
  return { state, queuedRows, droppedRows, lastWriteAtMs };
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
