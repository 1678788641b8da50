/** What a recording needs of whoever keeps the desk's keys: recordings hold the names of clients, and lie in the data folder. */
import type { Transform } from 'node:stream';

export type RecordingSeal = {
  /** For a new file: what it begins with, and how each piece after that is sealed, in order. */
  begin(): { head: Uint8Array; seal: (piece: Uint8Array) => Uint8Array };
  /** Takes a whole sealed file, gives the pieces; fails where one was changed, exchanged or is another desk's. */
  opening(): Transform;
};

/** The first bytes of a sealed file. */
export const SEALED_MAGIC = Buffer.from('FWSEAL1\n');
