import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type BrokerOptions, createBroker } from '#demo/broker';

const base: BrokerOptions = { seed: 42, accounts: 40, tradingDay: '20261123', phase: 'auto' };

/** Digest of everything the broker says in `steps` steps, snapshots before and after included. */
function digest(options: BrokerOptions, steps: number): string {
  const broker = createBroker(options);
  const hash = createHash('sha256');
  const take = (): void => {
    for (const stream of ['reference', 'quotes', 'accounts', 'positions', 'orders', 'trades', 'funds', 'instrumentStatus'] as const) {
      hash.update(JSON.stringify(broker.snapshot(stream)));
    }
  };
  take();
  for (let index = 0; index < steps; index += 1) {
    if (index === 150) broker.setPhase('violent');
    if (index === 250) broker.startEpisode('selfTrade');
    hash.update(JSON.stringify(broker.step()));
  }
  take();
  hash.update(JSON.stringify(broker.labels));
  return hash.digest('hex');
}

describe('a seeded broker', { timeout: 60_000 }, () => {
  it('says byte for byte the same for the same seed, parameters and commands', () => {
    expect(digest(base, 450)).toBe(digest(base, 450));
  });

  it('is another broker for another seed, day or size', () => {
    const reference = digest(base, 40);
    expect(digest({ ...base, seed: 43 }, 40)).not.toBe(reference);
    expect(digest({ ...base, tradingDay: '20261124' }, 40)).not.toBe(reference);
    expect(digest({ ...base, accounts: 41 }, 40)).not.toBe(reference);
  });

  it('is not disturbed by snapshots taken in between', () => {
    const quiet = createBroker(base);
    const watched = createBroker(base);
    for (let index = 0; index < 60; index += 1) {
      watched.snapshot('positions');
      watched.snapshot('accounts');
      expect(JSON.stringify(watched.step())).toBe(JSON.stringify(quiet.step()));
    }
  });
});
