/** What a shift leaves is all there: calls of the day before too, which go on ringing when a new trading day begins in the evening. */
import { describe, expect, it } from 'vitest';
import { type OpenThings, openItems } from '#engine/desk/handovers/open-items';
import type { Notice } from '#shared/desk/notices/notice';

const NOTHING: OpenThings = {
  ...{ alerts: [], suppressions: [], runs: [], incidents: [], feeds: [], notices: [], worklists: [], notes: [] },
  approvals: { approvals: [], breakGlasses: [] },
  tradingDay: null,
};

function notice(noticeId: string, tradingDay: string, state: Notice['state']): Notice {
  return { noticeId, tradingDay, state, accountID: '1001', level: 'marginCall', dueAtMs: null, answered: null } as Notice;
}

describe('calls to clients', () => {
  const notices = [
    notice('today', '20261120', 'sent'),
    notice('yesterday', '20261119', 'failed'),
    notice('answered', '20261119', 'confirmed'),
    notice('long ago', '20261102', 'sent'),
  ];
  const listed = (tradingDay: string | null): unknown[] =>
    openItems({ ...NOTHING, notices, tradingDay }).map((item) => item.kind === 'notice' && item.noticeId);

  it('of the day and of the last day before it are handed over until they are confirmed', () => {
    expect(listed('20261120')).toEqual(['today', 'yesterday']);
  });

  it('are not forgotten when a new day begins, nor when no market says which day it is', () => {
    expect(listed('20261123')).toEqual(['today']);
    expect(listed(null)).toEqual(['today']);
  });

  it('whose money is still owed are handed over however old they are and though the client has confirmed them, until they are answered', () => {
    const owed = { ...notice('owed', '20261102', 'confirmed'), dueAtMs: 1 };
    const answered = { ...owed, noticeId: 'met', answered: { atMs: 2, figures: {} } } as Notice;
    expect(openItems({ ...NOTHING, notices: [owed, answered], tradingDay: '20261123' })).toMatchObject([{ noticeId: 'owed', dueAtMs: 1 }]);
  });
});
