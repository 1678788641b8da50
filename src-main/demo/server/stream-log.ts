/** What was said on each stream of the trading day, kept for a while, so that a client that missed some of it can have it again. */
import { STREAM_NAMES, type StreamName } from '#shared/feed/items';
import type { BrokerData } from '../broker';

type StreamLog = {
  add(message: BrokerData): void;
  /** The messages of an inclusive range, or null when some of them are gone. */
  range(stream: StreamName, fromSequence: number, toSequence: number): BrokerData[] | null;
  clear(): void;
};

/** Per stream: a bound on items bounds memory whatever the batch size. */
const MOST_ITEMS = 60_000;
const MOST_MESSAGES = 6_000;

type Shelf = { messages: BrokerData[]; start: number; items: number };

export function createStreamLog(mostItems = MOST_ITEMS): StreamLog {
  const shelves = new Map<StreamName, Shelf>();
  const clear = (): void => {
    for (const stream of STREAM_NAMES) shelves.set(stream, { messages: [], start: 0, items: 0 });
  };
  clear();

  return {
    add: (message) => {
      const shelf = shelves.get(message.stream);
      if (shelf === undefined) return;
      shelf.messages.push(message);
      shelf.items += message.items.length;
      while (shelf.items > mostItems || shelf.messages.length - shelf.start > MOST_MESSAGES) {
        shelf.items -= shelf.messages[shelf.start]?.items.length ?? 0;
        shelf.start += 1;
        if (shelf.start === shelf.messages.length) break;
      }
      if (shelf.start > 1024 && shelf.start * 2 > shelf.messages.length) {
        shelf.messages = shelf.messages.slice(shelf.start);
        shelf.start = 0;
      }
    },
    range: (stream, fromSequence, toSequence) => {
      if (fromSequence > toSequence) return [];
      const shelf = shelves.get(stream);
      const first = shelf?.messages[shelf.start];
      if (shelf === undefined || first === undefined || fromSequence < first.sequence) return null;
      const offset = shelf.start + (fromSequence - first.sequence);
      const found = shelf.messages.slice(offset, offset + (toSequence - fromSequence + 1));
      return found.length === toSequence - fromSequence + 1 ? found : null;
    },
    clear,
  };
}
