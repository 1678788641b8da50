/** Every request a page or a headless client may make of the engine: payload schema in, answer type out. One row here is one handler in engine/port/requests. */
import { z } from 'zod';
import { ALERT_REQUESTS } from '#shared/contract/alerts';
import { APPROVAL_REQUESTS } from '#shared/contract/approvals';
import { AUDIT_REQUESTS } from '#shared/contract/audit';
import { CLOCK_REQUESTS, DEVICE_REQUESTS } from '#shared/contract/devices';
import { DRILL_REQUESTS } from '#shared/contract/drills';
import { EVIDENCE_REQUESTS } from '#shared/contract/evidence';
import { HANDOVER_REQUESTS } from '#shared/contract/handovers';
import { INCIDENT_REQUESTS } from '#shared/contract/incidents';
import { NOTICE_REQUESTS } from '#shared/contract/notices';
import { NUMBERS_REQUESTS } from '#shared/contract/numbers';
import { PAPER_REQUESTS } from '#shared/contract/paper';
import { PEOPLE_REQUESTS } from '#shared/contract/people';
import { PLAN_REQUESTS } from '#shared/contract/plans';
import { REFERENCE_ROW_REQUESTS } from '#shared/contract/reference-rows';
import { RULE_REQUESTS } from '#shared/contract/rules';

const note = z.string().trim().max(2000);
const requiredNote = note.min(1, 'a note is needed');
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
  /** Minutes without a key or a click after which the desk locks; left out: as the dated row says. Only on a claimed desk. */
  idleLockMinutes: z.number().int().min(1).max(240).optional(),
  /** From how many rows on a table leaves only with somebody else's approval; left out or null: as the dated policy says. A change needs that approval itself. */
  exportApprovalRows: z.number().int().min(1).max(10_000_000).nullish(),
  person: z.string().trim().min(1).max(64),
  feeds: z.array(feedConfigSchema).max(8),
});
export type Settings = z.infer<typeof settingsSchema>;
export const settingKeySchema = settingsSchema.keyof();

export const REQUESTS = {
  'settings.get': { payload: z.object({}), answer: settingsSchema },
  'settings.change': { payload: z.object({ key: settingKeySchema, value: z.unknown(), reason: note.optional() }), answer: settingsSchema },

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
  /** A copy in clear into the desk's folder of exports, for `desk replay` and other desks; needs the approval of somebody else. */
  'recording.export': {
    payload: z.object({ file: z.string().max(500), reason: requiredNote }),
    answer: z.object({ path: z.string(), eventCount: z.number(), isWhole: z.boolean() }),
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
  /** Puts a back-up in the journal's place at the next start, once others have agreed; the journal of now is kept under another name. */
  'backup.restore': {
    payload: z.object({ file: z.string().regex(/^journal-\d{8}T\d{9}Z\.sqlite$/, 'must be the name of a back-up'), reason: requiredNote }),
    answer: z.object({ file: z.string() }),
  },
  'backup.now': { payload: z.object({}), answer: z.object({ file: z.string(), verified: z.boolean() }) },
  ...NUMBERS_REQUESTS,
  ...ALERT_REQUESTS,
  ...APPROVAL_REQUESTS,
  ...AUDIT_REQUESTS,
  ...CLOCK_REQUESTS,
  ...DEVICE_REQUESTS,
  ...DRILL_REQUESTS,
  ...EVIDENCE_REQUESTS,
  ...HANDOVER_REQUESTS,
  ...INCIDENT_REQUESTS,
  ...NOTICE_REQUESTS,
  ...PAPER_REQUESTS,
  ...PEOPLE_REQUESTS,
  ...PLAN_REQUESTS,
  ...REFERENCE_ROW_REQUESTS,
  ...RULE_REQUESTS,
} satisfies Record<string, { payload: z.ZodType; answer: z.ZodType }>;

export type RequestName = keyof typeof REQUESTS;
export type RequestPayload<Name extends RequestName> = z.infer<(typeof REQUESTS)[Name]['payload']>;
export type RequestAnswer<Name extends RequestName> = z.infer<(typeof REQUESTS)[Name]['answer']>;
