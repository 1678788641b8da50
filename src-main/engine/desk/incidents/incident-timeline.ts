/**
 * An incident's timeline: what people wrote into it, its own changes, and what the record holds of its linked alerts and runs and of the feeds while it lasted. Drawn from
 * the journal whenever it is shown, so that it can neither miss an entry nor keep one that is not there.
 */
import type { Journal, StoredEntry } from '#engine/journal/journal';
import type { Incident, TimelineEntry } from '#shared/desk/incidents/incident';

/** What of an entry's payload is shown beside its type: short facts, no free text of others. */
const SHOWN_FIELDS = [
  'feedId',
  'reason',
  'severity',
  'no',
  'title',
  'from',
  'to',
  'grade',
  'role',
  'personId',
  'dutyId',
  'name',
  'timeMs',
  'note',
] as const;
/** Follow from what is known by the rules alone, whoever it was that stated it. */
const BY_ITSELF = new Set(['incident.dutyOpened', 'incident.dutyStoodDown', 'incident.dutyRevived']);
/** What the feeds did shortly before belongs to the story: a link that came and went is often its first sign. */
const FEED_LOOKBACK_MS = 600_000;

/** Oldest first by when it happened; entries of one moment in the order they were recorded. */
export function incidentTimeline(incident: Incident, journal: Pick<Journal, 'entriesOf'>, feedIds: readonly string[]): TimelineEntry[] {
  const { links, times, openedAtMs } = incident;
  const own = journal.entriesOf(`incident:${incident.incidentId}`).filter(({ type }) => type !== 'incident.timelineAdded');
  const alerts = links.alertIds.flatMap((alertId) => journal.entriesOf(`alert:${alertId}`));
  const runs = links.runIds.flatMap((runId) => journal.entriesOf(`run:${runId}`));
  const fromMs = Math.min(openedAtMs, ...Object.values(times)) - FEED_LOOKBACK_MS;
  const untilMs = times.recovered ?? Number.POSITIVE_INFINITY;
  const feeds = feedIds.flatMap((feedId) => journal.entriesOf(`feed:${feedId}`)).map((entry) => lineOf('feed', entry));
  const lines = [
    ...incident.timeline,
    ...own.map((entry) => lineOf(BY_ITSELF.has(entry.type) ? 'sensor' : 'human', entry)),
    ...alerts.map((entry) => lineOf('alert', entry)),
    ...runs.map((entry) => lineOf('run', entry)),
    ...feeds.filter(({ occurredAtMs }) => occurredAtMs >= fromMs && occurredAtMs <= untilMs),
  ];
  return lines.sort((a, b) => a.occurredAtMs - b.occurredAtMs || a.recordedAtMs - b.recordedAtMs);
}

function lineOf(source: TimelineEntry['source'], entry: StoredEntry): TimelineEntry {
  const payload = JSON.parse(entry.payload) as Record<string, unknown>;
  const recordedAtMs = Date.parse(entry.wallTime);
  const occurredAtMs = typeof payload.atMs === 'number' ? payload.atMs : recordedAtMs;
  const params: TimelineEntry['params'] = {};
  for (const field of SHOWN_FIELDS) {
    const value = payload[field];
    if (typeof value === 'string' || typeof value === 'number') params[field] = value;
  }
  if (isRecord(payload.duty) && typeof payload.duty.dutyId === 'string') params.dutyId = payload.duty.dutyId;
  const refs = [entry.subject];
  return {
    entryId: `entry-${entry.sequence}`,
    occurredAtMs,
    recordedAtMs,
    by: entry.actor,
    source,
    text: '',
    code: entry.type,
    params,
    refs,
    corrects: null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
