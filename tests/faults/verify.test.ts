import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '#tests/integration/journal/helpers';
import { proveBitFlips } from '#tests/prove/journal-bit-flips';
import { growJournal, verifyTimed } from '#tests/prove/journal-verify-million';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('samples of the long proofs', () => {
  it('a flipped bit anywhere in the record is located, and the proof goes on where it was stopped', () => {
    const directory = join(folder.path, 'flips');
    expect(proveBitFlips(directory, 50, () => undefined, 60)).toMatchObject({ flips: 50, missed: [] });
    const progress = proveBitFlips(directory, 200, () => undefined, 60);
    expect(progress).toMatchObject({ flips: 200, missed: [] });
    expect(progress.exact).toBeGreaterThan(180);
  });

  it('a long record is verified in one pass', () => {
    const file = growJournal(folder.path, 5_000, () => undefined);
    expect(verifyTimed(file)).toMatchObject({ report: { verdict: 'OK', ok: true, entryCount: 5_000 } });
  });
});
