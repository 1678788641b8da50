/** What an authenticator signed counts only for this question, this page, this key and a person who was verified: any changed byte is refused. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Asserted, type Authenticator, checkAssertion, faultOfCreated } from '#engine/desk/people/assertion';
import { AUTHENTICATOR_ORIGIN, AUTHENTICATOR_RP_ID } from '#shared/contract/authenticator';

const CHALLENGE = randomBytes(32).toString('base64url');
const ID = randomBytes(16);
const KINDS = { es256: -7, eddsa: -8, rs256: -257 } as const;

function keysOf(kind: keyof typeof KINDS) {
  if (kind === 'es256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return kind === 'eddsa' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function clientData(change: object = {}): string {
  return Buffer.from(
    JSON.stringify({ type: 'webauthn.get', challenge: CHALLENGE, origin: AUTHENTICATOR_ORIGIN, crossOrigin: false, ...change }),
  ).toString('base64url');
}

function authenticatorData(options: { flags?: number; counter?: number; rpId?: string; credential?: Buffer } = {}): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(options.counter ?? 7);
  const head = [
    createHash('sha256')
      .update(options.rpId ?? AUTHENTICATOR_RP_ID)
      .digest(),
    Buffer.from([options.flags ?? 0x05]),
    counter,
  ];
  if (options.credential === undefined) return Buffer.concat(head);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(options.credential.length);
  return Buffer.concat([...head, Buffer.alloc(16), length, options.credential, Buffer.from('cose')]);
}

function signed(key: KeyObject, algorithm: number, data: Buffer, client: string): string {
  const text = Buffer.concat([data, createHash('sha256').update(Buffer.from(client, 'base64url')).digest()]);
  return sign(algorithm === -8 ? null : 'sha256', text, key).toString('base64url');
}

function asserted(kind: keyof typeof KINDS, options: { flags?: number; counter?: number; rpId?: string; client?: object } = {}) {
  const { publicKey, privateKey } = keysOf(kind) as { publicKey: KeyObject; privateKey: KeyObject };
  const algorithm = KINDS[kind];
  const client = clientData(options.client);
  const data = authenticatorData(options);
  const kept: Authenticator = {
    credentialId: ID.toString('base64url'),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    algorithm,
    counter: 6,
    addedAtMs: 0,
  };
  const answer: Asserted = {
    credentialId: kept.credentialId,
    clientData: client,
    authenticatorData: data.toString('base64url'),
    signature: signed(privateKey, algorithm, data, client),
  };
  return { answer, kept, privateKey };
}

describe('an authenticator’s signature', () => {
  it.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('counts for its own question (%s), and tells the new count', (kind) => {
    const { answer, kept } = asserted(kind);
    expect(checkAssertion(answer, kept, CHALLENGE)).toEqual({ counter: 7 });
  });

  it.each([
    ['another question', { client: { challenge: randomBytes(32).toString('base64url') } }],
    ['another page', { client: { origin: 'https://desk.floorwatch.example' } }],
    ['a page inside another', { client: { crossOrigin: true } }],
    ['an enrolment', { client: { type: 'webauthn.create' } }],
    ['another page’s key', { rpId: 'floorwatch.internal' }],
    ['somebody who was there and not verified', { flags: 0x01 }],
    ['nobody there', { flags: 0x04 }],
    ['a copy that counts apart', { counter: 6 }],
  ])('does not count when it is of %s, though it is rightly signed', (_what, options) => {
    const { answer, kept } = asserted('es256', options);
    expect(checkAssertion(answer, kept, CHALLENGE)).toHaveProperty('fault');
  });

  it('does not count with any bit changed, by any other key, or for any other credential', () => {
    const { answer, kept } = asserted('es256');
    const other = asserted('es256').kept;
    expect(checkAssertion(answer, { ...kept, publicKey: other.publicKey }, CHALLENGE)).toHaveProperty('fault');
    expect(checkAssertion({ ...answer, credentialId: 'AAAA' }, kept, CHALLENGE)).toHaveProperty('fault');
    const part = fc.constantFrom('clientData', 'authenticatorData', 'signature' as const);
    fc.assert(
      fc.property(part, fc.nat(), fc.integer({ min: 0, max: 7 }), (name, at, bit) => {
        const bytes = Buffer.from(answer[name as 'signature'], 'base64url');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(checkAssertion({ ...answer, [name]: bytes.toString('base64url') }, kept, CHALLENGE)).toHaveProperty('fault');
      }),
      { seed: 20_260_921, numRuns: 400 },
    );
  });

  it('never throws on what an authenticator or a page may send', () => {
    const { kept } = asserted('es256');
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (client, data, signature) => {
        const answer = { credentialId: kept.credentialId, clientData: client, authenticatorData: data, signature };
        expect(checkAssertion(answer, kept, CHALLENGE)).toHaveProperty('fault');
      }),
      { seed: 20_260_921, numRuns: 400 },
    );
  });
});

describe('a new credential', () => {
  const publicKey = (keysOf('es256').publicKey as KeyObject).export({ format: 'der', type: 'spki' }).toString('base64');
  const created = (data: Buffer, change: object = {}) => ({
    credentialId: ID.toString('base64url'),
    publicKey,
    algorithm: -7,
    clientData: clientData({ type: 'webauthn.create' }),
    authenticatorData: data.toString('base64url'),
    ...change,
  });

  it('is taken when it answers this question, with the person verified', () => {
    expect(faultOfCreated(created(authenticatorData({ flags: 0x45, credential: ID })), CHALLENGE)).toBeNull();
  });

  it.each([
    ['the person was not verified', created(authenticatorData({ flags: 0x41, credential: ID }))],
    ['it holds no credential', created(authenticatorData({ flags: 0x05 }))],
    ['it is about another credential', created(authenticatorData({ flags: 0x45, credential: randomBytes(16) }))],
    ['its key is none', created(authenticatorData({ flags: 0x45, credential: ID }), { publicKey: 'AAAA' })],
    ['its key is of another kind than it says', created(authenticatorData({ flags: 0x45, credential: ID }), { algorithm: -257 })],
    ['it is a signature', created(authenticatorData({ flags: 0x45, credential: ID }), { clientData: clientData() })],
  ])('is refused when %s', (_why, one) => {
    expect(faultOfCreated(one, CHALLENGE)).not.toBeNull();
  });
});
