/** Other desks that this one believes, and whose person is whose: decided by two people, ended by one, and each of it an entry. */
import { z } from 'zod';
import type { Decision, DecisionContext, Recorded } from '#shared/desk/decision';
import { type CardPerson, cardFingerprint, cardSchema, type DeviceCard, deviceIdSchema, refuseCard, signedSchema } from '#shared/desk/devices/card';
import { personIdSchema } from '#shared/desk/people/person';
import { canonicalJson } from '#shared/journal/canonical';
import type { Sha256 } from '#shared/journal/chain';
import type { JournalEvent } from '#shared/journal/entry';
import type { Signed, VerifySignature } from '#shared/journal/signature';
import { type Refusal, refuse } from '#shared/refusal';

const DAY_MS = 86_400_000;
const atMs = z.number();
const reason = z.string().max(2000);

/** A person of the other desk and the person of this one who is the same human. */
const sameHumanSchema = z.object({ theirs: personIdSchema, ours: personIdSchema });
export const sameHumansSchema = z.array(sameHumanSchema).max(500);
export type SameHuman = z.infer<typeof sameHumanSchema>;

/** The subject of all of them: what is believed is read at start without reading the record. */
export const DEVICES_SUBJECT = 'devices';

export const deviceEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('device.trusted'),
    payload: z.object({
      device: deviceIdSchema,
      card: cardSchema,
      fingerprint: z.string().max(64),
      people: sameHumansSchema,
      expiresAtMs: z.number(),
      reason,
      /** By this desk's own key, which lies outside the database: a row written into the record alone makes no desk believed. */
      countersigned: signedSchema,
      atMs,
    }),
  }),
  /** The card that this desk gave out, by its fingerprint: what another desk says it was told can be looked up here. */
  z.object({
    type: z.literal('device.cardGiven'),
    payload: z.object({
      deskName: z.string().max(64),
      fingerprint: z.string().max(64),
      file: z.string().max(1000),
      personCount: z.number().int(),
      atMs,
    }),
  }),
  z.object({ type: z.literal('device.withdrawn'), payload: z.object({ device: deviceIdSchema, reason, atMs }) }),
]);
export type DeviceEventBody = z.infer<typeof deviceEventSchema>;
export type DeviceEvent = DeviceEventBody & JournalEvent;

export type KnownDevice = {
  device: string;
  deskName: string;
  deviceKey: string;
  boxKey: string;
  fingerprint: string;
  cardMadeAtMs: number;
  /** `ours`: null where nobody said who that is here: their word counts for nothing. */
  people: (CardPerson & { ours: string | null })[];
  trustedBy: string;
  trustedAtMs: number;
  expiresAtMs: number;
  reason: string;
  withdrawn: { atMs: number; by: string; reason: string } | null;
};

export type DeviceTrustOrder = { card: DeviceCard; heard: string; people: SameHuman[]; reason: string };

/** What this desk knows when it is asked to believe another. */
export type TrustFacts = {
  ownDevice: string;
  isClaimed: boolean;
  known: KnownDevice | null;
  isPerson: (personId: string) => boolean;
  trustDays: number;
  verify: VerifySignature;
  sha256: Sha256;
  countersign: (statement: string) => Signed;
};

export function trustStatement(about: {
  device: string;
  fingerprint: string;
  cardHash: string;
  people: SameHuman[];
  expiresAtMs: number;
  atMs: number;
}): string {
  const { device, fingerprint, cardHash, people, expiresAtMs, atMs: saidAtMs } = about;
  return `floorwatch.deviceTrust.1:${canonicalJson({ device, fingerprint, cardHash, people, expiresAtMs, atMs: saidAtMs })}`;
}

export function decideTrust(order: DeviceTrustOrder, facts: TrustFacts, context: DecisionContext): Decision<DeviceEvent> {
  const { card, heard, people, reason: why } = order;
  const refusal = refuseCard(card, facts) ?? refuseTrust(order, facts);
  if (refusal !== null) return refusal;
  const { nowMs } = context;
  const fingerprint = cardFingerprint(card, facts.sha256);
  if (heard !== fingerprint)
    return refuse('FORBIDDEN', 'heard: this is not the fingerprint of this card: ask again, and for the card itself', 'heard');
  const expiresAtMs = nowMs + facts.trustDays * DAY_MS;
  const { device } = card;
  const said = { device, fingerprint, cardHash: facts.sha256(canonicalJson(card)), people, expiresAtMs, atMs: nowMs };
  const countersigned = facts.countersign(trustStatement(said));
  const payload = { device, card, fingerprint, people, expiresAtMs, reason: why, countersigned, atMs: nowMs };
  return [{ type: 'device.trusted', subject: DEVICES_SUBJECT, payload }];
}

function refuseTrust({ card, people }: DeviceTrustOrder, { ownDevice, isClaimed, known, isPerson }: TrustFacts): Refusal | null {
  if (card.device === ownDevice) return refuse('CONFLICT', 'card.device: is this desk itself', 'card.device');
  if (isClaimed && !card.isClaimed)
    return refuse('FORBIDDEN', 'card.isClaimed: nobody has claimed the other desk, and its people’s passwords are published', 'card.isClaimed');
  if (known !== null && known.withdrawn === null && known.deviceKey !== card.deviceKey)
    return refuse('CONFLICT', 'card.deviceKey: the desk is known by another key: withdraw that first', 'card.deviceKey');
  if (known !== null && card.madeAtMs < known.cardMadeAtMs)
    return refuse('CONFLICT', 'card.madeAtMs: a later card of this desk was taken in', 'card.madeAtMs');
  const theirs = new Set(card.people.map(({ personId }) => personId));
  const stranger = people.find((each) => !theirs.has(each.theirs));
  if (stranger !== undefined) return refuse('UNKNOWN', `people: ${stranger.theirs} is not on the card`, 'people');
  const nobody = people.find((each) => !isPerson(each.ours));
  if (nobody !== undefined) return refuse('UNKNOWN', `people: there is no person ${nobody.ours} here`, 'people');
  return new Set(people.map((each) => each.theirs)).size === people.length ? null : refuse('INVALID', 'people: somebody is named twice', 'people');
}

export function decideDeviceWithdrawal(known: KnownDevice | null, why: string, context: DecisionContext): Decision<DeviceEvent> {
  if (known === null) return refuse('UNKNOWN', 'device: no such desk is known here', 'device');
  if (known.withdrawn !== null) return refuse('CONFLICT', 'device: it has been withdrawn', 'device');
  return [{ type: 'device.withdrawn', subject: DEVICES_SUBJECT, payload: { device: known.device, reason: why, atMs: context.nowMs } }];
}

/** Whether what this desk says counts at a time; the reason where it does not. */
export function refuseDevice(known: KnownDevice | null, nowMs: number): Refusal | null {
  if (known === null) return refuse('FORBIDDEN', 'from: this desk does not know the desk that made the file', 'from');
  if (known.withdrawn !== null) return refuse('FORBIDDEN', 'from: the trust in that desk was withdrawn', 'from');
  return nowMs < known.expiresAtMs ? null : refuse('FORBIDDEN', 'from: the trust in that desk has expired: take in a new card', 'from');
}

/** `isCountersigned`: by the key of the device that wrote the entry; others change nothing. */
export function evolveDevice(
  before: KnownDevice | null,
  event: DeviceEventBody,
  entry: Pick<Recorded, 'actor'>,
  isCountersigned: (statement: string, signed: Signed) => boolean,
  sha256: Sha256,
): KnownDevice | null {
  if (event.type === 'device.cardGiven') return before;
  if (event.type === 'device.withdrawn') {
    const { atMs: withdrawnAtMs, reason: why } = event.payload;
    return before === null || before.withdrawn !== null ? before : { ...before, withdrawn: { atMs: withdrawnAtMs, by: entry.actor, reason: why } };
  }
  const { card, fingerprint, people, expiresAtMs, reason: why, countersigned, atMs: trustedAtMs, device } = event.payload;
  const said = { device, fingerprint, cardHash: sha256(canonicalJson(card)), people, expiresAtMs, atMs: trustedAtMs };
  if (card.device !== device || !isCountersigned(trustStatement(said), countersigned)) return before;
  const oursOf = new Map(people.map(({ theirs, ours }) => [theirs, ours]));
  return {
    device,
    deskName: card.deskName,
    deviceKey: card.deviceKey,
    boxKey: card.boxKey,
    fingerprint,
    cardMadeAtMs: card.madeAtMs,
    people: card.people.map((person) => ({ ...person, ours: oursOf.get(person.personId) ?? null })),
    trustedBy: entry.actor,
    trustedAtMs,
    expiresAtMs,
    reason: why,
    withdrawn: null,
  };
}
