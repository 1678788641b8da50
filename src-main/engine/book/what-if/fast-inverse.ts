/**
 * The smallest common move at which each account reaches a level, for all accounts at once: solved on the account's lines and then set on the same grid of
 * moves that the pure safeMove searches, so that both give one answer. docs/numbers.md says how.
 */
import type { Distance } from '#shared/contract/numbers-account';
import type { RiskLevelRow } from '#shared/market/risk-level';
import type { KernelColumns } from '../kernel/layout';
import type { AccountLines, LinesBetween } from './account-lines';
import { LEVEL_CODE, levelCode, levelThresholds } from './figure-columns';

/** Moves per whole (100 %): a millionth of a percent, as in inverse.ts. */
const STEPS = 1e8;
const MAX_STEPS = { up: 9 * STEPS, down: STEPS };
const TARGETS = ['warn', 'call', 'force', 'negative'] as const;
/** More crossings than an account's groups could have: a search that has not ended by then is on its last bit. */
const MAX_NEWTON = 64;
const NEVER = Number.POSITIVE_INFINITY;
/** A solution this close to a step of the grid may belong to either side of it. */
const EDGE = 0.01;

/** Moves by target and account as a share of 1 (0.01 is one percent), signed; Infinity never, NaN unknown. */
export type InverseColumns = { up: Float64Array[]; down: Float64Array[] };

export function solveAll(columns: KernelColumns, lines: AccountLines, levels: readonly RiskLevelRow[]): InverseColumns {
  const side = (): Float64Array[] => TARGETS.map(() => new Float64Array(lines.accountCount));
  const answer = { up: side(), down: side() };
  const solver = new Solver(lines, levelThresholds(levels), answer);
  const { accountInput } = columns;
  const { profit } = lines;
  for (let account = 0; account < lines.accountCount; account++)
    solver.solve(account, (accountInput[account * 3] as number) + (profit[account] as number));
  return answer;
}

export function distanceOf(move: number): Distance {
  if (Number.isNaN(move)) return { kind: 'unknown' };
  return Math.abs(move) === NEVER ? { kind: 'never' } : { kind: 'reached', percent: (Math.round(move * STEPS) / STEPS) * 100 };
}

const UP_END = MAX_STEPS.up / STEPS;
const DOWN_END = MAX_STEPS.down / STEPS;

class Solver {
  readonly #between: LinesBetween;
  readonly #exposure: Float64Array;
  readonly #thresholds: Float64Array;
  readonly #columns: readonly [readonly Float64Array[], readonly Float64Array[]];
  /** Thresholds that some row sets, as places in `thresholds`. */
  readonly #asked: Uint8Array;
  /** Per direction (upward first) and target, how far along it the degrees reach the level; NEVER when they do not. */
  readonly #ways = new Float64Array(6);
  #account = 0;
  #equity = 0;
  #sign: 1 | -1 = 1;
  #last = 0;
  /** Change of equity per whole move in the direction. */
  #drift = 0;
  #levelNow = 0;

  constructor(lines: AccountLines, thresholds: Float64Array, answer: InverseColumns) {
    this.#between = lines.between(-DOWN_END, UP_END);
    this.#exposure = lines.exposure;
    this.#thresholds = thresholds;
    this.#columns = [answer.up, answer.down];
    this.#asked = Uint8Array.from([0, 1, 2, 3, 4, 5].filter((place) => thresholds[place] !== NEVER));
  }

  /** Writes the signed moves at which the account reaches each level or worse, both ways. */
  solve(account: number, equity: number): void {
    this.#account = account;
    this.#equity = equity;
    this.#face(0);
    this.#levelNow = levelCode(this.#thresholds, equity, this.#margin(0, 0), this.#margin(1, 0));
    this.#findWays();
    this.#write(0);
    this.#face(1);
    this.#write(1);
  }

  #face(direction: 0 | 1): void {
    this.#sign = direction === 0 ? 1 : -1;
    this.#last = direction === 0 ? MAX_STEPS.up : MAX_STEPS.down;
    this.#drift = this.#sign * (this.#exposure[this.#account] as number);
  }

  #findWays(): void {
    const ways = this.#ways;
    const { base, slope, bentStart } = this.#between;
    const exposure = this.#exposure[this.#account] as number;
    for (let at = 0; at < 6; at++) ways[at] = NEVER;
    const asked = this.#asked;
    for (let at = 0; at < asked.length; at++) {
      const threshold = asked[at] as number;
      const layer = threshold < 3 ? 0 : 1;
      const target = threshold - layer * 3;
      if (this.#levelNow >= target + 1) continue;
      const enter = this.#thresholds[threshold] as number;
      const place = this.#account * 2 + layer;
      if (bentStart[place + 1] === bentStart[place]) {
        // Two lines meet once: on the one way, or on the other.
        const rise = (slope[place] as number) - enter * exposure;
        const direction = rise > 0 ? 0 : 1;
        const way = (enter * this.#equity - (base[place] as number)) / Math.abs(rise);
        const found = direction * 3 + target;
        if (rise !== 0 && way <= (rise > 0 ? UP_END : DOWN_END)) ways[found] = Math.min(ways[found] as number, Math.max(0, way));
        continue;
      }
      this.#face(1);
      ways[3 + target] = Math.min(ways[3 + target] as number, this.#crossing(layer, enter));
      this.#face(0);
      ways[target] = Math.min(ways[target] as number, this.#crossing(layer, enter));
    }
  }

  #margin(layer: 0 | 1, way: number): number {
    const { base, slope, bent, bentStart } = this.#between;
    const place = this.#account * 2 + layer;
    const move = this.#sign * way;
    let margin = (base[place] as number) + move * (slope[place] as number);
    const end = (bentStart[place + 1] as number) * 4;
    for (let at = (bentStart[place] as number) * 4; at < end; at += 4) {
      const long = (bent[at] as number) + move * (bent[at + 2] as number);
      const short = (bent[at + 1] as number) + move * (bent[at + 3] as number);
      margin += long > short || Number.isNaN(long) ? long : short;
    }
    return margin;
  }

  /** Change of the margin per whole way, at `way`. */
  #marginSlope(layer: 0 | 1, way: number): number {
    const { slope, bent, bentStart } = this.#between;
    const place = this.#account * 2 + layer;
    const move = this.#sign * way;
    let rise = slope[place] as number;
    const end = (bentStart[place + 1] as number) * 4;
    for (let at = (bentStart[place] as number) * 4; at < end; at += 4) {
      const long = (bent[at] as number) + move * (bent[at + 2] as number);
      const short = (bent[at + 1] as number) + move * (bent[at + 3] as number);
      rise += long > short ? (bent[at + 2] as number) : (bent[at + 3] as number);
    }
    return this.#sign * rise;
  }

  /** From the worst level to the mildest: an account that is at one is at the milder ones as well. */
  #write(direction: 0 | 1): void {
    const columns = this.#columns[direction];
    const account = this.#account;
    let way = this.#levelNow === LEVEL_CODE.unknown ? Number.NaN : this.#gone();
    let solvedWay = Number.NaN;
    let solved = NEVER;
    for (let target = 3; target >= 0; target--) {
      const column = columns[target] as Float64Array;
      if (target < 3) way = Math.min(way, this.#ways[direction * 3 + target] as number);
      if (Number.isNaN(way)) column[account] = Number.NaN;
      else if (this.#levelNow >= target + 1) column[account] = 0;
      else if (way === NEVER) column[account] = NEVER;
      else {
        if (way !== solvedWay) {
          solvedWay = way;
          solved = this.#onGrid(way, target);
        }
        column[account] = solved;
      }
    }
  }

  /** Where equity is gone, as a share of the way. */
  #gone(): number {
    if (this.#equity <= 0) return 0;
    if (this.#drift >= 0) return NEVER;
    const way = this.#equity / -this.#drift;
    return way > this.#last / STEPS ? NEVER : way;
  }

  /** Where margin reaches `enter` times equity, as a share of the way; NEVER when it does not on the way. */
  #crossing(layer: 0 | 1, enter: number): number {
    const end = this.#last / STEPS;
    let way = end;
    if (!(this.#margin(layer, end) - enter * (this.#equity + end * this.#drift) >= 0)) return NEVER;
    // The difference is convex and below zero at the start: Newton from the far end comes down to its only crossing and never passes it.
    for (let step = 0; step < MAX_NEWTON; step++) {
      const above = this.#margin(layer, way) - enter * (this.#equity + way * this.#drift);
      const slope = this.#marginSlope(layer, way) - enter * this.#drift;
      if (!(above > 0) || !(slope > 0)) break;
      const next = way - above / slope;
      if (!(next < way)) break;
      way = next;
    }
    return Math.max(0, way);
  }

  #reaches(steps: number, target: number): boolean {
    const way = steps / STEPS;
    const level = levelCode(this.#thresholds, this.#equity + way * this.#drift, this.#margin(0, way), this.#margin(1, way));
    return level !== LEVEL_CODE.unknown && level >= target + 1;
  }

  /** The first step of the grid at which the account is at the level: the solution rounded up, and looked at when binary fractions could have missed it. */
  #onGrid(way: number, target: number): number {
    const exact = way * STEPS;
    let steps = Math.min(this.#last, Math.max(1, Math.ceil(exact)));
    const short = steps - exact;
    if (short > EDGE && short < 1 - EDGE) return (this.#sign * steps) / STEPS;
    for (let tries = 0; tries < 4 && steps > 1 && this.#reaches(steps - 1, target); tries++) steps -= 1;
    for (let tries = 0; tries < 4 && steps < this.#last && !this.#reaches(steps, target); tries++) steps += 1;
    return this.#reaches(steps, target) ? (this.#sign * steps) / STEPS : NEVER;
  }
}
