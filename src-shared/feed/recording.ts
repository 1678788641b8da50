/** The frame of a recording: a header line, one intake event a line with a check line after each block, and an end line that only a recording closed in order has. */
import { z } from 'zod';

export const RECORDING_FORMAT = 'floorwatch-recording/1';
/** File names end so, that a list of recordings needs no look inside. */
export const RECORDING_EXTENSION = '.fwrec.gz';

export const recordingHeaderSchema = z.object({
  format: z.literal(RECORDING_FORMAT),
  createdAtMs: z.number().min(0).max(8.64e15),
  /** What was recorded, for people: a feed's source name or an imported file's name. */
  source: z.string().max(200),
  origin: z.enum(['live', 'import', 'generated']),
  /**
   * Whether the events come in blocks that each end with `{"check":"<crc32 of the block's text, 8 hex digits>"}`. A damaged gzip member
   * unpacks to plausible nonsense before its own checksum is reached; only a checked block is believed.
   */
  checked: z.boolean().optional(),
  /** Versions and settings that produced it; shown, never acted on. */
  notes: z.record(z.string().max(64), z.union([z.string().max(400), z.number()])).optional(),
});
export type RecordingHeader = z.infer<typeof recordingHeaderSchema>;

export const recordingEndSchema = z.object({ end: z.object({ eventCount: z.number().int().min(0) }) });

/** How a check line begins and ends around its eight digits. */
export const CHECK_LINE = { head: '{"check":"', tail: '"}' } as const;
