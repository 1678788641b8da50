import { describe, expect, it } from 'vitest';
import { parseControl } from '#demo/control';
import { parseDemoOptions } from '#demo/options';

describe('demonstration options', () => {
  it('has a default for everything and reads both spellings', () => {
    expect(parseDemoOptions([])).toMatchObject({ ok: true, value: { port: 0, accounts: 300, phase: 'auto', speed: 1 } });
    expect(
      parseDemoOptions(['--port=8123', '--accounts', '10000', '--phase', 'violent', '--speed=2.5', '--quotes-per-second', '100000']),
    ).toMatchObject({
      ok: true,
      value: { port: 8123, accounts: 10_000, phase: 'violent', speed: 2.5, 'quotes-per-second': 100_000 },
    });
  });

  it.each([
    [['--phase', 'wild'], '--phase'],
    [['--accounts', '3'], '--accounts'],
    [['--accounts', '1e3'], '--accounts'],
    [['--seed', '-1'], '--seed'],
    [['--speed', '0'], '--speed'],
    [['--trading-day', '20261121'], 'not a trading day'],
    [['--trading-day', '20261340'], 'not a date'],
    [['--nonsense', '1'], '--nonsense'],
    [['--port'], 'needs a value'],
    [['--port', '1', '--port', '2'], 'twice'],
    [['hello'], 'hello'],
  ])('names what is wrong with %j', (args, told) => {
    const parsed = parseDemoOptions(args);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.message).toContain(told);
  });
});

describe('demonstration control', () => {
  it('reads lines and messages and refuses the rest', () => {
    expect(parseControl('{"type":"phase","phase":"violent"}')).toEqual({ ok: true, value: { type: 'phase', phase: 'violent' } });
    expect(parseControl({ type: 'cut', forMs: 1000 })).toMatchObject({ ok: true });
    expect(parseControl('{"type":"phase","phase":"wild"}').ok).toBe(false);
    expect(parseControl('not json').ok).toBe(false);
    expect(parseControl(undefined).ok).toBe(false);
  });
});
