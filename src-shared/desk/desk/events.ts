/** What happens to the desk itself: it opens and closes, its feeds come and go, its journal is backed up and restored. */
import { z } from 'zod';

const atMs = z.number();

export const feedEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('feed.up'), payload: z.object({ feedId: z.string(), source: z.string(), atMs }) }),
  z.object({ type: z.literal('feed.down'), payload: z.object({ feedId: z.string(), source: z.string(), reason: z.string(), atMs }) }),
  z.object({ type: z.literal('feed.paused'), payload: z.object({ feedId: z.string(), reason: z.string(), atMs }) }),
  z.object({ type: z.literal('feed.resumed'), payload: z.object({ feedId: z.string(), atMs }) }),
]);
export type FeedEventBody = z.infer<typeof feedEventSchema>;

const plainValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

export const deskEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('desk.opened'),
    payload: z.object({ atMs, version: z.string(), sqliteVersion: z.string(), wasClosedCleanly: z.boolean() }),
  }),
  /** The key to what is stored here was locked at the start, and somebody's secret opened it. */
  z.object({
    type: z.literal('desk.keyOpened'),
    payload: z.object({ atMs, personId: z.string(), by: z.enum(['password', 'code']), lockedAtMs: z.number(), wrongTries: z.number().int().min(0) }),
  }),
  /** Who opens the desk when it starts: the machine by itself, or people. */
  z.object({
    type: z.literal('desk.keyKept'),
    payload: z.object({ atMs, before: z.enum(['machine', 'signIn']), after: z.enum(['machine', 'signIn']), reason: z.string() }),
  }),
  z.object({ type: z.literal('desk.closed'), payload: z.object({ atMs }) }),
  /** The journal was damaged or missing and was put back from a back-up: what is known about what is missing. */
  z.object({ type: z.literal('desk.journalRestored'), payload: z.object({ atMs, code: z.string(), params: plainValues }) }),
  /** After the journal was put back: how many files of evidence it names are here, came from the copies, or are gone. */
  z.object({
    type: z.literal('desk.evidenceChecked'),
    payload: z.object({
      ...{ atMs, whole: z.number().int(), fetched: z.number().int(), missing: z.number().int(), damaged: z.number().int() },
      destroyed: z.number().int(),
    }),
  }),
  /** From the next start on this back-up is the journal; the one of now is kept under another name. */
  z.object({ type: z.literal('backup.restoreOrdered'), payload: z.object({ atMs, file: z.string(), reason: z.string() }) }),
  z.object({
    type: z.literal('backup.made'),
    payload: z.object({ atMs, file: z.string(), verified: z.boolean(), entryCount: z.number(), evidenceCount: z.number().optional() }),
  }),
]);
export type DeskEventBody = z.infer<typeof deskEventSchema>;
