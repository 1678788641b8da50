/** A latched alert stays on when its figure is back, goes on calling people, survives a restart, and is over with the acknowledgement. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import type { Notice } from '#shared/desk/delivery/notice';
import { condition, type OpenDesk, openDesk, temporaryFolder } from '#tests/integration/journal/helpers';

let folder: ReturnType<typeof temporaryFolder>;
let open: OpenDesk;
let told: Notice[];

beforeEach(() => {
  folder = temporaryFolder();
  begin(openDesk(folder.path));
});
afterEach(async () => {
  await open.close();
  folder.remove();
});

function begin(desk: OpenDesk): void {
  open = desk;
  told = [];
  open.desk.delivery.onNotice = (notice) => told.push(notice);
  open.desk.delivery.begin();
}

function alert(): Alert {
  const found = open.desk.alerts.openAlerts()[0];
  if (found === undefined) throw new Error('no alert is open');
  return found;
}

function pass(ms: number): void {
  for (const endMs = open.clock.ms + ms; open.clock.ms < endMs; open.clock.ms += 1000) open.desk.delivery.tick();
}

function raiseAndEnd(): void {
  open.desk.alerts.onConditions([condition('raised', { severity: 'critical', atMs: open.clock.ms })]);
  pass(3000);
  open.desk.alerts.onConditions([condition('cleared', { severity: 'critical', atMs: open.clock.ms, isLatched: true })]);
}
const reasons = (): string[] => told.map(({ reason }) => reason);

describe('an alert of a rule that latches', () => {
  it('stays on when its figure is back, and people go on being called', () => {
    raiseAndEnd();
    expect(alert()).toMatchObject({ condition: 'active', reading: 'off', isLatched: true, clearedAtMs: null, human: 'unacknowledged' });
    pass(400_000);
    expect(reasons()).toContain('escalated');
    expect(reasons()).not.toContain('allClear');
  });

  it('is over with the acknowledgement, and can then be closed', () => {
    raiseAndEnd();
    const { alertId } = alert();
    open.desk.alerts.acknowledge({ alertIds: [alertId], note: 'seen' });
    expect(alert()).toMatchObject({ condition: 'cleared', isLatched: false, human: 'toClose', clearedAtMs: open.clock.ms });
    pass(60_000);
    expect(reasons()).toContain('allClear');
    expect(reasons()).not.toContain('escalated');
    const types = open.journal.entriesOf(`alert:${alertId}`).map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith('delivery.'))).toEqual(['alert.raised', 'alert.cleared', 'alert.acknowledged', 'alert.cleared']);
  });

  it('ends by itself when somebody had taken it on before', () => {
    open.desk.alerts.onConditions([condition('raised', { severity: 'high', atMs: open.clock.ms })]);
    open.desk.alerts.acknowledge({ alertIds: [alert().alertId], note: 'seen' });
    open.desk.alerts.onConditions([condition('cleared', { severity: 'high', atMs: open.clock.ms, isLatched: true })]);
    expect(alert()).toMatchObject({ condition: 'cleared', isLatched: false, human: 'toClose' });
  });

  it('is a new episode when its figure crosses again before anybody has seen it', () => {
    raiseAndEnd();
    open.desk.alerts.onConditions([condition('raised', { severity: 'critical', atMs: open.clock.ms })]);
    expect(alert()).toMatchObject({ condition: 'active', reading: 'on', isLatched: false, episode: 2 });
  });

  it('is held over a restart, and folded anew to the same', async () => {
    raiseAndEnd();
    const before = alert();
    await open.close();
    begin(openDesk(folder.path));
    expect(alert()).toEqual(before);
    open.journal.rebuildProjections();
    expect(alert()).toEqual(before);
    // The watch begins with its figure being back: it would say so again only when it crosses again.
    expect(open.desk.alerts.openConditions()).toEqual([]);
    pass(400_000);
    expect(reasons()).toContain('escalated');
  });

  it('that was shelved is told when the shelf ends, although its figure is back', () => {
    open.desk.alerts.onConditions([condition('raised', { severity: 'medium', atMs: open.clock.ms })]);
    const about = {
      matcher: { dedupKey: alert().dedupKey },
      covers: 'medium' as const,
      durationMs: 60_000,
      reasonCode: 'testing' as const,
      note: 'x',
    };
    open.desk.delivery.requests['alert.suppress']({ kind: 'shelvedTimed', ...about });
    open.desk.alerts.onConditions([condition('cleared', { severity: 'medium', atMs: open.clock.ms, isLatched: true })]);
    pass(50_000);
    expect(reasons().filter((reason) => reason !== 'suppressionEnding')).toEqual([]);
    pass(60_000);
    expect(reasons()).toContain('unsuppressed');
  });
});
