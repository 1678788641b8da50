/** Rows that were opened once: what stays in memory says exactly what is stored, belongs to everybody, and goes with the key of whom it is about. */
import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SealedBodies } from '#engine/store/sealed-bodies';
import { Sealer } from '#engine/store/sealing';

const own = { keyId: 'k1', bytes: randomBytes(32) };
const clientKey = { keyId: 's0000000000000001', key: createSecretKey(randomBytes(32)) };

function desk() {
  const sealer = new Sealer(own);
  const state = { isDestroyed: false };
  sealer.takeKeys({ isEmpty: false, of: () => clientKey, prepare: () => {}, lookUp: () => (state.isDestroyed ? 'destroyed' : clientKey.key) });
  return { bodies: new SealedBodies(sealer), sealer, state };
}

describe('a row that is read again', () => {
  it('is what is stored now, whatever was read before', () => {
    const { bodies } = desk();
    const places = ['alerts a', 'alerts b', 'run r'];
    const write = fc.tuple(fc.constantFrom(...places), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
        const stored = new Map<string, { text: string; body: unknown }>();
        for (const [place, value] of writes) {
          const body = JSON.parse(JSON.stringify({ value }));
          stored.set(place, { text: bodies.seal(body, place, () => undefined), body });
          for (const [at, { text, body: expected }] of stored) expect(bodies.open(text, at)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('cannot be changed by one of its readers', () => {
    const { bodies } = desk();
    const stored = bodies.seal({ notes: [{ text: 'called' }] }, 'alerts a', () => undefined);
    const read = bodies.open(stored, 'alerts a') as { notes: { text: string }[] };
    expect(() => read.notes.push({ text: 'never said' })).toThrow(TypeError);
    expect(bodies.open(stored, 'alerts a')).toEqual({ notes: [{ text: 'called' }] });
  });

  it('does not open at another place', () => {
    const { bodies } = desk();
    const stored = bodies.seal({ accountID: '1001' }, 'alerts a', () => undefined);
    bodies.open(stored, 'alerts a');
    expect(() => bodies.open(stored, 'alerts b')).toThrow('does not open');
  });

  it('is gone once the key of its client was destroyed', () => {
    const { bodies, sealer, state } = desk();
    const stored = sealer.seal('{"name":"a client"}', 'alerts a', clientKey);
    expect(bodies.open(stored, 'alerts a')).toEqual({ name: 'a client' });
    state.isDestroyed = true;
    expect(bodies.open(stored, 'alerts a')).toBeUndefined();
  });
});
