/** Starts and ends the recording of what the feeds say, into the data folder's own place for recordings, and lists what is there. */
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve, sep } from 'node:path';
import type { Clock } from '#engine/clock';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import type { RecordingSeal } from '#engine/feeds/recording/recording-seal';
import type { RecordingTap } from '#engine/feeds/recording/recording-tap';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import type { StatusPicture } from '#shared/contract/streams';
import type { IntakeEvent } from '#shared/feed/intake';
import { RECORDING_EXTENSION } from '#shared/feed/recording';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type RecordingControlParts = {
  folder: string;
  /** Where what leaves the desk lies. */
  exportFolder: string;
  clock: Clock;
  tap: RecordingTap;
  /** Recordings in the data folder are sealed with it. */
  seal: RecordingSeal;
  /** Names what is recorded, for people. */
  sourceName: () => string;
  requestPictures: () => void;
  /** What the core has been given that no feed will say again. */
  alreadyGiven: () => IntakeEvent[];
  /** Says in the record what left the desk, and why. */
  recordExport: (made: ExportedRecording) => Outcome<unknown>;
};

export type ExportedRecording = { recording: string; file: string; eventCount: number; bytes: number; reason: string };

export class RecordingControl {
  private readonly parts: RecordingControlParts;
  private running: { writer: RecordingWriter; sinceMs: number } | null = null;
  /** A file is being created: a second request in that moment would leave a recording that nobody can stop. */
  private isStarting = false;

  constructor(parts: RecordingControlParts) {
    this.parts = parts;
  }

  async start(name: string | null): Promise<Outcome<RequestAnswer<'recording.start'>>> {
    if (this.running !== null) return refuse('CONFLICT', `${this.running.writer.picture().file} is being recorded; stop it first`);
    if (this.isStarting) return refuse('CONFLICT', 'a recording is just being started');
    this.isStarting = true;
    try {
      return await this.begin(name);
    } finally {
      this.isStarting = false;
    }
  }

  private async begin(name: string | null): Promise<Outcome<RequestAnswer<'recording.start'>>> {
    const { clock, folder, tap } = this.parts;
    const sinceMs = clock.nowMs();
    const stem = (name ?? `session-${new Date(sinceMs).toISOString().replace(/[-:]|\.\d+/g, '')}`).replace(/[^\p{L}\p{N}._-]+/gu, '-');
    if (stem.replace(/^\.+/, '') !== stem || stem === '')
      return refuse('INVALID', 'name: letters, digits, dots and dashes, not beginning with a dot', 'name');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${stem}${RECORDING_EXTENSION}`);
    const created = await RecordingWriter.create({
      file,
      header: { createdAtMs: sinceMs, source: this.parts.sourceName(), origin: 'live' },
      seal: this.parts.seal,
    });
    if (!created.ok) return created;
    this.running = { writer: created.value, sinceMs };
    tap.startRecording(created.value, this.parts.alreadyGiven());
    this.parts.requestPictures();
    return accept({ file });
  }

  async stop(): Promise<Outcome<RequestAnswer<'recording.stop'>>> {
    const { running } = this;
    if (running === null) return refuse('CONFLICT', 'nothing is being recorded');
    this.running = null;
    this.parts.tap.stopRecording();
    const { file, eventCount, bytes, state, reason } = await running.writer.close();
    return state === 'failed' ? refuse('FAILED', `the recording ended early: ${reason}`) : accept({ file, eventCount, bytes });
  }

  picture(): StatusPicture['recording'] {
    if (this.running === null) return null;
    const { file, eventCount, bytes } = this.running.writer.picture();
    return { file, sinceMs: this.running.sinceMs, eventCount, bytes };
  }

  /** Why a running recording will not be whole; null while all is well. */
  failure(): string | null {
    const picture = this.running?.writer.picture();
    return picture?.state === 'failed' ? picture.reason : null;
  }

  async list(): Promise<Outcome<RequestAnswer<'recording.list'>>> {
    const { folder } = this.parts;
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return accept({ recordings: [] });
    const recordings: RequestAnswer<'recording.list'>['recordings'] = [];
    // What a file is, not what it is called: an import may be written under any name.
    for (const name of readdirSync(folder)) {
      const opened = await RecordingReader.open(join(folder, name), {}, this.parts.seal);
      if (!opened.ok) continue;
      const { header, fileBytes } = opened.value;
      recordings.push({ file: name, bytes: fileBytes, createdAtMs: header.createdAtMs, source: header.source });
    }
    return accept({ recordings: recordings.sort((a, b) => b.createdAtMs - a.createdAtMs) });
  }

  /**
   * A copy in clear, which every desk and `desk replay` can read: event by event, so that a damaged recording gives what of it is whole. The copy
   * never replaces a file.
   */
  async export({ file, reason }: RequestPayload<'recording.export'>): Promise<Outcome<RequestAnswer<'recording.export'>>> {
    const found = this.resolve(file);
    if (!found.ok) return found;
    const opened = await RecordingReader.open(found.value, {}, this.parts.seal);
    if (!opened.ok) return opened;
    const { exportFolder } = this.parts;
    mkdirSync(exportFolder, { recursive: true });
    const path = unusedCopy(exportFolder, basename(found.value));
    const unfinished = `${path}.part`;
    rmSync(unfinished, { force: true });
    const { format: _format, checked: _checked, ...header } = opened.value.header;
    const created = await RecordingWriter.create({ file: unfinished, header });
    if (!created.ok) return created;
    for await (const events of opened.value.batches()) {
      created.value.append(events);
      await created.value.drained();
    }
    const { state, reason: fault, eventCount, bytes } = await created.value.close();
    if (state === 'failed') {
      rmSync(unfinished, { force: true });
      return refuse('FAILED', `the copy could not be written: ${fault}`);
    }
    // The entry first: nothing leaves the desk unsaid.
    const recorded = this.parts.recordExport({ recording: basename(found.value), file: path, eventCount, bytes, reason });
    if (!recorded.ok) {
      rmSync(unfinished, { force: true });
      return recorded;
    }
    renameSync(unfinished, path);
    return accept({ path, eventCount, isWhole: opened.value.ending?.kind === 'complete' });
  }

  /** A page may name a recording in the folder, and nothing else on the disk. */
  resolve(name: string): Outcome<string> {
    const folder = resolve(this.parts.folder);
    const file = isAbsolute(name) ? resolve(name) : resolve(folder, name);
    const forbidden = refuse('FORBIDDEN', 'file: only recordings in the data folder can be replayed here', 'file');
    if (!file.startsWith(folder + sep)) return forbidden;
    if (this.running?.writer.picture().file === file) return refuse('CONFLICT', `file: ${name} is still being recorded`, 'file');
    try {
      // A link in the folder leads to wherever it leads.
      return realpathSync(file).startsWith(realpathSync(folder) + sep) ? accept(file) : forbidden;
    } catch {
      return refuse('UNKNOWN', `file: there is no recording ${name}`, 'file');
    }
  }
}

function unusedCopy(folder: string, name: string): string {
  const stem = name.endsWith(RECORDING_EXTENSION) ? name.slice(0, -RECORDING_EXTENSION.length) : name;
  let path = join(folder, `${stem}${RECORDING_EXTENSION}`);
  for (let number = 2; existsSync(path); number++) path = join(folder, `${stem} (${number})${RECORDING_EXTENSION}`);
  return path;
}
