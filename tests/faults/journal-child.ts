/** A process of its own that appends to a journal until it is killed, and says on stdout what it was told is on disk. */
import process from 'node:process';
import { condition, openDesk } from '#tests/integration/journal/helpers';

const [directory = '', seedText = '1', mode = 'endless'] = process.argv.slice(2);

/** A small seeded generator (mulberry32): the same seed makes the same history. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const next = random(Number(seedText));
const { desk, journal, clock } = openDesk(directory);
const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(next() * items.length)];
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

journal.onAppended((entries) => {
  for (const entry of entries) say(`stored ${entry.sequence} ${entry.entryHash}`);
});
say('ready');

function step(): void {
  clock.ms += Math.floor(next() * 2_000) - 200;
  const chance = next();
  const entity = `account:A${Math.floor(next() * 20)}`;
  if (chance < 0.5) {
    const transition = pick(['raised', 'changed', 'cleared', 'unknown'] as const) ?? 'raised';
    desk.alerts.onConditions([condition(transition, { entity, severity: pick(['critical', 'high', 'medium'] as const) ?? 'high', atMs: clock.ms })]);
    return;
  }
  const alertId = pick(desk.alerts.openAlerts())?.alertId;
  if (chance < 0.7 && alertId !== undefined) desk.requests['alert.acknowledge']({ alertIds: [alertId], note: `seen ${chance}` });
  else if (chance < 0.75 && alertId !== undefined) desk.requests['alert.close']({ alertId, disposition: 'handled', note: 'over' });
  else if (chance < 0.78) desk.requests['run.start']({ planId: 'EP-01', ...(alertId === undefined ? {} : { alertId }) });
  else {
    const run = pick(desk.plans.runs(5));
    const no = pick(run?.steps ?? [])?.no;
    if (run !== undefined && no !== undefined) desk.requests['run.completeStep']({ runId: run.runId, no, note: 'done' });
  }
}

function loop(): void {
  for (let count = 0; count < 5; count += 1) step();
  const report = desk.journalPicture();
  if (report.state === 'failed') {
    say(`failed ${report.notice} pending ${desk.alerts.pendingConditionCount}`);
    if (mode === 'until-full') process.exit(0);
  }
  setImmediate(loop);
}
loop();
