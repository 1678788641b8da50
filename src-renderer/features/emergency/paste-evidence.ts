/** Takes what was pasted, dropped or photographed as evidence of a step: words as they are, files into the desk's sealed store and under their hash. */
import type { Refusal } from '#shared/refusal';
import { addFile } from '../evidence/add-file';
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
    const refused = await attachFile(runId, no, file, send);
    if (refused !== null) return refused;
  }
  if (files.length === 0 && text !== '') await send('run.addEvidence', { runId, no, item: { kind: 'typed', label: '', text } });
  return null;
}

export async function attachFile(runId: string, no: number, file: File, send: RunActions['send']): Promise<Refusal | null> {
  const kept = await addFile(file, { kind: 'run', id: runId }, '', () => undefined);
  if (!kept.ok) return kept;
  const { sha256, mediaType } = kept.value;
  await send('run.addEvidence', { runId, no, item: { kind: 'file', hash: sha256, name: file.name.slice(0, 200) || 'screenshot', type: mediaType } });
  return null;
}
