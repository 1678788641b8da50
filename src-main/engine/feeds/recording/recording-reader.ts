/** Reads a recording event by event in bounded memory, trusting nothing: each line is parsed, bombs are refused, and a file that breaks off says where. */
import { open, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { IntakeEvent } from '#shared/feed/intake';
import { CHECK_LINE, RECORDING_FORMAT, type RecordingHeader, recordingEndSchema, recordingHeaderSchema } from '#shared/feed/recording';
import { accept, type Outcome, refuse } from '#shared/refusal';
import { type LineFormat, LineSource, type LineSourceLimits } from './line-source';
import { parseRecordedEvent } from './parse-event';
import { type RecordingSeal, SEALED_MAGIC } from './recording-seal';

const DEFAULT_LIMITS: LineSourceLimits = {
  maxLineBytes: 128 * 1024 * 1024,
  maxRatio: 400,
  ratioAfterBytes: 64 * 1024 * 1024,
  chunkBytes: 64 * 1024,
};

/** How a file ended: `truncated` was cut off (a killed process, a copy not finished), `damaged` cannot be decompressed or is not a recording. */
export type RecordingEnding = { kind: 'complete' | 'truncated' | 'damaged'; afterEvents: number; atByte: number; reason: string };

export class RecordingReader {
  readonly file: string;
  readonly header: RecordingHeader;
  readonly fileBytes: number;
  readonly #limits: LineSourceLimits;
  readonly #format: LineFormat;
  #bytesRead = 0;
  #eventCount = 0;
  #refusedLines = 0;
  #firstRefusal: string | null = null;
  #ending: RecordingEnding | null = null;
  #hasEnd = false;

  private constructor(file: string, header: RecordingHeader, fileBytes: number, limits: LineSourceLimits, format: LineFormat) {
    this.file = file;
    this.header = header;
    this.fileBytes = fileBytes;
    this.#limits = limits;
    this.#format = format;
  }

  /** Reads the header; refuses what is not a recording of this format, and a sealed one without `seal`. */
  static async open(file: string, limits: Partial<LineSourceLimits> = {}, seal?: RecordingSeal): Promise<Outcome<RecordingReader>> {
    const all = { ...DEFAULT_LIMITS, ...limits };
    try {
      // Opening a pipe or a device may wait for ever, and would keep a thread that others need.
      const found = await stat(file);
      if (!found.isFile()) return refuse('INVALID', `${file} is not a recording (not a file)`, 'file');
      const handle = await open(file, 'r');
      const magic = Buffer.alloc(SEALED_MAGIC.length);
      try {
        await handle.read(magic, 0, magic.length, 0);
      } finally {
        await handle.close();
      }
      const isSealed = magic.equals(SEALED_MAGIC);
      if (isSealed && seal === undefined) return refuse('INVALID', `${file} is sealed with a desk's key; only that desk can replay it`, 'file');
      const format: LineFormat = {
        isCompressed: true,
        mayLackLastNewline: false,
        ...(isSealed && seal !== undefined ? { unseal: () => seal.opening() } : {}),
      };
      if (!isSealed && (magic[0] !== 0x1f || magic[1] !== 0x8b)) return refuse('INVALID', `${file} is not a recording (not gzip)`, 'file');
      const { size } = found;
      const source = new LineSource(file, { ...all, maxLineBytes: Math.min(all.maxLineBytes, 65_536) }, format);
      for await (const lines of source.batches()) {
        const line = lines[0];
        if (line === undefined) continue;
        const header = recordingHeaderSchema.safeParse(parseJson(line));
        if (!header.success) return refuse('INVALID', `${file} is not a ${RECORDING_FORMAT} recording`, 'file');
        return accept(new RecordingReader(file, header.data, size, all, format));
      }
      return refuse('INVALID', `${file} is not a recording: ${source.failure ?? 'it is empty'}`, 'file');
    } catch (error) {
      return refuse('FAILED', `the recording cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'file');
    }
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** Lines that were not events; they are left out and the rest goes on. */
  get refusedLines(): number {
    return this.#refusedLines;
  }

  get firstRefusal(): string | null {
    return this.#firstRefusal;
  }

  /** Share of the file that was read, 0 to 1. */
  get progress(): number {
    return this.fileBytes === 0 ? 1 : Math.min(1, this.#bytesRead / this.fileBytes);
  }

  /** Null while reading goes on. */
  get ending(): RecordingEnding | null {
    return this.#ending;
  }

  /** The events in order. May be asked for once. */
  async *events(): AsyncGenerator<IntakeEvent, void, undefined> {
    for await (const batch of this.batches()) yield* batch;
  }

  /** The same in batches, as they come off the disk: cheaper for a fast replay. Where blocks carry a check, only whole right ones are given out. */
  async *batches(): AsyncGenerator<IntakeEvent[], void, undefined> {
    const source = new LineSource(this.file, this.#limits, this.#format);
    const block = new CheckedBlock(this.#limits.maxLineBytes);
    let isHeader = true;
    for await (const lines of source.batches()) {
      this.#bytesRead = source.bytesRead;
      const events: IntakeEvent[] = [];
      for (const line of lines) {
        if (this.header.checked === true) {
          const released = block.take(line);
          if (released === 'wrong') {
            if (events.length > 0) yield this.#counted(events);
            this.#end('damaged', source.bytesRead, 'a block does not match its check');
            return;
          }
          for (const checked of released) {
            if (!isHeader) this.#parse(checked, events);
            isHeader = false;
          }
        } else {
          if (!isHeader) this.#parse(line, events);
          isHeader = false;
        }
      }
      if (events.length > 0) yield this.#counted(events);
    }
    const kind = source.isDamaged ? 'damaged' : this.#hasEnd && source.failure === null ? 'complete' : 'truncated';
    const reason = kind === 'complete' ? '' : (source.failure ?? 'the recording was not closed: its last seconds may be missing');
    this.#end(kind, source.bytesRead, reason);
  }

  #parse(line: string, events: IntakeEvent[]): void {
    const value = parseJson(line);
    const parsed = value === undefined ? { ok: false as const, reason: 'not JSON' } : parseRecordedEvent(value);
    if (parsed.ok) events.push(parsed.event);
    else if (recordingEndSchema.safeParse(value).success) this.#hasEnd = true;
    else {
      this.#refusedLines += 1;
      this.#firstRefusal ??= `after event ${this.#eventCount + events.length}: ${parsed.reason}`;
    }
  }

  #counted(events: IntakeEvent[]): IntakeEvent[] {
    this.#eventCount += events.length;
    return events;
  }

  #end(kind: RecordingEnding['kind'], atByte: number, reason: string): void {
    this.#bytesRead = atByte;
    this.#ending = { kind, afterEvents: this.#eventCount, atByte, reason };
  }
}

/** Lines wait here until their block's check line says that they are what was written. */
class CheckedBlock {
  readonly #maxCharacters: number;
  #lines: string[] = [];
  #characters = 0;
  #crc = 0;

  constructor(maxCharacters: number) {
    this.#maxCharacters = maxCharacters;
  }

  take(line: string): string[] | 'wrong' {
    if (!line.startsWith(CHECK_LINE.head)) {
      this.#characters += line.length + 1;
      // A block without end would fill the memory while nothing of it may be believed.
      if (this.#characters > this.#maxCharacters + MOST_IN_A_BLOCK) return 'wrong';
      this.#lines.push(line);
      this.#crc = crc32(`${line}\n`, this.#crc);
      return NOTHING;
    }
    const digits = line.slice(CHECK_LINE.head.length, -CHECK_LINE.tail.length);
    if (digits !== this.#crc.toString(16).padStart(8, '0')) return 'wrong';
    const lines = this.#lines;
    this.#lines = [];
    this.#characters = 0;
    this.#crc = 0;
    return lines;
  }
}

const NOTHING: string[] = [];
const MOST_IN_A_BLOCK = 16 * 1024 * 1024;

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
