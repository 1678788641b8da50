/** What an alert left under a step comes back in words, on the screen and on paper, and a text of a person never becomes figures. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paperWords } from '#engine/reports/paper/paper-texts';
import { planDocument } from '#shared/desk/paper/plan-document';
import { ALERT_EVIDENCE_LABEL, alertEvidenceOf, alertEvidenceText } from '#shared/desk/plans/alert-evidence';
import { bundledPlans, planOf, Replica } from '#tests/helpers/plan-run';

const AT_MS = Date.UTC(2026, 10, 20, 1, 31, 2);
const reason = (metric: string, value: number | null, enterThreshold: number | null) => ({
  ...{
    metric,
    value,
    enterThreshold,
    exitThreshold: null,
    ruleId: 'account-risk-level',
    ruleVersion: 3,
    observedAtMs: AT_MS,
    params: { currencyID: 'CNY' },
  },
});

describe('an alert as evidence', () => {
  it('comes back as it was written, with what is not known still unknown', () => {
    const figure = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null });
    fc.assert(
      fc.property(figure, figure, fc.string({ minLength: 1, maxLength: 20 }), (value, threshold, id) => {
        const text = alertEvidenceText({
          kind: 'riskLevel',
          entity: `account:${id}`,
          reason: reason('riskDegree', value, threshold),
        } as never);
        expect(alertEvidenceOf(text)).toEqual({
          ...{ kind: 'riskLevel', entity: `account:${id}`, metric: 'riskDegree', ruleId: 'account-risk-level', ruleVersion: '3' },
          // Written as people write figures: minus zero is zero.
          ...{ value: value === 0 ? 0 : value, threshold: threshold === 0 ? 0 : threshold, observedAtMs: AT_MS, currencyID: 'CNY' },
        });
      }),
    );
  });

  it.each(['', 'au2702 last good tick 09:31', 'riskLevel account:A1; a = b (c); d v1; never'])('is not what somebody typed: %s', (text) => {
    expect(alertEvidenceOf(text)).toBeNull();
  });

  it.each([
    ['zh-CN', '92 %'],
    ['en', '92 %'],
  ] as const)('stands on paper in %s in words, without the names of the program', (language, figure) => {
    const { run } = new Replica().start(planOf('EP-02'));
    const text = alertEvidenceText({ kind: 'riskLevel', entity: 'account:A0001', reason: reason('riskDegree', 0.92, 0.9) } as never);
    const [first] = run.steps;
    if (first === undefined) throw new Error('a plan has steps');
    first.evidence = [{ atMs: AT_MS, by: 'p-duty', item: { kind: 'typed', label: ALERT_EVIDENCE_LABEL, text } }];
    const words = paperWords({ language, timeZone: 'Asia/Shanghai', person: (id) => id, entityName: () => '' });
    const paper = JSON.stringify(planDocument({ run }, bundledPlans.library.roles, words, { fingerprint: '1:abcdefabcdef', printedAtMs: AT_MS }));
    expect(paper).toContain(figure);
    expect(paper).toContain('A0001');
    expect(paper).not.toMatch(/riskDegree|riskLevel|account:A0001|T01:31:02/);
  });
});
