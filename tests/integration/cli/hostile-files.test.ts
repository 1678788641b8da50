/** Whatever file is named on the command line, the command ends in its exit code and says which field or line is to blame: it neither fails nor hangs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { runDesk } from '#cli/program';
import { generateCounter, type Raw } from '#tests/helpers/counter-world/generate';

const folder = mkdtempSync(join(tmpdir(), 'hostile-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileWith(content: string | Uint8Array): string {
  files += 1;
  const file = join(folder, `file-${files}`);
  writeFileSync(file, content);
  return file;
}

type Answer = { exitCode: number; out: string; answer: Raw };
async function desk(...args: string[]): Promise<Answer> {
  const lines: string[] = [];
  const exitCode = await runDesk([...args, '--json'], {
    out: (line) => lines.push(line),
    err: () => undefined,
    workingDirectory: folder,
    environment: {},
    nowMs: () => 0,
    interrupted: new AbortController().signal,
  });
  return { exitCode, out: lines.join('\n'), answer: JSON.parse(lines[0] ?? '{}') as Raw };
}

/** A snapshot with lots in it. */
function heldSnapshot(): ReturnType<typeof generateCounter>['file'] {
  for (let seed = 0; ; seed++) {
    const { file } = generateCounter(seed);
    if (file.positions[0]?.position !== undefined && file.positions[0].instrument === 'm2701') return file;
  }
}

function changed(change: (file: { account: Raw; positions: Raw[] } & Raw) => void): string {
  const file = heldSnapshot();
  change(file);
  return JSON.stringify(file);
}
const firstRow = (row: Raw) => changed(({ positions }) => Object.assign(positions[0] ?? {}, row));

const FILES: [string, string | Uint8Array][] = [
  ['nothing', ''],
  ['white space', ' \n'],
  ['null', 'null'],
  ['a number', '5'],
  ['a list', '[]'],
  ['bytes of no text', Uint8Array.from({ length: 4096 }, (_, at) => (at * 167) & 255)],
  ['half a JSON text', '{"account": {'],
  ['lists a million deep', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
  ['one line of ten million characters', 'Settlement Statement '.repeat(500_000)],
  ['a packed file that is cut', gzipSync('{"kind":"header"}\n'.repeat(1000)).subarray(0, 60)],
];

describe.each([['reconcile'], ['statement'], ['stress'], ['inverse']])('desk %s', (command) => {
  it.each(FILES)('refuses %s with a reason', async (_, content) => {
    const { exitCode, answer } = await desk(command, fileWith(content));
    expect(exitCode).toBe(3);
    expect(answer).toMatchObject({ ok: false, code: 'REFUSED', message: expect.stringMatching(/.{12}/) });
  });

  it('refuses a folder, and a file that is not there', async () => {
    mkdirSync(join(folder, 'folder'), { recursive: true });
    for (const path of ['folder', 'nowhere'])
      expect(await desk(command, path)).toMatchObject({ exitCode: 3, answer: { ok: false, code: 'REFUSED' } });
  });
});

describe('desk reconcile', () => {
  it.each([
    ['account.preBalance', changed(({ account }) => Object.assign(account, { preBalance: '1' }))],
    ['account.deposit', changed(({ account }) => Object.assign(account, { deposit: null }))],
    ['account.credit', changed(({ account }) => Object.assign(account, { credit: Number.MAX_VALUE }))],
    ['account.balance', changed(({ account }) => Object.assign(account, { balance: [] }))],
    ['account', changed((file) => Object.assign(file, { account: 'none' }))],
    ['params.algorithm', changed((file) => Object.assign(file, { params: { algorithm: '5' } }))],
    ['tradingDay', changed((file) => Object.assign(file, { tradingDay: 20260915 }))],
    ['positions', changed((file) => Object.assign(file, { positions: {} }))],
    ['positions', changed((file) => Object.assign(file, { positions: Array.from({ length: 10_001 }, () => ({})) }))],
    ['positions.0.direction', firstRow({ direction: 'net' })],
    ['positions.0.openVolume', firstRow({ openVolume: 1.5 })],
    ['positions.0.ydPosition', firstRow({ ydPosition: -1 })],
    ['positions.0.openAmount', firstRow({ openAmount: 'much' })],
    ['positions.0.settlementPrice', firstRow({ settlementPrice: {} })],
    ['positions.0.instrument', firstRow({ instrument: 'x'.repeat(65) })],
    ['instruments', changed((file) => Object.assign(file, { instruments: [] }))],
    ['quotes', changed((file) => Object.assign(file, { quotes: 'none' }))],
    ['trades.0.volume', changed((file) => Object.assign(file, { trades: [{ instrument: 'm2701', volume: '1' }] }))],
  ])('refuses by its name what does not fit: %s', async (field, text) => {
    const { exitCode, answer } = await desk('reconcile', fileWith(text));
    expect([exitCode, answer.field]).toEqual([3, field]);
    expect(String(answer.message)).toContain(field);
  });

  it('answers for names that mean something to the program, fields nested without end, and numbers that are none', async () => {
    const file = heldSnapshot();
    const strange = ['__proto__', 'constructor', 'toString', '../../etc'].map((instrument) => ({ ...file.positions[0], instrument }));
    const text = JSON.stringify({ ...file, positions: strange }).replace('"note":"made up"', `"note":${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const { exitCode, answer } = await desk('reconcile', fileWith(text));
    expect(exitCode).toBe(0);
    expect((answer.positions as Raw[]).map(({ instrument }) => instrument)).toEqual(strange.map(({ instrument }) => instrument));
    expect(answer.account).toMatchObject({ currMargin: { ours: null } });
    const infinite = changed(({ account }) => Object.assign(account, { preBalance: 'X' })).replace('"X"', '1e999');
    expect((await desk('reconcile', fileWith(infinite))).answer.field).toBe('account.preBalance');
  });

  it('answers for the largest snapshot that it takes', async () => {
    const file = heldSnapshot();
    const positions = Array.from({ length: 10_000 }, (_, at) => ({
      ...file.positions[at % file.positions.length],
      hedgeFlag: `kind ${at}`,
      marginRateByMoney: at % 2 === 0 ? 0.1 : 0,
    }));
    const { exitCode, answer } = await desk('reconcile', fileWith(JSON.stringify({ ...file, positions })));
    expect(exitCode).toBe(0);
    expect(answer.positions).toHaveLength(10_000);
  });
});

describe('desk stress', () => {
  it.each([
    ['null', 'null'],
    ['a list', '[1]'],
    ['text', '"up"'],
    ['half a JSON text', '{'],
    ['a price that is none', '{"name":"x","prices":{"kind":"percent","percent":"much"}}'],
    ['lists without end', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`],
  ])('refuses a scenario file of %s before it plays anything', async (_, content) => {
    const { exitCode, answer } = await desk('stress', 'nowhere', '--scenario', fileWith(content));
    expect(exitCode).toBe(3);
    expect(String(answer.message)).not.toContain('nowhere');
    expect(answer).toMatchObject({ ok: false, code: 'REFUSED', field: expect.stringMatching(/./) });
  });
});
