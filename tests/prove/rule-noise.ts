/**
 * How much the bundled rules have to say on a generated day: what goes out per rule and hour, what stays in shadow, and which findings met no played
 * misbehaviour. `npm run prove rule-noise [seed] [minutes] [accounts] [phase]`; a calm phase is what a desk must be able to sit through.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { createBroker } from '#demo/broker';
import { Book } from '#engine/book/book';
import { MarketCore, RecordedTime } from '#engine/core';
import { BookReadings } from '#engine/market-readings';
import { sessionOfTick } from '#engine/session-of';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import { packOf } from '#engine/watch/rule-schema';
import type { IntakeEvent } from '#shared/feed/intake';
import { STREAM_NAMES } from '#shared/feed/items';

const FEED_ID = 'generated';
const STEP_OF_CPU_MS = 1000;

export type RuleNoise = {
  minutes: number;
  rules: { ruleId: string; mode: string; raised: number; perHour: number; firstMinute: number; unlabelled: number }[];
  cpuMs: number;
};

/** `firstMinute` is apart: what stands beyond its threshold when a desk opens is told at once and is not noise. */
export function measureNoise(seed: number, minutes: number, accounts: number, phase: 'auto' | 'calm' | 'busy' | 'violent'): RuleNoise {
  const broker = createBroker({ accounts, tradingDay: '20261123', phase, seed });
  const rules = bundledRules();
  const book: Book = new Book({ nowMs: () => time.lastMs ?? broker.sourceTimeMs });
  const said: Condition[] = [];
  // Everything is heard, whatever its mode: the tally tells them apart.
  const pack = packOf(rules.map((rule) => ({ ...rule, mode: 'live' as const })));
  const core = new MarketCore({
    book,
    rules: pack,
    open: [],
    sink: { onConditions: (conditions) => said.push(...conditions) },
    sessionOf: sessionOfTick(book),
    readings: (prices) => new BookReadings({ book, prices }),
  });
  const time = new RecordedTime(core);
  const startMs = broker.sourceTimeMs;
  const base = { feedId: FEED_ID, tradingDay: broker.tradingDay };
  const begun = process.cpuUsage();
  time.take([{ type: 'link', feedId: FEED_ID, receivedAtMs: startMs, state: 'up', reason: '' }]);
  for (const stream of STREAM_NAMES) {
    const at = { ...base, sourceTimeMs: startMs, receivedAtMs: startMs, sequence: 0 };
    time.take([{ type: 'picture', stream, items: broker.snapshot(stream), ...at } as IntakeEvent]);
  }
  const steps = Math.round((minutes * 60_000) / broker.stepMs);
  for (let step = 0; step < steps; step += 1) {
    for (const message of broker.step()) {
      if (message.type === 'data') time.take([{ ...message, type: 'items', feedId: FEED_ID, receivedAtMs: message.sourceTimeMs } as IntakeEvent]);
    }
  }
  time.end();
  const { user, system } = process.cpuUsage(begun);
  const labels = broker.labels;
  const isLabelled = (condition: Condition): boolean => {
    const id = condition.entity.slice(condition.entity.indexOf(':') + 1);
    return labels.some((label) => label.controlGroupID === id || label.accountIDs.includes(id));
  };
  return {
    minutes,
    cpuMs: (user + system) / STEP_OF_CPU_MS,
    rules: rules.map(({ ruleId, mode, watches }) => {
      const raised = said.filter((condition) => condition.ruleId === ruleId && condition.transition === 'raised');
      const firstMinute = raised.filter((condition) => condition.atMs - startMs < 60_000).length;
      const unlabelled = watches === 'trading' ? raised.filter((condition) => !isLabelled(condition)).length : 0;
      return { ruleId, mode, raised: raised.length, firstMinute, unlabelled, perHour: ((raised.length - firstMinute) * 60) / minutes };
    }),
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [seed = 501, minutes = 30, accounts = 300] = process.argv.slice(2, 5).map(Number);
  const phase = z.enum(['auto', 'calm', 'busy', 'violent']).parse(process.argv[5] ?? 'calm');
  const noise = measureNoise(seed, minutes, accounts, phase);
  process.stdout.write(`${JSON.stringify(noise, null, 2)}\n`);
}
