import { appendFileSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '#cli/cli-io';
import { verifyJournalFile } from '#engine/journal/verify-file';
import { loadSqlite } from '#engine/store/sqlite-module';
import { CHECKPOINT_ENTRIES } from '#shared/journal/checkpoint';
import { runCli } from '#tests/integration/cli/run-cli';
import { type OpenDesk, openDesk, START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
const authorship = { actor: 'li.wei', session: 's', mode: 'live' } as const;
const notes = (count: number, text = 'note') =>
  Array.from({ length: count }, (_, index) => ({ type: 'desk.test', subject: 'd', payload: { text, index } }));

let folder: ReturnType<typeof temporaryFolder>;
let data: string;
beforeEach(() => {
  folder = temporaryFolder();
  data = join(folder.path, 'data');
});
afterEach(() => folder.remove());

const log = (directory = data): string => join(directory, 'checkpoints.log');
const lines = (directory = data): { device: string; size: number; root: string }[] =>
  readFileSync(log(directory), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
const verify = (directory = data, ...witnessFiles: string[]) => verifyJournalFile({ sqlite, file: join(directory, 'journal.sqlite'), witnessFiles });

/** Closes without the back-up that takes most of a test's time. */
function close({ store, journal }: OpenDesk): void {
  journal.checkpoint();
  store.journalFile.close();
}

function recorded(count: number, directory = data, text = 'note'): { fingerprint: string; device: string; sequence: number } {
  const desk = openDesk(directory);
  desk.journal.append(notes(count, text), authorship);
  close(desk);
  return { fingerprint: desk.journal.headFingerprint, device: desk.journal.device, sequence: desk.journal.headSequence };
}

describe('checkpoints', () => {
  it('are made with the entry that completes 256, in the journal and in the witness file, and say what verifying finds', () => {
    const desk = openDesk(data);
    desk.journal.append(notes(CHECKPOINT_ENTRIES - 1), authorship);
    expect(readdirSync(data)).not.toContain('checkpoints.log');
    desk.journal.append(notes(1), authorship);
    expect(lines()).toMatchObject([{ device: desk.journal.device, size: CHECKPOINT_ENTRIES, root: desk.journal.treeHead().root }]);
    desk.journal.append(notes(10), authorship);
    desk.store.journalFile.close();
    const report = verify();
    expect(report).toMatchObject({ verdict: 'UNANCHORED_TAIL', ok: true, findings: [{ count: 10 }], structureFault: null });
    expect(report.witnesses).toMatchObject([
      { kind: 'file', checkpointCount: 1, damagedCount: 0, agreedSize: CHECKPOINT_ENTRIES },
      { kind: 'beside', checkpointCount: 1, agreedSize: CHECKPOINT_ENTRIES },
    ]);
    expect(report.devices[0]?.fingerprint).toBe(desk.journal.headFingerprint);
  });

  it('are made when the desk closes, and nothing is written when there is nothing new', () => {
    recorded(5);
    const desk = openDesk(data);
    close(desk);
    expect(lines().map(({ size }) => size)).toEqual([5]);
    expect(verify()).toMatchObject({ verdict: 'OK', entryCount: 5 });
  });

  it('go on after a start as if there had been none, also when what was kept of the tree is not what was written', () => {
    recorded(300);
    const { fingerprint } = recorded(77);
    expect(verify().devices[0]).toMatchObject({ size: 377, fingerprint });
    const database = sqlite.open(join(data, 'journal.sqlite'));
    database.exec(`UPDATE meta SET value = replace(value, 'a', 'b') WHERE key = 'checkpointTree'`);
    database.close();
    const desk = openDesk(data);
    expect(desk.journal.headFingerprint).toBe(fingerprint);
    desk.store.journalFile.close();
  });

  it('are lost with a transaction that fails', () => {
    const desk = openDesk(data);
    desk.journal.append(notes(250), authorship);
    const before = desk.journal.treeHead();
    desk.store.journalFile.database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON checkpoints BEGIN SELECT RAISE(ABORT, 'no'); END`);
    expect(() => desk.journal.append(notes(50), authorship)).toThrow();
    expect(desk.journal.treeHead()).toEqual(before);
    desk.store.journalFile.database.exec('DROP TRIGGER refuse');
    desk.journal.append(notes(50), authorship);
    close(desk);
    expect(verify()).toMatchObject({ verdict: 'OK', entryCount: 300 });
  });

  it('that cannot be written beside the journal stop nothing, and follow when they can', () => {
    mkdirSync(log(), { recursive: true });
    recorded(300);
    expect(verify().witnesses).toMatchObject([{ checkpointCount: 1 }, { checkpointCount: 0, damagedCount: 1 }]);
    rmdirSync(log());
    close(openDesk(data));
    expect(lines().map(({ size }) => size)).toEqual([300]);
  });

  it('after a half line that a power cut left begin on a line of their own', () => {
    recorded(3);
    appendFileSync(log(), '{"device":"01996b1c-00');
    recorded(4);
    expect(verify()).toMatchObject({ verdict: 'OK', witnesses: [{ agreedSize: 7 }, { checkpointCount: 2, damagedCount: 1, agreedSize: 7 }] });
  });
});

describe('a journal that is behind its witness', () => {
  it('is noticed when it is opened: the desk says so and writes on as a new device', async () => {
    const first = recorded(20);
    cpSync(data, join(folder.path, 'older'), { recursive: true });
    recorded(30);
    copyFileSync(join(folder.path, 'older', 'journal.sqlite'), join(data, 'journal.sqlite'));
    expect(verify()).toMatchObject({ verdict: 'TRUNCATED', ok: false, findings: [{ witnessSize: 50, heldSize: 20 }] });

    const desk = openDesk(data, { clock: new TestClock(START_MS + 1_000) });
    expect(desk.journal.witnessFault).toMatchObject({
      code: 'journalBehindWitness',
      params: { device: first.device, witnessSize: 50, heldSize: 20 },
    });
    desk.desk.open('0.1.0');
    expect(desk.desk.journalPicture()).toMatchObject({ state: 'degraded', notice: 'journalBehindWitness' });
    expect(desk.journal.device).not.toBe(first.device);
    desk.desk.close();
    await desk.close();
    expect(verify()).toMatchObject({ verdict: 'TRUNCATED', restoredAt: [21], findings: [{ device: first.device, witnessSize: 50, heldSize: 20 }] });
    const again = openDesk(data);
    expect(again.journal.witnessFault).toBeNull();
    again.store.journalFile.close();
  });

  it('and one that contradicts it is noticed too', () => {
    recorded(20);
    cpSync(data, join(folder.path, 'other'), { recursive: true });
    recorded(30, data, 'one story');
    recorded(30, join(folder.path, 'other'), 'another story');
    copyFileSync(join(folder.path, 'other', 'journal.sqlite'), join(data, 'journal.sqlite'));
    const report = verify();
    expect(report.findings[0]).toMatchObject({ verdict: 'FORKED', size: 50, agreedSize: 20 });
    const desk = openDesk(data);
    expect(desk.journal.witnessFault?.code).toBe('journalContradictsWitness');
    desk.store.journalFile.close();
  });
});

describe('desk verify', () => {
  const journal = (): string => join(data, 'journal.sqlite');
  const answer = ({ out }: { out: string[] }) => JSON.parse(out[0] ?? '');

  it('ends with 0 for a record that holds, and with 4 for a tail only when asked to be strict', async () => {
    recorded(10);
    const desk = openDesk(data);
    desk.journal.append(notes(3), authorship);
    desk.store.journalFile.close();
    const before = readFileSync(journal());
    const files = readdirSync(data).sort();
    expect(await runCli(['verify', data])).toMatchObject({
      exitCode: EXIT.ok,
      out: expect.arrayContaining([expect.stringContaining('UNANCHORED_TAIL 3')]),
    });
    const strict = await runCli(['verify', data, '--strict', '--json']);
    expect(strict.exitCode).toBe(EXIT.findings);
    expect(answer(strict)).toMatchObject({ ok: false, verdict: 'UNANCHORED_TAIL', headSequence: 13 });
    // What is verified is evidence.
    expect(readFileSync(journal()).equals(before)).toBe(true);
    expect(readdirSync(data).sort()).toEqual(files);
  });

  it('reads witnesses from elsewhere and printed fingerprints: agreeing, contradicting, and of more than there is', async () => {
    const { fingerprint, sequence } = recorded(20);
    copyFileSync(log(), join(folder.path, 'kept.log'));
    const good = await runCli(['verify', data, '--witness', join(folder.path, 'kept.log'), '--fingerprint', `${sequence}:${fingerprint}`, '--json']);
    expect(good.exitCode).toBe(EXIT.ok);
    expect(answer(good)).toMatchObject({ verdict: 'OK', devices: [{ witnessedSize: 20, fingerprint }] });
    const cases: [string, string][] = [
      [`${sequence}:000000000000`, 'FORKED'],
      [`${sequence + 1}:${fingerprint}`, 'TRUNCATED'],
    ];
    for (const [printed, verdict] of cases) {
      const result = await runCli(['verify', data, '--fingerprint', printed, '--json']);
      expect({ printed, exitCode: result.exitCode, verdict: answer(result).verdict }).toEqual({ printed, exitCode: EXIT.findings, verdict });
    }
    expect((await runCli(['verify', data, '--fingerprint', 'abc', '--json'])).exitCode).toBe(EXIT.usage);
    expect((await runCli(['verify', data, '--witness', 'no-such.log', '--json'])).exitCode).toBe(EXIT.input);
  });

  it('proves one entry to somebody who has nothing but the proof and a printed fingerprint', async () => {
    const { fingerprint, sequence } = recorded(20);
    recorded(13);
    const printed = `${sequence}:${fingerprint}`;
    const made = await runCli(['verify', data, '--proof', '7', '--fingerprint', printed, '--json']);
    expect(made.exitCode).toBe(EXIT.ok);
    const file = join(folder.path, 'proof.json');
    writeFileSync(file, made.out[0] ?? '');
    const checked = await runCli(['verify', file, '--fingerprint', printed, '--json']);
    expect(answer(checked)).toMatchObject({ ok: true, verdict: 'OK', sequence: 7, fingerprint: printed });
    expect(await runCli(['verify', file, '--witness', log()])).toMatchObject({ exitCode: EXIT.ok, out: [expect.stringContaining('OK: entry 7')] });
    expect(answer(await runCli(['verify', file, '--json']))).toMatchObject({ ok: true, verdict: 'UNANCHORED_TAIL' });
    expect((await runCli(['verify', file, '--fingerprint', `${sequence}:000000000000`])).exitCode).toBe(EXIT.findings);

    for (const [from, to] of [
      // The payload is sealed: whoever changes it changes what nobody here can read.
      ['box', 'bax'],
      ['li.wei', 'zhang3'],
    ] as const) {
      writeFileSync(file, (made.out[0] ?? '').replaceAll(from, to));
      const forged = await runCli(['verify', file, '--fingerprint', printed, '--json']);
      expect(forged.exitCode).toBe(EXIT.findings);
      expect(answer(forged)).toMatchObject({ ok: false, verdict: 'BROKEN_AT', sequence: 7 });
    }
    writeFileSync(file, '{"kind":"something else"}');
    expect((await runCli(['verify', file, '--json'])).exitCode).toBe(EXIT.input);
    expect((await runCli(['verify', data, '--proof', '99', '--json'])).exitCode).toBe(EXIT.findings);
  });

  it('judges a back-up as of when it was made, with the witness file one folder up', async () => {
    const clock = new TestClock(START_MS);
    const desk = openDesk(data, { clock });
    desk.journal.append(notes(20), authorship);
    desk.journal.checkpoint();
    clock.ms += 1_000;
    const made = await desk.store.backups.make();
    if (!made.ok) throw new Error(made.message);
    clock.ms += 60_000;
    desk.journal.append(notes(20), authorship);
    close(desk);
    const result = await runCli(['verify', made.value.file, '--json']);
    expect(answer(result)).toMatchObject({
      ok: true,
      verdict: 'OK',
      entryCount: 20,
      witnesses: [{ kind: 'file' }, { kind: 'beside', agreedSize: 20 }],
    });
  });

  it('says that a checkpoint in the file was damaged, and that the file itself is, although every entry holds', () => {
    recorded(300);
    const database = sqlite.open(journal());
    database.exec('DROP TRIGGER checkpointsAreNeverEdited');
    database.exec('UPDATE checkpoints SET size = size + 1');
    database.close();
    expect(verify()).toMatchObject({ ok: false, verdict: 'OK', witnesses: [{ kind: 'file', damagedCount: 1 }, { agreedSize: 300 }] });
  });
});
