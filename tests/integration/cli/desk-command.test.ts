/** The desk command as scripts use it: exact output, exact exit codes, the same bytes for the same recording. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '#cli/cli-io';
import { replayFile } from '#cli/commands/replay';
import { createBroker } from '#demo/broker';
import { type DemoServer, startDemoServer } from '#demo/server/demo-server';
import { createEngine } from '#engine/engine';
import { runCli } from '#tests/integration/cli/run-cli';

let folder: string;
let server: DemoServer;
let recording: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-cli-'));
  recording = join(folder, 'demo.fwrec.gz');
  server = await startDemoServer({ broker: createBroker({ seed: 11, accounts: 40, tradingDay: '20270104', phase: 'violent' }), port: 0, speed: 4 });
  const recorded = await runCli(['record', '--url', server.url, '--out', recording, '--events', '400', '--json']);
  expect(recorded.exitCode).toBe(EXIT.ok);
  expect(JSON.parse(recorded.out[0] ?? '')).toMatchObject({ ok: true, eventCount: 400, refusedCount: 0 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('desk replay', () => {
  it('prints the same bytes every time, at any cut of the file and at any speed', async () => {
    const never = new AbortController().signal;
    const runs = [];
    for (let run = 0; run < 2; run += 1) runs.push((await runCli(['replay', recording, '--json'])).out.join('\n'));
    for (const chunkBytes of [64, 1000, 1_000_000]) runs.push(JSON.stringify(await replayFile(recording, 'max', never, chunkBytes)));
    runs.push(JSON.stringify(await replayFile(recording, 500, never)));
    expect(new Set(runs).size).toBe(1);
    const result = JSON.parse(runs[0] ?? '');
    expect(result).toMatchObject({ ok: true, recording: { ending: 'complete', refusedLines: 0 }, throughput: { events: 400 } });
    expect(result.accounts).toHaveLength(40);
    expect(result.accounts.every((row: { balance: number | null }) => row.balance !== null)).toBe(true);
    expect(result.alerts.length).toBeGreaterThan(0);
  });

  it('keeps rates of this machine out of standard output', async () => {
    const { out, err } = await runCli(['replay', recording]);
    expect(err.join()).toMatch(/events\/s/);
    expect(out.join('\n')).not.toMatch(/events\/s/);
    expect(out.join('\n')).toMatch(/40 accounts; the worst:/);
  });

  it('plays what a cut-off file holds and says that it is cut off', async () => {
    const cut = join(folder, 'cut.fwrec.gz');
    const lines = gunzipSync(readFileSync(recording)).toString().split('\n');
    writeFileSync(cut, gzipSync(lines.slice(0, 200).join('\n')));
    const { exitCode, out } = await runCli(['replay', cut, '--json']);
    expect(exitCode).toBe(EXIT.findings);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ ok: false, recording: { ending: 'truncated' } });
  });

  it('ends when interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    const running = new AbortController();
    const slow = runCli(['replay', recording, '--speed', '0.1'], { interrupted: running.signal });
    running.abort();
    expect((await slow).exitCode).toBe(EXIT.interrupted);
    expect((await runCli(['replay', recording], { interrupted: stop.signal })).exitCode).toBe(EXIT.interrupted);
  });
});

describe('desk', () => {
  it('refuses with field, reason and a documented exit code', async () => {
    const cases: [string[], number, RegExp][] = [
      [[], EXIT.usage, /Usage: desk/],
      [['nonsense', '--json'], EXIT.usage, /unknown command/],
      [['replay', '--json'], EXIT.usage, /missing required argument/],
      [['replay', 'no-such-file', '--json'], EXIT.input, /cannot be read/],
      [['replay', recording, '--speed', '9999', '--json'], EXIT.usage, /--speed/],
      [['replay', recording, '--volume', '3', '--json'], EXIT.usage, /unknown option/],
      [['record', '--url', 'http://example.org', '--out', 'x', '--json'], EXIT.usage, /--url: must be a ws/],
      [['record', '--url', 'ws://203.0.113.1:1', '--out', 'x', '--json'], EXIT.usage, /wss/],
      [
        ['record', '--url', 'ws://127.0.0.1:9', '--out', join('FOLDER', 'never.fwrec.gz'), '--seconds', '0.5', '--json'],
        EXIT.unreachable,
        /did not answer/,
      ],
      [['record', '--url', 'ws://127.0.0.1:9', '--out', join('FOLDER', 'demo.fwrec.gz'), '--json'], EXIT.input, /exists already/],
      [['import', 'silver', 'x', '--out', 'y', '--json'], EXIT.usage, /xauusd/],
      [['import', 'xauusd', 'no-such-file', '--out', 'y', '--json'], EXIT.input, /there is no file/],
      [['demo', '--accounts', '3', '--json'], EXIT.usage, /--accounts/],
      [['demo', '--trading-day', '20270102', '--json'], EXIT.usage, /not a trading day/],
      [['demo', '--trading-day', '20261399', '--json'], EXIT.usage, /--tradingDay: must be a day/],
      [['demo', '--trading-day', '20260230', '--json'], EXIT.usage, /--tradingDay: must be a day/],
      [['import', 'xauusd', 'no-such-file', '--out', 'y', '--date', '20140230', '--json'], EXIT.usage, /--date: must be a day/],
      [['demo', '--data-dir', join('FOLDER', 'demo.fwrec.gz', 'desk'), '--seconds', '1', '--json'], EXIT.input, /cannot use the folder/],
      [['unlock', '--data-dir', 'FOLDER', '--json'], EXIT.input, /no password was given/],
      [['verify', 'no-such-file', '--json'], EXIT.input, /there is no file/],
    ];
    for (const [args, exitCode, words] of cases) {
      const result = await runCli(
        args.map((arg) => arg.replace('FOLDER', folder)),
        { askSecret: async () => '' },
      );
      expect({ args, exitCode: result.exitCode, said: result.out.join('\n') }).toEqual({ args, exitCode, said: expect.stringMatching(words) });
    }
  });

  it('says its version, and answers in JSON when asked for help in it', async () => {
    expect(await runCli(['--version'])).toMatchObject({ exitCode: EXIT.ok, out: [expect.stringMatching(/^\d+\.\d+\.\d+/)] });
    const help = await runCli(['replay', '--help', '--json']);
    expect(help.exitCode).toBe(EXIT.ok);
    expect(JSON.parse(help.out.join(''))).toMatchObject({ ok: true, text: expect.stringContaining('desk replay') });
  });

  it('demo ends when interrupted, and nothing is left that keeps the process until its time is up', async () => {
    const stop = new AbortController();
    const begun = vi.spyOn(globalThis, 'setTimeout');
    const ended = vi.spyOn(globalThis, 'clearTimeout');
    const out = (line: string): void => {
      if (line.includes('listening')) setImmediate(() => stop.abort());
    };
    const args = ['demo', '--feed-only', '--accounts', '10', '--seconds', '3600', '--json'];
    expect((await runCli(args, { interrupted: stop.signal, out })).exitCode).toBe(EXIT.ok);
    const untilItsEnd = begun.mock.results[begun.mock.calls.findIndex(([, delayMs]) => delayMs === 3_600_000)]?.value;
    expect(untilItsEnd).toBeDefined();
    expect(ended).toHaveBeenCalledWith(untilItsEnd);
    vi.restoreAllMocks();
  });

  it('demo runs a broker and a desk on it and prints alerts as they come', async () => {
    const { exitCode, out } = await runCli([
      'demo',
      '--accounts',
      '60',
      '--phase',
      'violent',
      '--seed',
      '7',
      '--seconds',
      '4',
      '--trading-day',
      '20270104',
      '--json',
    ]);
    expect(exitCode).toBe(EXIT.ok);
    const lines = out.map((line) => JSON.parse(line) as { type: string });
    expect(lines[0]).toMatchObject({ type: 'listening', url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+$/) });
    expect(lines.some((line) => line.type === 'alert')).toBe(true);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', state: 'live', accounts: 60, tradingDay: '20270104' });
  });

  it('import turns a market file into a recording that replays', async () => {
    const file = join(folder, 'xauusd-2014-05-01-quotes.csv');
    const rows = Array.from(
      { length: 500 },
      (_, row) => `${row * 700}.25,${(1290 + Math.sin(row / 40) * 30).toFixed(3)},${(1290.4 + Math.sin(row / 40) * 30).toFixed(3)}`,
    );
    writeFileSync(file, ['ms_of_day,bid,ask', ...rows].join('\n'));
    const out = join(folder, 'xau.fwrec.gz');
    const imported = await runCli(['import', 'xauusd', file, '--out', out, '--accounts', '20', '--json']);
    expect(imported).toMatchObject({ exitCode: EXIT.ok });
    const replayed = await runCli(['replay', out, '--json']);
    expect(JSON.parse(replayed.out[0] ?? '').accounts).toHaveLength(20);
  });

  it('verify proves a journal and finds a changed entry', async () => {
    const dataDir = join(folder, 'data');
    const options = { dataDir, demoUrl: null, isPackaged: false, sqliteModulePath: null, person: 'tester', mode: 'live' as const, framePaceMs: 50 };
    const engine = await createEngine({ options });
    await engine.request('settings.change', { key: 'theme', value: 'light' });
    await engine.stop();
    const good = await runCli(['verify', dataDir, '--json']);
    expect(good.exitCode).toBe(EXIT.ok);
    expect(JSON.parse(good.out[0] ?? '')).toMatchObject({ ok: true, verdict: 'OK', entryCount: expect.any(Number) });

    const journal = join(dataDir, 'journal.sqlite');
    const bytes = readFileSync(journal);
    // What the entry says is sealed; a thief can still change it, and it shows.
    expect(bytes.includes('"after":"light"')).toBe(false);
    const at = bytes.indexOf('{"box":"', bytes.indexOf('setting.changed')) + 60;
    expect(at).toBeGreaterThan(60);
    bytes.write(bytes.toString('latin1', at, at + 1) === 'A' ? 'B' : 'A', at);
    const forged = join(folder, 'forged.sqlite');
    writeFileSync(forged, bytes);
    const bad = await runCli(['verify', forged, '--json']);
    expect(bad.exitCode).toBe(EXIT.findings);
    expect(JSON.parse(bad.out[0] ?? '')).toMatchObject({ ok: false, verdict: 'BROKEN_AT' });
  });

  it('doctor finds what is wrong and says what to do', async () => {
    const good = await runCli(['doctor', '--data-dir', join(folder, 'doctor'), '--url', server.url, '--json']);
    expect(good.exitCode).toBe(EXIT.ok);
    const checks = JSON.parse(good.out[0] ?? '').findings.map((finding: { check: string }) => finding.check);
    expect(checks).toEqual(['runtime', 'sqlite', 'data folder', 'disk', 'clock', 'feed']);
    const file = join(folder, 'not-a-folder');
    writeFileSync(file, '');
    const bad = await runCli(['doctor', '--data-dir', file, '--url', 'ws://127.0.0.1:9', '--json'], { nowMs: () => 0 });
    expect(bad.exitCode).toBe(EXIT.findings);
    const problems = JSON.parse(bad.out[0] ?? '').findings.filter((finding: { state: string }) => finding.state === 'problem');
    expect(problems.map((finding: { check: string }) => finding.check)).toEqual(['data folder', 'clock', 'feed']);
    expect(problems.every((finding: { advice: string | null }) => (finding.advice ?? '') !== '')).toBe(true);
  });
});
