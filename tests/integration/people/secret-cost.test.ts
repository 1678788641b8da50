/** What a password is digested with on a real desk: never below the least that is held safe, never so much that people wait. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadAccessData } from '#engine/desk/people/access-data';
import { Secrets } from '#engine/desk/people/secrets';
import { findResourcesFolder } from '#engine/resources';

const { rules } = loadAccessData(findResourcesFolder());
const secrets = new Secrets(rules, null);
afterEach(() => secrets.stop());

it('is at least the OWASP minimum, off the main thread, and a standard string that says its own cost', async () => {
  const cost = await secrets.cost();
  expect(cost.memoryKiB).toBeGreaterThanOrEqual(19_456);
  expect(cost.iterations).toBeGreaterThanOrEqual(2);
  let turns = 0;
  const ticking = setInterval(() => {
    turns += 1;
  }, 5);
  const phc = await secrets.hash('quartz-vessel-77-meadow');
  clearInterval(ticking);
  // The loop went on turning while the digest was made elsewhere.
  expect(turns).toBeGreaterThan(1);
  expect(phc).toMatch(new RegExp(`^\\$argon2id\\$v=19\\$m=${cost.memoryKiB},t=${cost.iterations},p=1\\$`));
  expect(await secrets.verify('quartz-vessel-77-meadow', phc)).toBe(true);
  // The same letters typed as other code points (full-width digits) open the same door.
  expect(await secrets.verify('quartz-vessel-７７-meadow', phc)).toBe(true);
  expect(await secrets.verify('quartz-vessel-77-Meadow', phc)).toBe(false);
});

it('is judged by guesses, not by rules of spelling', async () => {
  const guesses = async (secret: string, words: string[] = []) => (await secrets.judge(secret, words)).guessesLog10;
  const needed = rules.strength.leastGuessesLog10;
  for (const weak of ['Password1!', 'qwertyuiop12', 'aaaaaaaaaaaa', 'Summer2026!', '1234567890']) expect(await guesses(weak)).toBeLessThan(needed);
  expect(await guesses('chenmo-chenmo', ['chenmo'])).toBeLessThan(needed);
  expect(await guesses('quartz-vessel-77-meadow')).toBeGreaterThan(needed);
  // The rows ship with the product.
  expect(readFileSync(join(findResourcesFolder(), 'access', 'secret-rules.json'), 'utf8')).toContain('OWASP');
});
