/** A worklist's life: made, reopened by what comes in, exported while it holds, withdrawn once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import { decideMade, decideWorklist, type WorklistCommand } from '#shared/desk/worklists/decide';
import type { WorklistBasis, WorklistContent } from '#shared/desk/worklists/events';
import { worklistEventSchema } from '#shared/desk/worklists/events';
import { evolveWorklist, type FoldedWorklist } from '#shared/desk/worklists/evolve';

const CONTEXT = { nowMs: 1_000, newId: () => 'id', actor: 'li.wei' };
const ENTRY = { actor: 'li.wei', mode: 'live', sequence: 1 } as const;
const BASIS: WorklistBasis = { tradingDay: '20260915', deposit: 0, lotsHash: 'a', fundsIn: 0, trades: 4, withdraw: 0, fundsOut: 0 };
const FIGURES = {
  balance: 1,
  positionProfit: 0,
  currMargin: 2,
  exchangeMargin: 1,
  available: -1,
  riskDegree: 2,
  exchangeRiskDegree: 1,
  marginCall: 1,
  level: 'force' as const,
  reason: null,
};
const CONTENT: WorklistContent = {
  worklistId: '0199b5a8-0000-7000-8000-000000000001',
  accountID: 'A1',
  accountName: 'One',
  rules: {
    standard: 'broker',
    targetDegree: 1,
    order: 'longFirst',
    hedge: 'last',
    dates: 'todayFirst',
    skipLocked: true,
    price: 'latest',
    offsetTicks: 0,
  },
  feePerLot: 0,
  marketAsOfMs: 1,
  accountAsOfMs: 1,
  inputsHash: 'h',
  isEnough: true,
  lines: [],
  skipped: [],
  before: FIGURES,
  after: FIGURES,
  basis: BASIS,
};

function made(over: Partial<WorklistContent> = {}): FoldedWorklist {
  const events = decideMade({ ...CONTENT, ...over }, 'call not met', null, CONTEXT);
  if (isRefusal(events) || events[0] === undefined) throw new Error('a list can be made');
  const { subject: _, ...event } = events[0];
  const list = evolveWorklist(null, worklistEventSchema.parse(event), ENTRY);
  if (list === null) throw new Error('a made list folds');
  return list;
}

function run(list: FoldedWorklist, command: WorklistCommand, nowMs = CONTEXT.nowMs): FoldedWorklist | string {
  const decision = decideWorklist(list, command, { ...CONTEXT, nowMs });
  if (isRefusal(decision)) return decision.code;
  return decision.reduce<FoldedWorklist>(
    (state, { subject: _, ...event }) => evolveWorklist(state, worklistEventSchema.parse(event), ENTRY) ?? state,
    list,
  );
}

describe('a worklist', () => {
  it('is reopened when what resting orders freeze of its own sides changes, and not by other orders of the account', () => {
    const side = { exchangeID: 'SHFE', instrumentID: 'ag2702', direction: 'long' as const, tradeID: 'T1', volume: 2 };
    const frozen = 'SHFE.ag2702 long speculation any 2';
    const waiting = made({ skipped: [{ ...side, why: 'frozen', orders: ['81'] }], basis: { ...BASIS, frozen } });
    const review = (list: FoldedWorklist, now: string) => run(list, { type: 'review', basis: { ...BASIS, frozen: now } });
    expect(review(waiting, '')).toMatchObject({ state: 'reopened', reopened: { cause: 'order', detail: 'frozen lots differ' } });
    expect(review(waiting, `SHFE.au2612 long speculation any 1; ${frozen}`)).toMatchObject({ state: 'made' });
    expect(review(waiting, `SHFE.ag2702 short speculation any 1; ${frozen}`)).toMatchObject({ state: 'made' });
    // A list of before it was looked at tells no change.
    expect(review(made({ skipped: [{ ...side, why: 'frozen' }] }), frozen)).toMatchObject({ state: 'made' });
  });

  it.each([
    ['deposit', { ...BASIS, deposit: 50_000 }],
    ['deposit', { ...BASIS, fundsIn: 1 }],
    ['withdrawal', { ...BASIS, withdraw: 20_000 }],
    ['withdrawal', { ...BASIS, fundsOut: 1 }],
    ['fill', { ...BASIS, trades: 5, lotsHash: 'b' }],
    ['position', { ...BASIS, lotsHash: 'b' }],
    ['position', { ...BASIS, tradingDay: '20260916' }],
  ] as const)('is reopened by a %s that came after it', (cause, basis) => {
    const list = run(made(), { type: 'review', basis });
    expect(list).toMatchObject({ state: 'reopened', reopened: { cause } });
    if (typeof list !== 'string') expect(run(list, { type: 'exported', file: 'f', sha256: 's' })).toBe('CONFLICT');
  });

  it('holds while nothing changed, and while what is not told may not have', () => {
    expect(run(made(), { type: 'review', basis: BASIS })).toMatchObject({ state: 'made' });
    expect(run(made(), { type: 'review', basis: { ...BASIS, deposit: null, withdraw: null } })).toMatchObject({ state: 'made' });
    // A list of before withdrawals were written down does not know whether there was one.
    const { withdraw: _, fundsOut: __, ...older } = BASIS;
    expect(run(made({ basis: older }), { type: 'review', basis: { ...BASIS, withdraw: 5, fundsOut: 1 } })).toMatchObject({ state: 'made' });
  });

  it('holds until its time and not a moment longer, exported or not; without a time until its day is over', () => {
    const list = made({ expiresAtMs: 61_000 });
    expect(run(list, { type: 'expire' }, 60_999)).toMatchObject({ state: 'made' });
    expect(run(list, { type: 'exported', file: 'f', sha256: 's' }, 60_999)).toMatchObject({ state: 'exported' });
    // Refused from its very end on, whether or not the engine has looked yet.
    expect(run(list, { type: 'exported', file: 'f', sha256: 's' }, 61_000)).toBe('CONFLICT');
    const over = run(list, { type: 'expire' }, 61_000);
    expect(over).toMatchObject({ state: 'reopened', reopened: { cause: 'expired' } });
    if (typeof over !== 'string') expect(run(over, { type: 'expire' }, 99_000)).toEqual(over);
    for (const without of [made(), made({ expiresAtMs: null })]) expect(run(without, { type: 'expire' }, 1e12)).toMatchObject({ state: 'made' });
  });

  it('is reopened even after it was exported, so that nobody acts on the paper', () => {
    const exported = run(made(), { type: 'exported', file: 'f.csv', sha256: 's' });
    if (typeof exported === 'string') throw new Error(exported);
    expect(exported).toMatchObject({ state: 'exported', exported: { by: 'li.wei' } });
    expect(run(exported, { type: 'review', basis: { ...BASIS, deposit: 1 } })).toMatchObject({ state: 'reopened' });
  });

  it('is withdrawn once and then stays as it is, whatever comes', () => {
    const withdrawn = run(made(), { type: 'withdraw', reason: 'paid' });
    if (typeof withdrawn === 'string') throw new Error(withdrawn);
    expect(run(withdrawn, { type: 'withdraw', reason: 'again' })).toBe('CONFLICT');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.string(), (trades, lotsHash) => {
        expect(run(withdrawn, { type: 'review', basis: { ...BASIS, trades, lotsHash } })).toMatchObject({ state: 'withdrawn' });
      }),
    );
  });
});
