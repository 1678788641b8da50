/** Takes notices out of the house: one gate, attempts with back-off, each recorded before the next, each asked anew whether it is still wanted. */
import type { Clock } from '#engine/clock';
import type { AttemptOptions, AttemptOutcome, OutgoingMessage } from '#engine/desk/delivery/adapter';
import { runCommand } from '#engine/desk/delivery/adapters/command';
import { sendMail } from '#engine/desk/delivery/adapters/smtp';
import { postWebhook } from '#engine/desk/delivery/adapters/webhook';
import { messageOf, testMessage } from '#engine/desk/delivery/message';
import type { Recorder } from '#engine/desk/record';
import { DELIVERY_DOCUMENTS } from '#engine/journal/fold-delivery';
import { StoreError } from '#engine/store/store-error';
import type { Alert } from '#shared/desk/alerts/alert';
import type { AlertPolicy } from '#shared/desk/alerts/policy';
import { type Channel, targetOf } from '#shared/desk/delivery/channel';
import {
  aboutDelivery,
  type Delivery,
  type DropReason,
  deliverySchema,
  type FailureCode,
  type Notice,
  noticeSchema,
} from '#shared/desk/delivery/notice';
import type { Mode } from '#shared/journal/entry';

export type CourierParts = {
  recorder: Recorder;
  clock: Clock;
  policy: AlertPolicy;
  channel: (channelId: string) => Channel | null;
  secretOf: (channel: Channel) => string | null;
  alert: (alertId: string) => Alert | null;
  openAlerts: () => readonly Alert[];
  /** What keeps the notice from being wanted now; null when it is. */
  dropReason: (notice: Notice, alerts: readonly Alert[], nowMs: number) => DropReason | null;
  isDemonstration: () => boolean;
  /** Nobody will get this any more: the ladder must not wait. */
  onFailed: (notice: Notice, channelId: string, code: FailureCode, detail: string) => void;
  onSent: (channelId: string) => void;
  onFault: (error: unknown) => void;
};

type Settled = { delivery: Delivery; notice: Notice; outcome: AttemptOutcome; atMs: number; tookMs: number };

export class Courier {
  readonly #parts: CourierParts;
  readonly #open = new Map<string, Delivery>();
  /** One attempt at a time on each channel: a slow one holds up nobody else's. */
  readonly #busy = new Map<string, Promise<void>>();
  /** Attempts that were made and could not be written down (disk full): until they are, nothing is sent again. */
  readonly #unrecorded = new Map<string, Settled>();
  #isStopped = false;

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Takes up what was under way when the desk ended. */
  begin(): void {
    for (const { body } of this.#documents.all(DELIVERY_DOCUMENTS.openDeliveries)) {
      const parsed = deliverySchema.safeParse(body);
      if (parsed.success) this.#open.set(parsed.data.deliveryId, parsed.data);
    }
  }

  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#open.set(delivery.deliveryId, delivery);
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Starts what is due. Never waits. */
  pump(nowMs: number): void {
    if (this.#isStopped) return;
    for (const settled of this.#unrecorded.values()) if (!this.#record(settled)) break;
    for (const delivery of this.#open.values()) {
      const { deliveryId, channelId, nextAttemptAtMs } = delivery;
      if (this.#busy.has(channelId) || this.#unrecorded.has(deliveryId) || nextAttemptAtMs === null || nextAttemptAtMs > nowMs) continue;
      const attempt = this.#attempt(delivery)
        .catch(this.#parts.onFault)
        .finally(() => this.#busy.delete(channelId));
      this.#busy.set(channelId, attempt);
    }
  }

  /** Resolves when nothing is under way. What is queued stays queued on disk. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#busy.values());
  }

  async test(channel: Channel): Promise<{ code: FailureCode | null; detail: string; tookMs: number }> {
    const { clock, recorder } = this.#parts;
    const deliveryId = `test-${recorder.context('engine').newId()}`;
    const begunMs = clock.monotonicMs();
    const outcome = await this.#send(channel, testMessage(deliveryId, channel.language), recorder.mode);
    const tookMs = Math.round(clock.monotonicMs() - begunMs);
    const code = outcome.ok ? null : outcome.code;
    const { channelId } = channel;
    recorder.append(
      [aboutDelivery({ type: 'delivery.tested', payload: { atMs: clock.nowMs(), channelId, tookMs, code, detail: outcome.detail } })],
      'person',
    );
    if (outcome.ok) this.#parts.onSent(channelId);
    return { code, detail: outcome.detail, tookMs };
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const { clock, policy, channel: channelOf, dropReason } = this.#parts;
    const notice = this.#noticeOf(delivery.noticeId);
    const nowMs = clock.nowMs();
    const channel = channelOf(delivery.channelId);
    if (notice === null || channel === null || !channel.isEnabled) return this.#drop(delivery, 'channelRemoved', nowMs);
    const told = { ...notice, atMs: agesFromMs(delivery, notice) };
    const ofNotice = this.#alertsOf(notice);
    const because = dropReason(told, ofNotice, nowMs);
    if (because !== null) return this.#drop(delivery, because, nowMs);
    // Named are those that are still wanted before those that somebody has taken on meanwhile.
    const wanted = ofNotice.filter((alert) => dropReason(told, [alert], nowMs) === null);
    const alerts = [...wanted, ...ofNotice.filter((alert) => !wanted.includes(alert))].slice(0, Math.max(1, notice.alertIds.length));
    const begunMs = clock.monotonicMs();
    const message = messageOf(notice, delivery.deliveryId, alerts, channel.language, {
      zone: policy.shifts.zone,
      isDemonstration: this.#parts.isDemonstration(),
      nowMs,
    });
    const isChanged = targetOf(channel) !== delivery.target;
    const outcome: AttemptOutcome = isChanged
      ? { ok: false, code: 'channelChanged', detail: 'the channel leads elsewhere than when this was queued', isFinal: true }
      : await this.#send(channel, message, notice.mode);
    this.#record({ delivery, notice, outcome, atMs: clock.nowMs(), tookMs: Math.round(clock.monotonicMs() - begunMs) });
  }

  /** The named ones, and where a storm had more than are named, what may be the others: open, of the same rule and severity, and no later than the notice. */
  #alertsOf({ alertIds, alertCount, ruleId, severity, mode, atMs }: Notice): Alert[] {
    const named = alertIds.flatMap((alertId) => this.#parts.alert(alertId) ?? []);
    if (alertCount <= alertIds.length) return named;
    const isOther = (alert: Alert): boolean =>
      alert.ruleId === ruleId && alert.severity === severity && alert.mode === mode && alert.raisedAtMs <= atMs && !alertIds.includes(alert.alertId);
    return [...named, ...this.#parts.openAlerts().filter(isOther)];
  }

  /** The one way out. A drill, or a desk in drill mode, gets no further than here. */
  #send(channel: Channel, message: OutgoingMessage, mode: Mode): Promise<AttemptOutcome> {
    const { recorder, policy } = this.#parts;
    if (mode !== 'live' || recorder.mode !== 'live') {
      const refused: AttemptOutcome = { ok: false, code: 'drillMayNotLeave', detail: 'nothing of a drill leaves the desk', isFinal: true };
      return Promise.resolve(refused);
    }
    const options: AttemptOptions = { secret: this.#parts.secretOf(channel), timeoutMs: policy.delivery.timeoutMs };
    switch (channel.type) {
      case 'webhook':
        return postWebhook(channel, message, options);
      case 'email':
        return sendMail(channel, message, options);
      case 'command':
        return runCommand(channel, message, options);
    }
  }

  /** False when it could not be written down. */
  #record(settled: Settled): boolean {
    const { policy, recorder } = this.#parts;
    const { delivery, notice, outcome, atMs, tookMs } = settled;
    const { deliveryId, channelId, attempts } = delivery;
    const waitMs = policy.delivery.retryAfterMs[attempts.length];
    const isOver = outcome.ok || outcome.isFinal || waitMs === undefined;
    const nextAttemptAtMs = isOver ? null : atMs + waitMs;
    const code = outcome.ok ? null : outcome.code;
    const attempt = attempts.length + 1;
    const payload = { atMs, deliveryId, channelId, attempt, tookMs, code, detail: outcome.detail, nextAttemptAtMs };
    try {
      recorder.append([aboutDelivery({ type: 'delivery.attempted', payload })], 'engine');
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#unrecorded.set(deliveryId, settled);
      return false;
    }
    this.#unrecorded.delete(deliveryId);
    if (isOver) this.#open.delete(deliveryId);
    else
      this.#open.set(deliveryId, {
        ...delivery,
        state: 'retrying',
        nextAttemptAtMs,
        attempts: [...attempts, { atMs, tookMs, code, detail: outcome.detail }],
      });
    if (outcome.ok) this.#parts.onSent(channelId);
    else if (isOver) this.#parts.onFailed(notice, channelId, outcome.code, outcome.detail);
    return true;
  }

  #drop(delivery: Delivery, because: DropReason, atMs: number): void {
    const { deliveryId } = delivery;
    this.#parts.recorder.append([aboutDelivery({ type: 'delivery.dropped', payload: { atMs, deliveryId, because } })], 'engine');
    this.#open.delete(deliveryId);
  }

  #noticeOf(noticeId: string): Notice | null {
    const parsed = noticeSchema.safeParse(this.#documents.get(DELIVERY_DOCUMENTS.notices, noticeId));
    return parsed.success ? parsed.data : null;
  }

  get #documents() {
    return this.#parts.recorder.journal.tables.documents;
  }
}

/** What quiet hours hold back grows old from their end on: who keeps a long weekend quiet wants to hear on Monday of what is still on. */
function agesFromMs({ isQuiet, attempts, nextAttemptAtMs }: Delivery, { atMs }: Notice): number {
  return isQuiet ? Math.max(atMs, attempts[0]?.atMs ?? nextAttemptAtMs ?? atMs) : atMs;
}
