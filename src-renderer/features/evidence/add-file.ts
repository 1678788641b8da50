/** Sends a file to the engine piece by piece, so that nothing else the page asks has to wait behind it. */
import { LARGEST_EVIDENCE_BYTES } from '#shared/contract/evidence';
import type { EvidenceAbout, EvidenceFile } from '#shared/desk/evidence/evidence';
import { type Outcome, refuse } from '#shared/refusal';
import { request } from '../../state/use-stream';

/** Characters are made of so many bytes at a time: more would be more arguments than a call may have. */
const SLICE_BYTES = 8_192;
const SCREENSHOT = 'screenshot';

export async function addFile(file: File, about: EvidenceAbout, note: string, onProgress: (share: number) => void): Promise<Outcome<EvidenceFile>> {
  if (file.size === 0 || file.size > LARGEST_EVIDENCE_BYTES) return refuse('INVALID', `${file.name}: 1 to ${LARGEST_EVIDENCE_BYTES} bytes`, 'bytes');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const begun = await request('evidence.begin', { name: file.name.slice(0, 200) || SCREENSHOT, bytes: bytes.length, about });
  if (!begun.ok) return begun;
  const { uploadId, pieceBytes } = begun.value;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const taken = await request('evidence.piece', { uploadId, place: at / pieceBytes, data: base64Of(bytes.subarray(at, at + pieceBytes)) });
    if (!taken.ok) return taken;
    onProgress(Math.min(1, (at + pieceBytes) / bytes.length));
  }
  return request('evidence.finish', { uploadId, note });
}

export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) text += String.fromCharCode(...bytes.subarray(at, at + SLICE_BYTES));
  return btoa(text);
}
