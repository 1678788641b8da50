/**
 * Writes intake events to a recording while they happen. The file grows by whole gzip members, so that what was flushed stays readable when the
 * process is killed; memory is bounded, and a recording that cannot keep up ends with a reason instead of getting holes.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, gzip } from 'node:zlib';
import type { IntakeEvent } from '#shared/feed/intake';
import { CHECK_LINE, RECORDING_FORMAT, type RecordingHeader } from '#shared/feed/recording';
import { accept, type Outcome, refuse } from '#shared/refusal';
import type { RecordingSeal } from './recording-seal';

const compress = promisify(gzip);

export type RecordingWriterOptions = {
  file: string;
  header: Omit<RecordingHeader, 'format' | 'checked'>;
  /** A member is written when this much text waits, or after `flushAfterMs`. */
  flushCharacters?: number;
  flushAfterMs?: number;
  /** Left out, everybody who has the file can read it: a recording made to be taken along. */
  seal?: RecordingSeal;
  /** Text that may wait for the disk before the recording gives up. */
  maxPendingCharacters?: number;
};

export type RecordingState = {
  file: string;
  state: 'recording' | 'closed' | 'failed';
  reason: string;
  eventCount: number;
  /** Compressed bytes on disk. */
  bytes: number;
};

export class RecordingWriter {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #flushCharacters: number;
  readonly #flushAfterMs: number;
  readonly #maxPending: number;
  readonly #seal: ReturnType<RecordingSeal['begin']> | null;
  #lines: string[];
  #lineCharacters: number;
  #pendingCharacters = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #state: RecordingState['state'] = 'recording';
  #reason = '';
  #eventCount = 0;
  #bytes = 0;

  private constructor(handle: FileHandle, options: RecordingWriterOptions) {
    this.#handle = handle;
    this.#file = options.file;
    this.#flushCharacters = options.flushCharacters ?? 256 * 1024;
    this.#flushAfterMs = options.flushAfterMs ?? 1_000;
    this.#maxPending = options.maxPendingCharacters ?? 256 * 1024 * 1024;
    const header = `${JSON.stringify({ format: RECORDING_FORMAT, checked: true, ...options.header } satisfies RecordingHeader)}\n`;
    this.#seal = options.seal?.begin() ?? null;
    this.#lines = [header];
    this.#lineCharacters = header.length;
  }

  /** Creates the file; refuses to write over one that is there. */
  static async create(options: RecordingWriterOptions): Promise<Outcome<RecordingWriter>> {
    try {
      const writer = new RecordingWriter(await open(options.file, 'wx'), options);
      writer.#flush();
      return accept(writer);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'EEXIST') return refuse('CONFLICT', `${options.file} exists already`, 'file');
      return refuse('FAILED', `the recording cannot be created: ${error instanceof Error ? error.message : String(error)}`, 'file');
    }
  }

  picture(): RecordingState {
    return { file: this.#file, state: this.#state, reason: this.#reason, eventCount: this.#eventCount, bytes: this.#bytes };
  }

  /** Takes the events as they are now; never waits, never throws. */
  append(events: readonly IntakeEvent[]): void {
    if (this.#state !== 'recording') return;
    for (const event of events) this.#line(JSON.stringify(event));
    this.#eventCount += events.length;
    if (this.#lineCharacters >= this.#flushCharacters) this.#flush();
    else if (this.#timer === null && this.#lines.length > 0) this.#timer = setTimeout(() => this.#flush(), this.#flushAfterMs);
    if (this.#pendingCharacters > this.#maxPending) this.#fail('the disk is too slow for this recording');
  }

  /** Resolves when everything appended so far is in the file: a writer of files waits here so as not to outrun the disk. */
  async drained(): Promise<void> {
    if (this.#pendingCharacters > this.#flushCharacters * 8) await this.#writing;
  }

  /** Writes the end line and closes the file. */
  async close(): Promise<RecordingState> {
    if (this.#state === 'recording') {
      this.#line(JSON.stringify({ end: { eventCount: this.#eventCount } }));
      this.#flush();
      this.#state = 'closed';
    }
    await this.#writing;
    try {
      await this.#handle.sync();
      await this.#handle.close();
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
    return this.picture();
  }

  #line(text: string): void {
    this.#lines.push(text, '\n');
    this.#lineCharacters += text.length + 1;
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#lines.length === 0) return;
    const block = this.#lines.join('');
    const text = `${block}${CHECK_LINE.head}${crc32(block).toString(16).padStart(8, '0')}${CHECK_LINE.tail}\n`;
    this.#lines = [];
    this.#lineCharacters = 0;
    this.#pendingCharacters += text.length;
    this.#writing = this.#writing.then(() => this.#write(text));
  }

  async #write(text: string): Promise<void> {
    try {
      if (this.#state === 'failed') return;
      const member = await compress(text);
      const isFirst = this.#bytes === 0;
      const piece = this.#seal === null ? member : this.#seal.seal(member);
      const bytes = isFirst && this.#seal !== null ? Buffer.concat([this.#seal.head, piece]) : piece;
      await this.#handle.writeFile(bytes);
      this.#bytes += bytes.length;
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    } finally {
      this.#pendingCharacters -= text.length;
    }
  }

  #fail(reason: string): void {
    if (this.#state === 'failed') return;
    this.#state = 'failed';
    this.#reason = reason;
    this.#lines = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
