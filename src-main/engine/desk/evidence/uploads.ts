/** Files on their way in: so many, so large and for so long, whatever a page sends. */
import type { EvidenceAbout } from '#shared/desk/evidence/evidence';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type OpenUpload = { uploadId: string; name: string; bytes: number; about: EvidenceAbout; by: string; begunAtMs: number };
type Waiting = OpenUpload & { pieces: Buffer[]; receivedBytes: number };

/** Together at most a hundred megabytes. */
const MOST_UPLOADS = 4;
/** A page that was closed in the middle of an upload must not keep its place. */
const FORGOTTEN_AFTER_MS = 10 * 60_000;

export class Uploads {
  readonly #waiting = new Map<string, Waiting>();

  begin(upload: OpenUpload): Outcome<OpenUpload> {
    for (const [uploadId, { begunAtMs }] of this.#waiting) if (upload.begunAtMs - begunAtMs > FORGOTTEN_AFTER_MS) this.#waiting.delete(uploadId);
    if (this.#waiting.size >= MOST_UPLOADS) return refuse('CONFLICT', `${MOST_UPLOADS} files are being added already`);
    this.#waiting.set(upload.uploadId, { ...upload, pieces: [], receivedBytes: 0 });
    return accept(upload);
  }

  /** A piece that does not fit ends the upload: what is wrong once is not to be trusted later. */
  take(uploadId: string, place: number, piece: Buffer): Outcome<{ receivedBytes: number }> {
    const upload = this.#waiting.get(uploadId);
    if (upload === undefined) return refuse('UNKNOWN', 'uploadId: no such file is being added', 'uploadId');
    const isRight = place === upload.pieces.length && piece.length > 0 && upload.receivedBytes + piece.length <= upload.bytes;
    if (!isRight) {
      this.#waiting.delete(uploadId);
      return refuse('CONFLICT', 'place: pieces come in order, and together have the size that was named', 'place');
    }
    upload.pieces.push(piece);
    upload.receivedBytes += piece.length;
    return accept({ receivedBytes: upload.receivedBytes });
  }

  end(uploadId: string): Outcome<{ upload: OpenUpload; bytes: Buffer }> {
    const upload = this.#waiting.get(uploadId);
    if (upload === undefined) return refuse('UNKNOWN', 'uploadId: no such file is being added', 'uploadId');
    this.#waiting.delete(uploadId);
    if (upload.receivedBytes !== upload.bytes) return refuse('CONFLICT', `bytes: ${upload.receivedBytes} of ${upload.bytes} arrived`, 'bytes');
    return accept({ upload, bytes: Buffer.concat(upload.pieces) });
  }
}
