/** A desk in a process of its own that takes in names of clients and people, notes, evidence and a recording, says what it took in, and waits to be killed. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createBroker } from '#demo/broker';
import { startDemoServer } from '#demo/server/demo-server';
import { createEngine } from '#engine/engine';
import type { Log } from '#engine/store/log';
import { PageClient } from '#tests/integration/engine/page-client';

const [dataDir = '', keychainKey = ''] = process.argv.slice(2);

/** None of these is a word that the program itself could write. */
const WORDS = {
  administrator: '司徒慕容管理员',
  colleague: '独孤无双',
  login: 'duguwushuang',
  layout: '给诸葛孔明看的布局',
  note: 'Zephyrinus promised 4.2 million before the close',
  evidence: 'Quibblewick recorded the call at 09:31',
  evidenceName: '端木赐来电录音',
  setting: '皇甫嵩的桌子',
};

mkdirSync(join(dataDir, 'logs'), { recursive: true });
/** As the shell keeps what the engine prints. */
const log: Log = (level, code, params) => appendFileSync(join(dataDir, 'logs', 'shell.log'), `${JSON.stringify({ level, code, ...params })}\n`);

const demo = await startDemoServer({ broker: createBroker({ seed: 7, accounts: 40, tradingDay: '20270104', phase: 'violent' }), port: 0, speed: 1 });
const engine = await createEngine({
  options: {
    dataDir,
    demoUrl: demo.url,
    isPackaged: false,
    sqliteModulePath: null,
    person: 'tester',
    mode: 'live',
    framePaceMs: 20,
    ...(keychainKey === '' ? {} : { keychainKey }),
  },
  log,
  secretCost: { memoryKiB: 1024, iterations: 1, parallelism: 1 },
});
const page = new PageClient(engine);

async function ask<Name extends Parameters<typeof page.request>[0]>(name: Name, payload: Parameters<typeof page.request<Name>>[1]) {
  const outcome = await page.request(name, payload);
  if (!outcome.ok) throw new Error(`${name}: ${outcome.code} ${outcome.message}`);
  return outcome.value;
}

const table = page.subscribe('table', { table: 'accounts', scope: { kind: 'firm' }, filter: '', sort: null, first: 0, count: 40 } as never);
const rows = await page.until(() => {
  const picture = table() as { rows?: { accountName?: string }[] } | null;
  return (picture?.rows?.length ?? 0) >= 40 ? picture?.rows : null;
});
const clientNames = [...new Set(rows.flatMap(({ accountName }) => (accountName === undefined || accountName.length < 3 ? [] : [accountName])))];

await ask('recording.start', { name: 'morning' });
await ask('workspace.save', { name: WORDS.layout, layout: '{"panels":[]}' });
await page.until(() => page.alerts.size > 0);
const [alertId = ''] = page.alerts.keys();
await ask('alert.note', { alertId, note: WORDS.note });
const bytes = Buffer.from(WORDS.evidence);
const about = { kind: 'alert' as const, id: alertId };
const { uploadId } = await ask('evidence.begin', { name: `${WORDS.evidenceName}.txt`, bytes: bytes.length, about });
await ask('evidence.piece', { uploadId, place: 0, data: bytes.toString('base64') });
await ask('evidence.finish', { uploadId, note: WORDS.note });
await ask('search', { text: clientNames[0] ?? '', limit: 5 });
// Refused, and the refusal logged: neither may carry the words along.
await page.request('workspace.remove', { name: WORDS.setting });
await page.request('alert.note', { alertId: WORDS.note, note: WORDS.note });
await ask('people.claim', { login: 'situ', displayName: WORDS.administrator, secret: 'seven-owls-on-a-brass-gate' });
await ask('people.create', { login: WORDS.login, displayName: WORDS.colleague });
await ask('backup.now', {});
process.stdout.write(`${JSON.stringify({ words: Object.values(WORDS), clientNames, sequence: engine.view.deskVersion() })}\n`);
setInterval(() => undefined, 1_000);
