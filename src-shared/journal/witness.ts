/** Everything that anyone has stated about a record: checkpoints from the file, from beside it and from outside, and printed fingerprints. */
import type { Checkpoint } from '#shared/journal/checkpoint';

/** `file`: in the journal itself. `beside`: the witness file in the same folder. `outside`: named by whoever verifies; only these bind whoever owns the desk. */
export type WitnessKind = 'file' | 'beside' | 'outside';

export type Witness = {
  name: string;
  kind: WitnessKind;
  /** Statements read from it. */
  checkpointCount: number;
  /** Lines or rows that are no statement: damaged, or cut off in writing. */
  damagedCount: number;
  /** The largest size up to which it agrees with the record; null where nothing could be compared. */
  agreedSize: number | null;
};

/** What one or more witnesses say a device's record was at a size. */
export type Statement = { root: string; head: string; time: string; witnesses: Witness[] };

/** A printed fingerprint: the beginning of the tree head that the desk showed when its journal had `sequence` entries. */
export type PrintedFingerprint = { sequence: number; prefix: string; witness: Witness };

/** About 200 bytes per checkpoint, whoever many witnesses state it: the only part of verifying that grows with the record. */
export class WitnessBook {
  readonly witnesses: Witness[] = [];
  readonly #byDevice = new Map<string, Map<number, Statement[]>>();
  readonly #fingerprints = new Map<number, PrintedFingerprint[]>();

  open(name: string, kind: WitnessKind): Witness {
    const witness: Witness = { name, kind, checkpointCount: 0, damagedCount: 0, agreedSize: null };
    this.witnesses.push(witness);
    return witness;
  }

  /** `null` for what was there and could not be read as a statement. */
  add(witness: Witness, checkpoint: Checkpoint | null): void {
    if (checkpoint === null) {
      witness.damagedCount += 1;
      return;
    }
    witness.checkpointCount += 1;
    const { device, size, root, head, time } = checkpoint;
    let sizes = this.#byDevice.get(device);
    if (sizes === undefined) {
      sizes = new Map();
      this.#byDevice.set(device, sizes);
    }
    const statements = sizes.get(size);
    const same = statements?.find((statement) => statement.root === root && statement.head === head);
    if (same !== undefined) {
      if (!same.witnesses.includes(witness)) same.witnesses.push(witness);
    } else if (statements === undefined) sizes.set(size, [{ root, head, time, witnesses: [witness] }]);
    else statements.push({ root, head, time, witnesses: [witness] });
  }

  addFingerprint(sequence: number, prefix: string): void {
    const witness = this.open(`${sequence}:${prefix}`, 'outside');
    witness.checkpointCount = 1;
    const known = this.#fingerprints.get(sequence) ?? [];
    known.push({ sequence, prefix, witness });
    this.#fingerprints.set(sequence, known);
  }

  statementsAt(device: string, size: number): readonly Statement[] {
    return this.#byDevice.get(device)?.get(size) ?? [];
  }

  fingerprintsAt(sequence: number): readonly PrintedFingerprint[] {
    return this.#fingerprints.get(sequence) ?? [];
  }

  allFingerprints(): PrintedFingerprint[] {
    return [...this.#fingerprints.values()].flat();
  }

  devices(): string[] {
    return [...this.#byDevice.keys()];
  }

  /** Sizes about which there are statements, smallest first. */
  sizesOf(device: string): number[] {
    return [...(this.#byDevice.get(device)?.keys() ?? [])].sort((a, b) => a - b);
  }
}
