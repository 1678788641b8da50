/** The desks that this one believes, read from the entries themselves: a row changed in a table must not make a desk believed. */
import type { ChainedJournal } from '#engine/journal/chained-journal';
import type { StoredEntry } from '#engine/journal/journal';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { sha256 } from '#engine/store/hash';
import { DEVICES_SUBJECT, deviceEventSchema, evolveDevice, type KnownDevice } from '#shared/desk/devices/device';

export class KnownDevices {
  readonly #known = new Map<string, KnownDevice>();
  readonly #published: SigningKeys['published'];

  constructor(journal: ChainedJournal, signing: Pick<SigningKeys, 'published'>) {
    this.#published = signing.published;
    for (const entry of journal.entriesOf(DEVICES_SUBJECT)) if (journal.isIntact(entry.sequence)) this.#take(entry);
    journal.onAppended((entries) => {
      for (const entry of entries) if (entry.subject === DEVICES_SUBJECT) this.#take(entry);
    });
  }

  find(device: string): KnownDevice | null {
    return this.#known.get(device) ?? null;
  }

  /** Those believed first, then by name. */
  all(): KnownDevice[] {
    const isOver = ({ withdrawn }: KnownDevice): number => (withdrawn === null ? 0 : 1);
    return [...this.#known.values()].sort((a, b) => isOver(a) - isOver(b) || a.deskName.localeCompare(b.deskName));
  }

  #take(entry: StoredEntry): void {
    const event = deviceEventSchema.safeParse({ type: entry.type, payload: readPayload(entry.payload) });
    if (!event.success || event.data.type === 'device.cardGiven') return;
    const { device } = event.data.payload;
    const isCountersigned = (statement: string, signed: { keyId: string; signature: string }): boolean =>
      this.#published.judgeDevice(signed, statement, entry.device) === 'valid';
    const known = evolveDevice(this.find(device), event.data, entry, isCountersigned, sha256);
    if (known !== null) this.#known.set(device, known);
  }
}

function readPayload(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
