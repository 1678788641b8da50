/** What a payload names is held to a reach: accounts, departments and groups, singly and in lists, and alerts by what they are about. */
import { describe, expect, it } from 'vitest';
import { type ReachWorld, refuseOutOfReach } from '#engine/desk/bus/reach-guard';
import { refuseSecondPerson } from '#engine/desk/second-person';

const REACH = { departments: ['D1'], controlGroups: ['G1'] };
const world: ReachWorld = {
  isAccountWithin: (accountID) => accountID.startsWith('1'),
  isDepartmentWithin: (departmentID) => departmentID === 'D1',
  isGroupWithin: (controlGroupID) => controlGroupID === 'G1',
  isAlertWithin: (alertId) => alertId === 'mine',
  isRunWithin: (runId) => runId === 'run of mine',
  isIncidentWithin: (incidentId) => incidentId === 'incident of mine',
  accountOfWorklist: () => '2001',
  accountOfStatement: () => null,
  accountsOfScenario: (scenarioId) => (scenarioId === 'theirs' ? ['1001', '2001'] : ['1001']),
};

describe('a payload', () => {
  it.each([
    { accountIDs: ['1001', '1002'] },
    { scope: { departmentIDs: ['D1'], controlGroupIDs: ['G1'] } },
    { alertIds: ['mine'] },
    { statementId: 's1' },
    { scenarioId: 'mine', scenario: { cash: [{ accountID: '1001', amount: 1 }], closes: [] } },
    { runId: 'run of mine', of: { kind: 'incident', id: 'incident of mine' } },
    { incidentId: 'incident of mine', act: { type: 'link', kind: 'alert', id: 'mine' } },
    { incidentId: 'incident of mine', act: { type: 'merge', into: 'incident of mine' } },
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
    { scenarioId: 'theirs' },
    {
      scenario: {
        name: 'holiday',
        cash: [
          { accountID: '1001', amount: 1 },
          { accountID: '2001', amount: 1 },
        ],
      },
    },
    { accountID: '1001', draft: { closes: [{ accountID: '2001', volume: 1 }] } },
    { runId: 'run that answers an alert of another department' },
    { of: { kind: 'duty', id: 'incident about several departments' } },
    { of: { kind: 'incident', id: 'incident about several departments' } },
    { incidentId: 'incident of mine', act: { type: 'link', kind: 'alert', id: 'of another department' } },
    { incidentId: 'incident of mine', act: { type: 'link', kind: 'run', id: 'run that answers an alert of another department' } },
    { incidentId: 'incident of mine', act: { type: 'merge', into: 'incident about several departments' } },
  ])('that names anything beyond it is refused: %j', (payload) => {
    expect(refuseOutOfReach(payload, REACH, world, false)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('that has to name something and names nothing asks for the whole firm', () => {
    expect(refuseOutOfReach({ scope: {} }, REACH, world, true)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a second person', () => {
  const holding = new Map([['alert.handle', REACH]] as const);
  const confirms = (alertId: string) => refuseSecondPerson('alert.close', holding, { payload: { alertId, note: 'paid' }, world });
  it('answers for the accounts that the command is about, and not only for what it does', () => {
    expect(confirms('mine')).toBeNull();
    expect(confirms('of another department')).toMatchObject({ code: 'FORBIDDEN', field: 'login' });
    expect(refuseSecondPerson('alert.close', new Map([['alert.handle', 'firm']] as const), { payload: { alertId: 'of anybody' }, world })).toBeNull();
  });
});
