/** A desk of its own that raises, takes on, shelves and tells until it is killed, on a clock that runs faster; says on stdout what it was told is on disk. */
import process from 'node:process';
import { createRandom } from '#demo/random';
import type { Clock } from '#engine/clock';
import { SignalGroup } from '#engine/desk/alerts/signal-group';
import type { Condition } from '#engine/watch/condition';
import { FIRST_DELIVERY_SETTINGS } from '#shared/desk/delivery/channel';
import { condition, openDesk, TestClock } from '#tests/integration/journal/helpers';

const [directory = '', seedText = '1', baseText = '0', url = ''] = process.argv.slice(2);
const FASTER = 20;
const random = createRandom(Number(seedText));
const begunMs = performance.now();

class FastClock extends TestClock implements Clock {
  override nowMs(): number {
    return Number(baseText) + Math.floor((performance.now() - begunMs) * FASTER);
  }
}

const clock = new FastClock(0);
const { desk } = openDesk(directory, { clock });
const say = (text: string): void => void process.stdout.write(`${text}\n`);
if (desk.delivery.settings().channels.length === 0) {
  const base = {
    channelId: 'ops',
    name: 'Operations',
    isEnabled: true,
    minSeverity: 'low',
    tellsAllClear: false,
    quietHours: null,
    language: 'en',
  } as const;
  const channels = [{ ...base, roles: ['desk' as const, 'second' as const], type: 'webhook' as const, url }];
  desk.delivery.requests['delivery.configure']({ settings: { ...FIRST_DELIVERY_SETTINGS, channels }, reason: 'proof' });
}
desk.delivery.begin();
say('ready');

let made = 0;
/** Of the messages that came in one turn; each is on disk or gone with the turn, and nothing is said of it before. */
const seen: Condition[] = [];
const watch = new SignalGroup(
  {
    onConditions: (conditions) => {
      desk.alerts.onConditions(conditions);
      if (desk.alerts.pendingConditionCount > 0) return;
      for (const each of seen.splice(0))
        say(`${each.transition === 'cleared' ? 'cleared' : 'raised'} ${each.ruleId} ${each.entity} ${clock.nowMs()}`);
    },
  },
  setImmediate,
);

function see(conditions: Condition[]): void {
  seen.push(...conditions);
  watch.onConditions(conditions);
}

function step(): void {
  const atMs = clock.nowMs();
  const chance = random.next();
  made += 1;
  if (chance < 0.1) {
    // A backlog: what has arrived while the disk was flushed is received in one turn.
    for (let message = 0; message < 40; message += 1) {
      const severity = random.pick(['critical', 'high', 'medium'] as const);
      see([condition(random.chance(0.7) ? 'raised' : 'cleared', { atMs, entity: `account:A${random.int(1, 40)}`, severity })]);
    }
  } else if (chance < 0.4) {
    const transition = random.chance(0.7) ? 'raised' : 'cleared';
    see([condition(transition, { atMs, entity: `account:A${random.int(1, 40)}`, severity: random.pick(['critical', 'high', 'medium'] as const) })]);
  } else if (chance < 0.5) {
    // Down for good: what follows from it is on in the same evaluation, and nobody may ever be told of that.
    const entity = `feed:down-${seedText}-${made}`;
    const down = condition('raised', { atMs, entity, ruleId: 'feed-stale', kind: 'feedStale', severity: 'critical' });
    see([condition('raised', { atMs, entity, ruleId: 'instruments-stale', kind: 'instrumentsStale', severity: 'high' }), down]);
  } else {
    const open = desk.alerts.alertSnapshot().filter(({ human, kind }) => human === 'unacknowledged' && kind === 'riskLevel');
    const alert = open[random.int(0, Math.max(0, open.length - 1))];
    if (alert !== undefined && chance < 0.6) {
      const outcome = desk.alerts.acknowledge({ alertIds: [alert.alertId], note: 'seen' });
      if (outcome.ok) say(`taken ${alert.alertId} x ${clock.nowMs()}`);
    } else if (alert !== undefined && chance < 0.65) {
      const matcher = { dedupKey: alert.dedupKey };
      const durationMs = 60_000 * random.int(1, 20);
      desk.delivery.requests['alert.suppress']({
        kind: 'shelvedTimed',
        matcher,
        covers: alert.severity,
        durationMs,
        reasonCode: 'testing',
        note: 'proof',
      });
    }
  }
  desk.delivery.tick();
}

/** Breathes between steps, so that answers of the other end come in. */
function loop(): void {
  step();
  setTimeout(loop, random.int(0, 8));
}
loop();
