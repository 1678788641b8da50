/**
 * Chooses how much of which lots to close so that margin comes under a target. Lots are taken one after another; where sides margin each other, so that no
 * lot releases anything by itself, lots of both sides are taken together. What closing everything reaches, the choice reaches as well.
 */
import { groupBy } from '#shared/group-by';
import type { HeldInstrument, HeldLot } from '#shared/market/what-if/account-model';
import { marginGroupOf } from '#shared/market/what-if/value-account';

/** `margin` is what the lot needs by itself, in money, before sides net; NaN unknown. */
export type Candidate = { holding: HeldInstrument; lot: HeldLot; margin: number };
type Valued = { margin: number; isUnder: boolean };
type Closes = ReadonlyMap<HeldLot, number>;
/** `groups` are the chosen lots in the order to close them; those of one group release in full only together. */
type Chosen = { closes: Closes; groups: Candidate[][] };

/** Sums of margins differ in their last bits: what is below half a cent is no release. */
const NOTHING = 0.005;
/** A lot that releases less than this share of its own margin stands against another side, and is left for when that side is closed with it. */
const SHARE_RELEASED_ALONE = 0.5;

/** `candidates` in the order of the rules. Each of `phases` says which of them may be touched yet; a later one is begun when the earlier ones are not enough. */
export function chooseCloses(
  candidates: readonly Candidate[],
  phases: readonly ((candidate: Candidate) => boolean)[],
  value: (closes: Closes) => Valued,
): Chosen {
  const chooser = new Chooser(value);
  for (const isOpen of phases) chooser.run(candidates.filter(isOpen));
  return { closes: chooser.closes, groups: groupsOf(candidates, chooser.steps) };
}

class Chooser {
  closes: Closes = new Map();
  readonly steps: Candidate[][] = [];
  readonly #value: (closes: Closes) => Valued;
  #now: Valued;

  constructor(value: (closes: Closes) => Valued) {
    this.#value = value;
    this.#now = value(this.closes);
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
    if (left === 0) return false;
    const at = (volume: number): Valued => this.#value(this.#with([[candidate, volume]]));
    const all = at(left);
    if (!all.isUnder && this.#now.margin - all.margin <= NOTHING) return false;
    const volume = fewest(left, (each) => isAsGood(at(each), all));
    const own = (candidate.margin / candidate.lot.volume) * volume;
    if (!all.isUnder && this.#now.margin - all.margin < own * SHARE_RELEASED_ALONE) return false;
    this.#take([[candidate, volume]]);
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

  #left({ lot }: Candidate): number {
    return lot.volume - (this.closes.get(lot) ?? 0);
  }

  #with(volumes: Iterable<readonly [Candidate, number]>): Closes {
    const closes = new Map(this.closes);
    for (const [{ lot }, volume] of volumes) closes.set(lot, (closes.get(lot) ?? 0) + volume);
    return closes;
  }

  #take(volumes: readonly (readonly [Candidate, number])[]): void {
    this.closes = this.#with(volumes);
    this.#now = this.#value(this.closes);
    this.steps.push(volumes.map(([candidate]) => candidate));
  }
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
