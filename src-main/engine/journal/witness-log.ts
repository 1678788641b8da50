/** The witness file beside the journal: checkpoints in plain text, outside the database, so that a database cut off or put back contradicts it. */
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '#engine/store/hash';
import type { JournalFile } from '#engine/store/journal-file';
import { type Checkpoint, checkpointLine, readCheckpointLine } from '#shared/journal/checkpoint';

/** One line of JSON per checkpoint, in the data folder. */
export const CHECKPOINT_LOG = 'checkpoints.log';

/** The journal that was opened cannot have grown from what the witness file says: it lost its end, or it is another one. */
export type WitnessFault = {
  code: 'journalBehindWitness' | 'journalContradictsWitness';
  params: { device: string; witnessSize: number; heldSize: number; witnessTime: string };
};

/** Looks at the newest line only: it covers everything before it. Null without a witness file, or where they agree. */
export function findWitnessFault(file: JournalFile): WitnessFault | null {
  const last = new WitnessLog(file.path).newest;
  if (last === null) return null;
  const heldSize = file.rows.deviceHeads().find(({ device }) => device === last.device)?.deviceSeq ?? 0;
  const params = { device: last.device, witnessSize: last.size, heldSize, witnessTime: last.time };
  if (heldSize < last.size) return { code: 'journalBehindWitness', params };
  const head = file.database.prepare('SELECT entryHash FROM entries WHERE device = ? AND deviceSeq = ?').pluck().get(last.device, last.size);
  // The head covers every entry before it through the chain, so that no tree is needed to see that they differ.
  return head === last.head ? null : { code: 'journalContradictsWitness', params };
}

export class WitnessLog {
  /** The last whole line as it was when the log was opened. */
  readonly newest: Checkpoint | null;
  readonly #path: string;
  #waiting: string[] = [];

  constructor(journalPath: string) {
    this.#path = join(dirname(journalPath), CHECKPOINT_LOG);
    const tail = tailOf(this.#path);
    const lines = tail.split('\n');
    // A line that a power cut left half written is ended before the next one is begun.
    if (lines.pop() !== '') this.#waiting.push('');
    this.newest = readCheckpointLine(lines.at(-1) ?? '', sha256);
  }

  /**
   * After the commit, and without waiting for the disk: a line that a power cut takes is in the journal, which it is the witness of. What cannot
   * be written (a full disk) waits for the next line and stops nothing.
   */
  write(...checkpoints: readonly Checkpoint[]): void {
    this.#waiting.push(...checkpoints.map(checkpointLine));
    if (!this.#waiting.some((line) => line !== '')) return;
    try {
      appendFileSync(this.#path, `${this.#waiting.join('\n')}\n`);
      this.#waiting = [];
    } catch {
      // The checkpoints themselves are in the journal.
    }
  }
}

const TAIL_BYTES = 4_096;

/** Empty when there is no file or it cannot be read: recording is never refused because of a witness. */
function tailOf(path: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(handle, bytes, 0, bytes.length, Math.max(0, size - TAIL_BYTES));
    return bytes.toString('utf8');
  } catch {
    return '';
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
