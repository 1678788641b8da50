/** `desk detect` as a script uses it: a recording in, the same bytes out, scores when labels are given, plain refusals when files do not fit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '#cli/cli-io';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { generateDay } from '#tests/helpers/generated-day';
import { runCli } from '#tests/integration/cli/run-cli';

let folder: string;
let recording: string;
let labels: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-detect-'));
  recording = join(folder, 'day.fwrec.gz');
  labels = join(folder, 'labels.json');
  const day = generateDay(42, { minutes: 4, accounts: 60, quotesPerSecond: 40 });
  const created = await RecordingWriter.create({ file: recording, header: { createdAtMs: 0, source: 'generated 42', origin: 'generated' } });
  if (!created.ok) throw new Error(created.message);
  for (const event of day.events()) {
    created.value.append([event]);
    await created.value.drained();
  }
  await created.value.close();
  writeFileSync(labels, JSON.stringify({ seed: 42, tradingDay: '20261123', labels: day.labels() }));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('desk detect', () => {
  it('prints the same bytes for the same recording, with what was found and why', async () => {
    const first = await runCli(['detect', recording, '--json']);
    const second = await runCli(['detect', recording, '--json']);
    expect(first.exitCode).toBe(EXIT.ok);
    expect(second.out).toEqual(first.out);
    const result = JSON.parse(first.out[0] ?? '');
    expect(result).toMatchObject({ ok: true, recording: { name: 'day.fwrec.gz', ending: 'complete', refusedLines: 0 } });
    expect(result.coverage).toMatchObject({ tradingDays: ['20261123'], unhealedGaps: 0, unknownCancels: 0 });
    expect(result.findings.length).toBeGreaterThan(3);
    for (const finding of result.findings) {
      expect(finding.citation).not.toBe('');
      expect(finding.byAccount.length).toBeGreaterThan(0);
      expect(finding.orderSysIDs.length + finding.tradeIDs.length).toBeGreaterThan(0);
    }
    expect(result.scores).toBeUndefined();
  });

  it('scores itself against labels', async () => {
    const { exitCode, out } = await runCli(['detect', recording, '--labels', labels, '--json']);
    expect(exitCode).toBe(EXIT.ok);
    const scores = JSON.parse(out[0] ?? '').scores as { detector: string; expected: number; recall: number | null; precision: number | null }[];
    const scored = scores.filter((score) => score.expected > 0);
    expect(scored.map((score) => score.detector)).toEqual(expect.arrayContaining(['selfTrade', 'fatFinger', 'layering', 'quoteStuffing']));
    for (const score of scored) expect([score.detector, score.recall, score.precision]).toEqual([score.detector, 1, 1]);
  });

  it('speaks to people without --json, and keeps rates of this machine out of the answer', async () => {
    const { out, err } = await runCli(['detect', recording, '--labels', labels]);
    expect(out.join('\n')).toMatch(/layering/);
    expect(out.join('\n')).toMatch(/recall/);
    expect(out.join('\n')).not.toMatch(/items\/s/);
    expect(err.join('\n')).toMatch(/items\/s/);
  });

  it('judges by another table when one is given, and refuses one that cannot be right by field', async () => {
    const table = join(folder, 'table.json');
    const row = { ruleId: 'mine', detector: 'fatFinger', exchangeID: '*', metric: 'priceDeviation', ignore: 0.001, warn: 0.002, ban: 0.003 };
    const dated = {
      ...row,
      parameters: { minNotionalCny: 1, maxQuoteAgeMs: 60_000 },
      effectiveFrom: '20260101',
      citation: 'the test',
      certainty: 'demonstration',
    };
    writeFileSync(table, JSON.stringify({ schema: 'floorwatch-detector-thresholds/1', rows: [dated] }));
    const { out } = await runCli(['detect', recording, '--thresholds', table, '--json']);
    const findings = JSON.parse(out[0] ?? '').findings as { ruleId: string }[];
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map((finding) => finding.ruleId))).toEqual(new Set(['mine']));
    // Rows that would judge nothing, or everything where one contract was meant, and a field that nothing reads.
    for (const [over, words] of [
      [{ parameters: {} }, 'rows.0.parameters.minNotionalCny'],
      [{ exchangeID: '*', instrumentID: 'nothing9999' }, 'rows.0.exchangeID'],
      [{ effectiveFrom: '20269999' }, 'effectiveFrom'],
      [{ ignore: -5 }, 'ignore'],
      [{ exemptions: ['FAK'] }, 'rows.0.exemptions'],
    ] as const) {
      writeFileSync(table, JSON.stringify({ schema: 'floorwatch-detector-thresholds/1', rows: [{ ...dated, ...over }] }));
      const silent = await runCli(['detect', recording, '--thresholds', table, '--json']);
      expect({ over, exitCode: silent.exitCode, said: silent.out.join('') }).toEqual({
        over,
        exitCode: EXIT.input,
        said: expect.stringContaining(words),
      });
    }
    writeFileSync(table, JSON.stringify({ schema: 'floorwatch-detector-thresholds/1', rows: [{ ...dated, warn: 1 }] }));
    const refused = await runCli(['detect', recording, '--thresholds', table, '--json']);
    expect(refused.exitCode).toBe(EXIT.input);
    expect(JSON.parse(refused.out[0] ?? '')).toMatchObject({
      ok: false,
      code: 'REFUSED',
      field: 'thresholds',
      message: expect.stringContaining('rise'),
    });
  });

  it('says what does not fit: no recording, no labels, a file that breaks off', async () => {
    expect((await runCli(['detect', labels, '--json'])).exitCode).toBe(EXIT.input);
    expect((await runCli(['detect', join(folder, 'none'), '--json'])).exitCode).toBe(EXIT.input);
    const wrong = join(folder, 'wrong.json');
    writeFileSync(wrong, '{"labels":[{"kind":"spoofing"}]}');
    const refused = await runCli(['detect', recording, '--labels', wrong, '--json']);
    expect(refused.exitCode).toBe(EXIT.input);
    expect(JSON.parse(refused.out[0] ?? '')).toMatchObject({ code: 'REFUSED', field: 'labels' });
    const cut = join(folder, 'cut.fwrec.gz');
    const lines = gunzipSync(readFileSync(recording)).toString().split('\n');
    writeFileSync(cut, gzipSync(lines.slice(0, Math.floor(lines.length / 2)).join('\n')));
    const half = await runCli(['detect', cut, '--json']);
    expect(half.exitCode).toBe(EXIT.findings);
    expect(JSON.parse(half.out[0] ?? '')).toMatchObject({ ok: false, recording: { ending: 'truncated' } });
  });
});
