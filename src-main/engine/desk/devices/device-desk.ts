/** Desks that believe each other: gives out this desk's card, reads another's, takes it in once two people agreed, and ends it. */
import type { DeviceRules } from '#engine/desk/devices/device-rules';
import type { KnownDevices } from '#engine/desk/devices/known-devices';
import type { Letters } from '#engine/desk/devices/letters';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import { verifyText } from '#engine/journal/signing/ed25519';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { sha256 } from '#engine/store/hash';
import type { DEVICE_REQUESTS } from '#shared/contract/devices';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import { type CardBody, type CardPerson, cardFingerprint, cardSchema, cardStatement, refuseCard } from '#shared/desk/devices/card';
import { DEVICES_SUBJECT, decideDeviceWithdrawal, decideTrust } from '#shared/desk/devices/device';
import { accept, type Outcome, refuseSchemaIssue } from '#shared/refusal';

/** What this room asks about the people of this desk. */
export type PeopleOfDevices = { isClaimed(): boolean; isPerson(personId: string): boolean; names(): Record<string, string> };

export type DeviceDeskParts = {
  recorder: Recorder;
  signing: Pick<SigningKeys, 'published' | 'devicePublicKey' | 'box' | 'signAsDevice'>;
  devices: KnownDevices;
  letters: Letters;
  people: PeopleOfDevices;
  rules: () => DeviceRules;
  nowMs: () => number;
};

export class DeviceDesk {
  readonly #parts: DeviceDeskParts;
  readonly requests: HandlersOf<keyof typeof DEVICE_REQUESTS>;

  constructor(parts: DeviceDeskParts) {
    this.#parts = parts;
    this.requests = {
      'device.list': () => accept({ device: parts.recorder.journal.device, devices: parts.devices.all() }),
      'device.card': ({ deskName }) => this.#card(deskName),
      'device.read': ({ text }) => this.#read(text),
      'device.trust': (payload) => this.#trust(payload),
      'device.withdraw': ({ device, reason }) => this.#withdraw(device, reason),
    };
  }

  #card(deskName: string): Outcome<RequestAnswer<'device.card'>> {
    const { recorder, signing, letters, people, nowMs } = this.#parts;
    const { device } = recorder.journal;
    const body: CardBody = {
      ...{ kind: 'floorwatch.deviceCard', version: 1, device, deskName, isClaimed: people.isClaimed() },
      ...{ deviceKey: signing.devicePublicKey, boxKey: signing.box.publicKey, people: this.#peopleWithKeys(), madeAtMs: nowMs() },
    };
    const card = { ...body, signed: signing.signAsDevice(cardStatement(body)) };
    const fingerprint = cardFingerprint(body, sha256);
    const made = letters.keep(`desk-card-${fingerprint}`, `${JSON.stringify(card, null, 1)}\n`);
    if (!made.ok) return recorder.refused('device.card', made);
    const { file, path } = made.value;
    const payload = { deskName, fingerprint, file, personCount: body.people.length, atMs: body.madeAtMs };
    const recorded = recorder.record('device.card', [{ type: 'device.cardGiven', subject: DEVICES_SUBJECT, payload }]);
    return recorded.ok ? accept({ file, path, fingerprint, card }) : recorded;
  }

  /** Of everybody who is somebody here and has signed in: the key that is theirs now. */
  #peopleWithKeys(): CardPerson[] {
    const { recorder, signing, people } = this.#parts;
    const own = recorder.journal.device;
    const names = people.names();
    const newest = new Map<string, CardPerson>();
    for (const { personId, keyId, publicKey, device, revokedAt } of signing.published.all()) {
      if (personId === null || device !== own || revokedAt !== null || !people.isPerson(personId)) continue;
      newest.set(personId, { personId, displayName: names[personId] ?? personId, keyId, publicKey });
    }
    return [...newest.values()].sort((a, b) => a.personId.localeCompare(b.personId));
  }

  /** Without its fingerprint: that comes by telephone, and whoever copied it from the screen would compare the file with itself. */
  #read(text: string): Outcome<RequestAnswer<'device.read'>> {
    const parsed = cardSchema.safeParse(readJson(text));
    if (!parsed.success) return { ...refuseSchemaIssue(parsed.error), field: 'text' };
    const refusal = refuseCard(parsed.data, { verify: verifyText, sha256 });
    return refusal ?? accept({ card: parsed.data, known: this.#parts.devices.find(parsed.data.device) });
  }

  #trust(order: RequestPayload<'device.trust'>): Outcome<Record<string, never>> {
    const { recorder, signing, devices, people, rules } = this.#parts;
    const decision = decideTrust(
      order,
      {
        ...{ ownDevice: recorder.journal.device, isClaimed: people.isClaimed(), known: devices.find(order.card.device) },
        isPerson: (personId) => people.isPerson(personId),
        ...{ trustDays: rules().trustDays, verify: verifyText, sha256 },
        countersign: (statement) => signing.signAsDevice(statement),
      },
      { ...recorder.context(), nowMs: this.#parts.nowMs() },
    );
    const recorded = recorder.record('device.trust', decision);
    return recorded.ok ? accept({}) : recorded;
  }

  #withdraw(device: string, reason: string): Outcome<Record<string, never>> {
    const { recorder, devices, nowMs } = this.#parts;
    const decision = decideDeviceWithdrawal(devices.find(device), reason, { ...recorder.context(), nowMs: nowMs() });
    const recorded = recorder.record('device.withdraw', decision);
    return recorded.ok ? accept({}) : recorded;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
