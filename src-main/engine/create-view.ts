/** What the port's streams read: each picture put together from the rooms that know it, of the live desk or of the replay on screen. */
import type { Book } from '#engine/book/book';
import type { SlicedCheck } from '#engine/book/full-check';
import type { DrillDesk } from '#engine/desk/drills/drill-desk';
import type { HandoverDesk } from '#engine/desk/handovers/handover-desk';
import type { NoticeDesk } from '#engine/desk/notices/notice-desk';
import type { EngineSetting } from '#engine/engine-parts';
import { buildHealthPicture } from '#engine/health-picture';
import type { JournalRiver } from '#engine/journal-river';
import type { MarketRiver } from '#engine/market-river';
import type { Numbers } from '#engine/numbers';
import type { Oversight } from '#engine/oversight';
import type { EngineView } from '#engine/port/engine-view';
import type { ReplayControl } from '#engine/replay-control';
import { buildStatusPicture } from '#engine/status-picture';
import type { PictureCacheStats } from '#engine/store/picture-cache';
import type { LoopLag } from '#engine/timings';
import { collectWarnings } from '#engine/warnings';
import type { StatusPicture } from '#shared/contract/streams';

export type ViewRooms = {
  setting: EngineSetting;
  startedAtMs: number;
  record: JournalRiver;
  river: MarketRiver;
  replays: ReplayControl;
  shownBook: () => Book;
  numbers: Numbers;
  notices: NoticeDesk;
  drills: DrillDesk;
  handovers: HandoverDesk;
  /** Made after the view, as it judges what the view shows. */
  oversight: () => Oversight;
  check: SlicedCheck;
  loopLag: LoopLag;
};

const SHOWN_RUNS = 50;

export function createView(rooms: ViewRooms): EngineView {
  const { setting, startedAtMs, shownBook, numbers, drills, handovers, replays, check } = rooms;
  const { store, journal, people, desk } = rooms.record;
  const { rules, market, cache, timings, feeds, recordings } = rooms.river;
  return {
    book: shownBook,
    numbers: numbers.view,
    status: (nowMs) =>
      buildStatusPicture({
        nowMs,
        startedAtMs,
        engineLagMs: rooms.loopLag.lagMs,
        mode: setting.options.mode,
        feeds: feeds.pictures(nowMs),
        book: shownBook(),
        liveBook: market.book,
        desk,
        person: people.displayName(),
        cache: cacheState(cache.stats()),
        recording: recordings.picture(),
        replay: replays.current?.picture() ?? null,
        clock: rooms.oversight().view.clock(),
        warnings: collectWarnings({
          store: [...store.warnings],
          recordingFailure: recordings.failure(),
          fullCheck: check.last,
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
        fullCheck: check.last,
      }),
    alertSending: { version: () => desk.delivery.version(), picture: (nowMs) => desk.delivery.picture(nowMs) },
    deskVersion: () => journal.headSequence,
    rules: () => rules.picture(),
    oversight: {
      approvals: () => rooms.oversight().view.approvals(),
      foreign: () => rooms.oversight().view.foreign(),
      audit: () => rooms.oversight().view.audit(),
      clock: () => rooms.oversight().view.clock(),
    },
    reference: (params) => rooms.river.reference.picture(params),
    auth: { version: () => people.authVersion(), picture: () => people.authPicture() },
    runs: () => desk.plans.runs(SHOWN_RUNS),
    librarySequence: () => desk.plans.library.sequence(),
    run: (runId) => desk.plans.run(runId),
    sensors: () => desk.plans.readings(),
    notices: () => rooms.notices.picture(),
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
}

function cacheState({ state, queuedRows, droppedRows, lastWriteAtMs }: PictureCacheStats): StatusPicture['cache'] {
  return { state, queuedRows, droppedRows, lastWriteAtMs };
}

function sumOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
