import { join } from 'node:path';
import type { FeedSink } from '#engine/feeds/feed';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { RecordingWriter } from '#engine/feeds/recording/recording-writer';
import { SealedStreams } from '#engine/store/sealed-stream';
import type { IntakeEvent } from '#shared/feed/intake';

export const header = { createdAtMs: 1_715_130_000_000, source: 'test', origin: 'live' as const };
export const START = 1_715_130_000_000;

export function events(count: number, stepMs = 500): IntakeEvent[] {
  const base = { feedId: 'main', sourceTimeMs: START, tradingDay: '20240508' };
  const opening: IntakeEvent[] = [
    { type: 'welcome', ...base, receivedAtMs: START, source: 'exchange', simulated: false, demonstration: false },
    { type: 'link', feedId: 'main', receivedAtMs: START, state: 'up', reason: '' },
    { type: 'picture', ...base, receivedAtMs: START, stream: 'quotes', sequence: 0, items: [] },
  ];
  for (let number = 1; number <= count; number += 1) {
    opening.push({
      type: 'items',
      ...base,
      receivedAtMs: START + number * stepMs,
      stream: 'quotes',
      sequence: number,
      items: [{ exchangeID: 'SHFE', instrumentID: `黄金${number % 7}`, updateTimeMs: START + number, lastPrice: 560 + (number % 100) / 50 }],
    });
  }
  return opening;
}

export async function writeTo(folder: string, list: readonly IntakeEvent[], more: Partial<Parameters<typeof RecordingWriter.create>[0]> = {}) {
  const file = join(folder, 'day.fwrec.gz');
  const created = await RecordingWriter.create({ file, header, ...more });
  if (!created.ok) throw new Error(created.message);
  created.value.append(list);
  return { file, writer: created.value };
}

export async function readAll(file: string, limits: Parameters<typeof RecordingReader.open>[1] = {}) {
  const opened = await RecordingReader.open(file, limits);
  if (!opened.ok) throw new Error(opened.message);
  const list: IntakeEvent[] = [];
  for await (const event of opened.value.events()) list.push(event);
  return { list, reader: opened.value };
}

export class Listener implements FeedSink {
  readonly events: IntakeEvent[] = [];
  onEvents(list: readonly IntakeEvent[]): void {
    this.events.push(...list);
  }
  onDeadLetter(): void {}
}

/** The key of the sealed recordings. */
export const seal = new SealedStreams({ keyId: '0a1b2c3d', bytes: Buffer.alloc(32, 5) });
