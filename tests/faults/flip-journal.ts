/** Flips single bits in a journal file and sees whether verifying names the place. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '#demo/random';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { SigningKeys } from '#engine/journal/signing/signing-keys';
import { type FileReport, verifyJournalFile } from '#engine/journal/verify-file';
import { sha256 } from '#engine/store/hash';
import { openStore } from '#engine/store/open-store';
import { loadSqlite } from '#engine/store/sqlite-module';
import type { JournalEvent } from '#shared/journal/entry';
import { type Span, spansOf } from '#tests/faults/journal-bytes';
import { seededIds } from '#tests/faults/seeded-ids';
import { START_MS, TestClock } from '#tests/integration/journal/helpers';

const sqlite = loadSqlite({ isPackaged: false, modulePath: null });

/**
 * `exact`: the very entry or checkpoint. `page`: of SQLite's own pointers, so that the page or the rows below it are named. `unread`: a bit that
 * SQLite never reads (one per row: that of the stored type of a column which stands for the row's number), so that every row reads as before.
 */
export type FlipOutcome = { number: number; offset: number; bit: number; span: Span; located: 'exact' | 'page' | 'unread' | null; said: string };

/** A journal of short, long and very long entries (some fill several pages), by one device, closed, in one file; the same for the same seed. */
export function journalToFlip(folder: string, entryCount: number, seed: number): string {
  const { next: random } = createRandom(seed);
  const newId = seededIds(seed);
  const clock = new TestClock(START_MS);
  const store = openStore({ directory: folder, isPackaged: false, sqliteModulePath: null, clock });
  const journal = new ChainedJournal({ file: store.journalFile, clock, newId });
  const record = (event: JournalEvent): void => void journal.append([event], { actor: 'engine', session: 's', mode: 'live' }, newId());
  const signing = new SigningKeys({ journal, journalPath: store.journalFile.path, nowMs: () => clock.nowMs(), record });
  signing.begin();
  signing.open('li.wei', new Uint8Array(32).fill(seed & 255));
  for (let written = journal.headSequence; written < entryCount; ) {
    const count = Math.min(entryCount - written, 1 + Math.floor(random() * 5));
    const events = Array.from({ length: count }, (_, index) => {
      const length = random() < 0.05 ? 3_000 + Math.floor(random() * 12_000) : Math.floor(random() * 500);
      const text = Array.from({ length }, () => 'abc 数据\ufffd"\\0123'.charAt(Math.floor(random() * 14))).join('');
      // Every third is of a kind that its person signs.
      return { type: random() < 0.34 ? 'approval.flip' : 'desk.flip', subject: `account:A${written + index}`, payload: { text, value: random() } };
    });
    // A batch is one command; its entries carry its id.
    journal.append(events, { actor: 'li.wei', session: 's', mode: random() < 0.3 ? 'drill' : 'live' }, newId());
    written += count;
    clock.ms += 1_000;
    if (random() < 0.1) journal.checkpoint();
  }
  journal.checkpoint();
  store.journalFile.database.pragma('journal_mode = DELETE');
  store.journalFile.close();
  return join(folder, 'journal.sqlite');
}

export class Flipper {
  readonly #file: string;
  readonly #bytes: Buffer;
  readonly #spans: Span[];
  readonly #byteCount: number;
  readonly #seed: number;
  readonly #rows: string;

  constructor(file: string, seed: number) {
    this.#file = file;
    this.#seed = seed;
    this.#bytes = readFileSync(file);
    const database = sqlite.open(file, { readonly: true });
    const rootOf = (table: string): number => Number(database.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table));
    this.#spans = (['entries', 'checkpoints'] as const).flatMap((table) => spansOf(this.#bytes, table, rootOf(table)));
    database.close();
    this.#rows = rowsOf(file);
    this.#byteCount = this.#spans.reduce((sum, { length }) => sum + length, 0);
  }

  /** Every bit is as likely as every other. The file is as before when it returns. */
  flip(number: number): FlipOutcome {
    const { next: random } = createRandom(this.#seed * 1_000_003 + number);
    let place = Math.floor(random() * this.#byteCount);
    const span = this.#spans.find(({ length }) => {
      if (place < length) return true;
      place -= length;
      return false;
    });
    if (span === undefined) throw new Error('the place lies beyond the last span');
    const offset = span.start + place;
    const bit = Math.floor(random() * 8);
    const handle = openSync(this.#file, 'r+');
    try {
      const byte = this.#bytes[offset] ?? 0;
      writeSync(handle, Buffer.from([byte ^ (1 << bit)]), 0, 1, offset);
      const report = verifyJournalFile({ sqlite, file: this.#file });
      const isUnread = report.ok && rowsOf(this.#file) === this.#rows;
      writeSync(handle, Buffer.from([byte]), 0, 1, offset);
      const { located, said } = locatedBy(report, span);
      return { number, offset, bit, span, located: isUnread ? 'unread' : located, said };
    } finally {
      closeSync(handle);
    }
  }
}

/** Everything that can be read of the record, every bit of it. */
function rowsOf(file: string): string {
  const database = sqlite.open(file, { readonly: true });
  try {
    const rows = ['entries', 'checkpoints'].map((table) => database.prepare(`SELECT * FROM ${table} NOT INDEXED`).raw().all());
    return sha256(JSON.stringify(rows));
  } finally {
    database.close();
  }
}

function locatedBy(report: FileReport, span: Span): Pick<FlipOutcome, 'located' | 'said'> {
  const { findings, structureFault, witnesses, verdict, ok } = report;
  const damagedCheckpoints = witnesses.find(({ kind }) => kind === 'file')?.damagedCount ?? 0;
  const said = JSON.stringify({ verdict, findings: findings.slice(0, 2), structureFault, damagedCheckpoints });
  if (ok) return { located: null, said };
  const broken = findings.find((finding) => finding.verdict === 'BROKEN_AT');
  const truncated = findings.find((finding) => finding.verdict === 'TRUNCATED');
  if (span.table === 'checkpoints') return { located: damagedCheckpoints > 0 ? 'exact' : structureFault === null ? null : 'page', said };
  const place = broken?.sequence ?? (truncated === undefined ? null : truncated.heldSize + 1);
  if (span.kind === 'row') return { located: place === span.firstRow ? 'exact' : null, said };
  const isBelow = place !== null && place >= span.firstRow && place <= span.lastRow + 1;
  return { located: isBelow || structureFault !== null ? 'page' : null, said };
}
