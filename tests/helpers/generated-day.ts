/** A piece of a generated day as a feed would tell it to the engine, straight from the demonstration broker: no socket, no file. */
import { type BrokerOptions, createBroker } from '#demo/broker';
import type { EpisodeLabel } from '#demo/episodes/episode';
import type { IntakeEvent } from '#shared/feed/intake';
import type { StreamName } from '#shared/feed/items';

type GeneratedDay = { events(): Generator<IntakeEvent, void, undefined>; labels(): EpisodeLabel[] };

const FEED_ID = 'generated';
const PICTURES: readonly StreamName[] = ['reference', 'quotes', 'orders', 'trades', 'instrumentStatus'];
/** What no detector reads is left out, as it would be most of the events. */
const DELTAS: ReadonlySet<StreamName> = new Set(['reference', 'quotes', 'orders', 'trades', 'instrumentStatus']);

export function generateDay(seed: number, options: { minutes: number } & Partial<Omit<BrokerOptions, 'seed'>>): GeneratedDay {
  const { minutes, ...given } = options;
  const broker = createBroker({ accounts: 300, tradingDay: '20261123', phase: 'auto', ...given, seed });
  const { tradingDay } = broker;
  const base = { feedId: FEED_ID, receivedAtMs: 0 };

  function picture(stream: StreamName): IntakeEvent {
    const items = broker.snapshot(stream);
    const at = { ...base, sourceTimeMs: broker.sourceTimeMs, receivedAtMs: broker.sourceTimeMs, tradingDay, sequence: 0 };
    return { type: 'picture', stream, items, ...at } as IntakeEvent;
  }

  return {
    *events() {
      const { sourceTimeMs } = broker;
      yield {
        type: 'welcome',
        ...base,
        receivedAtMs: sourceTimeMs,
        source: `generated ${seed}`,
        simulated: true,
        demonstration: true,
        sourceTimeMs,
        tradingDay,
      };
      for (const stream of PICTURES) yield picture(stream);
      const steps = Math.round((minutes * 60_000) / broker.stepMs);
      for (let step = 0; step < steps && broker.tradingDay === tradingDay; step += 1) {
        for (const message of broker.step()) {
          if (message.type !== 'data' || !DELTAS.has(message.stream)) continue;
          yield { ...message, type: 'items', feedId: FEED_ID, receivedAtMs: message.sourceTimeMs } as IntakeEvent;
        }
      }
    },
    labels: () => broker.labels.map((label) => ({ ...label })),
  };
}
