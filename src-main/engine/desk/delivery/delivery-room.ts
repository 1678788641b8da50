/** Telling people, put together: suppressions, the ladder's clock, notices, channels and their ledger; driven by the journal and by time. */
import type { Clock } from '#engine/clock';
import { AlertClock } from '#engine/desk/alerts/alert-clock';
import type { AlertDesk } from '#engine/desk/alerts/alert-desk';
import { SuppressionDesk } from '#engine/desk/alerts/suppression-desk';
import { channelConditions } from '#engine/desk/delivery/channel-conditions';
import { Courier } from '#engine/desk/delivery/courier';
import { DeliverySettingsDesk } from '#engine/desk/delivery/delivery-settings';
import { deliveriesOf, toldOf } from '#engine/desk/delivery/ledger';
import { Notifier } from '#engine/desk/delivery/notifier';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import { readableAlertEvent } from '#engine/journal/alert-entry';
import type { StoredEntry } from '#engine/journal/journal';
import type { FeedTokens } from '#engine/store/secrets';
import { StoreError } from '#engine/store/store-error';
import type { AlertSendingPicture } from '#shared/contract/alerts';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Delivery, Notice } from '#shared/desk/delivery/notice';
import { dropReasonOf } from '#shared/desk/delivery/wanted';
import { accept, refuse } from '#shared/refusal';

export type DeliveryRequestName =
  | 'alert.suppress'
  | 'alert.extendSuppression'
  | 'alert.liftSuppression'
  | 'alert.told'
  | 'delivery.get'
  | 'delivery.configure'
  | 'delivery.test';

export type DeliveryRoomParts = {
  recorder: Recorder;
  alerts: AlertDesk;
  secrets: FeedTokens;
  clock: Clock;
  onFault: (error: unknown) => void;
  /** Whether there is such a person at this desk, who has not left. */
  isPerson: (personId: string) => boolean;
};

const HELD_EVERY_MS = 1000;
const SHOWN_NOTICES = 30;
const SHOWN_ENDED = 20;
const SHOWN_INHIBITED = 500;

export class DeliveryRoom {
  readonly requests: HandlersOf<DeliveryRequestName>;
  readonly #parts: DeliveryRoomParts;
  readonly #suppressions: SuppressionDesk;
  readonly #settings: DeliverySettingsDesk;
  readonly #notifier: Notifier;
  readonly #courier: Courier;
  readonly #clock: AlertClock;
  #hasBegun = false;
  #heldAtMs = Number.NEGATIVE_INFINITY;
  #version = 0;
  /** Set by the composition root: the shell shows, sounds and flashes. */
  onNotice: (notice: Notice) => void = () => undefined;
  isDemonstration: () => boolean = () => false;

  constructor(parts: DeliveryRoomParts) {
    const { recorder, alerts, clock } = parts;
    const { policy } = alerts;
    this.#parts = parts;
    this.#suppressions = new SuppressionDesk(recorder, policy);
    this.#settings = new DeliverySettingsDesk(recorder, parts.secrets, policy, parts.isPerson);
    this.#notifier = new Notifier({
      recorder,
      policy,
      suppressions: this.#suppressions,
      openAlerts: () => alerts.openAlerts(),
      alert: (alertId) => alerts.alert(alertId),
      deliveriesFor: (notice, nowMs) => this.#settings.deliveriesFor(notice, nowMs),
      onDuty: (role, severity, nowMs) => this.#settings.onDuty(role, severity, nowMs),
      onTold: (notice, deliveries) => this.#onTold(notice, deliveries),
    });
    this.#clock = new AlertClock(
      alerts,
      (alert, nowMs) => this.#notifier.keptBack(alert, nowMs) !== null,
      (alert) => this.#notifier.hold(alert),
    );
    this.#courier = new Courier({
      recorder,
      clock,
      policy,
      channel: (channelId) => this.#settings.channel(channelId),
      secretOf: (channel) => this.#settings.secretOf(channel),
      alert: (alertId) => alerts.alert(alertId),
      openAlerts: () => alerts.openAlerts(),
      dropReason: (notice, ofNotice, nowMs) =>
        dropReasonOf(notice, ofNotice, (alert) => this.#notifier.keptBack(alert, nowMs), nowMs, policy.escalation.maxAgeMs),
      isDemonstration: () => this.isDemonstration(),
      onFailed: (notice, channelId, code, detail) => {
        alerts.onConditions([channelConditions.failed(channelId, code, detail, policy, clock.nowMs())]);
        // As long as another channel has reached somebody, or still may, the ladder keeps its times.
        if (deliveriesOf(recorder.journal, notice.noticeId).every(({ state }) => state === 'failed' || state === 'dropped'))
          alerts.escalateAtOnce(notice.alertIds, clock.nowMs());
      },
      onSent: (channelId) => {
        if (this.#failing().has(channelId)) alerts.onConditions([channelConditions.works(channelId, policy, clock.nowMs())]);
      },
      onFault: parts.onFault,
    });
    this.requests = {
      'alert.suppress': (payload) => this.#suppressions.suppress(payload),
      'alert.extendSuppression': (payload) => this.#suppressions.extend(payload),
      'alert.liftSuppression': (payload) => this.#suppressions.lift(payload),
      'alert.told': ({ alertId }) => {
        if (alerts.alert(alertId) === null) return recorder.refused('alert.told', refuse('UNKNOWN', `no alert is called ${alertId}`, 'alertId'));
        return accept(toldOf(recorder.journal, alertId));
      },
      'delivery.get': () => accept(this.#settings.picture(clock.nowMs())),
      'delivery.configure': (payload) => this.#settings.configure(payload),
      'delivery.test': async ({ channelId }) => {
        const channel = this.#settings.channel(channelId);
        if (channel === null) return recorder.refused('delivery.test', refuse('UNKNOWN', `no channel is called ${channelId}`, 'channelId'));
        return accept(await this.#courier.test(channel));
      },
    };
  }

  /** The barrier: what inhibits and suppresses is known from disk before the first notice. A page and the feeds may begin before or after. */
  begin(): void {
    const nowMs = this.#parts.clock.nowMs();
    this.#notifier.begin(nowMs);
    this.#courier.begin();
    for (const alert of this.#parts.alerts.openAlerts()) this.#clock.note(alert);
    this.#hasBegun = true;
  }

  /** After each commit. */
  onAppended(entries: readonly StoredEntry[]): void {
    const nowMs = this.#parts.clock.nowMs();
    if (entries.some(({ type }) => type.startsWith('suppression.'))) this.#suppressions.forget();
    if (entries.some(({ type }) => type === 'delivery.configured')) this.#settings.forget();
    if (entries.some(({ type }) => type.startsWith('delivery.'))) this.#settings.forgetLedger();
    this.#version += 1;
    if (!this.#hasBegun) return;
    for (const entry of entries) this.#noteAlert(entry, nowMs);
    this.#notifier.onEntries(entries, nowMs);
  }

  /** Four times a second. What cannot be written now is done at the next call. */
  tick(): void {
    if (!this.#hasBegun) return;
    const nowMs = this.#parts.clock.nowMs();
    try {
      for (const suppression of this.#suppressions.onClock(nowMs)) this.#notifier.warnOfEnd(suppression, nowMs);
      if (nowMs - this.#heldAtMs >= HELD_EVERY_MS || nowMs < this.#heldAtMs) {
        this.#heldAtMs = nowMs;
        for (const alertId of this.#notifier.releaseHeld(nowMs)) {
          const alert = this.#parts.alerts.alert(alertId);
          if (alert !== null) this.#clock.note(alert);
        }
      }
      this.#clock.tick(nowMs);
      this.#notifier.tick(nowMs);
      this.#courier.pump(nowMs);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  stop(): Promise<void> {
    return this.#courier.stop();
  }

  version(): number {
    return this.#version;
  }

  picture(nowMs: number): AlertSendingPicture {
    const { policy } = this.#parts.alerts;
    return {
      nowMs,
      suppressions: [...this.#suppressions.live()],
      recentlyEnded: this.#suppressions.recentlyEnded(SHOWN_ENDED),
      inhibited: this.#notifier.inhibited(SHOWN_INHIBITED, nowMs),
      totals: this.#parts.alerts.totals(),
      notices: this.#settings.notices(SHOWN_NOTICES),
      sound: this.#settings.settings().sound,
      shelvingAtMostMs: policy.shelving.atMostMs,
      stormFrom: policy.grouping.stormFrom,
      inhibitionRows: policy.inhibition.rows,
      failingChannels: [...this.#failing()],
    };
  }

  settings() {
    return this.#settings.settings();
  }

  #noteAlert(entry: StoredEntry, nowMs: number): void {
    const event = readableAlertEvent(entry);
    if (event === null) return;
    const after = this.#parts.alerts.alert(event.payload.alertId);
    if (after === null) return;
    this.#clock.note(after);
    if (this.#suppressions.live().length === 0) return;
    const before = beforeOf(after, event);
    if (before !== null) this.#suppressions.onAlertChange(before, after, nowMs);
  }

  #onTold(notice: Notice, deliveries: readonly Delivery[]): void {
    this.#courier.add(deliveries);
    this.onNotice(notice);
    // A step that nobody can hear is passed over at once, as long as a later one is heard by somebody.
    if (notice.reason === 'escalated' && deliveries.length === 0 && this.#settings.isHeardAfter(notice.role, notice.severity)) {
      this.#parts.alerts.escalateAtOnce(notice.alertIds, notice.atMs);
    }
  }

  #failing(): Set<string> {
    return this.#settings.failingChannels();
  }
}

/** As much of the alert before the event as waking needs: its severity, and whether it was on. */
function beforeOf(after: Alert, event: { type: string; payload: object }): Alert | null {
  if ((event.type === 'alert.severityChanged' || event.type === 'alert.reraised') && 'before' in event.payload)
    return { ...after, severity: event.payload.before as Alert['severity'], reading: event.type === 'alert.reraised' ? 'off' : after.reading };
  if (event.type === 'alert.cleared' || event.type === 'alert.closed') return { ...after, reading: 'on' };
  return null;
}
