/** What a payload names is held to a reach: accounts, departments and groups, singly and in lists, and alerts by what they are about. */
import { describe, expect, it } from 'vitest';
import { type ReachWorld, refuseOutOfReach } from '#engine/desk/bus/reach-guard';

const REACH = { departments: ['D1'], controlGroups: ['G1'] };
const world: ReachWorld = {
  isAccountWithin: (accountID) => accountID.startsWith('1'),
  isDepartmentWithin: (departmentID) => departmentID === 'D1',
  isGroupWithin: (controlGroupID) => controlGroupID === 'G1',
  isAlertWithin: (alertId) => alertId === 'mine',
  accountOfWorklist: () => '2001',
  accountOfStatement: () => null,
};

describe('a payload', () => {
  it.each([
    { accountIDs: ['1001', '1002'] },
    { scope: { departmentIDs: ['D1'], controlGroupIDs: ['G1'] } },
    { alertIds: ['mine'] },
    { statementId: 's1' },
    {},
  ])('that names only what is in reach passes: %j', (payload) => {
    expect(refuseOutOfReach(payload, REACH, world, false)).toBeNull();
  });

  it.each([
    { accountIDs: ['1001', '2001'] },
    { departmentID: 'D2' },
    { scope: { departmentIDs: ['D1', 'D2'] } },
    { scope: { controlGroupIDs: ['G2'] } },
    { alertIds: ['mine', 'of another department'] },
    { worklistId: 'w1' },
  ])('that names anything beyond it is refused: %j', (payload) => {
    expect(refuseOutOfReach(payload, REACH, world, false)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('that has to name something and names nothing asks for the whole firm', () => {
    expect(refuseOutOfReach({ scope: {} }, REACH, world, true)).toMatchObject({ code: 'FORBIDDEN' });
  });
});
