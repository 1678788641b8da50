/** Stress, distance and limits of the shown book, computed at most once a second however many windows look, and never while a message is being taken in. */
import type { Book } from '#engine/book/book';
import { buildLimitsPicture, type VolumeHistory } from '#engine/book/limits/limits-picture';
import { buildDistancePicture, type DistanceRun, runDistance } from '#engine/book/what-if/distance-picture';
import { buildStressPicture } from '#engine/book/what-if/stress-picture';
import { runStress, type StressColumn, type StressRun } from '#engine/book/what-if/stress-run';
import type { Clock } from '#engine/clock';
import type { DistanceParams, DistancePicture } from '#shared/contract/numbers-account';
import type { ExportParams } from '#shared/contract/numbers-desk';
import type { LimitsParams, LimitsPicture } from '#shared/contract/numbers-limits';
import type { StressParams, StressPicture } from '#shared/contract/numbers-stress';
import type { Scenario } from '#shared/market/what-if/scenario';

const PACE_MS = 1_000;
/** What is computed for looking at takes at most this part of the engine's time: a large book under many scenarios is shown less often, not at the cost of ticks. */
const LARGEST_SHARE = 0.1;
/** Limits move with fills and not with prices, and merging all positions costs more than a stress. */
const LIMITS_PACE_MS = 3_000;
const RUNS_KEPT = 4;
const EXPORT_ROWS = 500;
const LADDER = { type: 'ladder', stepPercent: 1, count: 10 } as const;
const EVERYTHING = { scope: {}, filter: '' } as const;

export type NumbersMarketParts = {
  clock: Clock;
  book: () => Book;
  findScenario: (scenarioId: string) => Scenario | null;
  volumes: VolumeHistory;
};

export class NumbersMarket {
  readonly #parts: NumbersMarketParts;
  #book: Book | null = null;
  #bookNumber = 0;
  #bookVersion = -1;
  #pacedAtMs = Number.NEGATIVE_INFINITY;
  #version = '';
  /** What the pictures of this version have cost so far. */
  #costMs = 0;
  readonly #stress = new Map<string, { version: string; run: StressRun }>();
  #distance: { version: string; run: DistanceRun } | null = null;
  readonly #limits = new Map<string, { builtAtMs: number; paceMs: number; bookNumber: number; bookVersion: number; picture: LimitsPicture }>();
  /** When a picture of limits that was given although the book had moved on is due again; null while none was. */
  #limitsDueAtMs: number | null = null;
  #limitsRound = 0;

  constructor(parts: NumbersMarketParts) {
    this.#parts = parts;
  }

  version(nowMs: number): string {
    const book = this.#parts.book();
    const isOther = book !== this.#book;
    if (isOther) {
      this.#book = book;
      this.#bookNumber += 1;
    }
    const paceMs = Math.max(PACE_MS, this.#costMs / LARGEST_SHARE);
    const isDue = nowMs - this.#pacedAtMs >= paceMs || nowMs < this.#pacedAtMs;
    if (isOther || (isDue && book.version !== this.#bookVersion)) {
      this.#bookVersion = book.version;
      this.#pacedAtMs = nowMs;
      this.#costMs = 0;
      this.#version = `${this.#bookNumber}.${book.version}`;
    }
    return this.#version;
  }

  stress(params: StressParams, nowMs: number): StressPicture {
    const { columns, missing } = this.#columnsOf(params.columns);
    // A scenario saved anew has another version, and its figures are others.
    const key = JSON.stringify(columns.map((column) => [column.key, column.percent, column.scenario?.version]));
    const version = this.version(nowMs);
    let kept = this.#stress.get(key);
    if (kept?.version !== version) {
      kept = { version, run: runStress(this.#parts.book(), columns, this.#parts.clock) };
      this.#costMs += kept.run.computedInMs;
      this.#stress.delete(key);
      this.#stress.set(key, kept);
      const oldest = this.#stress.keys().next().value;
      if (this.#stress.size > RUNS_KEPT && oldest !== undefined) this.#stress.delete(oldest);
    }
    return buildStressPicture(this.#parts.book(), kept.run, params, missing);
  }

  distance(params: DistanceParams, nowMs: number): DistancePicture {
    return buildDistancePicture(this.#parts.book(), this.#distanceRun(nowMs), params);
  }

  /** Also changes when limits that were kept back by their pace may be built again: without it the last change before a quiet time would never be seen. */
  limitsVersion(nowMs: number): string {
    const version = this.version(nowMs);
    if (this.#limitsDueAtMs !== null && nowMs >= this.#limitsDueAtMs) {
      this.#limitsDueAtMs = null;
      this.#limitsRound += 1;
    }
    return `${version}.${this.#limitsRound}`;
  }

  limits(params: LimitsParams, nowMs: number): LimitsPicture {
    this.version(nowMs);
    const key = JSON.stringify(params);
    const kept = this.#limits.get(key);
    const bookVersion = this.#parts.book().version;
    if (kept !== undefined && kept.bookNumber === this.#bookNumber && nowMs >= kept.builtAtMs && nowMs - kept.builtAtMs < kept.paceMs) {
      if (kept.bookVersion !== bookVersion) this.#limitsDueAtMs = Math.max(this.#limitsDueAtMs ?? 0, kept.builtAtMs + kept.paceMs);
      return kept.picture;
    }
    const begunMs = this.#parts.clock.monotonicMs();
    const picture = buildLimitsPicture(this.#parts.book(), params, this.#parts.volumes, nowMs);
    const paceMs = Math.max(LIMITS_PACE_MS, (this.#parts.clock.monotonicMs() - begunMs) / LARGEST_SHARE);
    this.#limits.set(key, { builtAtMs: nowMs, paceMs, bookNumber: this.#bookNumber, bookVersion, picture });
    const oldest = this.#limits.keys().next().value;
    if (this.#limits.size > RUNS_KEPT && oldest !== undefined) this.#limits.delete(oldest);
    return picture;
  }

  // ---- what an export takes, whole ---------------------------------------------------------------------------------------

  stressForExport({ stress, scope, filter }: ExportParams): StressPicture {
    const rows = Math.max(1, this.#parts.book().accountColumns().count);
    const params: StressParams = stress ?? {
      columns: LADDER,
      rows: 'account',
      measure: 'balance',
      scope,
      filter,
      order: 'worst',
      first: 0,
      maxRows: rows,
    };
    return this.stress({ ...params, first: 0, maxRows: rows }, this.#parts.clock.nowMs());
  }

  distanceForExport({ distance, scope, filter, sort }: ExportParams, first: number, count: number): DistancePicture {
    const params: DistanceParams = distance ?? {
      ...EVERYTHING,
      target: 'call',
      direction: 'nearest',
      measure: 'percent',
      scope,
      filter,
      sort,
      first,
      count,
    };
    return buildDistancePicture(this.#parts.book(), this.#distanceRun(this.#parts.clock.nowMs()), {
      ...params,
      first,
      count: Math.min(count, EXPORT_ROWS),
    });
  }

  limitsForExport({ scope, filter, sort, limitsBy }: ExportParams, view: LimitsParams['view'], first: number, count: number): LimitsPicture {
    const params: LimitsParams = { view, by: limitsBy, scope, filter, sort, first, count };
    return buildLimitsPicture(this.#parts.book(), params, this.#parts.volumes, this.#parts.clock.nowMs());
  }

  #distanceRun(nowMs: number): DistanceRun {
    const version = this.version(nowMs);
    if (this.#distance?.version !== version) {
      this.#distance = { version, run: runDistance(this.#parts.book(), this.#parts.clock) };
      this.#costMs += this.#distance.run.computedInMs;
    }
    return this.#distance.run;
  }

  #columnsOf(wanted: StressParams['columns']): { columns: StressColumn[]; missing: string[] } {
    if (wanted.type === 'ladder') {
      const { stepPercent, count } = wanted;
      const columns = Array.from({ length: 2 * count + 1 }, (_, at): StressColumn => {
        const percent = (at - count) * stepPercent;
        return { key: `percent:${percent}`, label: `${percent > 0 ? '+' : ''}${percent} %`, percent, scenario: null };
      });
      return { columns, missing: [] };
    }
    const columns: StressColumn[] = [];
    const missing: string[] = [];
    for (const scenarioId of wanted.scenarioIds) {
      const scenario = this.#parts.findScenario(scenarioId);
      if (scenario === null) missing.push(scenarioId);
      else columns.push({ key: scenarioId, label: scenario.name, percent: null, scenario });
    }
    return { columns, missing };
  }
}
