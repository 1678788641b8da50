/** Security checklists 5 and 13: a page saves nothing by itself; what leaves the desk is written by the engine, with an entry in the record. */
import type { Session } from 'electron';

export function denyDownloads(session: Session, onRefused: (what: string) => void): void {
  session.on('will-download', (event, item) => {
    event.preventDefault();
    onRefused(item.getFilename());
  });
}
