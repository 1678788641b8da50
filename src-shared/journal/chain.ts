/** Proves the chain: recomputes every hash from the entries themselves and says where the first lie is. */
import { canonicalEntry, canonicalVersionVector } from '#shared/journal/canonical';
import { GENESIS_HASH, type StoredEntry } from '#shared/journal/entry';

/** SHA-256 of UTF-8 text in lower-case hex; handed in, since this file runs anywhere. */
export type Sha256 = (text: string) => string;

/**
 * `BROKEN_AT` names the sequence of the first bad entry and why; `CLOCK_ANOMALY` is not damage: the wall clock ran backwards between two
 * entries of one device, and their order rests on the chain.
 */
export type ChainVerdict =
  | { verdict: 'OK'; entryCount: number; clockAnomalies: number }
  | { verdict: 'BROKEN_AT'; sequence: number; reason: ChainFault; entryCount: number };
export type ChainFault = 'sequenceGap' | 'deviceSequence' | 'previousHash' | 'payloadHash' | 'entryHash' | 'unreadable';

/** An entry as far as the chain looks at it: the version vector is taken as the text that was hashed. */
export type ChainedEntry = Omit<StoredEntry, 'versionVector' | 'signature'>;

type DeviceState = { deviceSeq: number; entryHash: string; wallTime: string };

/** Follows the chain entry by entry; a fault is the answer for the entry it was found in. */
export class ChainChecker {
  readonly #sha256: Sha256;
  readonly #devices = new Map<string, DeviceState>();
  #sequence: number;
  clockAnomalies = 0;
  /** Where the wall clock ran backwards first. */
  firstClockAnomaly: number | null = null;
  entryCount = 0;

  constructor(sha256: Sha256, afterSequence = 0) {
    this.#sha256 = sha256;
    this.#sequence = afterSequence;
  }

  /** Sequence of the last entry that held. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Begins from a device's known last entry instead of from its first. */
  assume(device: string, deviceSeq: number, entryHash: string): void {
    this.#devices.set(device, { deviceSeq, entryHash, wallTime: '' });
  }

  check(entry: StoredEntry): ChainFault | null {
    return this.checkAs(entry, canonicalVersionVector(entry.versionVector));
  }

  /** The same for an entry as it lies on disk, whose version vector need not be read to be proved. */
  checkAs(entry: ChainedEntry, versionVectorText: string): ChainFault | null {
    const before = this.#devices.get(entry.device);
    if (entry.sequence !== this.#sequence + 1) return 'sequenceGap';
    if (entry.deviceSeq !== (before?.deviceSeq ?? 0) + 1) return 'deviceSequence';
    if (entry.prevHash !== (before?.entryHash ?? GENESIS_HASH)) return 'previousHash';
    if (entry.payloadHash !== this.#sha256(entry.payload)) return 'payloadHash';
    if (entry.entryHash !== this.#sha256(canonicalEntry(entry, versionVectorText))) return 'entryHash';
    if (before !== undefined && entry.wallTime < before.wallTime) {
      this.clockAnomalies += 1;
      this.firstClockAnomaly ??= entry.sequence;
    }
    this.#devices.set(entry.device, { deviceSeq: entry.deviceSeq, entryHash: entry.entryHash, wallTime: entry.wallTime });
    this.#sequence = entry.sequence;
    this.entryCount += 1;
    return null;
  }
}

const PAGE_SIZE = 2_000;

/** Reads page by page from the checker's place on; an entry that cannot even be read breaks the chain there. */
export function verifyChain(read: (afterSequence: number, limit: number) => readonly StoredEntry[], checker: ChainChecker): ChainVerdict {
  for (;;) {
    let page: readonly StoredEntry[];
    try {
      page = read(checker.sequence, PAGE_SIZE);
    } catch {
      return { verdict: 'BROKEN_AT', sequence: checker.sequence + 1, reason: 'unreadable', entryCount: checker.entryCount };
    }
    for (const entry of page) {
      const fault = checker.check(entry);
      // Where an entry is missing, the place that should hold it is the broken one, not the next entry that is there.
      if (fault !== null) return { verdict: 'BROKEN_AT', sequence: checker.sequence + 1, reason: fault, entryCount: checker.entryCount };
    }
    if (page.length === 0) return { verdict: 'OK', entryCount: checker.entryCount, clockAnomalies: checker.clockAnomalies };
  }
}
