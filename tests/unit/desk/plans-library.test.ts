/** The firm's own versions of a plan: nobody publishes alone, nothing with faults, nothing that was changed after its review. */
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import { decidePlan, evolvePlan, type PlanCommand, type PlanRecord, planInForce } from '#shared/desk/plans/library';
import { planOf } from '#tests/helpers/plan-run';

const BUNDLED = 'b'.repeat(64);
const DRAFT = 'd'.repeat(64);
const bundled = planOf('EP-01');
const edited = { ...bundled, scope: 'Ours.' };

class Library {
  record: PlanRecord | null = null;
  #nowMs = 1_000;

  do(command: PlanCommand, actor: string) {
    this.#nowMs += 1_000;
    const decision = decidePlan('EP-01', this.record, BUNDLED, command, { nowMs: this.#nowMs, newId: () => '', actor });
    if (!isRefusal(decision)) for (const event of decision) this.record = evolvePlan(this.record, event, { actor });
    return decision;
  }

  publish(actor: string, hash = DRAFT, plan = edited, problems: string[] = []) {
    return this.do({ type: 'publish', hash, plan, problems, effectiveFromMs: 50_000 }, actor);
  }
}

describe('the plan library', () => {
  it('calls a shipped plan unconfirmed until the firm has taken it over, unchanged or not', () => {
    const library = new Library();
    expect(planInForce(null, bundled, 0)).toMatchObject({ standing: 'unconfirmed', version: 0 });
    library.do({ type: 'review', hash: BUNDLED, verdict: 'agree' }, 'p-b');
    library.publish('p-a', BUNDLED, bundled);
    expect(planInForce(library.record, bundled, 49_999)).toMatchObject({ standing: 'scheduled', version: 0 });
    expect(planInForce(library.record, bundled, 50_000)).toMatchObject({ standing: 'confirmed', version: 1 });
  });

  it('publishes only what somebody other than its author has reviewed, as it was reviewed', () => {
    const library = new Library();
    library.do({ type: 'saveDraft', plan: edited, hash: DRAFT, basedOn: BUNDLED }, 'p-a');
    expect(library.publish('p-a')).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect(library.do({ type: 'review', hash: DRAFT, verdict: 'agree' }, ' P-A')).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    library.do({ type: 'review', hash: DRAFT, verdict: 'agree' }, 'p-b');
    const other = 'e'.repeat(64);
    library.do({ type: 'saveDraft', plan: { ...edited, scope: 'Ours, again.' }, hash: other, basedOn: BUNDLED }, 'p-a');
    expect(library.publish('p-a')).toMatchObject({ ok: false, field: 'hash' });
    expect(library.publish('p-a', other)).toMatchObject({ ok: false, code: 'CONFLICT' });
    library.do({ type: 'review', hash: other, verdict: 'agree' }, 'p-b');
    expect(library.publish('p-a', other, edited, ['circle at step 3'])).toMatchObject({ ok: false, code: 'INVALID', field: 'plan' });
    expect(isRefusal(library.publish('p-a', other))).toBe(false);
    expect(library.record).toMatchObject({ draft: null, versions: [{ version: 1, publishedBy: 'p-a' }] });
  });

  it('stops at an objection until whoever objected agrees', () => {
    const library = new Library();
    library.do({ type: 'saveDraft', plan: edited, hash: DRAFT, basedOn: BUNDLED }, 'p-a');
    library.do({ type: 'review', hash: DRAFT, verdict: 'agree' }, 'p-b');
    expect(library.do({ type: 'review', hash: DRAFT, verdict: 'object' }, 'p-c')).toMatchObject({ ok: false, field: 'note' });
    library.do({ type: 'review', hash: DRAFT, verdict: 'object', note: 'too slow' }, 'p-c');
    expect(library.publish('p-a')).toMatchObject({ ok: false, message: expect.stringContaining('too slow') });
    library.do({ type: 'review', hash: DRAFT, verdict: 'agree' }, 'p-c');
    expect(isRefusal(library.publish('p-a'))).toBe(false);
  });

  it('retires a plan, and brings it back by publishing it again', () => {
    const library = new Library();
    library.do({ type: 'review', hash: BUNDLED, verdict: 'agree' }, 'p-b');
    library.publish('p-a', BUNDLED, bundled);
    library.do({ type: 'retire', reason: 'replaced', fromMs: 60_000 }, 'p-a');
    expect(planInForce(library.record, bundled, 60_000)?.standing).toBe('retired');
    expect(library.do({ type: 'retire', reason: 'again', fromMs: 60_000 }, 'p-a')).toMatchObject({ ok: false });
    expect(isRefusal(library.publish('p-a', BUNDLED, bundled))).toBe(false);
    expect(planInForce(library.record, bundled, 60_000)).toMatchObject({ standing: 'confirmed', version: 2 });
  });
});
