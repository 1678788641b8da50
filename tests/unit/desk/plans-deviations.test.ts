/** What is not done as written: a hold yields only to its two people, every deviation has its code and its names, and all of it stands on the run and on its paper. */
import { describe, expect, it } from 'vitest';
import { paperWords } from '#engine/reports/paper/paper-texts';
import { isRefusal } from '#shared/desk/decision';
import { planDocument } from '#shared/desk/paper/plan-document';
import type { RunCommand } from '#shared/desk/plans/commands';
import { bundledPlans, confirmed, planOf, Replica } from '#tests/helpers/plan-run';

const HOLD = 8;
const PEOPLE: Record<string, string> = { 'p-a': 'Lin Lan', 'p-b': 'Chen Mo', 'p-c': 'Zhou Heng' };

function atTheHold(): Replica {
  const desk = new Replica().start(planOf('EP-03'));
  const sign = (no: number, more: object = {}): void => {
    expect(isRefusal(desk.do({ type: 'completeStep', no, ...more }))).toBe(false);
  };
  sign(1);
  sign(2, { route: 'drainSlowed' });
  for (const no of [3, 4]) {
    sign(no);
    sign(no, { confirmed: confirmed('p-b') });
  }
  expect(desk.step(HOLD).state).toBe('ready');
  return desk;
}

const give = (desk: Replica, role: string, person: string): void => {
  expect(isRefusal(desk.do({ type: 'assignRole', role, person, knownRoles: Object.keys(bundledPlans.library.roles) }))).toBe(false);
};

const override = (second: string, more: Partial<Extract<RunCommand, { type: 'overrideHold' }>> = {}): RunCommand => ({
  ...{ type: 'overrideHold', no: HOLD, reason: 'the exchange asked us to go on', confirmed: confirmed(second) },
  ...more,
});

describe('a hold', () => {
  it('is overridden by the commander and the executive of this run together, and by nobody else', () => {
    const desk = atTheHold();
    const refused = (command: RunCommand, actor = 'p-a'): unknown => {
      const decision = desk.do(command, actor);
      return isRefusal(decision) ? `${decision.code} ${decision.field ?? ''}` : 'done';
    };
    expect(refused(override('p-b'))).toBe('FORBIDDEN confirmationId');
    give(desk, 'IC', 'p-a');
    expect(refused(override('p-b'))).toBe('FORBIDDEN confirmationId');
    give(desk, 'EXE', 'p-b');
    for (const [actor, second] of [
      ['p-a', 'p-c'],
      ['p-c', 'p-b'],
      ['p-a', 'p-a'],
      ['p-b', 'p-b'],
    ] as const)
      expect(refused(override(second), actor)).toBe('FORBIDDEN confirmationId');
    expect(refused(override('p-b', { no: 5 }))).toBe('INVALID no');
    expect(refused(override('p-b', { deviation: 'toldByAuthority', detail: ' ' }))).toBe('INVALID detail');
    expect(desk.step(HOLD).state).toBe('ready');
    // Either of the two may ask.
    expect(refused(override('p-a', { deviation: 'unsafe' }), 'p-b')).toBe('done');
    expect(desk.step(HOLD)).toMatchObject({ state: 'overridden', deviation: { code: 'unsafe', detail: null } });
    expect(desk.step(9).state).toBe('ready');
  });
});

describe('a deviation', () => {
  it.each(['zh-CN', 'en'] as const)('stands on the paper of the run with its code, its reason and both names (%s)', (language) => {
    const desk = atTheHold();
    give(desk, 'IC', 'p-a');
    give(desk, 'EXE', 'p-b');
    desk.do(override('p-b', { deviation: 'toldByAuthority', detail: 'the exchange, Mr Wei' }));
    desk.do({ type: 'skipStep', no: 6, reason: 'no client is touched', deviation: 'notRelevant' });
    expect(desk.step(HOLD).state).toBe('overridden');
    expect(desk.step(6).state).toBe('skipped');
    const words = paperWords({ language, timeZone: 'Asia/Shanghai', person: (id) => PEOPLE[id] ?? id, entityName: () => '' });
    const text = JSON.stringify(
      planDocument({ run: desk.run }, bundledPlans.library.roles, words, { fingerprint: '7:0123456789ab', printedAtMs: 0 }).blocks,
    );
    for (const said of ['the exchange, Mr Wei', 'the exchange asked us to go on', 'no client is touched', 'Chen Mo']) expect(text).toContain(said);
    for (const key of ['plans:deviation.toldByAuthority', 'plans:deviation.notRelevant', 'plans:stepState.overridden'])
      expect(text).toContain(words.word(key));
    expect(text).not.toMatch(/toldByAuthority|notRelevant/);
  });
});
