/** What a file is, from its own bytes and never from its name: what the desk keeps as evidence, and what of it can be looked at safely. */

export const MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
  'application/zip',
  'audio/wav',
  'audio/mpeg',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

const SIGNATURES: readonly [type: MediaType, offset: number, bytes: readonly number[]][] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
  ['application/pdf', 0, [0x25, 0x50, 0x44, 0x46, 0x2d]],
  // Also workbooks and documents, which are archives: they are kept, and opened nowhere in here.
  ['application/zip', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['audio/mpeg', 0, [0x49, 0x44, 0x33]],
];
const RIFF: readonly [type: MediaType, name: string][] = [
  ['image/webp', 'WEBP'],
  ['audio/wav', 'WAVE'],
];

/** Null for what is none of these: programs, scripts for the system, disk images, anything unknown. */
export function mediaTypeOf(bytes: Uint8Array): MediaType | null {
  if (bytes.length === 0) return null;
  for (const [type, offset, signature] of SIGNATURES) if (signature.every((byte, at) => bytes[offset + at] === byte)) return type;
  if (ascii(bytes, 0, 4) === 'RIFF') return RIFF.find(([, name]) => ascii(bytes, 8, 12) === name)?.[0] ?? null;
  return isPlainText(bytes) ? 'text/plain' : null;
}

/** UTF-8 without control characters but tab and line ends. What begins like a script for a shell is not kept: somebody might run it after an export. */
function isPlainText(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x23 && bytes[1] === 0x21) return false;
  for (const byte of bytes) if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return false;
  return isUtf8(bytes);
}

/** How many bytes follow this first one, and the least and greatest second byte (The Unicode Standard, table 3-7); null for none that may be first. */
function sequenceOf(first: number): { following: number; low: number; high: number } | null {
  if (first < 0x80) return { following: 0, low: 0, high: 0 };
  if (first >= 0xc2 && first <= 0xdf) return { following: 1, low: 0x80, high: 0xbf };
  if (first >= 0xe0 && first <= 0xef) return { following: 2, low: first === 0xe0 ? 0xa0 : 0x80, high: first === 0xed ? 0x9f : 0xbf };
  if (first >= 0xf0 && first <= 0xf4) return { following: 3, low: first === 0xf0 ? 0x90 : 0x80, high: first === 0xf4 ? 0x8f : 0xbf };
  return null;
}

function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const sequence = sequenceOf(bytes[at] ?? 0);
    if (sequence === null || at + sequence.following >= bytes.length) return false;
    for (let step = 1; step <= sequence.following; step += 1) {
      const byte = bytes[at + step] ?? 0;
      if (byte < (step === 1 ? sequence.low : 0x80) || byte > (step === 1 ? sequence.high : 0xbf)) return false;
    }
    at += 1 + sequence.following;
  }
  return true;
}

/** A picture of more points could fill the page's memory although its file is small. */
const MOST_PIXELS = 50_000_000;

/** Whether a picture says of itself that it is small enough to be unpacked; false when its size cannot be found. */
export function isSafePicture(bytes: Uint8Array, type: MediaType): boolean {
  const size = pictureSize(bytes, type);
  return size !== null && size.width > 0 && size.height > 0 && size.width * size.height <= MOST_PIXELS;
}

function pictureSize(bytes: Uint8Array, type: MediaType): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (type === 'image/png') return { width: view.getUint32(16), height: view.getUint32(20) };
    if (type === 'image/gif') return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    if (type === 'image/jpeg') return jpegSize(view);
    if (type === 'image/webp') return webpSize(view, bytes);
  } catch {
    // Cut off before its size.
  }
  return null;
}

/** Walks the segments to the frame header (SOF0 to SOF15 without DHT, JPG and DAC). */
function jpegSize(view: DataView): { width: number; height: number } | null {
  let at = 2;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function webpSize(view: DataView, bytes: Uint8Array): { width: number; height: number } | null {
  const chunk = ascii(bytes, 12, 16);
  const uint24 = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (chunk === 'VP8X') return { width: uint24(24) + 1, height: uint24(27) + 1 };
  if (chunk === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (chunk !== 'VP8L') return null;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** A name that is safe as a file's own name on every system: no folders, no control or bidirectional characters, nothing reserved, not hidden. */
export function safeFileName(name: string, type: MediaType): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .replace(/\.[^.]*$/, '')
    .slice(0, 80)
    .trim();
  const stem = plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? `evidence-${plain}` : plain;
  return `${stem}.${EXTENSIONS[type]}`;
}

/** The extension says what the bytes are, whatever the file was called: nothing kept here runs by being opened. */
const EXTENSIONS: Readonly<Record<MediaType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'application/zip': 'zip',
  'audio/wav': 'wav',
  'audio/mpeg': 'mp3',
};
