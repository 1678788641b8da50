/** Makes the journal of an opened store. */
import type { Clock } from '#engine/clock';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { type Log, silentLog } from '#engine/store/log';
import type { Store } from '#engine/store/open-store';

export function openJournal(parts: { store: Store; clock: Clock; newId: () => string; log?: Log }): ChainedJournal {
  const log = parts.log ?? silentLog;
  return new ChainedJournal({
    file: parts.store.journalFile,
    clock: parts.clock,
    newId: parts.newId,
    onListenerFailure: (error) => log('error', 'journalListenerFailed', { message: error instanceof Error ? error.message : String(error) }),
  });
}
