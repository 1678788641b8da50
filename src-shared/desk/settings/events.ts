/** A changed setting as it is written in the journal: with before, after and why, and never with a secret. */
import { z } from 'zod';
import { feedConfigSchema, settingsSchema } from '#shared/contract/requests';

/** A feed's configuration as it may be recorded: since when it has its token, never the token, because a journal cannot forget. */
export const recordedFeedSchema = feedConfigSchema.omit({ token: true }).extend({ tokenSetAtMs: z.number().nullable() });
export type RecordedFeed = z.infer<typeof recordedFeedSchema>;

export const settingEventSchema = z.object({
  type: z.literal('setting.changed'),
  payload: z.discriminatedUnion('key', [
    settingPayload('language', settingsSchema.shape.language),
    settingPayload('theme', settingsSchema.shape.theme),
    settingPayload('priceColours', settingsSchema.shape.priceColours),
    settingPayload('idleLockMinutes', settingsSchema.shape.idleLockMinutes),
    settingPayload('exportApprovalRows', settingsSchema.shape.exportApprovalRows),
    settingPayload('person', settingsSchema.shape.person),
    settingPayload('feeds', z.array(recordedFeedSchema).max(8)),
  ]),
});
export type SettingEvent = z.infer<typeof settingEventSchema> & { subject: string };

function settingPayload<Key extends string, Value extends z.ZodType>(key: Key, value: Value) {
  return z.object({ key: z.literal(key), before: value, after: value, reason: z.string().max(2000).nullable(), atMs: z.number() });
}
