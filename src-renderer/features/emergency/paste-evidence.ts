/** Takes what was pasted or dropped as evidence of a step: words as they are, files into the desk's sealed store and under their hash. */
import type { Refusal } from '#shared/refusal';
import { request } from '../../state/use-stream';
import type { RunActions } from '../plans/run-actions';

/** Words longer than this are a file, not a reading. */
const LONGEST_TEXT = 2000;

/** The refusal of a file that the store would not take; what went into the run is answered by `send`. */
export async function attachEvidence(runId: string, no: number, data: DataTransfer | null, send: RunActions['send']): Promise<Refusal | null> {
  if (data === null) return null;
  // Read at once: the browser empties it as soon as the event is over.
  const files = [...data.files];
  const text = data.getData('text/plain').trim().slice(0, LONGEST_TEXT);
  for (const file of files) {
    const kept = await keep(file, runId);
    if (!kept.ok) return kept;
    await send('run.addEvidence', { runId, no, item: { kind: 'file', ...kept.value } });
  }
  if (files.length === 0 && text !== '') await send('run.addEvidence', { runId, no, item: { kind: 'typed', label: '', text } });
  return null;
}

async function keep(file: File, runId: string): Promise<{ ok: true; value: { hash: string; name: string; type: string } } | Refusal> {
  const begun = await request('evidence.begin', { name: file.name, bytes: file.size, about: { kind: 'run', id: runId } });
  if (!begun.ok) return begun;
  const { uploadId, pieceBytes } = begun.value;
  for (let at = 0, place = 0; at < file.size; at += pieceBytes, place += 1) {
    const bytes = new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
    const sent = await request('evidence.piece', { uploadId, place, data: base64(bytes) });
    if (!sent.ok) return sent;
  }
  const finished = await request('evidence.finish', { uploadId, note: '' });
  return finished.ok ? { ok: true, value: { hash: finished.value.sha256, name: file.name, type: finished.value.mediaType } } : finished;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
