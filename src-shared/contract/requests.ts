/** Every request a page or a headless client may make of the engine: payload schema in, answer type out. One row here is one handler in engine/port/requests. */
import { z } from 'zod';
import { NUMBERS_REQUESTS } from '#shared/contract/numbers';
import { alertSchema } from '#shared/desk/alerts/alert';
import { planSchema, runSchema } from '#shared/desk/plans/plan';

const note = z.string().trim().max(2000);
const requiredNote = note.min(1, 'a note is needed');
const id = z.uuid();
const name = z.string().trim().min(1).max(64);

export const feedConfigSchema = z.object({
  feedId: z.string().regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and dashes'),
  /** wss:// anywhere; ws:// only to this machine. */
  url: z.string().max(500),
  encoding: z.enum(['json', 'msgpack']),
  token: z.string().max(4096).optional(),
});
export type FeedConfig = z.infer<typeof feedConfigSchema>;

/** Settings a person may change; each change is a journal entry with before and after. */
export const settingsSchema = z.object({
  language: z.enum(['zh-CN', 'en']),
  theme: z.enum(['dark', 'light']),
  /** `redUp` is the Chinese convention, `greenUp` the western one. */
  priceColours: z.enum(['redUp', 'greenUp']),
  person: z.string().trim().min(1).max(64),
  feeds: z.array(feedConfigSchema).max(8),
});
export type Settings = z.infer<typeof settingsSchema>;
export const settingKeySchema = settingsSchema.keyof();

export const alertHistoryEntrySchema = z.object({
  sequence: z.number(),
  atMs: z.number(),
  actor: z.string(),
  type: z.string(),
  payload: z.unknown(),
  entryHash: z.string(),
});

export const REQUESTS = {
  'settings.get': { payload: z.object({}), answer: settingsSchema },
  'settings.change': { payload: z.object({ key: settingKeySchema, value: z.unknown(), reason: note.optional() }), answer: settingsSchema },

  'alert.get': { payload: z.object({ alertId: id }), answer: z.object({ alert: alertSchema, history: z.array(alertHistoryEntrySchema) }) },
  'alert.acknowledge': {
    payload: z.object({ alertIds: z.array(id).min(1).max(500), note: requiredNote }),
    answer: z.object({ alerts: z.array(alertSchema) }),
  },
  'alert.note': { payload: z.object({ alertId: id, note: requiredNote }), answer: alertSchema },
  'alert.close': {
    payload: z.object({ alertId: id, disposition: z.enum(['handled', 'falsePositive', 'expected', 'duplicate', 'other']), note: requiredNote }),
    answer: alertSchema,
  },

  'plan.list': {
    payload: z.object({}),
    answer: z.object({
      roles: z.record(z.string(), z.object({ en: z.string(), zh: z.string() })),
      plans: z.array(planSchema),
      proposals: z.record(z.string(), z.array(z.string())),
    }),
  },
  'run.start': { payload: z.object({ planId: z.string().max(32), alertId: id.optional(), opId: id.optional() }), answer: runSchema },
  'run.assignRole': { payload: z.object({ runId: id, role: z.string().max(16), person: name }), answer: runSchema },
  'run.startStep': { payload: z.object({ runId: id, no: z.number().int() }), answer: runSchema },
  'run.completeStep': {
    /** `person` signs instead of the one on duty: somebody else who is present. The name is as stated; the entry says who was on duty. */
    payload: z.object({ runId: id, no: z.number().int(), note: note.optional(), person: name.optional() }),
    answer: runSchema,
  },
  'run.skipStep': { payload: z.object({ runId: id, no: z.number().int(), reason: requiredNote }), answer: runSchema },
  'run.reopenStep': { payload: z.object({ runId: id, no: z.number().int(), reason: requiredNote }), answer: runSchema },
  'run.note': { payload: z.object({ runId: id, no: z.number().int().optional(), note: requiredNote }), answer: runSchema },
  'run.finish': { payload: z.object({ runId: id, note: note.optional() }), answer: runSchema },
  'run.abort': { payload: z.object({ runId: id, reason: requiredNote }), answer: runSchema },

  'feed.test': {
    payload: feedConfigSchema,
    answer: z.object({ source: z.string(), tradingDay: z.string(), streams: z.array(z.string()), clockOffsetMs: z.number() }),
  },
  /** Pausing is for a person who wants a feed quiet (maintenance, an exercise); it shows as paused, never as healthy. */
  'feed.pause': { payload: z.object({ feedId: z.string().max(64), reason: requiredNote }), answer: z.object({}) },
  'feed.resume': { payload: z.object({ feedId: z.string().max(64) }), answer: z.object({}) },
  'feed.reconnect': { payload: z.object({ feedId: z.string().max(64) }), answer: z.object({}) },

  'recording.start': { payload: z.object({ name: name.optional() }), answer: z.object({ file: z.string() }) },
  'recording.stop': { payload: z.object({}), answer: z.object({ file: z.string(), eventCount: z.number(), bytes: z.number() }) },
  'recording.list': {
    payload: z.object({}),
    answer: z.object({ recordings: z.array(z.object({ file: z.string(), bytes: z.number(), createdAtMs: z.number(), source: z.string() })) }),
  },
  'replay.start': {
    payload: z.object({ file: z.string().max(500), speed: z.union([z.number().min(1).max(1000), z.literal('max')]) }),
    answer: z.object({}),
  },
  'replay.control': {
    payload: z.object({
      action: z.enum(['pause', 'resume', 'stop', 'speed']),
      speed: z.union([z.number().min(1).max(1000), z.literal('max')]).optional(),
    }),
    answer: z.object({}),
  },

  'workspace.save': { payload: z.object({ name, layout: z.string().max(500_000) }), answer: z.object({}) },
  'workspace.list': {
    payload: z.object({}),
    answer: z.object({ layouts: z.array(z.object({ name: z.string(), layout: z.string(), savedAtMs: z.number() })) }),
  },
  'workspace.remove': { payload: z.object({ name }), answer: z.object({}) },

  search: {
    payload: z.object({ text: z.string().max(100), limit: z.number().int().min(1).max(100) }),
    answer: z.object({
      hits: z.array(
        z.object({
          kind: z.enum(['account', 'instrument', 'product', 'department', 'controlGroup', 'plan']),
          key: z.string(),
          label: z.string(),
          sublabel: z.string(),
        }),
      ),
    }),
  },
  'backup.now': { payload: z.object({}), answer: z.object({ file: z.string(), verified: z.boolean() }) },
  ...NUMBERS_REQUESTS,
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export type RequestName = keyof typeof REQUESTS;
export type RequestPayload<Name extends RequestName> = z.infer<(typeof REQUESTS)[Name]['payload']>;
export type RequestAnswer<Name extends RequestName> = z.infer<(typeof REQUESTS)[Name]['answer']>;
