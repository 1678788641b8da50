/** Lines of a file, unpacked on the way, in bounded memory: what recordings and importers read from. */
import { createReadStream } from 'node:fs';
import { PassThrough, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';

export type LineSourceLimits = {
  maxLineBytes: number;
  /** Decompressed over compressed bytes, looked at once `ratioAfterBytes` are decompressed. */
  maxRatio: number;
  ratioAfterBytes: number;
  /** Bytes read from the file at a time; any value gives the same lines. */
  chunkBytes: number;
};

/** A recording's last line always ends with a newline; a file written by others may not. */
export type LineFormat = {
  isCompressed: boolean;
  mayLackLastNewline: boolean;
  /** Opens a sealed file before it is unpacked. */
  unseal?: () => Transform;
};

/** Decompressed lines of a file. Ends quietly where the file breaks off; `failure` then says why. */
export class LineSource {
  readonly #file: string;
  readonly #limits: LineSourceLimits;
  readonly #format: LineFormat;
  bytesRead = 0;
  failure: string | null = null;
  isDamaged = false;

  constructor(file: string, limits: LineSourceLimits, format: LineFormat = { isCompressed: true, mayLackLastNewline: false }) {
    this.#file = file;
    this.#limits = limits;
    this.#format = format;
  }

  async *batches(): AsyncGenerator<string[], void, undefined> {
    const input = createReadStream(this.#file, { highWaterMark: this.#limits.chunkBytes });
    const gunzip = this.#format.isCompressed ? createGunzip() : new PassThrough();
    input.on('data', (chunk) => {
      this.bytesRead += chunk.length;
    });
    input.on('error', (error) => gunzip.destroy(error));
    const unseal = this.#format.unseal?.();
    if (unseal === undefined) input.pipe(gunzip);
    else input.pipe(unseal.on('error', (error) => gunzip.destroy(error))).pipe(gunzip);
    let unpacked = 0;
    let parts: Buffer[] = [];
    let partBytes = 0;
    try {
      for await (const chunk of gunzip as AsyncIterable<Buffer>) {
        unpacked += chunk.length;
        if (unpacked > this.#limits.ratioAfterBytes && unpacked > this.bytesRead * this.#limits.maxRatio) {
          this.#damaged(`it unpacks to more than ${this.#limits.maxRatio} times its size`);
          return;
        }
        const lines: string[] = [];
        let from = 0;
        for (let end = chunk.indexOf(10, from); end >= 0; end = chunk.indexOf(10, from)) {
          const piece = chunk.subarray(from, end);
          lines.push(parts.length === 0 ? piece.toString('utf8') : Buffer.concat([...parts, piece]).toString('utf8'));
          parts = [];
          partBytes = 0;
          from = end + 1;
        }
        if (from < chunk.length) {
          parts.push(chunk.subarray(from));
          partBytes += chunk.length - from;
          if (partBytes > this.#limits.maxLineBytes) {
            this.#damaged(`a line is longer than ${this.#limits.maxLineBytes} bytes`);
            return;
          }
        }
        if (lines.length > 0) yield lines;
      }
      if (partBytes > 0 && this.#format.mayLackLastNewline) yield [Buffer.concat(parts).toString('utf8')];
      else if (partBytes > 0) this.failure = 'the last line is cut off';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code === 'Z_BUF_ERROR') this.failure = 'the file is cut off';
      else this.#damaged(error instanceof Error ? error.message : String(error));
    } finally {
      input.destroy();
      unseal?.destroy();
      gunzip.destroy();
    }
  }

  #damaged(reason: string): void {
    this.failure = reason;
    this.isDamaged = true;
  }
}
