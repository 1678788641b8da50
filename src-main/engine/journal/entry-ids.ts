/** Ids of entries, without asking the operating system for random numbers sixteen bytes at a time, which costs more than the id. */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;

/** Makes UUIDv7s: each is greater than the one before, also within a millisecond and when the clock is set back. */
export function createEntryIds(nowMs: () => number): () => string {
  const pool = Buffer.alloc(RANDOM_BYTES * 256);
  let at = pool.length;
  let msecs = 0;
  let seq = 0;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    const random = pool.subarray(at, at + RANDOM_BYTES);
    at += RANDOM_BYTES;
    const wallMs = Math.floor(nowMs());
    if (wallMs > msecs) {
      msecs = wallMs;
      // 31 bits: room to count up from.
      seq = random.readUInt32BE(0) >>> 1;
    } else {
      seq = (seq + 1) >>> 0;
      if (seq === 0) msecs += 1;
    }
    return v7({ random, msecs, seq });
  };
}
