/**
 * Chooses how much of which sides to close so that margin comes under a target. They are taken one after another; where sides margin each other, so that
 * neither releases anything by itself, both are taken together. What closing everything reaches, the choice reaches as well.
 */
import { groupBy } from '#shared/group-by';
import type { HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { marginGroupOf } from '#shared/market/what-if/value-account';

/** `closable` is how much of the lot may be closed. `margin` is what the whole lot needs by itself, in money, before sides net; NaN unknown. */
export type ClosableLot = { lot: HeldLot; closable: number; margin: number };
/** What one order closes of: lots of one contract, side and hedge flag, in the order in which the exchange closes them, whichever a list would rather see closed. */
export type Candidate = { holding: HeldInstrument; lots: readonly ClosableLot[] };
type Valued = { margin: number; isUnder: boolean };
type Closes = ReadonlyMap<HeldLot, number>;
/** `groups` are the chosen lots in the order to close them; those of one group release in full only together. */
type Chosen = { closes: Closes; groups: Candidate[][] };
/** How much of each candidate is closed, over its lots one after another. */
type Volumes = ReadonlyMap<Candidate, number>;

/** Sums of margins differ in their last bits: what is below half a cent is no release. */
const NOTHING = 0.005;
/**
 * `netOf` names what margins each other: what is closed of one name releases nothing of another. `candidates` in the order of the rules. Each of `phases` says which of them may be touched yet; a later one is begun when the
 * earlier ones are not enough.
 */
export function chooseCloses(
  candidates: readonly Candidate[],
  phases: readonly ((candidate: Candidate) => boolean)[],
  value: (closes: Closes) => Valued,
  netOf: (holding: HeldInstrument) => string = marginGroupOf,
): Chosen {
  const chooser = new Chooser(value, netOf);
  for (const isOpen of phases) chooser.run(candidates.filter(isOpen));
  return { closes: closesOf(chooser.volumes), groups: groupsOf(candidates, chooser.steps) };
}

class Chooser {
  volumes: Volumes = new Map();
  readonly steps: Candidate[][] = [];
  readonly #value: (closes: Closes) => Valued;
  readonly #netOf: (holding: HeldInstrument) => string;
  /** Lots that release nothing as things are, by what they net in: none of them is valued again before something of that is closed. */
  readonly #idle = new Map<string, Set<Candidate>>();
  #now: Valued;

  constructor(value: (closes: Closes) => Valued, netOf: (holding: HeldInstrument) => string) {
    this.#value = value;
    this.#netOf = netOf;
    this.#now = value(new Map());
  }

  run(candidates: readonly Candidate[]): void {
    const isTaken = (): boolean =>
      candidates.some((candidate) => this.#takeAlone(candidate)) || this.#setsOf(candidates).some((set) => this.#takeTogether(set));
    while (!this.#now.isUnder && isTaken());
  }

  /** A margin group at a time, in the order of their first lots; at last all together, for what nets across groups. */
  #setsOf(candidates: readonly Candidate[]): Candidate[][] {
    const left = candidates.filter((candidate) => this.#left(candidate) > 0);
    return [...groupBy(left, ({ holding }) => marginGroupOf(holding)).values(), left];
  }

  #takeAlone(candidate: Candidate): boolean {
    const left = this.#left(candidate);
    const net = this.#netOf(candidate.holding);
    if (left === 0 || this.#idle.get(net)?.has(candidate)) return false;
    const at = (volume: number): Valued => this.#value(this.#with([[candidate, volume]]));
    const all = at(left);
    if (!all.isUnder && this.#now.margin - all.margin <= NOTHING) {
      this.#idle.set(net, (this.#idle.get(net) ?? new Set()).add(candidate));
      return false;
    }
    // What does not release its own margin from its first lot on stands against another side, and is left for when that side is closed with it.
    if (!all.isUnder && this.#now.margin - at(1).margin < this.#ownOfNext(candidate) - NOTHING) return false;
    this.#take([[candidate, fewest(left, (volume) => isAsGood(at(volume), all))]]);
    return true;
  }

  #takeTogether(set: readonly Candidate[]): boolean {
    const volumes = new Map(set.map((candidate) => [candidate, this.#left(candidate)]));
    const all = this.#value(this.#with(volumes));
    if (!all.isUnder && !(this.#now.margin - all.margin > NOTHING)) return false;
    // What comes last by the rules is given back first.
    for (const candidate of set.toReversed()) {
      const others = new Map(volumes);
      volumes.set(
        candidate,
        fewest(this.#left(candidate), (volume) => isAsGood(this.#value(this.#with(others.set(candidate, volume))), all)),
      );
    }
    this.#take([...volumes].filter(([, volume]) => volume > 0));
    return true;
  }

  #left(candidate: Candidate): number {
    return closableOf(candidate) - (this.volumes.get(candidate) ?? 0);
  }

  /** What the next single lot in the exchange's order needs by itself. */
  #ownOfNext(candidate: Candidate): number {
    let taken = this.volumes.get(candidate) ?? 0;
    for (const { lot, closable, margin } of candidate.lots) {
      if (taken < closable) return margin / lot.volume;
      taken -= closable;
    }
    return Number.NaN;
  }

  #with(volumes: Iterable<readonly [Candidate, number]>): Closes {
    return closesOf(this.#sum(volumes));
  }

  #sum(volumes: Iterable<readonly [Candidate, number]>): Volumes {
    const sum = new Map(this.volumes);
    for (const [candidate, volume] of volumes) sum.set(candidate, (sum.get(candidate) ?? 0) + volume);
    return sum;
  }

  #take(volumes: readonly (readonly [Candidate, number])[]): void {
    this.volumes = this.#sum(volumes);
    this.#now = this.#value(closesOf(this.volumes));
    for (const [{ holding }] of volumes) this.#idle.delete(this.#netOf(holding));
    this.steps.push(volumes.map(([candidate]) => candidate));
  }
}

export function closableOf({ lots }: Candidate): number {
  return lots.reduce((sum, { closable }) => sum + closable, 0);
}

function closesOf(volumes: Volumes): Closes {
  const closes = new Map<HeldLot, number>();
  for (const [{ lots }, volume] of volumes) {
    let left = volume;
    for (const { lot, closable } of lots) {
      const taken = Math.min(left, closable);
      if (taken > 0) closes.set(lot, taken);
      left -= taken;
    }
  }
  return closes;
}

function isAsGood(some: Valued, all: Valued): boolean {
  return all.isUnder ? some.isUnder : some.margin <= all.margin + NOTHING;
}

/** The smallest volume from 0 that is good; `most` is. */
function fewest(most: number, isGood: (volume: number) => boolean): number {
  let [below, enough] = [-1, most];
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (isGood(middle)) enough = middle;
    else below = middle;
  }
  return enough;
}

/** Steps that share a lot are one group; groups stand in the order of their first step, the lots of each in the order of the rules. */
function groupsOf(candidates: readonly Candidate[], steps: readonly (readonly Candidate[])[]): Candidate[][] {
  const groups: Set<Candidate>[] = [];
  for (const step of steps) {
    const [first, ...others] = groups.filter((group) => step.some((candidate) => group.has(candidate)));
    if (first === undefined) {
      groups.push(new Set(step));
      continue;
    }
    for (const candidate of [...step, ...others.flatMap((group) => [...group])]) first.add(candidate);
    for (const merged of others) groups.splice(groups.indexOf(merged), 1);
  }
  return groups.map((group) => candidates.filter((candidate) => group.has(candidate)));
}
