import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CliIo } from '#cli/cli-io';
import { reconcileCommand } from '#cli/commands/reconcile';
import { statementCommand } from '#cli/commands/statement';
import { simulateCounter } from '#tests/helpers/counter-simulator';
import { encodeGbk } from '#tests/helpers/gbk';
import { writeStatement } from '#tests/helpers/statement-writer';

const folder = mkdtempSync(join(tmpdir(), 'counter-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function io(lines: string[]): CliIo {
  return {
    out: (line) => lines.push(line),
    err: () => undefined,
    workingDirectory: folder,
    environment: {},
    nowMs: () => 0,
    interrupted: new AbortController().signal,
  };
}

function fileWith(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const instruments = [{ exchange: 'SHFE' as const, instrument: 'ag2702', multiplier: 15, rate: 0.19, preSettlement: 15724, mark: 15891 }];
const snapshot = simulateCounter(instruments, [], [{ instrument: 'ag2702', direction: 'long', isOpen: true, price: 15900, volume: 2 }], 1_000_000);
const statement = writeStatement([{ instrumentID: 'ag2702', direction: 'buy', isOpen: true, price: 15700, volume: 3, fee: 7.07 }], 10_000_000);

describe('desk reconcile', () => {
  it('prints counter, ours and residual of every figure as JSON', async () => {
    const lines: string[] = [];
    expect(await reconcileCommand.run(io(lines), [fileWith('snapshot.json', JSON.stringify(snapshot))], { json: true, strict: true })).toBe(0);
    const answer = JSON.parse(lines[0] ?? '');
    expect(answer.skew).toBe(0);
    expect(answer.account.currMargin).toEqual({ counter: 90630, ours: 90630, residual: 0 });
    expect(answer.positions[0]).toMatchObject({
      exchange: 'SHFE',
      instrument: 'ag2702',
      direction: 'long',
      positionProfit: { counter: -270, ours: -270, residual: 0 },
    });
  });

  it('names what differs, and with --strict says so in its exit code', async () => {
    const lines: string[] = [];
    const altered = { ...snapshot, account: { ...snapshot.account, balance: (snapshot.account.balance ?? 0) + 0.01 } };
    expect(await reconcileCommand.run(io(lines), [fileWith('altered.json', JSON.stringify(altered))], { strict: true })).toBe(4);
    expect(lines[1]).toMatch(/^ {2}account balance: .* residual 0\.01$/);
  });

  it('refuses a file that does not fit, naming the field, and one that is not there', () => {
    const bad = { ...snapshot, account: { ...snapshot.account, preBalance: 'much' } };
    expect(() => reconcileCommand.run(io([]), [fileWith('bad.json', JSON.stringify(bad))], {})).toThrow(/account\.preBalance/);
    expect(() => reconcileCommand.run(io([]), [fileWith('text.json', 'not json')], {})).toThrow(/is not JSON/);
    expect(() => reconcileCommand.run(io([]), ['nowhere.json'], {})).toThrow(/cannot be read/);
  });
});

describe('desk statement', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode(statement)],
    ['GBK', encodeGbk(statement)],
  ])('reads %s and finds that every figure follows', async (_, bytes) => {
    const lines: string[] = [];
    expect(await statementCommand.run(io(lines), [fileWith('statement.txt', bytes)], { json: true, strict: true })).toBe(0);
    const answer = JSON.parse(lines[0] ?? '');
    expect(answer.statement).toMatchObject({
      clientName: '测试客户',
      date: '20260915',
      transactions: [{ instrumentID: 'ag2702', offsetFlag: 'open', volume: 3 }],
    });
    expect(answer.disagreements).toBe(0);
  });

  it('refuses a truncated file with the line', () => {
    const cut = statement.slice(0, statement.indexOf('共 1条'));
    expect(() => statementCommand.run(io([]), [fileWith('cut.txt', cut)], {})).toThrow(/line \d+: /);
  });
});
