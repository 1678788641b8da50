/** Writes and reads the files that go from desk to desk: everything that can be wrong with one is refused here, by field and reason, before anybody looks inside. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { z } from 'zod';
import type { KnownDevices } from '#engine/desk/devices/known-devices';
import { newBoxKey, openSealed, sealTo } from '#engine/journal/signing/box';
import { verifyText } from '#engine/journal/signing/ed25519';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { unusedPath } from '#engine/store/files';
import { sha256 } from '#engine/store/hash';
import { type KnownDevice, refuseDevice } from '#shared/desk/devices/device';
import { LARGEST_LETTER_CHARACTERS, type Letter, letterHead, letterSchema, letterStatement } from '#shared/desk/devices/letter';
import type { Mode } from '#shared/journal/entry';
import { keyIdOf } from '#shared/journal/keys';
import { accept, type Outcome, refuse, refuseSchemaIssue } from '#shared/refusal';

/** Opened, a body is at most this long: what grows beyond it is a bomb and no approval. */
const LARGEST_BODY_BYTES = 8_000_000;

export type LetterParts = {
  device: string;
  mode: Mode;
  signing: Pick<SigningKeys, 'signAsDevice' | 'box'>;
  devices: KnownDevices;
  newId: () => string;
  nowMs: () => number;
  folder: string;
};

export type FileMade = { file: string; path: string; sha256: string; bytes: number };
export type Opened<Body> = { body: Body; from: KnownDevice };

export class Letters {
  readonly #parts: LetterParts;

  constructor(parts: LetterParts) {
    this.#parts = parts;
  }

  /** Refused where that desk is not believed (`device`), or the file would be too long to be taken in there. */
  write(what: Letter['what'], to: string, body: unknown, stem: string): Outcome<FileMade> {
    const { device, mode, signing, devices, newId, nowMs } = this.#parts;
    const known = devices.find(to);
    const refusal = refuseDevice(known, nowMs());
    if (refusal !== null || known === null) return { ...(refusal ?? refuse('UNKNOWN', 'device')), field: 'device' };
    const ephemeral = newBoxKey();
    const head = {
      ...{ kind: 'floorwatch.letter' as const, version: 1 as const, what, mode, letterId: newId() },
      ...{ from: device, to, madeAtMs: nowMs(), ephemeralKey: ephemeral.publicKey },
    };
    const sealed = sealTo(known.boxKey, ephemeral, letterHead(head), gzipSync(JSON.stringify(body))).toString('base64');
    const letter: Letter = { ...head, sealed, signed: signing.signAsDevice(letterStatement(head, sealed, sha256)) };
    const text = `${JSON.stringify(letter)}\n`;
    if (text.length > LARGEST_LETTER_CHARACTERS) return refuse('CONFLICT', 'this is too large to be carried in a file: have it approved here');
    return this.keep(stem, text);
  }

  /** Into the desk's folder of exports, never over another file. */
  keep(stem: string, text: string): Outcome<FileMade> {
    try {
      mkdirSync(this.#parts.folder, { recursive: true });
      const path = unusedPath(join(this.#parts.folder, stem), '.json');
      writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
      const file = path.slice(this.#parts.folder.length + 1);
      return accept({ file, path, sha256: sha256(text), bytes: Buffer.byteLength(text) });
    } catch (error) {
      return refuse('FAILED', `the file could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** From a desk that is believed now, to this one, whole, and of the kind that was asked for. */
  open<Body>(what: Letter['what'], text: string, schema: z.ZodType<Body>): Outcome<Opened<Body>> {
    const { device, mode, signing, devices, nowMs } = this.#parts;
    const parsed = letterSchema.safeParse(readJson(text));
    if (!parsed.success) return { ...refuseSchemaIssue(parsed.error), field: 'text' };
    const letter = parsed.data;
    if (letter.what !== what) return refuse('INVALID', `what: is a ${letter.what}, and not a ${what}`, 'what');
    if (letter.mode !== mode) return refuse('FORBIDDEN', `mode: is of a ${letter.mode} desk`, 'mode');
    if (letter.to !== device) return refuse('FORBIDDEN', 'to: is for another desk', 'to');
    const from = devices.find(letter.from);
    const refusal = refuseDevice(from, nowMs());
    if (refusal !== null || from === null) return refusal ?? refuse('FORBIDDEN', 'from: unknown', 'from');
    const isItsKey = letter.signed.keyId === keyIdOf(from.deviceKey, sha256);
    if (!isItsKey || !verifyText(from.deviceKey, letterStatement(letter, letter.sealed, sha256), letter.signed.signature))
      return refuse('FORBIDDEN', 'signed: the file was changed, or is not of the desk that it names', 'signed');
    const opened = openSealed(signing.box, letter.ephemeralKey, letterHead(letter), Buffer.from(letter.sealed, 'base64'));
    if (opened === null) return refuse('FORBIDDEN', 'sealed: is not sealed to this desk', 'sealed');
    const body = schema.safeParse(readBody(opened));
    return body.success ? accept({ body: body.data, from }) : refuseSchemaIssue(body.error);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readBody(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: LARGEST_BODY_BYTES }).toString('utf8'));
  } catch {
    return null;
  }
}
