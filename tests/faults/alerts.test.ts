/** A small sample of `npm run prove alert-kills`. */
import { describe, expect, it } from 'vitest';
import { killAlertDesk } from '#tests/faults/kill-alerts';
import { START_MS, temporaryFolder } from '#tests/integration/journal/helpers';

describe('a desk that is killed while it tells', () => {
  it('loses no open alert and sends none that is inhibited', async () => {
    const folder = temporaryFolder();
    const outcome = await killAlertDesk(folder.path, 3, 4, START_MS);
    folder.remove();
    expect(outcome.faults).toEqual([]);
    expect(outcome.raised).toBeGreaterThan(0);
  }, 120_000);
});
