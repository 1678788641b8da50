/** A second desk beside the attacked one, a stick that goes between them, and somebody who may write on it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '#engine/store/hash';
import type { Approval } from '#shared/desk/approvals/approval';
import { type CarriedDecision, carriedDecisionStatement, type ForeignApproval } from '#shared/desk/approvals/carried';
import { cardFingerprint, type DeviceCard } from '#shared/desk/devices/card';
import type { SameHuman } from '#shared/desk/devices/device';
import type { Outcome } from '#shared/refusal';
import { ApprovalRoom, passwordOf } from '#tests/helpers/approval-room';

/** Who at the other desk is who here. p-guest is on the card, and nobody said who that is. */
export const SAME: SameHuman[] = [
  { theirs: 'p-zoe', ours: 'p-anna' },
  { theirs: 'p-zoe-too', ours: 'p-anna' },
  { theirs: 'p-yan', ours: 'p-bo' },
  { theirs: 'p-maker-there', ours: 'p-maker' },
  { theirs: 'p-alias-there', ours: 'p-alias' },
  { theirs: 'p-clerk-there', ours: 'p-clerk' },
];

type FileMade = { path: string };

export class TwoDesks {
  readonly home: ApprovalRoom;
  readonly away: ApprovalRoom;

  private constructor(home: ApprovalRoom, away: ApprovalRoom) {
    this.home = home;
    this.away = away;
  }

  /** Both believe each other, and the maker of the attacks sits at home again. */
  static async open(home: ApprovalRoom, same: SameHuman[] = SAME): Promise<TwoDesks> {
    const desks = TwoDesks.strangers(home);
    for (const believed of [await desks.believe(home, desks.card(desks.away), same), await desks.believe(desks.away, desks.card(home), [])])
      if (!believed.ok) throw new Error(believed.message);
    home.signIn('p-maker');
    return desks;
  }

  /** Neither knows the other. */
  static strangers(home: ApprovalRoom): TwoDesks {
    const folder = join(home.exportFolder, '..', 'away');
    mkdirSync(folder, { recursive: true });
    const away = new ApprovalRoom(folder, { clock: home.clock });
    home.beside = away;
    for (const personId of ['p-zoe', 'p-zoe-too', 'p-yan', 'p-guest', 'p-clerk-there']) away.add(personId, ['approval.decide']);
    for (const personId of ['p-maker-there', 'p-alias-there']) away.add(personId, ['approval.decide']);
    for (const personId of away.people.keys()) away.signIn(personId);
    for (const room of [home, away]) room.add('p-admin', ['people.manage', 'people.view']);
    return new TwoDesks(home, away);
  }

  card(of: ApprovalRoom): DeviceCard {
    of.signIn('p-admin');
    const made = of.devices.requests['device.card']({ deskName: of === this.home ? 'Home' : 'Away' });
    if (!('ok' in made) || !made.ok) throw new Error('no card');
    return made.value.card;
  }

  /** As after two people agreed; what the handler itself refuses stays refused. */
  async believe(room: ApprovalRoom, card: DeviceCard, people: SameHuman[], heard = cardFingerprint(card, sha256)): Promise<Outcome<unknown>> {
    room.signIn('p-admin');
    const believed = await room.devices.requests['device.trust']({ card, heard, people, reason: 'two floors of one firm' });
    if (!believed.ok) room.refusals.push(believed);
    return believed;
  }

  withdraw(): Outcome<unknown> | Promise<Outcome<unknown>> {
    this.home.signIn('p-admin');
    return this.home.devices.requests['device.withdraw']({ device: this.away.journal.device, reason: 'lost' });
  }

  /** The file that leaves, as text. */
  async carry(approval: Approval): Promise<string> {
    return textOf(await this.home.ask('approval.carry', { approvalId: approval.approvalId, device: this.away.journal.device }));
  }

  async takeIn(text: string): Promise<ForeignApproval> {
    this.away.signIn('p-zoe');
    const taken = await this.away.ask('foreign.take', { text });
    if (!taken.ok) throw new Error(taken.message);
    return (taken.value as { foreign: ForeignApproval }).foreign;
  }

  decide(
    foreign: ForeignApproval,
    personId: string,
    decision: 'approve' | 'reject' = 'approve',
    secret = passwordOf(personId),
  ): Promise<Outcome<unknown>> {
    this.away.signIn(personId);
    const { carryId, payloadHash, contextHash } = foreign;
    return this.away.ask('foreign.decide', { carryId, decision, payloadHash, contextHash, note: decision === 'reject' ? 'no' : '', secret });
  }

  /** There and decided: the file that goes back. */
  async decided(approval: Approval, personId = 'p-zoe', decision: 'approve' | 'reject' = 'approve'): Promise<string> {
    const foreign = await this.takeIn(await this.carry(approval));
    return textOf(await this.decide(foreign, personId, decision));
  }

  /** Whoever has the other desk whole, and the keys of its people, writes what they like and signs it. */
  forged(foreign: ForeignApproval, personId: string, change: Partial<CarriedDecision> = {}, stated: Partial<CarriedDecision> = {}): string {
    const { carryId, approvalId, stageId, payloadHash, contextHash } = foreign;
    const decidedAtMs = this.away.clock.nowMs();
    const body = { carryId, approvalId, stageId, decision: 'approve' as const, payloadHash, contextHash, note: '', personId, decidedAtMs };
    const statement = carriedDecisionStatement({ ...body, ...stated, device: this.away.journal.device, forDevice: this.home.journal.device });
    const signed = this.away.signing.signOnce(personId, this.away.of(personId).secret, statement);
    return this.letter({ ...body, ...signed, treeHead: { size: 1, root: '0'.repeat(64) }, ...change });
  }

  /** Any body, sealed and signed as the other desk does it. */
  letter(body: unknown): string {
    const made = this.away.letters.write('decision', this.home.journal.device, body, 'forged');
    if (!made.ok) throw new Error(made.message);
    return readFileSync(made.value.path, 'utf8');
  }

  bringBack(text: string, personId = 'p-maker'): Promise<Outcome<unknown>> {
    this.home.signIn(personId);
    return this.home.ask('approval.bringBack', { text });
  }
}

export function textOf(made: Outcome<unknown>): string {
  if (!made.ok) throw new Error(made.message);
  return readFileSync((made.value as FileMade).path, 'utf8');
}
