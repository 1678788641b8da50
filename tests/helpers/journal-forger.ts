/** Writes into a journal behind the desk's back, as somebody does who has the file but not the keys: with every hash of the chain made anew. */
import { sha256 } from '#engine/store/hash';
import { loadSqlite } from '#engine/store/sqlite-module';
import { canonicalEntry, canonicalJson } from '#shared/journal/canonical';
import { GENESIS_HASH } from '#shared/journal/entry';

export type ForgedRow = {
  sequence: number;
  opId: string;
  batchOpId: string | null;
  device: string;
  deviceSeq: number;
  actor: string;
  session: string;
  mode: 'live' | 'drill';
  type: string;
  subject: string;
  payload: string;
  payloadHash: string;
  versionVector: string;
  hlc: string;
  wallTime: string;
  prevHash: string;
  entryHash: string;
  signature: string | null;
};

const COLUMNS = [
  ...['sequence', 'opId', 'batchOpId', 'device', 'deviceSeq', 'actor', 'session', 'mode', 'type', 'subject', 'payload', 'payloadHash'],
  ...['versionVector', 'hlc', 'wallTime', 'prevHash', 'entryHash', 'signature'],
];
const sqlite = loadSqlite({ isPackaged: false, modulePath: null });

/** `change` gets all entries and gives back what the file shall hold; payloads it replaces are in clear, since it cannot seal. */
export function forgeJournal(path: string, change: (rows: ForgedRow[]) => ForgedRow[], options: { rechain: boolean } = { rechain: true }): void {
  const database = sqlite.open(path, { fileMustExist: true });
  try {
    for (const name of database.prepare(`SELECT name FROM sqlite_master WHERE type = 'trigger'`).pluck().all())
      database.exec(`DROP TRIGGER "${String(name)}"`);
    const rows = change(database.prepare(`SELECT ${COLUMNS.join(', ')} FROM entries ORDER BY sequence`).all() as ForgedRow[]);
    database.exec('PRAGMA foreign_keys = OFF');
    database.exec('DELETE FROM entries');
    const insert = database.prepare(`INSERT INTO entries (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`);
    for (const row of options.rechain ? rechained(rows) : rows) insert.run(COLUMNS.map((column) => row[column as keyof ForgedRow]));
    // The desk is made to fold everything anew, so that its tables say what the forged entries say.
    database.exec(`DELETE FROM meta WHERE key = 'projections'`);
  } finally {
    database.close();
  }
}

/** One more entry at the end, by whomever it is said to be. */
export function appended(
  rows: ForgedRow[],
  said: { type: string; subject: string; actor: string; payload: unknown; signature?: string | null },
): ForgedRow[] {
  const last = rows.at(-1);
  if (last === undefined) throw new Error('there is nothing to append to');
  const deviceSeq = last.deviceSeq + 1;
  const sequence = last.sequence + 1;
  const opId = `01996b1c-0000-7000-8000-${String(sequence).padStart(12, '0')}`;
  const versionVector = canonicalJson({ [last.device]: deviceSeq });
  const payload = canonicalJson(said.payload);
  return [...rows, { ...last, ...said, sequence, deviceSeq, opId, batchOpId: null, versionVector, payload, signature: said.signature ?? null }];
}

/**
 * What another desk wrote while it knew no more than entry `knownUntil` of this one: added with a chain of its own, as two desks that meet exchange what they have.
 * For rows that keep their chain (`rechain: false`).
 */
export function fromAnotherDesk(
  rows: ForgedRow[],
  {
    device,
    knownUntil,
    said,
  }: { device: string; knownUntil: ForgedRow; said: readonly { type: string; subject: string; actor: string; payload: unknown }[] },
): ForgedRow[] {
  const last = rows.at(-1) ?? knownUntil;
  let prevHash = GENESIS_HASH;
  const added = said.map(({ payload: content, ...about }, index): ForgedRow => {
    const deviceSeq = index + 1;
    const payload = canonicalJson(content);
    const versionVector = canonicalJson({ [device]: deviceSeq, [knownUntil.device]: knownUntil.deviceSeq });
    const sequence = last.sequence + deviceSeq;
    const opId = `01996b1c-0000-7000-9000-${String(sequence).padStart(12, '0')}`;
    const row = {
      ...last,
      ...about,
      sequence,
      opId,
      batchOpId: null,
      device,
      deviceSeq,
      payload,
      payloadHash: sha256(payload),
      versionVector,
      prevHash,
    };
    const entryHash = sha256(canonicalEntry(row, versionVector));
    prevHash = entryHash;
    return { ...row, signature: null, entryHash };
  });
  return [...rows, ...added];
}

/** Changes what a projection says, which is not what the record says. */
export function forgeDocument(
  path: string,
  id: string,
  change: (body: Record<string, unknown>) => Record<string, unknown>,
  body: Record<string, unknown>,
): void {
  const database = sqlite.open(path, { fileMustExist: true });
  database.prepare('UPDATE documents SET body = ? WHERE id = ?').run(JSON.stringify(change(body)), id);
  database.close();
}

function rechained(rows: readonly ForgedRow[]): ForgedRow[] {
  let prevHash = GENESIS_HASH;
  return rows.map((row) => {
    const payloadHash = sha256(row.payload);
    const forged = { ...row, payloadHash, prevHash };
    forged.entryHash = sha256(canonicalEntry(forged, row.versionVector));
    prevHash = forged.entryHash;
    return forged;
  });
}
