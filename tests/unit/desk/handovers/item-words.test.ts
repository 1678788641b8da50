/** An item of a hand-over names the client, not only the account: a telephone is picked up for a client. */
import { describe, expect, it } from 'vitest';
import type { ItemFacts } from '#shared/desk/handovers/item';
import { type ItemWords, itemText } from '#shared/desk/handovers/item-words';

const words: ItemWords = {
  word: (key, params, orElse) => (key === 'alerts:entity.account' ? `Account ${params?.id}` : (orElse ?? key)),
  time: String,
  person: (id) => id,
  entityName: (entity) => (entity === 'account:80500001' ? '赫连勃勃投资' : ''),
  role: (code) => (code === 'ITOPS' ? 'Systems operations' : code),
  isChinese: false,
};

const notice = (accountID: string): ItemFacts =>
  ({ kind: 'notice', noticeId: 'n', accountID, level: 'margin', state: 'sent', dueAtMs: null }) as unknown as ItemFacts;
const alert = (entity: string): ItemFacts =>
  ({
    kind: 'alert',
    alertId: 'a',
    alertKind: 'riskLevel',
    entity,
    severity: 'high',
    level: null,
    condition: 'active',
    human: 'unacknowledged',
    owner: null,
    raisedAtMs: 1,
  }) as unknown as ItemFacts;

describe('items of a hand-over', () => {
  it('name the roles of a run, and who holds them', () => {
    const run: ItemFacts = {
      ...{ kind: 'run', runId: 'r', planId: 'EP-01', title: 'Feed lost', titleZh: '行情中断', startedAtMs: 1, settledCount: 0, stepCount: 9 },
      ...{ open: [], roles: { ITOPS: 'p-li', OWN: 'p-wang' } },
    };
    expect(itemText(run, words).details).toContain('Systems operations p-li, OWN p-wang');
  });

  it.each([
    [alert('account:80500001'), 'Account 80500001 赫连勃勃投资'],
    [alert('account:80500002'), 'Account 80500002'],
    [alert('feed:primary'), 'feed:primary'],
    [notice('80500001'), '80500001 赫连勃勃投资'],
    [notice('80500002'), '80500002'],
  ])('%#: ends with who it is about', (facts, end) => {
    expect(itemText(facts, words).title.endsWith(`· ${end}`)).toBe(true);
  });
});
