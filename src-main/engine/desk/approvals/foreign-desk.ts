/** Other desks' approvals at this one: takes the file in, shows what it asks for, and sends back what somebody here decided by their own secret. */
import { actAs, actingNow } from '#engine/desk/bus/acting';
import type { KnownDevices } from '#engine/desk/devices/known-devices';
import type { FileMade, Letters } from '#engine/desk/devices/letters';
import type { Recorder } from '#engine/desk/record';
import type { SigningKeys } from '#engine/journal/signing/signing-keys';
import { sha256 } from '#engine/store/hash';
import type { ForeignPicture } from '#shared/contract/approvals';
import type { RequestAnswer, RequestPayload } from '#shared/contract/requests';
import {
  type CarriedDecision,
  carriedDecisionStatement,
  carriedRequestSchema,
  decideForeignTaken,
  evolveForeign,
  type ForeignApproval,
  type ForeignDecision,
  foreignEventSchema,
  foreignSubject,
  refuseForeign,
} from '#shared/desk/approvals/carried';
import type { FunctionName } from '#shared/desk/people/functions';
import { canonicalJson } from '#shared/journal/canonical';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type ForeignDeskParts = {
  recorder: Recorder;
  devices: KnownDevices;
  letters: Letters;
  signing: Pick<SigningKeys, 'signOnce'>;
  people: {
    mayNow(personId: string, needed: FunctionName): boolean;
    humanOf(personId: string): string;
    /** By the secret of the person who is signed in: what opens their key, for one signature. */
    proveAgain(secret: string): Promise<Outcome<{ personId: string; key: Uint8Array }>>;
  };
  /** Never runs backwards. */
  nowMs: () => number;
};

const SHOWN = 100;
const FOREIGN_KIND = 'foreign';

export class ForeignDesk {
  readonly #parts: ForeignDeskParts;
  readonly requests: {
    'foreign.take': (payload: RequestPayload<'foreign.take'>) => Outcome<RequestAnswer<'foreign.take'>>;
    'foreign.decide': (payload: RequestPayload<'foreign.decide'>) => Promise<Outcome<FileMade>>;
    'foreign.write': (payload: RequestPayload<'foreign.write'>) => Outcome<FileMade>;
  };

  constructor(parts: ForeignDeskParts) {
    this.#parts = parts;
    this.requests = {
      'foreign.take': ({ text }) => this.#take(text),
      'foreign.decide': (payload) => this.#decide(payload),
      'foreign.write': ({ carryId }) => this.#writeAgain(carryId),
    };
  }

  picture(): ForeignPicture {
    const rows = this.#parts.recorder.journal.tables.documents.newest(FOREIGN_KIND, SHOWN);
    return { foreign: rows.map(({ body }) => body as ForeignApproval) };
  }

  #take(text: string): Outcome<RequestAnswer<'foreign.take'>> {
    const { recorder, letters, nowMs } = this.#parts;
    const request = 'foreign.take';
    const opened = letters.open('pendingApproval', text, carriedRequestSchema);
    if (!opened.ok) return recorder.refused(request, opened);
    const { body, from } = opened.value;
    const carried = { ...body, payload: body.payload ?? null, before: body.before ?? null };
    if (hashOf(carried.payload) !== carried.payloadHash)
      return recorder.refused(request, refuse('INVALID', 'payloadHash: is not of this payload', 'payloadHash'));
    if (hashOf(carried.before) !== carried.contextHash)
      return recorder.refused(request, refuse('INVALID', 'contextHash: is not of what it would change', 'contextHash'));
    const { device, deskName } = from;
    const decision = decideForeignTaken(carried, { device, deskName }, this.#find(body.carryId), { ...recorder.context(), nowMs: nowMs() });
    const recorded = recorder.record(request, decision);
    if (!recorded.ok) return recorded;
    const foreign = this.#find(body.carryId);
    return foreign === null ? refuse('FAILED', 'the entry cannot be read back') : accept({ foreign });
  }

  async #decide(order: RequestPayload<'foreign.decide'>): Promise<Outcome<FileMade>> {
    const { recorder, signing, people, nowMs } = this.#parts;
    const request = 'foreign.decide';
    const who = actingNow();
    if (who === undefined || this.#find(order.carryId) === null) return this.#unknown(request);
    // Asked before the secret: whoever may not decide need not type it twice.
    const early = this.#refuse(order, who.actor);
    if (early !== null) return recorder.refused(request, early);
    const proven = await people.proveAgain(order.secret);
    if (!proven.ok) return proven;
    const { personId, key } = proven.value;
    try {
      if (personId !== who.actor) return recorder.refused(request, refuse('CONFLICT', 'another person has signed in'));
      // While the secret was being checked somebody else may have decided, or time may have run out.
      const refusal = this.#refuse(order, personId);
      const foreign = this.#find(order.carryId);
      if (refusal !== null || foreign === null) return recorder.refused(request, refusal ?? refuse('UNKNOWN', 'carryId'));
      const { carryId, decision, payloadHash, contextHash, note } = order;
      const { approvalId, stageId } = foreign;
      const decidedAtMs = nowMs();
      const stated = { carryId, approvalId, stageId, decision, payloadHash, contextHash, note, personId, decidedAtMs };
      const statement = carriedDecisionStatement({ ...stated, device: recorder.journal.device, forDevice: foreign.device });
      const signed = signing.signOnce(personId, key, statement);
      const payload: ForeignDecision = { ...stated, ...signed, human: people.humanOf(personId), atMs: decidedAtMs };
      const event = { type: 'foreign.decided', subject: foreignSubject(carryId), payload };
      const recorded = actAs(who, () => recorder.record(request, [event]));
      return recorded.ok ? this.#write(foreign, payload) : recorded;
    } finally {
      key.fill(0);
    }
  }

  #refuse(order: RequestPayload<'foreign.decide'>, personId: string): ReturnType<typeof refuse> | null {
    const { devices, people, nowMs } = this.#parts;
    const foreign = this.#find(order.carryId);
    if (foreign === null) return refuse('UNKNOWN', 'carryId: no such file was taken in here', 'carryId');
    const maker = devices.find(foreign.device)?.people.find((each) => each.personId === foreign.maker.personId)?.ours ?? null;
    const checker = {
      ...{ personId, human: people.humanOf(personId), makerHuman: maker === null ? null : people.humanOf(maker) },
      may: (needed: string) => people.mayNow(personId, needed as FunctionName),
    };
    return refuseForeign(foreign, checker, order, nowMs());
  }

  #writeAgain(carryId: string): Outcome<FileMade> {
    const foreign = this.#find(carryId);
    const decision = foreign?.decisions.find(({ personId }) => personId === actingNow()?.actor);
    if (foreign === null || decision === undefined) return this.#unknown('foreign.write');
    return this.#write(foreign, decision);
  }

  #write(foreign: ForeignApproval, { human: _human, atMs: _atMs, ...decision }: ForeignDecision): Outcome<FileMade> {
    const { recorder, letters } = this.#parts;
    const { size, root } = recorder.journal.treeHead();
    const body: CarriedDecision = { ...decision, treeHead: { size, root } };
    const made = letters.write('decision', foreign.device, body, `decision-${foreign.approvalId.slice(-12)}`);
    return made.ok ? made : recorder.refused('foreign.write', made);
  }

  /** From intact entries alone: what somebody puts their name to must not rest on a table that can be edited. */
  #find(carryId: string): ForeignApproval | null {
    const { journal } = this.#parts.recorder;
    let foreign: ForeignApproval | null = null;
    for (const entry of journal.entriesOf(foreignSubject(carryId))) {
      if (!journal.isIntact(entry.sequence)) return null;
      const event = foreignEventSchema.safeParse({ type: entry.type, payload: JSON.parse(entry.payload) });
      if (event.success) foreign = evolveForeign(foreign, event.data, entry);
    }
    return foreign;
  }

  #unknown(request: string): Outcome<never> {
    return this.#parts.recorder.refused(request, refuse('UNKNOWN', 'carryId: no such file was taken in here', 'carryId'));
  }
}

function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}
