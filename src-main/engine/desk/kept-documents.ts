/** Every document of one kind, read once and kept current from the journal: what is asked each second is neither read anew nor cut off at the newest few. */
import type { ChainedJournal } from '#engine/journal/chained-journal';

/** `family` is the prefix of the events that change such a document (`incident`), and of their subject, which ends with the document's id. */
export class KeptDocuments<Body> {
  readonly #byId = new Map<string, Body>();
  #version = 0;

  constructor(journal: Pick<ChainedJournal, 'tables' | 'onAppended' | 'onRefolded'>, kind: string, family: string) {
    const { documents } = journal.tables;
    // Folded by this build, from events that its schemas let in: a fold of another version is made anew when the journal is opened.
    const readAll = (): void => {
      for (const { key, body } of documents.all(kind)) this.#byId.set(key, body as Body);
    };
    readAll();
    journal.onRefolded(() => {
      this.#byId.clear();
      readAll();
      this.#version += 1;
    });
    journal.onAppended((entries) => {
      for (const { type, subject } of entries) {
        if (!type.startsWith(`${family}.`)) continue;
        const id = subject.slice(family.length + 1);
        const body = documents.get(kind, id);
        if (body === undefined) this.#byId.delete(id);
        else this.#byId.set(id, body as Body);
        this.#version += 1;
      }
    });
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  all(): Body[] {
    return [...this.#byId.values()];
  }
}

/** The most recently touched first, at most so many: for a list on the page. */
export function newestFirst<Body extends { sequence: number }>(bodies: readonly Body[], limit: number): Body[] {
  return [...bodies].sort((one, other) => other.sequence - one.sequence).slice(0, limit);
}
