/** A desk that has fallen behind writes what several messages brought about in one commit, in their order, and tells nobody before it is on disk. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SignalGroup } from '#engine/desk/alerts/signal-group';
import { condition, type OpenDesk, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;
let endOfTurn: (() => void)[];
let watch: SignalGroup;
/** Of each commit about alerts: what it was about. */
let commits: string[][];
let shown: string[];

beforeEach(() => {
  folder = temporaryFolder();
  open = openDesk(folder.path);
  open.desk.delivery.begin();
  open.desk.delivery.onNotice = (notice) => shown.push(notice.entity);
  endOfTurn = [];
  commits = [];
  shown = [];
  watch = new SignalGroup(open.desk.alerts, (run) => endOfTurn.push(run));
  open.journal.onAppended((entries) => {
    const about = entries.filter(({ type }) => type.startsWith('alert.')).map(({ type, payload }) => `${type} ${JSON.parse(payload).entity ?? ''}`);
    if (about.length > 0) commits.push(about);
  });
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

function turnEnds(): void {
  for (const run of endOfTurn.splice(0)) run();
}

it('writes a message that comes alone at the end of its own turn', () => {
  watch.onConditions([condition('raised', { entity: 'account:A0001' })]);
  expect(endOfTurn).toHaveLength(1);
  expect(commits).toEqual([]);
  turnEnds();
  expect(commits).toEqual([['alert.raised account:A0001']]);
  watch.onConditions([condition('raised', { entity: 'account:A0002' })]);
  turnEnds();
  expect(commits).toHaveLength(2);
});

it('writes a backlog in one commit, in the order of the messages, and shows and sends nothing of it before', () => {
  for (const entity of ['account:A0003', 'account:A0001', 'account:A0002'])
    watch.onConditions([condition('raised', { entity, severity: 'critical' })]);
  watch.onConditions([condition('cleared', { entity: 'account:A0003' })]);
  open.desk.delivery.tick();
  expect(open.desk.alerts.alertSnapshot()).toEqual([]);
  expect(shown).toEqual([]);
  turnEnds();
  expect(commits).toEqual([['alert.raised account:A0003', 'alert.raised account:A0001', 'alert.raised account:A0002', 'alert.cleared ']]);
  expect(open.desk.alerts.openAlerts().map(({ entity, reading }) => `${entity} ${reading}`)).toEqual([
    'account:A0001 on',
    'account:A0002 on',
    'account:A0003 off',
  ]);
  open.desk.delivery.tick();
  expect(shown[0]).toBe('account:A0001');
  expect(open.journal.verify()).toMatchObject({ verdict: 'OK' });
});

it('writes a long backlog in parts of a bounded length, so that no commit holds up the desk for long', () => {
  for (let no = 0; no < 450; no += 5)
    watch.onConditions(Array.from({ length: 5 }, (_, at) => condition('raised', { entity: `account:B${String(no + at).padStart(3, '0')}` })));
  turnEnds();
  expect(commits.map((about) => about.length)).toEqual([200, 200, 50]);
  expect(commits.flat()).toEqual([...commits.flat()].sort());
  turnEnds();
  expect(commits).toHaveLength(3);
});

it('hands over what waits when it is asked, and nothing twice', () => {
  watch.onConditions([condition('raised')]);
  watch.flush();
  expect(open.desk.alerts.openConditions()).toHaveLength(1);
  turnEnds();
  watch.flush();
  expect(commits).toHaveLength(1);
});

it('tells of everything that is due in one commit too', () => {
  const entities = ['one', 'two', 'three'];
  watch.onConditions(entities.map((ruleId) => condition('raised', { ruleId, entity: `account:${ruleId}`, severity: 'critical' })));
  turnEnds();
  const told: number[] = [];
  open.journal.onAppended((entries) => told.push(entries.filter(({ type }) => type === 'delivery.told').length));
  open.desk.delivery.tick();
  expect(told).toEqual([3]);
  expect(shown).toEqual(['account:one', 'account:two', 'account:three']);
});
