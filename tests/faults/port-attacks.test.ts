/** A page that was taken over: everything it can say to the engine is tried, request by request, on a whole engine with a real disk. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '#engine/engine';
import { REQUESTS, type RequestName } from '#shared/contract/requests';
import { STREAMS } from '#shared/contract/streams';
import { refusalCodeSchema } from '#shared/refusal';
import { fuzzRequests, NO_TALLY } from '#tests/faults/fuzz-requests';
import { HOSTILE, REACHES_OUT, shaped, shapeOf } from '#tests/faults/hostile-payloads';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

let desk: TestDesk;
let engine: Engine;
let page: PageClient;
let broken: string[];
beforeEach(async () => {
  desk = createTestDesk();
  broken = [];
  engine = await desk.start(
    null,
    {},
    { log: (_level, code, params) => void (code === 'requestBroke' && broken.push(`${params.name}: ${params.message}`)) },
  );
  page = new PageClient(engine);
});
afterEach(async () => {
  page.close();
  await desk.end();
});

const NAMES = Object.keys(REQUESTS) as RequestName[];

async function expectSound(): Promise<void> {
  expect(broken).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(await page.request('settings.get', {})).toMatchObject({ ok: true });
}

describe('every request of the contract', () => {
  it('answers whatever it is sent with an answer or a refusal, and stays whole', async () => {
    for (const name of NAMES) {
      if (REACHES_OUT.has(name)) continue;
      const payloads = [...HOSTILE, ...fc.sample(shaped(shapeOf(REQUESTS[name].payload)), { numRuns: 10, seed: 20260921 })];
      for (const payload of payloads) {
        // Asked as the port asks: what the port itself cannot carry, it refuses before.
        const outcome = await engine.request(name, payload);
        if (!outcome.ok) expect(refusalCodeSchema.safeParse(outcome.code).success, `${name}: ${outcome.code}`).toBe(true);
      }
    }
    await expectSound();
    expect(existsSync(join(dirname(desk.dataDir), 'etc'))).toBe(false);
  }, 240_000);

  it('leaves no file outside its own folder, whatever name it is given', async () => {
    const before = readdirSync(dirname(desk.dataDir));
    for (const name of ['../escaped', '..\\escaped', '/tmp/escaped', 'a/../../escaped', '%2e%2e/escaped', '.hidden', 'CON', 'x\u0000y']) {
      await page.request('recording.start', { name });
      await page.request('recording.stop', {});
      const begun = await page.request('evidence.begin', { name: `${name}.txt`, bytes: 2, about: { kind: 'desk', id: name } });
      if (!begun.ok) continue;
      await page.request('evidence.piece', { uploadId: begun.value.uploadId, place: 0, data: 'b2s=' });
      const added = await page.request('evidence.finish', { uploadId: begun.value.uploadId, note: '' });
      if (added.ok) await page.request('evidence.export', { sha256: added.value.sha256, about: { kind: 'desk', id: name }, reason: 'a test' });
    }
    expect(readdirSync(dirname(desk.dataDir)).filter((name) => !before.includes(name) && name.includes('escaped'))).toEqual([]);
    for (const folder of ['recordings', 'exports', 'evidence'])
      for (const name of existsSync(join(desk.dataDir, folder)) ? readdirSync(join(desk.dataDir, folder)) : [])
        expect(name).toMatch(/^[^./\\][^/\\]*$/);
    await expectSound();
  });
});

describe('messages that are none', () => {
  it('change nothing and end nothing', async () => {
    const port = page as unknown as { port: { postMessage(message: unknown): void } };
    const messages = [
      ...HOSTILE,
      { t: 'request' },
      { t: 'request', id: 1e99, name: 'settings.get', payload: {} },
      { t: 'request', id: 900_001, name: '__proto__', payload: {} },
      { t: 'request', id: 900_002, name: 'constructor', payload: {} },
      { t: 'request', id: 900_003, name: 'toString', payload: {} },
      { t: 'subscribe', id: 900_004, stream: '__proto__', params: {} },
      { t: 'subscribe', id: 900_005, stream: 'hasOwnProperty', params: {} },
      { t: 'credit', frame: -1 },
      { t: 'laneCredit', sequence: Number.MAX_SAFE_INTEGER },
      { t: 'shutdown' },
      { type: 'shutdown' },
      { type: 'start', options: {} },
    ];
    for (const message of messages) port.port.postMessage(message);
    await expectSound();
  });

  it('cannot subscribe to more than a window shows, nor with parameters of another shape', async () => {
    for (const stream of Object.keys(STREAMS)) for (const params of HOSTILE.slice(0, 24)) page.subscribe(stream as never, params as never);
    await expectSound();
  });
});

it('a desk that was attacked holds a record that verifies', async () => {
  for (const name of NAMES.slice(0, 40)) for (const payload of HOSTILE.slice(0, 10)) await engine.request(name, payload);
  expect(engine.desk.journalPicture().state).not.toBe('failed');
  await engine.stop();
  const log = readFileSync(join(desk.dataDir, 'journal.sqlite'));
  expect(log.includes('DROP TABLE')).toBe(false);
});

it('answers seeded random payloads of every request with refusals that are all in the record', async () => {
  const tally = await fuzzRequests({ seed: 7, perRequest: 6, before: NO_TALLY });
  expect(tally).toMatchObject({ perRequest: 6, faults: [], unlogged: 0 });
}, 240_000);
