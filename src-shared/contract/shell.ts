/**
 * What the shell and the engine say to each other over the utility process's own channel (never the page's port): how to start, which
 * window's port to serve, when to stop; and back: ready, stopped, what a person must notice. Both sides parse what they receive.
 */
import { z } from 'zod';
import { authenticatorAnswerSchema, authenticatorOrderSchema } from '#shared/contract/authenticator';
import { severitySchema } from '#shared/desk/alerts/alert';
import { noticeReasonSchema } from '#shared/desk/delivery/notice';
import { drillResultSchema } from '#shared/desk/drills/result';
import { injectActionSchema } from '#shared/desk/drills/scenario';
import { drillSeedSchema } from '#shared/desk/drills/seed';

/** As many as a drill desk lists. */
export const MOST_DRILL_RESULTS = 200;

/** How an engine is to run. The command line and the tests build the same object. Paths are absolute. */
export const engineOptionsSchema = z.object({
  dataDir: z.string().min(1),
  /** The demonstration feed's address, when its process runs; used only while no feed is configured. */
  demoUrl: z.string().max(500).nullable(),
  /** A packaged app refuses a SQLite with the WAL fault; unpackaged it runs with a visible warning. */
  isPackaged: z.boolean(),
  /** Where another build of better-sqlite3 lies; ignored by a packaged app. */
  sqliteModulePath: z.string().nullable(),
  person: z.string().trim().min(1).max(64),
  mode: z.enum(['live', 'drill']),
  framePaceMs: z.number().min(0).max(10_000),
  /** Of a drill desk: the firm's people, plans and licences as the live desk had them when somebody asked for it. */
  drillSeed: drillSeedSchema.optional(),
  /** What a new desk looks like until a person changes it; left out, as the product comes. */
  looks: z.object({ language: z.enum(['zh-CN', 'en']), theme: z.enum(['dark', 'light']) }).optional(),
  /** What the system's keychain keeps, base64 of 32 bytes; left out where there is no real keychain, and the desk says that its disk is not protected. */
  keychainKey: z.base64().max(64).optional(),
  /** What the last engine of this shell gave it to keep in memory (`keyHeld`), so that an engine that ends at night opens again without a person. */
  memoryKey: z.base64().max(64).optional(),
});
export type EngineOptions = z.infer<typeof engineOptionsSchema>;

/** Shell to engine. `attach-port` carries exactly one MessagePort beside it. */
export const shellMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), options: engineOptionsSchema }),
  z.object({ type: z.literal('attach-port'), windowId: z.number().int().min(0) }),
  /** The machine sleeps, woke up, or its screen was locked: after `resumed` nothing known before is fresh, and every link is made anew at once. */
  z.object({ type: z.literal('power'), state: z.enum(['suspended', 'resumed', 'screenLocked']) }),
  /** Answered with `pong` from the engine's own loop: an engine that owes several answers hangs, and is ended and started again. */
  z.object({ type: z.literal('ping') }),
  /** To a drill desk: something critical came up at the live one. */
  z.object({ type: z.literal('pauseDrill') }),
  /** To the live desk: what the drill desk said of its drills. */
  z.object({ type: z.literal('drillResults'), results: z.array(drillResultSchema).max(MOST_DRILL_RESULTS) }),
  /** Answers `print`: the PDF, or why there is none. */
  z.object({ type: z.literal('printed'), printId: z.uuid(), pdf: z.instanceof(Uint8Array).nullable(), fault: z.string().max(2000) }),
  /** Answers `askAuthenticator`. */
  z.object({ type: z.literal('authenticatorAnswered'), askId: z.uuid(), answer: authenticatorAnswerSchema }),
  z.object({ type: z.literal('shutdown') }),
]);
export type ShellMessage = z.infer<typeof shellMessageSchema>;

/** Engine to shell. */
export const engineReportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), engineId: z.string(), startedAtMs: z.number() }),
  /** The key to what is stored is locked: windows are served one page, to open it. Nothing is watched until then; `ready` follows. */
  z.object({ type: z.literal('keyLocked'), engineId: z.string(), startedAtMs: z.number() }),
  /** A way to the key, for this shell's memory only and for this folder. */
  z.object({ type: z.literal('keyHeld'), key: z.base64().max(64) }),
  z.object({ type: z.literal('pong') }),
  /** Everything is on disk; the process may end. */
  z.object({ type: z.literal('stopped') }),
  /** At start and whenever a person changes them: the shell's own menus, tray and notifications follow. */
  z.object({ type: z.literal('preferences'), language: z.enum(['zh-CN', 'en']), theme: z.enum(['dark', 'light']) }),
  /** The engine could not start, or a part of it is lost: `what` for the log, `advice` is a code the page and the shell put into words. */
  z.object({ type: z.literal('failed'), code: z.string().max(64), message: z.string().max(2000) }),
  /** Whether the demonstration feed is listened to: not once a feed of one's own is configured. At start and whenever it changes. */
  z.object({ type: z.literal('demonstration'), isNeeded: z.boolean() }),
  /** A person at the live desk asks for the drill desk's window. */
  z.object({ type: z.literal('openDrillDesk'), seed: drillSeedSchema }),
  /** From a drill desk only: what its own broker is to do. */
  z.object({ type: z.literal('inject'), action: injectActionSchema }),
  /** From a drill desk only: how its drills stand, for the firm's own desk. */
  z.object({ type: z.literal('drillResults'), results: z.array(drillResultSchema).max(MOST_DRILL_RESULTS) }),
  /** One page to turn into a PDF (A4): HTML that needs nothing else, and what stands above and below on every sheet. Answered with `printed`. */
  z.object({ type: z.literal('print'), printId: z.uuid(), html: z.string(), header: z.string(), footer: z.string() }),
  /** The machine's own authenticator is asked in a small window of its own. Answered with `authenticatorAnswered`. */
  z.object({ type: z.literal('askAuthenticator'), askId: z.uuid(), order: authenticatorOrderSchema }),
  /** How many alerts wait for a person, by severity: for the tray and the window's badge. */
  z.object({ type: z.literal('attention'), unacknowledged: z.record(severitySchema, z.number().int().min(0)) }),
  /** One notice, of one alert or of several told together. The words are made from the kind, the parameters and the reason. */
  z.object({
    type: z.literal('notify'),
    noticeId: z.string(),
    reason: noticeReasonSchema,
    alertCount: z.number().int().min(1),
    lateByMs: z.number().nullable(),
    mode: z.enum(['live', 'drill']),
    /** What the delivery settings allow for this severity. */
    isShown: z.boolean(),
    flashes: z.boolean(),
    alertId: z.string(),
    severity: severitySchema,
    kind: z.string(),
    entity: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  }),
]);
export type EngineReport = z.infer<typeof engineReportSchema>;
