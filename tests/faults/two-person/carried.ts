import { sha256 } from '#engine/store/hash';
import { canonicalJson } from '#shared/journal/canonical';
import { type Attack, as, EDITED, HOUR_MS, moreThanOnce, STAGES, TWO } from '#tests/faults/two-person/attack';
import { TwoDesks } from '#tests/faults/two-person/two-desks';

/** A stick whose bytes somebody changes. */
export function changed(text: string, change: Record<string, unknown>): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), ...change });
}

function flipped(text: string, field: 'sealed' | 'ephemeralKey'): string {
  const value = (JSON.parse(text) as Record<string, string>)[field] ?? '';
  const at = Math.floor(value.length / 2);
  return changed(text, { [field]: value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1) });
}

export const CARRIED: Attack[] = [
  {
    name: 'changes the sealed bytes of a decision file',
    refusedFor: /signed: the file was changed/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(flipped(await desks.decided(await room.asked()), 'sealed'));
    },
  },
  {
    name: 'changes the key of a decision file',
    refusedFor: /signed: the file was changed/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(flipped(await desks.decided(await room.asked()), 'ephemeralKey'));
    },
  },
  {
    name: 'cuts a decision file off at every tenth',
    refusedFor: /value|text|expected/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      for (let part = 1; part < 10; part += 1) await desks.bringBack(text.slice(0, Math.floor((text.length * part) / 10)));
    },
  },
  {
    name: 'turns a rejection into an agreement in the file',
    refusedFor: /signature: is bad/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { decision: 'approve' }, { decision: 'reject' }));
    },
  },
  {
    name: 'brings an agreement to another payload',
    refusedFor: /this is not what was asked for/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const payloadHash = sha256(canonicalJson(EDITED));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { payloadHash }, { payloadHash }));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', {}, { payloadHash }));
    },
  },
  {
    name: 'edits the payload in the file that leaves, so that the checker agrees to something else',
    refusedFor: /signed: the file was changed/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const text = await desks.carry(approval);
      desks.away.signIn('p-zoe');
      await desks.away.ask('foreign.take', { text: flipped(text, 'sealed') });
      const foreign = await desks.takeIn(text);
      await desks.bringBack(desks.forged({ ...foreign, payload: EDITED, payloadHash: sha256(canonicalJson(EDITED)) }, 'p-zoe'));
    },
  },
  {
    name: 'moves the ground between the file’s leaving and its coming back',
    refusedFor: /the approval is void/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.context = { holds: ['administrator'] };
      await desks.bringBack(text);
    },
  },
  {
    name: 'brings a decision about another approval',
    refusedFor: /carryId: no such file/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked(EDITED)));
      room.signIn('p-maker');
      const { approvalId, payloadHash, contextHash } = await room.asked();
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { approvalId, payloadHash, contextHash }));
      await desks.bringBack(desks.forged({ ...foreign, approvalId, payloadHash, contextHash }, 'p-zoe'));
    },
  },
  {
    name: 'brings a decision about a file that never left',
    refusedFor: /carryId: no such file/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const carryId = '01996b1c-0000-7000-8000-0000000000aa';
      await desks.bringBack(desks.forged({ ...foreign, carryId }, 'p-zoe'));
    },
  },
  {
    name: 'brings one decision twice where two are needed',
    refusedFor: /this decision has been brought back/,
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      await desks.bringBack(text);
      await desks.bringBack(text);
      await desks.bringBack(text, 'p-bo');
    },
  },
  {
    name: 'brings one decision again after it was carried out',
    refusedFor: /this decision has been brought back/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      await desks.bringBack(text);
      await desks.bringBack(text);
    },
    succeeded: moreThanOnce,
  },
  {
    name: 'has one human decide under two records of the other desk',
    refusedFor: /has agreed already/,
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      for (const personId of ['p-zoe', 'p-zoe-too']) await desks.bringBack(desks.forged(foreign, personId));
    },
  },
  {
    name: 'has one human decide at both desks',
    refusedFor: /has agreed already/,
    policies: TWO,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const text = await desks.decided(approval);
      await as(room, 'p-anna', () => room.approve(approval));
      await desks.bringBack(text);
    },
  },
  {
    name: 'has the maker decide at the other desk',
    refusedFor: /whoever asked for it cannot decide/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-maker-there'));
    },
  },
  {
    name: 'has the maker’s second record decide at the other desk',
    refusedFor: /whoever asked for it cannot decide/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-alias-there'));
    },
  },
  {
    name: 'has whoever wrote the draft decide at the other desk',
    refusedFor: /worked on it and cannot check/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      room.workedOn = ['p-anna'];
      await desks.bringBack(await desks.decided(await room.asked()));
    },
  },
  {
    name: 'has somebody decide whom nobody knows at home',
    refusedFor: /personId: nobody said who that is/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(await desks.decided(await room.asked(), 'p-guest'));
    },
  },
  {
    name: 'has somebody decide who came to the other desk after its card was given',
    refusedFor: /personId: is not on that desk/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      desks.away.add('p-new', ['approval.decide']);
      desks.away.signIn('p-new');
      await desks.bringBack(await desks.decided(await room.asked(), 'p-new'));
    },
  },
  {
    name: 'has somebody decide who may not check at home',
    refusedFor: /is not among this person/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      await desks.bringBack(await desks.decided(await room.asked(), 'p-clerk-there'));
    },
  },
  {
    name: 'has somebody decide who has lost the function at home meanwhile',
    refusedFor: /is not among this person/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.of('p-anna').functions.clear();
      await desks.bringBack(text);
    },
  },
  {
    name: 'has somebody decide who may not check at the other desk',
    refusedFor: /needs the function approval\.decide/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      desks.away.of('p-zoe').functions.clear();
      const decided = await desks.decide(foreign, 'p-zoe');
      if (decided.ok) throw new Error('the other desk let them decide');
    },
  },
  {
    name: 'decides at the other desk without the checker’s secret',
    refusedFor: /the secret is wrong/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      const decided = await desks.decide(foreign, 'p-zoe', 'approve', 'guessed');
      if (decided.ok) throw new Error('the other desk took a wrong secret');
    },
  },
  {
    name: 'signs for the checker with the key of somebody else at the other desk',
    refusedFor: /signature: is unknownKey/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      await desks.bringBack(desks.forged(foreign, 'p-guest', { personId: 'p-zoe' }, { personId: 'p-zoe' }));
    },
  },
  {
    name: 'agrees in one stage and brings it for another',
    refusedFor: /is not the stage that waits/,
    policies: STAGES,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      for (const personId of ['p-anna', 'p-bo']) room.of(personId).functions.add('audit.view');
      const approval = await room.asked();
      const foreign = await desks.takeIn(await desks.carry(approval));
      await as(room, 'p-bo', () => room.approve(approval));
      await desks.bringBack(desks.forged(foreign, 'p-zoe'));
      await desks.bringBack(desks.forged(foreign, 'p-zoe', { stageId: 'oversight' }, { stageId: 'oversight' }));
    },
  },
  {
    name: 'brings the file after the request has expired',
    refusedFor: /the approval is expired/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.clock.pass(73 * HOUR_MS);
      await desks.bringBack(text);
    },
  },
  {
    name: 'brings the file after the request has expired, with the clock put back',
    refusedFor: /the approval is expired/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const text = await desks.decided(await room.asked());
      room.clock.pass(73 * HOUR_MS);
      room.approvals.tick();
      room.clock.ms -= 73 * HOUR_MS;
      await desks.bringBack(text);
    },
  },
  {
    name: 'decides before the file left, and after now',
    refusedFor: /decidedAtMs: was decided at a time that has not come/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const foreign = await desks.takeIn(await desks.carry(await room.asked()));
      for (const off of [-HOUR_MS, HOUR_MS]) {
        const decidedAtMs = room.clock.nowMs() + off;
        await desks.bringBack(desks.forged(foreign, 'p-zoe', { decidedAtMs }, { decidedAtMs }));
      }
    },
  },
  {
    name: 'brings the file after the request was withdrawn',
    refusedFor: /the approval is withdrawn/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const text = await desks.decided(approval);
      await as(room, 'p-maker', () => room.ask('approval.withdraw', { approvalId: approval.approvalId, reason: 'no longer' }));
      await desks.bringBack(text);
    },
  },
  {
    name: 'brings an agreement after a rejection from the other desk',
    refusedFor: /the approval is rejected/,
    run: async (room) => {
      const desks = await TwoDesks.open(room);
      const approval = await room.asked();
      const foreign = await desks.takeIn(await desks.carry(approval));
      await desks.bringBack(desks.forged(foreign, 'p-yan', { decision: 'reject', note: 'no' }, { decision: 'reject', note: 'no' }));
      await desks.bringBack(desks.forged(foreign, 'p-zoe'));
    },
  },
];
