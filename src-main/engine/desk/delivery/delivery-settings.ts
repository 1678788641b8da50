/** Which channels there are, whose they are and how they do; a secret lives in its own file and belongs to the place it was entered for. */
import { CHANNEL_ALERT_KIND } from '#engine/desk/delivery/channel-conditions';
import type { Recorder } from '#engine/desk/record';
import { DELIVERY_DOCUMENTS, ONLY_ROW } from '#engine/journal/fold-delivery';
import type { FeedTokens, StoredToken } from '#engine/store/secrets';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { severityRank } from '#shared/desk/alerts/evolve';
import type { AlertPolicy, EscalationRole } from '#shared/desk/alerts/policy';
import { ESCALATION_ROLES, nextClockTime } from '#shared/desk/alerts/policy';
import { isWithin } from '#shared/desk/alerts/suppression';
import { type Channel, type DeliverySettings, deliverySettingsSchema, FIRST_DELIVERY_SETTINGS, targetOf } from '#shared/desk/delivery/channel';
import {
  aboutDelivery,
  type ChannelHealth,
  channelHealthSchema,
  type Delivery,
  deliverySchema,
  type Notice,
  noticeSchema,
} from '#shared/desk/delivery/notice';
import { type DutyRow, type OnDuty, onDutyAt, rosterGaps, withoutLongPast } from '#shared/desk/delivery/roster';
import { isZone } from '#shared/desk/zone-clock';
import { accept, type Outcome, refuse } from '#shared/refusal';

const SHOWN_LEDGER = 100;
/** Longer than a week nobody is quiet: what waited for so long is dropped as too old long before. */
const MOST_QUIET_DAYS = 8;
/** Gaps of the roster are looked for so far ahead. */
const GAPS_AHEAD_MS = 7 * 86_400_000;
type Queued = Pick<Delivery, 'deliveryId' | 'channelId' | 'target' | 'nextAttemptAtMs' | 'isQuiet'>;

export class DeliverySettingsDesk {
  #ledger: RequestAnswer<'delivery.get'>['ledger'] | null = null;
  readonly #recorder: Recorder;
  readonly #secrets: FeedTokens;
  readonly #policy: AlertPolicy;
  readonly #isPerson: (personId: string) => boolean;
  #settings: DeliverySettings | null = null;

  constructor(recorder: Recorder, secrets: FeedTokens, policy: AlertPolicy, isPerson: (personId: string) => boolean) {
    this.#recorder = recorder;
    this.#secrets = secrets;
    this.#policy = policy;
    this.#isPerson = isPerson;
  }

  forget(): void {
    this.#settings = null;
  }

  settings(): DeliverySettings {
    if (this.#settings === null) {
      const parsed = deliverySettingsSchema.safeParse(this.#documents.get(DELIVERY_DOCUMENTS.settings, ONLY_ROW));
      this.#settings = parsed.success ? parsed.data : FIRST_DELIVERY_SETTINGS;
    }
    return this.#settings;
  }

  /** Null also for the way out of somebody who has left: what waited for them, or for the end of their quiet hours, goes nowhere. */
  channel(channelId: string): Channel | null {
    return this.settings().channels.find((channel) => channel.channelId === channelId && this.#isStillTheirs(channel)) ?? null;
  }

  /** Only for the place it was entered for: a channel that leads elsewhere now gets no secret of before. */
  secretOf(channel: Channel): string | null {
    const stored = this.#secrets.get(channel.channelId);
    return stored !== null && stored.url === targetOf(channel) ? stored.token : null;
  }

  configure(payload: RequestPayload<'delivery.configure'>): Outcome<RequestAnswer<'delivery.configure'>> {
    const { settings, secrets = {}, reason } = payload;
    for (const [index, { quietHours }] of settings.channels.entries()) {
      if (quietHours !== null && !isZone(quietHours.zone)) {
        const field = `settings.channels.${index}.quietHours.zone`;
        return this.#recorder.refused('delivery.configure', refuse('INVALID', `${field}: ${quietHours.zone} is no time zone`, field));
      }
    }
    const stranger = this.#strangerIn(settings);
    if (stranger !== null) return this.#recorder.refused('delivery.configure', stranger);
    const unknown = Object.keys(secrets).find((channelId) => settings.channels.every((channel) => channel.channelId !== channelId));
    if (unknown !== undefined)
      return this.#recorder.refused('delivery.configure', refuse('INVALID', `secrets.${unknown}: there is no such channel`, `secrets.${unknown}`));
    const context = this.#recorder.context();
    const next = this.#secretsWith(settings, secrets, context.nowMs);
    const before = new Map(this.#secrets.all());
    try {
      this.#secrets.replaceAll(next);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return this.#recorder.refused('delivery.configure', refuse('FAILED', `the secrets were not stored: ${why}`));
    }
    const secretsSetFor = Object.keys(secrets);
    const after = settings.roster === undefined ? settings : { ...settings, roster: withoutLongPast(settings.roster, context.nowMs) };
    const event = { atMs: context.nowMs, before: this.settings(), after, secretsSetFor, reason };
    const recorded = this.#recorder.record('delivery.configure', [aboutDelivery({ type: 'delivery.configured', payload: event })]);
    if (!recorded.ok) {
      this.#secrets.replaceAll(before);
      return recorded;
    }
    this.forget();
    return accept(this.picture(context.nowMs));
  }

  /** A duty that is not over, or a way out, of somebody who is not at this desk (any more): a step of the ladder would speak to nobody. */
  #strangerIn({ channels, roster = [] }: DeliverySettings) {
    const { nowMs } = this.#recorder.context();
    const named = [
      ...channels.map(({ personId = null }, index) => ({ personId, field: `settings.channels.${index}.personId` })),
      ...roster.map(({ personId, toMs }, index) => ({ personId: toMs > nowMs ? personId : null, field: `settings.roster.${index}.personId` })),
    ];
    const stranger = named.find(({ personId }) => personId !== null && !this.#isPerson(personId));
    if (stranger === undefined) return null;
    return refuse('INVALID', `${stranger.field}: there is no such person at this desk: ${stranger.personId}`, stranger.field);
  }

  /** Who has left since holds nothing: their hours are a gap. */
  #heldBy(roster: readonly DutyRow[]): DutyRow[] {
    return roster.filter(({ personId }) => this.#isPerson(personId));
  }

  /** One row for each channel that serves the role and wants this severity. A channel is never asked to tell of its own failure. */
  deliveriesFor(notice: Notice, nowMs: number): Queued[] {
    if (notice.mode !== 'live') return [];
    const isEnd = notice.reason === 'allClear' || notice.reason === 'partialClear';
    const serving = this.#serving(notice.role, notice.severity);
    const { personIds = [], fallback = null } = notice.onDuty ?? {};
    return serving.flatMap((channel) => {
      if (fallback === null && !isFor(channel, personIds)) return [];
      if (isEnd && !channel.tellsAllClear) return [];
      if (notice.kind === CHANNEL_ALERT_KIND && notice.entity === `channel:${channel.channelId}`) return [];
      const quietUntilMs = this.#quietUntil(channel, notice.severity, nowMs);
      const deliveryId = `${notice.noticeId}.${channel.channelId}`;
      return [
        {
          deliveryId,
          channelId: channel.channelId,
          target: targetOf(channel),
          nextAttemptAtMs: quietUntilMs ?? nowMs,
          isQuiet: quietUntilMs !== null,
        },
      ];
    });
  }

  /** Who holds the role now. Where nobody does, or where they have no way out while others have one, the role as a whole is told, and why is said. */
  onDuty(role: EscalationRole, severity: Severity, nowMs: number): OnDuty {
    const { roster = [] } = this.settings();
    if (roster.every((row) => row.role !== role)) return { personIds: [], fallback: 'noRoster' };
    const personIds = onDutyAt(this.#heldBy(roster), role, nowMs);
    if (personIds.length === 0) return { personIds, fallback: 'nobodyOnDuty' };
    const serving = this.#serving(role, severity);
    const isReached = serving.length === 0 || serving.some((channel) => isFor(channel, personIds));
    return { personIds, fallback: isReached ? null : 'noWayToThem' };
  }

  /** Whether a step after this role's reaches anybody beyond the screen. */
  isHeardAfter(role: EscalationRole, severity: Severity): boolean {
    const ladder = this.#policy.escalation.ladder[severity];
    const place = ladder.findIndex((step) => step.role === role);
    return ladder.slice(place + 1).some((step) => this.#isHeard(step.role, severity));
  }

  failingChannels(): Set<string> {
    const failing = this.#health().filter(({ failuresInRow }) => failuresInRow >= this.#policy.delivery.failingFromFailures);
    return new Set(failing.map(({ channelId }) => channelId));
  }

  notices(limit: number): Notice[] {
    return this.#documents.newest(DELIVERY_DOCUMENTS.notices, limit).flatMap(({ body }) => {
      const parsed = noticeSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** Called after entries about notices or deliveries were committed. */
  forgetLedger(): void {
    this.#ledger = null;
  }

  /** Read once and kept until something is told or sent: every open alert page asks for it. */
  #ledgerNow(): RequestAnswer<'delivery.get'>['ledger'] {
    this.#ledger ??= this.#readLedger();
    return this.#ledger;
  }

  #readLedger(): RequestAnswer<'delivery.get'>['ledger'] {
    const rows = [
      ...this.#documents.all(DELIVERY_DOCUMENTS.openDeliveries),
      ...this.#documents.newest(DELIVERY_DOCUMENTS.doneDeliveries, SHOWN_LEDGER * 4),
    ];
    const byNotice = new Map<string, Delivery[]>();
    for (const { body } of rows) {
      const parsed = deliverySchema.safeParse(body);
      if (parsed.success) byNotice.set(parsed.data.noticeId, [...(byNotice.get(parsed.data.noticeId) ?? []), parsed.data]);
    }
    return this.notices(SHOWN_LEDGER).map((notice) => ({ notice, deliveries: byNotice.get(notice.noticeId) ?? [] }));
  }

  picture(nowMs: number): RequestAnswer<'delivery.get'> {
    const settings = this.settings();
    const roster = this.#heldBy(settings.roster ?? []);
    const health = this.#health();
    const isUntested = ({ channelId }: Channel): boolean => {
      const tested = health.find((each) => each.channelId === channelId)?.lastTestedAtMs ?? null;
      return tested === null || nowMs - tested > this.#policy.delivery.testEveryMs;
    };
    return {
      settings,
      secretsSetAtMs: Object.fromEntries([...this.#secrets.all()].map(([channelId, { setAtMs }]) => [channelId, setAtMs])),
      health,
      ledger: this.#ledgerNow(),
      onDutyNow: ESCALATION_ROLES.map((role) => ({ role, personIds: onDutyAt(roster, role, nowMs) })),
      rosterGaps: rosterGaps(settings.roster ?? [], nowMs, nowMs + GAPS_AHEAD_MS, ({ personId }) => this.#isPerson(personId)),
      unreachable: this.#unreachable(),
      untestedChannels: settings.channels.filter((channel) => channel.isEnabled && isUntested(channel)).map(({ channelId }) => channelId),
      mayLeave: this.#recorder.mode === 'live',
    };
  }

  /** Before anybody is needed: steps of the ladder that would reach nobody. The desk's own step is always heard here. */
  #unreachable(): RequestAnswer<'delivery.get'>['unreachable'] {
    const byRole = new Map<EscalationRole, Severity[]>();
    for (const severity of severitySchema.options) {
      for (const { role } of this.#policy.escalation.ladder[severity]) {
        if (role !== 'desk' && !this.#isHeard(role, severity)) byRole.set(role, [...(byRole.get(role) ?? []), severity]);
      }
    }
    return [...byRole].map(([role, severities]) => ({ role, severities }));
  }

  #isHeard(role: EscalationRole, severity: Severity): boolean {
    return this.#serving(role, severity).length > 0;
  }

  /** One's own way out ends with them: nothing is told to whoever has left, whatever the roster says. */
  #serving(role: EscalationRole, severity: Severity): Channel[] {
    return this.settings().channels.filter(
      (channel) => channel.isEnabled && channel.roles.includes(role) && wants(channel, severity) && this.#isStillTheirs(channel),
    );
  }

  #isStillTheirs({ personId }: Channel): boolean {
    return !personId || this.#isPerson(personId);
  }

  #quietUntil({ quietHours }: Channel, severity: Severity, nowMs: number): number | null {
    if (quietHours === null || this.#policy.delivery.breaksQuietHours.includes(severity) || !isWithin(quietHours, nowMs)) return null;
    let untilMs = nowMs;
    // Quiet days may follow one another: the end of one is not the end of them.
    for (let day = 0; day < MOST_QUIET_DAYS && isWithin(quietHours, untilMs); day += 1)
      untilMs = nextClockTime([quietHours.to], quietHours.zone, untilMs);
    return untilMs;
  }

  #secretsWith(settings: DeliverySettings, secrets: Record<string, string>, nowMs: number): Map<string, StoredToken> {
    return new Map(
      settings.channels.flatMap((channel): [string, StoredToken][] => {
        const { channelId } = channel;
        const entered = secrets[channelId];
        if (entered === '') return [];
        if (entered !== undefined) return [[channelId, { token: entered, url: targetOf(channel), setAtMs: nowMs }]];
        const kept = this.#secrets.get(channelId);
        return kept === null ? [] : [[channelId, kept]];
      }),
    );
  }

  #health(): ChannelHealth[] {
    const known = new Set(this.settings().channels.map(({ channelId }) => channelId));
    return this.#documents.all(DELIVERY_DOCUMENTS.health).flatMap(({ body }) => {
      const parsed = channelHealthSchema.safeParse(body);
      return parsed.success && known.has(parsed.data.channelId) ? [parsed.data] : [];
    });
  }

  get #documents() {
    return this.#recorder.journal.tables.documents;
  }
}

/** One person's own way out is for them alone. */
function isFor({ personId }: Channel, personIds: readonly string[]): boolean {
  return personId === undefined || personId === null || personIds.includes(personId);
}

function wants(channel: Channel, severity: Severity): boolean {
  return severityRank(severity) <= severityRank(channel.minSeverity);
}
