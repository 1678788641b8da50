/** The headless what-if commands on a recorded day: they answer as the workbench does, and what one solves the other confirms. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '#cli/cli-io';
import { amountsOf } from '#engine/book/what-if/stress-run';
import type { StressSummary } from '#shared/contract/numbers-stress';
import { hasSharedMaterial, sharedFile } from '#tests/helpers/shared-material';
import { runCli } from './run-cli';

type StressAnswer = {
  scenarios: { key: string; percent: number | null }[];
  currencies: string[];
  summaries: StressSummary[];
  accounts: { accountID: string; currencyID: string | null; now: { level: string; balance: number }; under: { level: string; balance: number }[] }[];
};
type Distance = { kind: string; percent: number };
type InverseAnswer = { accounts: { accountID: string; balance: number | null; down: Record<string, Distance>; up: Record<string, Distance> }[] };

let folder: string;
let recording: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'what-if-'));
  const rows = Array.from(
    { length: 300 },
    (_, row) => `${row * 700}.25,${(1290 + Math.sin(row / 40) * 10).toFixed(3)},${(1290.4 + Math.sin(row / 40) * 10).toFixed(3)}`,
  );
  writeFileSync(join(folder, 'xau.csv'), ['ms_of_day,bid,ask', ...rows].join('\n'));
  recording = join(folder, 'xau.fwrec.gz');
  await runCli(['import', 'xauusd', join(folder, 'xau.csv'), '--out', recording, '--accounts', '20', '--date', '20140501', '--json']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stress = async (file: string, ...scenarios: string[]): Promise<StressAnswer> => {
  const run = await runCli(['stress', file, ...scenarios.flatMap((each) => ['--scenario', each]), '--json']);
  expect(run.exitCode, run.out.join('\n')).toBe(EXIT.ok);
  return JSON.parse(run.out[0] ?? '') as StressAnswer;
};
const inverse = async (file: string): Promise<InverseAnswer> => {
  const run = await runCli(['inverse', file, '--json']);
  expect(run.exitCode).toBe(EXIT.ok);
  return JSON.parse(run.out[0] ?? '') as InverseAnswer;
};

/** The nearest account that a fall brings to call: stressed there it is at call or worse, a hair before it is not. */
async function expectSolvedIsStressed(file: string): Promise<void> {
  const { accounts } = await inverse(file);
  const found = accounts.find(({ down }) => down.call?.kind === 'reached' && down.call.percent < 0);
  if (found === undefined) throw new Error('no account of the recording can be brought to call by a fall');
  const percent = found.down.call?.percent ?? 0;
  const answer = await stress(file, String(percent), String(percent + 0.0001));
  const row = answer.accounts.find(({ accountID }) => accountID === found.accountID);
  expect(['call', 'force', 'negative']).toContain(row?.under[0]?.level);
  expect(['normal', 'warn']).toContain(row?.under[1]?.level);
}

describe('desk stress and desk inverse', () => {
  it('refuses a scenario whose rows match nothing or stand twice, and names the row', async () => {
    const under = async (price: object, over: object = {}) => {
      const file = join(folder, 'rows.json');
      writeFileSync(file, JSON.stringify({ name: 'rows', price, ...over }));
      const { exitCode, out, err } = await runCli(['stress', recording, '--scenario', file, '--json']);
      return { exitCode, said: [...out, ...err].join(' ') };
    };
    const moves = (...rows: object[]) => under({ type: 'custom', moves: rows });
    expect(await moves({ productID: 'zzz', percent: -10 })).toMatchObject({ exitCode: EXIT.input, said: expect.stringContaining('price.moves.0') });
    expect(await moves({ percent: -10 }, { percent: 10 })).toMatchObject({ exitCode: EXIT.input, said: expect.stringContaining('price.moves.1') });
    const latest = { type: 'latest' };
    const override = { layer: 'both', addedRateByMoney: 0.03 };
    const cases: [object, string][] = [
      [{ marginOverrides: [{ ...override, productID: 'zzz' }] }, 'marginOverrides.0'],
      [{ marginOverrides: [override, { ...override, layer: 'company' }] }, 'marginOverrides.1'],
      [{ cash: [{ accountID: 'nobody', amount: 1 }] }, 'cash.0.accountID'],
      [{ closes: [{ accountID: 'nobody', exchangeID: 'X', instrumentID: 'x', direction: 'long', volume: 1 }] }, 'closes.0.accountID'],
    ];
    // A misspelt part would leave everybody as they are, and be taken for harmless.
    cases.push(
      [{ marginOverides: [override] }, 'marginOverides'],
      [{ marginOverrides: [{ ...override, producID: 'au' }] }, 'marginOverrides.0.producID'],
    );
    for (const [over, field] of cases)
      expect(await under(latest, over)).toMatchObject({ exitCode: EXIT.input, said: expect.stringContaining(field) });
    expect((await moves({ percent: -10 })).exitCode).toBe(EXIT.ok);
  });

  it('says what its amounts are of, and sums none of several currencies', async () => {
    const { currencies, accounts, summaries } = await stress(recording, '-3');
    expect(currencies).toHaveLength(1);
    expect(new Set(accounts.map(({ currencyID }) => currencyID))).toEqual(new Set(currencies));
    const [summary] = summaries;
    if (summary === undefined) throw new Error('no summary');
    expect(amountsOf(summary, currencies).balance).toBe(summary.balance);
    expect(amountsOf(summary, ['CNY', 'USD'])).toEqual({ callAmount: null, firmLoss: null, balance: null, balanceChange: null });
  });

  it('solving then stressing gives the level, and one step less does not', async () => {
    await expectSolvedIsStressed(recording);
  });

  it('takes moves, ids that come with the product and files, and says which one is none of these', async () => {
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ name: 'Holiday', price: { type: 'percent', percent: -3 }, marginOverrides: [] }));
    const answer = await stress(recording, '-3', join(folder, 'mine.json'), 'bundled-holiday');
    expect(answer.scenarios.map(({ key, percent }) => [key, percent])).toEqual([
      ['percent:-3', -3],
      ['file', null],
      ['bundled-holiday', null],
    ]);
    expect(answer.accounts).toHaveLength(20);
    for (const { under } of answer.accounts) expect(under[1]?.balance).toBeCloseTo(under[0]?.balance ?? Number.NaN, 6);
    const wrong = await runCli(['stress', recording, '--scenario', 'nothing', '--json']);
    expect([wrong.exitCode, JSON.parse(wrong.out[0] ?? '')]).toMatchObject([EXIT.usage, { ok: false, field: 'scenario' }]);
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ name: 'x', price: { type: 'percent', percent: -300 } }));
    const refused = await runCli(['stress', recording, '--scenario', join(folder, 'bad.json'), '--json']);
    expect([refused.exitCode, JSON.parse(refused.out[0] ?? '')]).toMatchObject([EXIT.input, { ok: false, field: 'price.percent' }]);
  });

  it('prints the same bytes for the same recording, apart from the time', async () => {
    const [first, second] = [await runCli(['stress', recording, '--json']), await runCli(['stress', recording, '--json'])];
    expect(first.out).toEqual(second.out);
  });

  it('shows one account in detail and refuses one that is not there', async () => {
    const { accounts } = await inverse(recording);
    const one = await runCli(['inverse', recording, '--account', accounts[0]?.accountID ?? '', '--json']);
    expect(JSON.parse(one.out[0] ?? '').equal).toHaveLength(8);
    expect((await runCli(['inverse', recording, '--account', 'nobody'])).exitCode).toBe(EXIT.input);
  });
});

describe.skipIf(!hasSharedMaterial)('the real days (skipped when they are not beside the checkout)', () => {
  it.each([
    ['xauusd', 'market/xauusd-2014-05-01-quotes.csv.gz'],
    ['comex-gc', 'market/comex-gc-2013-10-07-trades.csv.gz'],
  ])(
    '%s: every generated account is valued to the end of the day and has its distance',
    async (kind, file) => {
      const out = join(folder, `${kind}.fwrec.gz`);
      const imported = await runCli(['import', kind, sharedFile(file), '--out', out, '--accounts', '15', '--json']);
      expect([EXIT.ok, EXIT.findings]).toContain(imported.exitCode);
      const { accounts } = await inverse(out);
      expect(accounts).toHaveLength(15);
      for (const { balance, down } of accounts)
        expect([balance === null, down.call?.kind]).toEqual([false, expect.stringMatching(/^(reached|never)$/)]);
    },
    180_000,
  );
});
