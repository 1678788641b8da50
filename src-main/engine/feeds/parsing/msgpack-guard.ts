/**
 * Looks over MessagePack before it is decoded: five bytes can claim an array of four thousand million items, and a decoder that believes them
 * takes the memory first. Accepts only what the feed protocol uses; every count must be covered by bytes that are really there.
 */
import { isUtf8 } from 'node:buffer';

const MAX_DEPTH = 16;

/** `refusal` is null when the bytes are one whole, shallow, honest value; `unreadable` are the places (begin, end) of texts that are not UTF-8. */
export type MsgpackLook = { refusal: string | null; unreadable: [number, number][] };

export function lookOverMsgpack(bytes: Uint8Array): MsgpackLook {
  const unreadable: [number, number][] = [];
  return { refusal: walk(bytes, unreadable), unreadable };
}

function walk(bytes: Uint8Array, unreadable: [number, number][]): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  /** Values still owed at each depth. */
  const owed = new Float64Array(MAX_DEPTH + 1);
  let depth = 0;
  let at = 0;
  owed[0] = 1;
  while (depth >= 0) {
    if (owed[depth] === 0) {
      depth -= 1;
      continue;
    }
    owed[depth] = (owed[depth] as number) - 1;
    const head = bytes[at];
    if (head === undefined) return 'the message is cut off';
    at += 1;
    let children = 0;
    let skip = 0;
    let isText = false;
    if (head <= 0x7f || head >= 0xe0) continue;
    if (head <= 0x8f) children = (head & 15) * 2;
    else if (head <= 0x9f) children = head & 15;
    else if (head <= 0xbf) {
      skip = head & 31;
      isText = true;
    } else {
      const size = SIZES[head - 0xc0];
      if (size === undefined) return `type 0x${head.toString(16)} is not used by this protocol`;
      if (at + size.prefix > length) return 'the message is cut off';
      const claimed = size.prefix === 0 ? 0 : size.prefix === 1 ? view.getUint8(at) : size.prefix === 2 ? view.getUint16(at) : view.getUint32(at);
      at += size.prefix;
      children = claimed * size.childrenPerUnit;
      skip = size.fixed + claimed * size.bytesPerUnit;
      isText = size.bytesPerUnit > 0;
    }
    if (skip > length - at || children > length - at) return 'a length is larger than the message';
    if (isText && !isPlain(bytes, at, at + skip)) unreadable.push([at, at + skip]);
    at += skip;
    if (children > 0) {
      depth += 1;
      if (depth > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH}`;
      owed[depth] = children;
    }
  }
  return at === length ? null : 'bytes follow the message';
}

/** Nearly all text of the protocol is ASCII: only what is not is worth a call out of JavaScript. */
function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if ((bytes[at] as number) >= 0x80) return isUtf8(bytes.subarray(from, to));
  return true;
}

type Size = { prefix: 0 | 1 | 2 | 4; fixed: number; bytesPerUnit: number; childrenPerUnit: number };
const scalar = (fixed: number): Size => ({ prefix: 0, fixed, bytesPerUnit: 0, childrenPerUnit: 0 });
const text = (prefix: 1 | 2 | 4): Size => ({ prefix, fixed: 0, bytesPerUnit: 1, childrenPerUnit: 0 });
const list = (prefix: 2 | 4, childrenPerUnit: number): Size => ({ prefix, fixed: 0, bytesPerUnit: 0, childrenPerUnit });

/** From 0xc0 on. Binary data and extension types (0xc4-0xc9, 0xd4-0xd8) have no place in the protocol. */
const SIZES: readonly (Size | undefined)[] = [
  scalar(0), // nil
  undefined,
  scalar(0), // false
  scalar(0), // true
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  scalar(4), // float 32
  scalar(8), // float 64
  scalar(1),
  scalar(2),
  scalar(4),
  scalar(8),
  scalar(1),
  scalar(2),
  scalar(4),
  scalar(8),
  undefined,
  undefined,
  undefined,
  undefined,
  undefined,
  text(1),
  text(2),
  text(4),
  list(2, 1),
  list(4, 1),
  list(2, 2),
  list(4, 2),
];
