import { expect, it } from 'vitest';
import type { CommandToApprove } from '#engine/desk/approvals/approvals-interface';
import { CommandBus } from '#engine/desk/bus/command-bus';
import { RefusalRecord } from '#engine/desk/bus/refusal-record';
import type { RequestHandlers } from '#engine/desk/handlers';
import type { Permissions } from '#shared/desk/people/permissions';
import { accept, refuse } from '#shared/refusal';
import { WHOLE_FIRM } from '#tests/helpers/whole-firm';
import { EVERYTHING, listeningRecorder } from '#tests/unit/desk/bus/open-bus';

const department = { departments: ['D1'], controlGroups: [] };

/** A desk whose tables have as many rows as the test says; answers what was held back and what was carried out. */
function desk(rows: number, permissions: Permissions = EVERYTHING.permissions) {
  const heldBack: CommandToApprove[] = [];
  const counted: unknown[] = [];
  const carriedOut: unknown[] = [];
  const caller = { ...EVERYTHING, permissions };
  const bus = new CommandBus({
    handlers: () => ({ 'export.table': (payload: unknown) => accept(void carriedOut.push(payload)) }) as unknown as RequestHandlers,
    people: {
      atDesk: () => caller,
      local: () => caller,
      permissionsOf: () => permissions,
      isApprovalWaived: () => false,
      humanOf: (personId) => personId,
    },
    approvals: () => ({
      intercept: (command) => {
        heldBack.push(command);
        return refuse('NEEDS_APPROVAL', 'waits');
      },
    }),
    counted: (name, payload) => {
      counted.push(payload);
      return name === 'export.table' && rows >= 20_000 ? 'largeExport' : null;
    },
    reach: WHOLE_FIRM,
    refusals: new RefusalRecord(listeningRecorder([]), () => 0),
    onFault: () => undefined,
  });
  return { bus, heldBack, counted, carriedOut };
}

const ORDER = { table: 'accounts', format: 'csv' };

it('holds back what the engine counts as large, and lets the rest through', async () => {
  const small = desk(19_999);
  expect(await small.bus.fromPage('export.table', ORDER)).toMatchObject({ ok: true });
  expect(small.heldBack).toEqual([]);
  const large = desk(20_000);
  expect(await large.bus.fromPage('export.table', ORDER)).toMatchObject({ ok: false, code: 'NEEDS_APPROVAL' });
  expect(large.heldBack).toMatchObject([{ request: 'export.table', policyId: 'largeExport', personId: EVERYTHING.acting.actor }]);
  expect(large.carriedOut).toEqual([]);
});

it('counts what this person would get, and lets no program on the machine take what needs an approval', async () => {
  const narrow: Permissions = new Map([
    ['export.make', department],
    ['account.view', department],
  ]);
  const part = desk(20_000, narrow);
  await part.bus.fromPage('export.table', ORDER);
  expect(part.counted).toMatchObject([{ scope: { within: department } }]);
  const local = desk(20_000);
  expect(await local.bus.fromLocal('export.table', ORDER)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
  expect(local.carriedOut).toEqual([]);
});

it('carries out after the approval what it held back before', async () => {
  const { bus, carriedOut } = desk(20_000);
  const command = {
    approvalId: 'a',
    request: 'export.table' as const,
    payload: ORDER,
    makerId: 'p-tester',
    makerSessionId: 's',
    approvedBy: ['p-b'],
  };
  expect(await bus.approvalWorld.execute(command)).toMatchObject({ ok: true });
  expect(carriedOut).toHaveLength(1);
});
