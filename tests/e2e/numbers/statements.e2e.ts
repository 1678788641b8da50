/** A settlement statement is read from a file in the encoding that counters print, and a broken one is refused with its line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from '#tests/helpers/e2e-desk';
import { openNumbers } from '#tests/helpers/e2e-numbers';
import { encodeGbk } from '#tests/helpers/gbk';
import { hasSharedMaterial, sharedFile } from '#tests/helpers/shared-material';
import { writeStatement } from '#tests/helpers/statement-writer';

test('a statement in GBK is imported from a file, checked, and stays in the list', async ({ desk }) => {
  const { page } = desk;
  const folder = mkdtempSync(join(tmpdir(), 'statement-'));
  try {
    // The real one where it lies beside the checkout, else a generated one of the same layout.
    const text = hasSharedMaterial
      ? readFileSync(sharedFile('settlement', 'statement-2023-02-15.txt'), 'utf8')
      : writeStatement([{ instrumentID: 'ag2702', direction: 'buy', isOpen: true, price: 15700, volume: 3, fee: 7.07 }], 10_000_000);
    const file = join(folder, 'statement.txt');
    writeFileSync(file, encodeGbk(text));
    await openNumbers(page);
    await page.getByTestId('tab-statements').click();
    const statements = page.getByTestId('statements');
    await statements.getByTestId('statement-file').setInputFiles(file);
    const shown = statements.getByTestId('statement');
    await expect(shown).toHaveAttribute('data-client', hasSharedMaterial ? '123456' : '900001');
    await expect(shown).toHaveAttribute('data-disagreements', '0');
    await expect(statements.getByTestId('statement-verdict')).toHaveAttribute('data-good', 'true');
    await expect(statements.getByTestId('statement-row')).toHaveCount(1);

    writeFileSync(join(folder, 'torn.txt'), encodeGbk(text.slice(0, Math.floor(text.length * 0.6))));
    await statements.getByTestId('statement-file').setInputFiles(join(folder, 'torn.txt'));
    await expect(statements.getByTestId('refusal')).toContainText(/line \d+/);
    await expect(statements.getByTestId('statement-row')).toHaveCount(1);
    expect(desk.pageErrors).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
