/** Files that grow piece by piece while they are sealed, and can be read as far as they were written when the process is killed. */
import { type KeyObject, randomBytes } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { type DataKey, keyForUse } from '#engine/store/data-key';
import { openBytes, sealBytes } from '#engine/store/sealing';

const MAGIC = Buffer.from('FWSEAL1\n');
const KEY_ID_BYTES = 8;
const FILE_ID_BYTES = 16;
const HEAD_BYTES = MAGIC.length + KEY_ID_BYTES + FILE_ID_BYTES;
const LENGTH_BYTES = 4;
/** A piece is a gzip member of about a second, or one item list of a large picture. */
const LARGEST_PIECE_BYTES = 256 * 1024 * 1024;

/**
 * Magic, key id, a random file id; then pieces, each as its length (32 bits, big-endian) and a box. A piece is bound to the file and to its place in it, so that
 * none can be left out of the middle, exchanged or carried into another file. A missing end is for the text inside to notice.
 */
export class SealedStreams {
  readonly #keyId: string;
  readonly #key: KeyObject;

  constructor(dataKey: Pick<DataKey, 'keyId' | 'bytes'>) {
    this.#keyId = dataKey.keyId;
    this.#key = keyForUse(dataKey, 'sealed files');
  }

  begin(): { head: Buffer; seal: (piece: Uint8Array) => Buffer } {
    const fileId = randomBytes(FILE_ID_BYTES);
    let place = 0;
    return {
      head: Buffer.concat([MAGIC, Buffer.from(this.#keyId, 'latin1'), fileId]),
      seal: (piece) => {
        const box = sealBytes(this.#key, piece, placeOf(fileId, place++));
        const length = Buffer.alloc(LENGTH_BYTES);
        length.writeUInt32BE(box.length);
        return Buffer.concat([length, box]);
      },
    };
  }

  opening(): Transform {
    return new OpeningStream(this.#key, this.#keyId);
  }
}

function placeOf(fileId: Buffer, place: number): string {
  return `${fileId.toString('hex')} ${place}`;
}

class OpeningStream extends Transform {
  readonly #key: KeyObject;
  readonly #keyId: string;
  #fileId: Buffer | null = null;
  #place = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;

  constructor(key: KeyObject, keyId: string) {
    super();
    this.#key = key;
    this.#keyId = keyId;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    try {
      this.#openWhatIsWhole();
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #openWhatIsWhole(): void {
    if (this.#fileId === null) {
      if (this.#waitingBytes < HEAD_BYTES) return;
      this.#readHead(this.#take(HEAD_BYTES));
    }
    const fileId = this.#fileId;
    if (fileId === null) return;
    while (this.#waitingBytes >= LENGTH_BYTES) {
      const length = this.#peekLength();
      if (length > LARGEST_PIECE_BYTES) throw new Error('a sealed piece says that it is longer than any is');
      if (this.#waitingBytes < LENGTH_BYTES + length) return;
      const box = this.#take(LENGTH_BYTES + length).subarray(LENGTH_BYTES);
      const piece = openBytes(this.#key, box, placeOf(fileId, this.#place));
      if (piece === null) throw new Error(`sealed piece ${this.#place + 1} does not open`);
      this.#place += 1;
      this.push(piece);
    }
  }

  #readHead(head: Buffer): void {
    const keyId = head.toString('latin1', MAGIC.length, MAGIC.length + KEY_ID_BYTES);
    if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('it is not a sealed file');
    if (keyId !== this.#keyId) throw new Error(`it is sealed with the key ${keyId} of another desk`);
    this.#fileId = Buffer.from(head.subarray(MAGIC.length + KEY_ID_BYTES));
  }

  #peekLength(): number {
    const [first] = this.#waiting;
    if (first !== undefined && first.length >= LENGTH_BYTES) return first.readUInt32BE(0);
    return this.#joined().readUInt32BE(0);
  }

  #take(bytes: number): Buffer {
    const joined = this.#joined();
    this.#waiting = [joined.subarray(bytes)];
    this.#waitingBytes -= bytes;
    return joined.subarray(0, bytes);
  }

  #joined(): Buffer {
    if (this.#waiting.length !== 1) this.#waiting = [Buffer.concat(this.#waiting)];
    return this.#waiting[0] ?? Buffer.alloc(0);
  }
}
