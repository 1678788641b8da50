/** Another desk's card: what is read aloud is heard right, and no change of the card keeps its fingerprint or its signature. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxKeyOf, newBoxKey, openSealed, sealTo } from '#engine/journal/signing/box';
import { signingKeyOf, signText, verifyText } from '#engine/journal/signing/ed25519';
import { sha256 } from '#engine/store/hash';
import { type CardBody, cardFingerprint, cardStatement, type DeviceCard, heardFingerprintSchema, refuseCard } from '#shared/desk/devices/card';

const DEVICE = signingKeyOf(new Uint8Array(32).fill(1));
const PERSON = signingKeyOf(new Uint8Array(32).fill(2));

const BODY: CardBody = {
  kind: 'floorwatch.deviceCard',
  version: 1,
  device: 'device-of-the-second-floor',
  deskName: 'Second floor',
  isClaimed: true,
  deviceKey: DEVICE.publicKey,
  boxKey: boxKeyOf(new Uint8Array(32).fill(1)).publicKey,
  people: [{ personId: 'p-zoe', displayName: 'Zoe', keyId: PERSON.keyId, publicKey: PERSON.publicKey }],
  madeAtMs: 1_790_000_000_000,
};
const CARD: DeviceCard = { ...BODY, signed: signText(DEVICE, cardStatement(BODY)) };
const parts = { verify: verifyText, sha256 };

describe('a desk’s card', () => {
  it('is whole as it was made', () => {
    expect(refuseCard(CARD, parts)).toBeNull();
    expect(cardFingerprint(CARD, sha256)).toMatch(/^[0-9A-HJKMNP-TV-Z]{12}$/);
  });

  it.each([
    ['another name', { deskName: 'First floor' }],
    ['claimed or not', { isClaimed: false }],
    ['another box', { boxKey: newBoxKey().publicKey }],
    ['a later time', { madeAtMs: BODY.madeAtMs + 1 }],
    ['nobody on it', { people: [] }],
    ['another device', { device: 'x' }],
    ['another key', { deviceKey: PERSON.publicKey }],
  ])('is refused and reads otherwise when changed: %s', (_what, change) => {
    const changed = { ...CARD, ...change };
    expect(refuseCard(changed, parts)).not.toBeNull();
    expect(cardFingerprint(changed, sha256)).not.toBe(cardFingerprint(CARD, sha256));
  });

  it('is refused when somebody stands on it with a key of another name, or twice', () => {
    for (const people of [[{ ...BODY.people[0], keyId: '0'.repeat(32) }], [BODY.people[0], BODY.people[0]]] as CardBody['people'][]) {
      const body = { ...BODY, people };
      expect(refuseCard({ ...body, signed: signText(DEVICE, cardStatement(body)) }, parts)).toMatchObject({ field: 'card.people' });
    }
  });
});

describe('a fingerprint that was heard', () => {
  it('is the same with spaces, hyphens, small letters, and letters that sound like digits', () => {
    const told = cardFingerprint(CARD, sha256);
    const spoken = told.replaceAll('0', 'o').replaceAll('1', 'l').toLowerCase();
    expect(heardFingerprintSchema.parse(`${spoken.slice(0, 4)} ${spoken.slice(4, 8)}-${spoken.slice(8)}`)).toBe(told);
  });

  it('is refused when it is too short, too long, or no fingerprint at all', () => {
    for (const text of ['', '0123456789A', '0123456789ABC', '0123456789AU', '０１２３４５６７８９ＡＢ'])
      expect(heardFingerprintSchema.safeParse(text).success).toBe(false);
  });
});

describe('what is sealed to a desk', () => {
  it('opens there with its head, and with no bit of it changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ maxLength: 40 }), fc.nat(), fc.nat(7), (body, head, place, bit) => {
        const own = boxKeyOf(new Uint8Array(32).fill(3));
        const ephemeral = newBoxKey();
        const sealed = sealTo(own.publicKey, ephemeral, head, body);
        expect(openSealed(own, ephemeral.publicKey, head, sealed)).toEqual(Buffer.from(body));
        const at = place % sealed.length;
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        expect(openSealed(own, ephemeral.publicKey, head, changed)).toBeNull();
        expect(openSealed(own, ephemeral.publicKey, `${head}.`, sealed)).toBeNull();
        expect(openSealed(boxKeyOf(new Uint8Array(32).fill(4)), ephemeral.publicKey, head, sealed)).toBeNull();
      }),
      { numRuns: 40 },
    );
  });

  it('does not break on what is no key', () => {
    const own = boxKeyOf(new Uint8Array(32).fill(3));
    for (const key of ['', '00', '0'.repeat(64), 'zz']) expect(openSealed(own, key, '', Buffer.alloc(100))).toBeNull();
  });
});
