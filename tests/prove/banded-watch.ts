/**
 * That a watch which only looks at accounts that left their band says what one says that looks at all of them, over many random days.
 * `npm run prove banded-watch [days] [seed]`; the unit tests play a small sample of the same.
 */
import process from 'node:process';
import { BANDED_RULES, compareBandedWatch } from '#tests/helpers/banded-watch';

const [days = 2_000, seed = 11] = process.argv.slice(2).map(Number);
for (const [name, rules] of BANDED_RULES) {
  const spoken = compareBandedWatch(rules, seed, days);
  if (spoken === 0) throw new Error(`${name}: no level was ever crossed, so nothing was compared`);
  process.stdout.write(`${JSON.stringify({ rules: name, days, seed, levelsSpokenOf: spoken })}\n`);
}
