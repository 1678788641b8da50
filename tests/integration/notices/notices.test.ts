/** Notices on a whole desk: made from the live figures of a demonstration broker, once each, and not at all when the data is not live. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '#engine/engine';
import type { Notice } from '#shared/desk/notices/notice';
import type { Outcome } from '#shared/refusal';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';

let desk: TestDesk;
beforeEach(() => {
  desk = createTestDesk();
});
afterEach(() => desk.end());

async function generate(engine: Engine, accountIDs: string[]) {
  const outcome = (await engine.request('notice.generate', { accountIDs })) as Outcome<{ notices: Notice[]; skipped: { reason: string }[] }>;
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

describe('notices to clients', () => {
  it('are made of the figures on screen for every account that calls for one, once, and follow people’s work across a restart', async () => {
    const demo = await desk.startDemo(120);
    const first = await desk.start(demo.url);
    await vi.waitFor(() => expect(first.view.notices().candidates.length).toBeGreaterThan(0), { timeout: 20_000 });
    const { candidates } = first.view.notices();
    const accountIDs = candidates.map(({ accountID }) => accountID);
    const { notices } = await generate(first, accountIDs);
    expect(notices.map(({ accountID }) => accountID).sort()).toEqual([...accountIDs].sort());
    for (const notice of notices) expect(notice.text.zh).toContain(notice.accountID);
    expect((await generate(first, accountIDs)).notices.filter(({ level }) => level === 'marginCall')).toEqual([]);
    const [one] = notices;
    if (one === undefined) throw new Error('no notice was made');
    const { noticeId, accountID } = one;
    expect(await first.request('notice.follow', { accountID: 'other', noticeId, state: 'sent', method: 'phone', note: '' })).toMatchObject({
      ok: false,
    });
    expect(await first.request('notice.follow', { accountID, noticeId, state: 'sent', method: 'phone', note: '' })).toMatchObject({ ok: true });
    await first.stop();
    const second = await desk.start(null);
    const kept = second.view.notices().notices.find((notice) => notice.noticeId === noticeId);
    expect(kept).toMatchObject({ state: 'sent', figures: one.figures, text: one.text });
  });

  it('are never mixed up with what people were told of alerts', async () => {
    const demo = await desk.startDemo(120);
    const engine = await desk.start(demo.url);
    const toldOfAlerts = async () => {
      const outcome = (await engine.request('delivery.get', {})) as Outcome<{ ledger: unknown[] }>;
      return outcome.ok ? outcome.value.ledger.length : 0;
    };
    await vi.waitFor(async () => expect(await toldOfAlerts()).toBeGreaterThan(0), { timeout: 20_000 });
    expect(engine.view.notices().notices).toEqual([]);
  });

  it('are refused while nobody knows the accounts’ figures now', async () => {
    const engine = await desk.start(null);
    expect(await engine.request('notice.generate', { accountIDs: ['80100010'] })).toMatchObject({ ok: false, code: 'UNAVAILABLE' });
    expect(engine.view.notices().candidates).toEqual([]);
  });
});
