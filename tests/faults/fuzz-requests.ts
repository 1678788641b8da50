/** Sends every request of the contract what a page that was taken over could send, on a whole engine with a real disk, and says what was not as it must be. */

import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { REQUESTS, type RequestName } from '#shared/contract/requests';
import { refusalCodeSchema } from '#shared/refusal';
import { HOSTILE, REACHES_OUT, shaped, shapeOf } from '#tests/faults/hostile-payloads';
import { createTestDesk } from '#tests/integration/engine/desk';

export type FuzzTally = { perRequest: number; sent: number; refused: number; answered: number; unlogged: number; faults: string[] };
export const NO_TALLY: FuzzTally = { perRequest: 0, sent: 0, refused: 0, answered: 0, unlogged: 0, faults: [] };

/**
 * A fault is: a handler that broke, an answer that is neither an answer nor a refusal of the contract, a polluted prototype, an engine that no longer
 * answers, a journal that failed, a file outside the desk's folder, or refusals of which the record says nothing.
 */
export async function fuzzRequests(order: { seed: number; perRequest: number; before: FuzzTally }): Promise<FuzzTally> {
  const { seed, perRequest, before } = order;
  const tally: FuzzTally = { ...before, faults: [...before.faults] };
  const desk = createTestDesk();
  const beside = new Set(readdirSync(dirname(desk.dataDir)));
  const engine = await desk.start(
    null,
    {},
    { log: (_level, code, params) => void (code === 'requestBroke' && tally.faults.push(`${params.name}: ${params.message}`)) },
  );
  let recordedRefusals = 0;
  engine.desk.onAppended((entries) => {
    for (const { type, payload } of entries) if (type === 'command.refused') recordedRefusals += (JSON.parse(payload) as { count: number }).count;
  });
  let refused = 0;
  for (const name of Object.keys(REQUESTS) as RequestName[]) {
    if (REACHES_OUT.has(name)) continue;
    const arbitrary = fc.oneof({ weight: 4, arbitrary: shaped(shapeOf(REQUESTS[name].payload)) }, fc.constantFrom(...HOSTILE), fc.anything());
    for (const payload of fc.sample(arbitrary, { numRuns: perRequest, seed })) {
      tally.sent += 1;
      const outcome = await engine.request(name, payload);
      if (outcome.ok) {
        tally.answered += 1;
        continue;
      }
      tally.refused += 1;
      // A wrong secret is an entry of its own.
      if (!(name.startsWith('auth.') && outcome.code === 'FORBIDDEN')) refused += 1;
      if (!refusalCodeSchema.safeParse(outcome.code).success) tally.faults.push(`${name}: answered ${outcome.code}`);
    }
    if (({} as Record<string, unknown>).polluted !== undefined) tally.faults.push(`${name}: polluted the prototype of all objects`);
  }
  if (!(await engine.request('settings.get', {})).ok) tally.faults.push('the engine no longer answers');
  // Degraded: something was recorded that this build cannot read back.
  const { state } = engine.desk.journalPicture();
  if (state !== 'ok') tally.faults.push(`the journal is ${state}`);
  // What came in a flood is counted and written when the desk closes at the latest.
  await engine.stop();
  tally.unlogged += Math.max(0, refused - recordedRefusals);
  for (const name of readdirSync(dirname(desk.dataDir)))
    if (!beside.has(name) && name.includes('escaped')) tally.faults.push(`a file outside the desk's folder: ${name}`);
  await desk.end();
  tally.perRequest += perRequest;
  return tally;
}
