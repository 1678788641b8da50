/** SHA-256 in lower-case hex, by the fastest way this runtime has. */
import * as crypto from 'node:crypto';

/** `crypto.hash` came with Node 20.12 and 21.7; on others the streaming form gives the same answer more slowly. */
export const sha256: (text: string) => string =
  typeof crypto.hash === 'function'
    ? (text) => crypto.hash('sha256', text, 'hex')
    : (text) => crypto.createHash('sha256').update(text, 'utf8').digest('hex');

/** SHA-256 of bytes. */
export const sha256Bytes: (bytes: Uint8Array) => string =
  typeof crypto.hash === 'function'
    ? (bytes) => crypto.hash('sha256', bytes, 'hex')
    : (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
