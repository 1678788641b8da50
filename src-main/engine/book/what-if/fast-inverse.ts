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
  const thresholds = levelThresholds(levels);
  const side = (): Float64Array[] => TARGETS.map(() => new Float64Array(lines.accountCount));
  const answer = { up: side(), down: side() };
  const solver = new Solver(lines, thresholds);
  for (let account = 0; account < lines.accountCount; account++) {
    solver.begin(account, (columns.accountInput[account * 3] as number) + (lines.profit[account] as number));
    solver.solveInto(answer.up, 1, MAX_STEPS.up);
    solver.solveInto(answer.down, -1, MAX_STEPS.down);
  }
  return answer;
}

export function distanceOf(move: number): Distance {
  if (Number.isNaN(move)) return { kind: 'unknown' };
  return Math.abs(move) === NEVER ? { kind: 'never' } : { kind: 'reached', percent: (Math.round(move * STEPS) / STEPS) * 100 };
}

class Solver {
  readonly #lines: AccountLines;
  readonly #between: LinesBetween;
  readonly #thresholds: Float64Array;
  #account = 0;
  #equity = 0;
  #sign: 1 | -1 = 1;
  /** Change of equity per whole move in the direction. */
  #drift = 0;
  #last = 0;
  #levelNow = 0;

  constructor(lines: AccountLines, thresholds: Float64Array) {
    this.#lines = lines;
    this.#between = lines.between(-MAX_STEPS.down / STEPS, MAX_STEPS.up / STEPS);
    this.#thresholds = thresholds;
  }

  begin(account: number, equity: number): void {
    this.#account = account;
    this.#equity = equity;
    this.#levelNow = levelCode(this.#thresholds, equity, this.#margin(0, 0), this.#margin(1, 0));
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

  /** Writes, per target (its place in TARGETS), the signed move at which that level or worse is reached. From the worst to the mildest: each adds its own rows. */
  solveInto(answers: readonly Float64Array[], sign: 1 | -1, last: number): void {
    this.#sign = sign;
    this.#last = last;
    this.#drift = sign * (this.#lines.exposure[this.#account] as number);
    let way = this.#levelNow === LEVEL_CODE.unknown ? Number.NaN : this.#gone();
    let solvedWay = Number.NaN;
    let solved = NEVER;
    for (let target = 3; target >= 0; target--) {
      const column = answers[target] as Float64Array;
      if (target < 3 && !(this.#levelNow >= target + 1)) {
        way = Math.min(way, this.#crossing(0, this.#thresholds[target] as number), this.#crossing(1, this.#thresholds[target + 3] as number));
      }
      if (Number.isNaN(way)) column[this.#account] = Number.NaN;
      else if (this.#levelNow >= target + 1) column[this.#account] = 0;
      else if (way === NEVER) column[this.#account] = NEVER;
      else {
        if (way !== solvedWay) {
          solvedWay = way;
          solved = this.#onGrid(way, target);
        }
        column[this.#account] = solved;
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
    if (enter === NEVER) return NEVER;
    const end = this.#last / STEPS;
    const { base, slope, bentStart } = this.#between;
    const place = this.#account * 2 + layer;
    if (bentStart[place + 1] === bentStart[place]) {
      const rise = this.#sign * (slope[place] as number) - enter * this.#drift;
      if (!(rise > 0)) return NEVER;
      const way = (enter * this.#equity - (base[place] as number)) / rise;
      return way <= end ? Math.max(0, way) : NEVER;
    }
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
