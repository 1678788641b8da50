/**
 * How well the detectors tell misbehaviour from trade on generated days that nobody tuned them on: recall, precision and delay per detector, and every
 * counted rule held against a plain recount. `npm run prove detectors [first-seed] [last-seed] [minutes] [accounts] [phase]`; the tests run a small sample of the same.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { BrokerOptions } from '#demo/broker';
import { DetectorRun } from '#engine/watch/detectors/detector-run';
import { addTallies, type Score, scoreOf, type Tally, tallyFindings } from '#engine/watch/detectors/scoring';
import { bundledThresholdRows } from '#engine/watch/detectors/thresholds';
import { generateDay } from '#tests/helpers/generated-day';
import { Recount } from '#tests/helpers/recount';

/** Recall and precision that are aimed at, by how a rule decides. */
const AIMS = { counted: { recall: 1, precision: 1 }, pattern: { recall: 0.95, precision: 0.9 } } as const;

type Proof = { scores: Score[]; recountDifferences: string[]; shortOfAim: string[]; events: number; orders: number };

/** Two pieces of a day per seed: the opening programme in the morning, and the last minutes, in which a close is painted. */
export function proveDetectors(
  seeds: readonly number[],
  morningMinutes: number,
  say: (line: string) => void,
  market: Partial<BrokerOptions> = {},
): Proof {
  const rows = bundledThresholdRows();
  const tallies: Tally[] = [];
  const recountDifferences: string[] = [];
  let events = 0;
  let orders = 0;
  for (const seed of seeds) {
    for (const piece of ['morning', 'close'] as const) {
      const day = generateDay(seed, {
        ...market,
        ...(piece === 'morning' ? { minutes: morningMinutes } : { startMinute: 14 * 60 + 50, minutes: 11 }),
      });
      const run = new DetectorRun(rows);
      const recount = new Recount();
      let held = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
      for (const event of day.events()) {
        run.onEvent(event);
        recount.onEvent(event);
        if (event.type !== 'items') continue;
        held = { fromMs: Math.min(held.fromMs, event.sourceTimeMs), toMs: Math.max(held.toMs, event.sourceTimeMs) };
      }
      const findings = run.findings();
      const ofPiece = tallyFindings(findings, day.labels(), rows, held);
      tallies.push(...ofPiece);
      recountDifferences.push(...recount.differences(findings).map((line) => `seed ${seed} ${piece}: ${line}`));
      events += run.coverage().events;
      orders += run.coverage().orders;
      for (const tally of ofPiece) {
        for (const missed of tally.missed) say(`seed ${seed} ${piece}: ${tally.detector} missed ${missed}`);
        for (const wrong of tally.wrongOnes) say(`seed ${seed} ${piece}: ${tally.detector} wrong ${wrong}`);
      }
    }
    say(`seed ${seed} done`);
  }
  const scores = addTallies(tallies).map(scoreOf);
  const shortOfAim = scores
    .filter(({ basis, recall, precision }) => (recall ?? 1) < AIMS[basis].recall || (precision ?? 1) < AIMS[basis].precision)
    .map((score) => score.detector);
  return { scores, recountDifferences, shortOfAim, events, orders };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [first = 101, last = 110, minutes = 16, accounts = 300] = process.argv.slice(2, 6).map(Number);
  const phase = z.enum(['auto', 'calm', 'busy', 'violent']).parse(process.argv[6] ?? 'auto');
  const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const proof = proveDetectors(seeds, minutes, (line) => process.stderr.write(`${line}\n`), { accounts, phase });
  process.stdout.write(`${JSON.stringify(proof, null, 2)}\n`);
  process.exitCode = proof.recountDifferences.length === 0 && proof.shortOfAim.length === 0 ? 0 : 1;
}
