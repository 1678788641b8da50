/** Says of every byte of a journal file what it means: read from SQLite's file format (sqlite.org/fileformat2.html), without SQLite. */

/** `row`: of one row, with its place in the table. `page`: of the tree itself, with the rows below it. */
export type Span = { start: number; length: number; table: 'entries' | 'checkpoints'; kind: 'row' | 'page'; firstRow: number; lastRow: number };

const INTERIOR = 0x05;
const LEAF = 0x0d;

/** The bytes that hold a table: its rows with their overflow pages, and the pages' own headers, pointers and keys. Room that is not in use holds nothing. */
export function spansOf(bytes: Buffer, table: Span['table'], rootPage: number): Span[] {
  const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
  const spans: Span[] = [];

  function row(start: number, length: number, rowid: number): void {
    spans.push({ start, length, table, kind: 'row', firstRow: rowid, lastRow: rowid });
  }

  /** A leaf's cell: payload length, rowid, the beginning of the payload, and where the rest of it is. */
  function cell(at: number): number {
    const payload = varint(bytes, at);
    const rowid = varint(bytes, at + payload.length);
    const dataAt = at + payload.length + rowid.length;
    const largest = pageSize - 35;
    let local = payload.value;
    let rest = 0;
    if (payload.value > largest) {
      const smallest = Math.floor(((pageSize - 12) * 32) / 255) - 23;
      const kept = smallest + ((payload.value - smallest) % (pageSize - 4));
      local = kept <= largest ? kept : smallest;
      rest = payload.value - local;
    }
    row(at, dataAt - at + local + (rest > 0 ? 4 : 0), rowid.value);
    let next = rest > 0 ? bytes.readUInt32BE(dataAt + local) : 0;
    while (next > 0 && rest > 0) {
      const overflowAt = (next - 1) * pageSize;
      const held = Math.min(rest, pageSize - 4);
      // Of the last page's pointer nothing is read.
      if (rest > held) row(overflowAt, 4, rowid.value);
      row(overflowAt + 4, held, rowid.value);
      rest -= held;
      next = bytes.readUInt32BE(overflowAt);
    }
    return rowid.value;
  }

  function page(number: number): { first: number; last: number } {
    const at = (number - 1) * pageSize + (number === 1 ? 100 : 0);
    const isLeaf = bytes[at] === LEAF;
    if (!isLeaf && bytes[at] !== INTERIOR) throw new Error(`page ${number} is of no table`);
    const cellCount = bytes.readUInt16BE(at + 3);
    const pointersAt = at + (isLeaf ? 8 : 12);
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    function include(rows: { first: number; last: number }): void {
      first = Math.min(first, rows.first);
      last = Math.max(last, rows.last);
    }
    for (let index = 0; index < cellCount; index += 1) {
      const cellAt = (number - 1) * pageSize + bytes.readUInt16BE(pointersAt + index * 2);
      if (isLeaf) {
        const rowid = cell(cellAt);
        include({ first: rowid, last: rowid });
      } else {
        const child = page(bytes.readUInt32BE(cellAt));
        include(child);
        const key = varint(bytes, cellAt + 4);
        spans.push({ start: cellAt, length: 4 + key.length, table, kind: 'page', firstRow: child.first, lastRow: child.last });
      }
    }
    if (!isLeaf) include(page(bytes.readUInt32BE(at + 8)));
    spans.push({ start: at, length: pointersAt - at + cellCount * 2, table, kind: 'page', firstRow: first, lastRow: last });
    return { first, last };
  }

  page(rootPage);
  return spans;
}

/** SQLite's variable-length integer: big-endian, 7 bits per byte, all 8 of a ninth. Values here fit a double. */
function varint(bytes: Buffer, at: number): { value: number; length: number } {
  let value = 0;
  for (let length = 1; length <= 8; length += 1) {
    const byte = bytes[at + length - 1] ?? 0;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, length };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), length: 9 };
}
