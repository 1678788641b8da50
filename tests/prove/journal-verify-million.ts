/**
 * The full proof that a long record can be verified while somebody waits: a journal of a million entries, written by the journal itself, verified in
 * one pass. Goes on where it was stopped. `npm run prove journal-verify-million [entries] [folder]`; the tests do the same with a few thousand.
 */
import { mkdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { v7 } from 'uuid';
import { systemClock } from '#engine/clock';
import { ChainedJournal } from '#engine/journal/chained-journal';
import { type FileReport, verifyJournalFile } from '#engine/journal/verify-file';
import { openStore } from '#engine/store/open-store';
import { loadSqlite } from '#engine/store/sqlite-module';
import type { JournalEvent } from '#shared/journal/entry';

const ENTRIES_PER_COMMIT = 1_000;
const authorship = { actor: 'li.wei', session: '01996b1c-0000-7000-8000-0000000000aa', mode: 'live' } as const;

/** As long as what alerts and plan steps write on a desk: 300 to 500 bytes. */
function eventOf(number: number): JournalEvent {
  const accountID = `A${String(number % 20_000).padStart(6, '0')}`;
  return {
    type: 'desk.proof',
    subject: `account:${accountID}`,
    payload: {
      number,
      accountID,
      atMs: 1_790_000_000_000 + number * 250,
      reason: { ruleId: 'risk-level', metric: 'riskDegree', value: 1 + (number % 977) / 1_000, enterThreshold: 1, exitThreshold: 0.97 },
      note: `可用资金不足，已电话通知客户；追加保证金或减仓 (${'确认'.repeat(number % 30)})`,
      dimensions: { department: `D${number % 40}`, controlGroup: `G${number % 300}`, currency: 'CNY' },
    },
  };
}

/** `cpuSeconds`: what it took of one core; on a busy machine that is the figure to compare. */
export type MillionOutcome = { report: FileReport; seconds: number; cpuSeconds: number; bytes: number; peakMegabytes: number };

export function growJournal(folder: string, entryCount: number, say: (line: string) => void): string {
  mkdirSync(folder, { recursive: true });
  const store = openStore({ directory: folder, isPackaged: false, sqliteModulePath: null, clock: systemClock });
  const journal = new ChainedJournal({ file: store.journalFile, clock: systemClock, newId: v7 });
  while (journal.headSequence < entryCount) {
    const first = journal.headSequence + 1;
    const count = Math.min(ENTRIES_PER_COMMIT, entryCount - journal.headSequence);
    journal.append(
      Array.from({ length: count }, (_, index) => eventOf(first + index)),
      authorship,
    );
    if (journal.headSequence % 100_000 === 0) say(`${journal.headSequence} of ${entryCount} entries written`);
  }
  journal.checkpoint();
  // Without the back-up that closing a desk makes.
  store.journalFile.close();
  return join(folder, 'journal.sqlite');
}

export function verifyTimed(file: string): MillionOutcome {
  const sqlite = loadSqlite({ isPackaged: false, modulePath: null });
  const cpuBefore = process.cpuUsage();
  const begunMs = performance.now();
  const report = verifyJournalFile({ sqlite, file });
  const seconds = (performance.now() - begunMs) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const peakMegabytes = Math.round(process.resourceUsage().maxRSS / 1_024);
  return { report, seconds, cpuSeconds: (cpu.user + cpu.system) / 1_000_000, bytes: statSync(file).size, peakMegabytes };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const entryCount = Number(process.argv[2] ?? 1_000_000);
  const folder = process.argv[3] ?? join(import.meta.dirname, '../../.cache/prove/journal-verify-million');
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const file = growJournal(folder, entryCount, say);
  const loadBefore = loadavg()[0];
  const { report, seconds, cpuSeconds, bytes, peakMegabytes } = verifyTimed(file);
  const { verdict, findings, entryCount: verified, structureFault } = report;
  const load = [loadBefore, loadavg()[0]].map((value) => value?.toFixed(1)).join(' to ');
  const checkpoints = report.witnesses.map(({ kind, checkpointCount }) => ({ kind, checkpointCount }));
  const times = { seconds: Number(seconds.toFixed(2)), cpuSeconds: Number(cpuSeconds.toFixed(2)), load };
  say(JSON.stringify({ verdict, findings, entries: verified, ...times, bytes, peakMegabytes, checkpoints, structureFault }));
  process.exitCode = verdict === 'OK' && verified >= entryCount && structureFault === null ? 0 : 1;
}
