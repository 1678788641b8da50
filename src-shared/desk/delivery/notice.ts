/** A notice: what somebody is told, why, and what became of every attempt to tell them. */
import { z } from 'zod';
import { severitySchema } from '#shared/desk/alerts/alert';
import { escalationRoleSchema } from '#shared/desk/alerts/policy';
import { deliverySettingsSchema } from '#shared/desk/delivery/channel';
import { onDutySchema } from '#shared/desk/delivery/roster';
import { modeSchema } from '#shared/journal/entry';

/** The answer to "why was I told", after Alertmanager's reasons and extended. */
export const NOTICE_REASONS = [
  'first',
  'newInGroup',
  'severityUp',
  'worseValue',
  'cameBack',
  'dataLost',
  'escalated',
  'ackExpired',
  'unsuppressed',
  'handedOver',
  'flapping',
  'flapDigest',
  'allClear',
  'partialClear',
  'suppressionEnding',
  'lateAfterResume',
  'test',
] as const;
export const noticeReasonSchema = z.enum(NOTICE_REASONS);
export type NoticeReason = z.infer<typeof noticeReasonSchema>;

/** Why something did not reach anybody; each is counted, shown, and makes the ladder's next step fire at once when it is final. */
export const FAILURE_CODES = [
  'noChannel',
  'addressUnknown',
  'connectionRefused',
  'connectionLost',
  'timedOut',
  'tlsFailed',
  'secretMissing',
  'notLetIn',
  'recipientRefused',
  'messageRefused',
  'rateLimited',
  'redirected',
  'answeredWithError',
  'serverFault',
  'programMissing',
  'programFailed',
  'channelChanged',
  'drillMayNotLeave',
  'fault',
] as const;
export const failureCodeSchema = z.enum(FAILURE_CODES);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** Why a notice that waited was not sent any more: looked at anew right before every attempt. */
export const dropReasonSchema = z.enum(['takenOn', 'closed', 'over', 'suppressed', 'inhibited', 'channelRemoved', 'tooOld']);
export type DropReason = z.infer<typeof dropReasonSchema>;

export const noticeSchema = z.object({
  noticeId: z.uuid(),
  atMs: z.number(),
  mode: modeSchema,
  groupKey: z.string().max(400),
  reason: noticeReasonSchema,
  severity: severitySchema,
  kind: z.string(),
  ruleId: z.string(),
  role: escalationRoleSchema,
  /** Who held the role when it was told; older records do not say. */
  onDuty: onDutySchema.optional(),
  /** The gravest and newest of them; `alertCount` says how many there are. */
  alertIds: z.array(z.uuid()).max(100),
  alertCount: z.number().int().min(0),
  entity: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  lateByMs: z.number().nullable(),
  suppressionId: z.uuid().nullable(),
  /** Up to where the journal has been told from: after a restart what came later is told, and nothing twice. */
  groupSequence: z.number().int().min(0),
  throughSequence: z.number().int().min(0),
});
export type Notice = z.infer<typeof noticeSchema>;

export const deliverySchema = z.object({
  deliveryId: z.string().max(100),
  noticeId: z.uuid(),
  channelId: z.string(),
  /** The channel's place when it was queued: a changed one is not sent what was meant for another. */
  target: z.string(),
  state: z.enum(['queued', 'retrying', 'sent', 'failed', 'dropped']),
  queuedAtMs: z.number(),
  nextAttemptAtMs: z.number().nullable(),
  isQuiet: z.boolean(),
  attempts: z.array(z.object({ atMs: z.number(), tookMs: z.number(), code: failureCodeSchema.nullable(), detail: z.string().max(500) })),
  droppedBecause: dropReasonSchema.nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

export const channelHealthSchema = z.object({
  channelId: z.string(),
  lastSentAtMs: z.number().nullable(),
  lastTestedAtMs: z.number().nullable(),
  lastFailure: z.object({ atMs: z.number(), code: failureCodeSchema, detail: z.string() }).nullable(),
  failuresInRow: z.number().int().min(0),
});
export type ChannelHealth = z.infer<typeof channelHealthSchema>;

const base = { atMs: z.number() };
export const deliveryEventSchema = z.discriminatedUnion('type', [
  /** From here on alerts are told: what was raised before the desk could tell anything is not told late. */
  z.object({ type: z.literal('delivery.begun'), payload: z.object({ ...base, throughSequence: z.number().int().min(0) }) }),
  z.object({
    type: z.literal('delivery.told'),
    payload: z.object({
      ...base,
      notice: noticeSchema,
      deliveries: z.array(deliverySchema.pick({ deliveryId: true, channelId: true, target: true, nextAttemptAtMs: true, isQuiet: true })),
    }),
  }),
  z.object({
    type: z.literal('delivery.attempted'),
    payload: z.object({
      ...base,
      deliveryId: z.string(),
      channelId: z.string(),
      attempt: z.number().int().min(1),
      tookMs: z.number(),
      code: failureCodeSchema.nullable(),
      detail: z.string().max(500),
      nextAttemptAtMs: z.number().nullable(),
    }),
  }),
  z.object({ type: z.literal('delivery.dropped'), payload: z.object({ ...base, deliveryId: z.string(), because: dropReasonSchema }) }),
  z.object({
    type: z.literal('delivery.tested'),
    payload: z.object({ ...base, channelId: z.string(), tookMs: z.number(), code: failureCodeSchema.nullable(), detail: z.string().max(500) }),
  }),
  z.object({
    type: z.literal('delivery.configured'),
    payload: z.object({
      ...base,
      before: deliverySettingsSchema,
      after: deliverySettingsSchema,
      secretsSetFor: z.array(z.string()),
      reason: z.string().max(2000),
    }),
  }),
]);
export type DeliveryEventBody = z.infer<typeof deliveryEventSchema>;
export type DeliveryEvent = DeliveryEventBody & { subject: string };

export function aboutDelivery(event: DeliveryEventBody): DeliveryEvent {
  const { payload } = event;
  const subject = 'notice' in payload ? `notice:${payload.notice.noticeId}` : 'channelId' in payload ? `channel:${payload.channelId}` : 'delivery';
  return { ...event, subject };
}

export function newHealth(channelId: string): ChannelHealth {
  return { channelId, lastSentAtMs: null, lastTestedAtMs: null, lastFailure: null, failuresInRow: 0 };
}

/** One attempt's outcome, of a notice or of a test. */
export function evolveHealth(health: ChannelHealth, at: { atMs: number; code: FailureCode | null; detail: string; isTest: boolean }): ChannelHealth {
  const tested = at.isTest ? { lastTestedAtMs: at.atMs } : {};
  if (at.code === null) return { ...health, ...tested, lastSentAtMs: at.atMs, failuresInRow: 0 };
  return { ...health, ...tested, lastFailure: { atMs: at.atMs, code: at.code, detail: at.detail }, failuresInRow: health.failuresInRow + 1 };
}

export function evolveDelivery(delivery: Delivery, event: DeliveryEventBody): Delivery {
  if (event.type === 'delivery.dropped') return { ...delivery, state: 'dropped', nextAttemptAtMs: null, droppedBecause: event.payload.because };
  if (event.type !== 'delivery.attempted') return delivery;
  const { atMs, tookMs, code, detail, nextAttemptAtMs } = event.payload;
  const state = code === null ? 'sent' : nextAttemptAtMs === null ? 'failed' : 'retrying';
  return { ...delivery, state, nextAttemptAtMs, attempts: [...delivery.attempts, { atMs, tookMs, code, detail }] };
}
