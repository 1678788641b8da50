/** Where a feed may connect and how it comes back: rules a network administrator asks about. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateMeter } from '#engine/feeds/rate-meter';
import { checkFeedAddress } from '#engine/feeds/websocket/address';
import { BackOff } from '#engine/feeds/websocket/back-off';

describe('feed address', () => {
  it.each([
    'wss://feed.example.com/v1',
    'wss://10.0.0.1:8443',
    'ws://127.0.0.1:9000',
    'ws://localhost:9000/x?y=1',
    'ws://[::1]:9000',
    'ws://127.8.9.1',
  ])('allows %s', (url) => {
    expect(checkFeedAddress(url).ok).toBe(true);
  });

  it.each([
    'ws://feed.example.com',
    'ws://10.0.0.1',
    'ws://127.0.0.1.example.com',
    'ws://localhost.example.com',
    'ws://0.0.0.0',
    'http://127.0.0.1',
    'file:///etc/passwd',
    'not a url',
    '',
    'wss://user:secret@feed.example.com',
  ])('refuses %s', (url) => {
    const outcome = checkFeedAddress(url);
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.message).not.toContain('secret');
  });
});

describe('back-off', () => {
  it('grows to its cap, spreads by chance and starts small again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 60 }), (chance, attempts) => {
        const backOff = new BackOff({ firstMs: 200, maxMs: 30_000, random: () => chance });
        let delayMs = 0;
        for (let attempt = 0; attempt < attempts; attempt += 1) {
          delayMs = backOff.nextDelayMs();
          expect(delayMs).toBeGreaterThanOrEqual(100);
          expect(delayMs).toBeLessThanOrEqual(Math.min(30_000, 200 * 2 ** attempt));
        }
        backOff.reset();
        expect(backOff.nextDelayMs()).toBeLessThanOrEqual(200);
      }),
    );
    const last = new BackOff({ firstMs: 200, maxMs: 30_000, random: () => 0.999 });
    for (let attempt = 0; attempt < 12; attempt += 1) last.nextDelayMs();
    expect(last.nextDelayMs()).toBeGreaterThan(29_000);
  });
});

describe('rate meter', () => {
  it('is the mean of the last five whole seconds', () => {
    const meter = new RateMeter();
    for (let second = 0; second < 10; second += 1) meter.add(100, second * 1000 + 500);
    expect(meter.perSecond(10_000)).toBe(100);
    expect(meter.perSecond(12_000)).toBe(60);
    expect(meter.perSecond(60_000)).toBe(0);
  });
});
