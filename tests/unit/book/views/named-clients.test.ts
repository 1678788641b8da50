/** Which clients a text names: by number or name, as people type them, and nobody whom it does not name. */
import { describe, expect, it } from 'vitest';
import { clientsNamedBy } from '#engine/book/views/named-clients';
import type { AccountMaster } from '#shared/feed/items';

function bookOf(names: Record<string, string>): { namesVersion: number; reference: { masters: Map<string, AccountMaster> } } {
  const masters = Object.entries(names).map(([accountID, accountName]) => [accountID, { accountID, accountName } as AccountMaster] as const);
  return { namesVersion: 1, reference: { masters: new Map(masters) } };
}

const book = bookOf({
  '80500001': '赫连勃勃投资',
  '80500002': '王伟',
  A3: 'Wang Wei',
  'B-4': '李',
  '5': '',
  '7': '张明',
  '8': '张明',
  '9': '张明远',
  'ACC/01': '',
  '客户-2': '',
});
const namedIn = clientsNamedBy(() => book);

describe('clients named in a text', () => {
  it.each([
    ['已电话通知80500001追保', ['80500001']],
    ['80500001.', ['80500001']],
    ['８０５００００１', ['80500001']],
    ['180500001 and 805000012', []],
    ['80500001-80500002', ['80500001', '80500002']],
    ['no.80500001_', ['80500001']],
    ['2026-11-5, 1.5.7', []],
    ['acc/01 and xacc/01', ['ACC/01']],
    ['客户-2来电', ['客户-2']],
    ['赫连勃勃投资与王伟均已缴款', ['80500001', '80500002']],
    ['spoke with WANG WEI.', ['A3']],
    ['wang weiming', []],
    ['b-4', ['B-4']],
    ['张明、张明远', ['7', '8', '9']],
    ['李 called', []],
    ['nothing', []],
    ['', []],
  ])('%j names %j', (text, clients) => {
    expect([...namedIn(text)].sort()).toEqual(clients);
  });

  it('follow the book: who came after is found, who is called otherwise by now is found by the new name', () => {
    let current = bookOf({ '1001': '旧名公司' });
    const named = clientsNamedBy(() => current);
    expect(named('旧名公司')).toEqual(['1001']);
    current = { ...bookOf({ '1001': '新名公司' }), namesVersion: 2 };
    expect([named('旧名公司'), named('新名公司')]).toEqual([[], ['1001']]);
  });

  it('are those of the book that is open: another one that has said its names as often does not leave the first one’s clients standing', () => {
    let current = bookOf({ '1001': '旧名公司' });
    const named = clientsNamedBy(() => current);
    expect(named('旧名公司')).toEqual(['1001']);
    current = bookOf({ '2001': '他家公司' });
    expect([named('旧名公司'), named('他家公司')]).toEqual([[], ['2001']]);
  });

  it('are looked for among twenty thousand in a text of one letter again and again', () => {
    const many = bookOf(
      Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`8${n}`, `张张${String.fromCharCode(0x4e00 + (n % 5_000))}${n}`])),
    );
    const named = clientsNamedBy(() => many);
    // Held against every name at every letter, this would take minutes: the test would end by its time limit.
    expect(named('张'.repeat(4_000))).toEqual([]);
  });
});
