/** A shift goes over only whole: what presses is marked, what asks for something is read back, and nobody hands over to themselves. */
import fc from 'fast-check';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '#shared/desk/decision';
import { decideMark, decideOffer, decideWithdraw, type OpenItem, refuseTaking } from '#shared/desk/handovers/decide';
import {
  evolveHandover,
  type FrozenItem,
  type Handover,
  type HandoverEvent,
  handoverMarkSchema,
  mustBeReadBack,
} from '#shared/desk/handovers/handover';
import { dataSubjectOfItem, ITEM_LEVELS, type ItemFacts, itemFactsSchema, itemKeyOf, mustBeMarked } from '#shared/desk/handovers/item';
import { itemText } from '#shared/desk/handovers/item-words';
import zh from '../../../../src-renderer/i18n/zh-CN/alerts.json' with { type: 'json' };

const context = { nowMs: 1_000, newId: () => v7(), actor: 'p-out' };
const FEED_DOWN: ItemFacts = { kind: 'feed', feedId: 'primary', state: 'down', sinceMs: 1 };
const FEED_LIVE: ItemFacts = { kind: 'feed', feedId: 'second', state: 'live', sinceMs: 1 };
const CALLED: ItemFacts = { kind: 'notice', noticeId: 'n1', accountID: 'A0001', level: 'marginCall', state: 'failed', dueAtMs: null };
const NOTE: ItemFacts = { kind: 'note', noteId: v7(), text: 'the lift is being repaired', by: 'p-out', atMs: 1 };

function alert(id: string, over: Partial<Extract<ItemFacts, { kind: 'alert' }>> = {}): ItemFacts {
  return {
    ...{ kind: 'alert' as const, alertId: id, alertKind: 'riskLevel', level: 'call', entity: 'account:A0001', severity: 'high' as const },
    ...{ condition: 'active', human: 'unacknowledged', owner: null, raisedAtMs: 1 },
    ...over,
  };
}

function silence(about: string): ItemFacts {
  return {
    ...{ kind: 'suppression' as const, suppressionId: 's1', suppression: 'shelvedTimed', about, covers: 'high' as const, endsAtMs: 1 },
    ...{ reasonCode: 'knownCause', createdBy: 'p-out' },
  };
}

function item(facts: ItemFacts, level: (typeof ITEM_LEVELS)[number] | null = null, ifThen = ''): OpenItem {
  const itemKey = itemKeyOf(facts);
  return { facts, mark: level === null ? null : { itemKey, level, ifThen, by: 'p-out', atMs: 1 } };
}

function offered(items: readonly OpenItem[], open: Handover | null = null) {
  return decideOffer({ items, open, remarks: 'quiet day', fingerprint: '12:0123456789ab' }, context);
}

function fold(events: readonly HandoverEvent[]): { handover: Handover; items: FrozenItem[] } {
  const items = events.flatMap((event) => (event.type === 'handover.item' ? [event.payload] : []));
  const handover = events.reduce<Handover | null>((before, event) => evolveHandover(before, event, { actor: 'p-out', sequence: 9 }), null);
  if (handover === null) throw new Error('nothing was offered');
  return { handover, items };
}

describe('a mark', () => {
  it('is set on what is open, with what to do where it may turn', () => {
    const items = [item(FEED_DOWN)];
    expect(decideMark(items, { itemKey: 'feed:primary', level: 'act', ifThen: 'call the vendor at ten' }, context)).toMatchObject([
      { type: 'handover.marked', subject: 'handoverItem:feed:primary' },
    ]);
    expect(decideMark(items, { itemKey: 'feed:primary', level: 'watch', ifThen: '' }, context)).toMatchObject({ code: 'INVALID', field: 'ifThen' });
    expect(decideMark(items, { itemKey: 'feed:gone', level: 'stable', ifThen: '' }, context)).toMatchObject({ code: 'UNKNOWN', field: 'itemKey' });
  });

  it('on what is a client’s is the client’s data, and on the firm’s is not', () => {
    const subjects = [alert('a1'), CALLED, FEED_DOWN, alert('a2', { entity: 'feed:primary' })].map((facts) => {
      const decided = decideMark([item(facts)], { itemKey: itemKeyOf(facts), level: 'stable', ifThen: '' }, context);
      return isRefusal(decided) ? 'refused' : decided[0]?.dataSubject;
    });
    expect(subjects).toEqual(['client:A0001', 'client:A0001', undefined, undefined]);
    const silenced = ['account:A0001', 'riskLevel account:A0001', 'heavy-position feed:primary', 'a3f91b22cc01'];
    expect(silenced.map((about) => dataSubjectOfItem(silence(about)))).toEqual(['client:A0001', 'client:A0001', undefined, undefined]);
  });
});

describe('an offer', () => {
  it('is refused while something that presses has no mark, and while another one waits', () => {
    expect(offered([item(FEED_DOWN), item(alert('a1')), item(NOTE)])).toMatchObject({
      code: 'INVALID',
      field: 'items',
      message: expect.stringContaining('2'),
    });
    const marked = [item(FEED_DOWN, 'act', 'call the vendor'), item(alert('a1'), 'stable'), item(NOTE), item(FEED_LIVE)];
    const events = offered(marked);
    if (isRefusal(events)) throw new Error(events.message);
    const { handover, items } = fold(events);
    expect(handover).toMatchObject({ state: 'offered', outgoing: 'p-out', remarks: 'quiet day', accepted: null });
    expect(items.map(({ itemKey, level }) => [itemKey, level])).toEqual([
      ['feed:primary', 'act'],
      ['alert:a1', 'stable'],
      [itemKeyOf(NOTE), null],
      ['feed:second', null],
    ]);
    expect(offered(marked, handover)).toMatchObject({ code: 'CONFLICT' });
    const [withdrawn] = decideWithdraw(handover, 'stays longer', context) as HandoverEvent[];
    const after = evolveHandover(handover, withdrawn as HandoverEvent, { actor: 'p-out', sequence: 10 });
    expect(after).toMatchObject({ state: 'withdrawn', withdrawn: { by: 'p-out', reason: 'stays longer' } });
    expect(decideWithdraw(after as Handover, 'again', context)).toMatchObject({ code: 'CONFLICT' });
  });

  it('asks anew about a feed that was called stable before it fell, and keeps what is to be done if it turns', () => {
    const fallen: ItemFacts = { ...FEED_DOWN, sinceMs: 500 };
    expect(offered([item(fallen, 'stable')])).toMatchObject({ code: 'INVALID', field: 'items' });
    expect(isRefusal(offered([item(fallen, 'watch', 'call the vendor')]))).toBe(false);
    expect(isRefusal(offered([item({ ...FEED_LIVE, sinceMs: 500 }, 'stable')]))).toBe(false);
  });

  it('asks anew about an alert that has become graver since it was called stable, and about graver ones beyond the list', () => {
    const more = (counts: Extract<ItemFacts, { kind: 'moreAlerts' }>['counts']): ItemFacts => ({ kind: 'moreAlerts', counts });
    const markedOn = (facts: ItemFacts, level: (typeof ITEM_LEVELS)[number]): OpenItem['mark'] => {
      const decided = decideMark([item(facts)], { itemKey: itemKeyOf(facts), level, ifThen: 'ring' }, context);
      if (isRefusal(decided) || decided[0]?.type !== 'handover.marked') throw new Error('not marked');
      return handoverMarkSchema.parse({ ...decided[0].payload, by: 'p-out' });
    };
    const asks = (before: ItemFacts, now: ItemFacts, level: (typeof ITEM_LEVELS)[number] = 'stable') =>
      isRefusal(offered([{ facts: now, mark: markedOn(before, level) }]));
    const [high, critical] = [alert('a1'), alert('a1', { severity: 'critical' })];
    expect([asks(high, critical), asks(critical, critical), asks(critical, high), asks(high, critical, 'act')]).toEqual([true, false, false, false]);
    expect(asks(more({ medium: 3, low: 9 }), more({ high: 1, medium: 3, low: 9 }))).toBe(true);
    expect(asks(more({ medium: 3, low: 9 }), more({ medium: 12 }))).toBe(false);
  });

  it('seals each item about a client apart from the rest of the sheet', () => {
    const events = offered([item(alert('a1'), 'stable'), item(FEED_LIVE)]);
    expect((events as HandoverEvent[]).map(({ type, dataSubject }) => [type, dataSubject])).toEqual([
      ['handover.item', 'client:A0001'],
      ['handover.item', undefined],
      ['handover.offered', undefined],
    ]);
  });
});

describe('taking over', () => {
  const facts = fc.constantFrom<ItemFacts>(FEED_DOWN, FEED_LIVE, CALLED, NOTE, alert('a1'), alert('a2', { human: 'acknowledged', owner: 'p-out' }));
  const items = fc.uniqueArray(
    fc.record({ facts, level: fc.constantFrom(...ITEM_LEVELS) }).map(({ facts: each, level }) => item(each, level, level === 'stable' ? '' : 'ring')),
    { selector: (each) => itemKeyOf(each.facts) },
  );

  it('is possible exactly when all that is to be watched or acted on was read back, by another human', () => {
    fc.assert(
      fc.property(items, fc.infiniteStream(fc.boolean()), fc.boolean(), (open, dice, isSameHuman) => {
        const events = offered(open);
        if (isRefusal(events)) throw new Error(events.message);
        const { handover, items: frozen } = fold(events);
        const readBack = frozen.filter(() => dice.next().value).map(({ itemKey }) => itemKey);
        const isWhole = frozen.every((each) => !mustBeReadBack(each) || readBack.includes(each.itemKey));
        expect(refuseTaking({ handover, items: frozen, readBack, isSameHuman }) === null).toBe(isWhole && !isSameHuman);
      }),
    );
  });

  it('is refused for what is not on the sheet and for a sheet that was taken already', () => {
    const events = offered([item(FEED_DOWN, 'act', 'ring')]);
    if (isRefusal(events)) throw new Error(events.message);
    const { handover, items: frozen } = fold(events);
    const all = { handover, items: frozen, isSameHuman: false };
    expect(refuseTaking({ ...all, readBack: ['feed:primary', 'feed:other'] })).toMatchObject({ code: 'INVALID', field: 'readBack' });
    expect(refuseTaking({ ...all, handover: { ...handover, state: 'accepted' }, readBack: ['feed:primary'] })).toMatchObject({ code: 'CONFLICT' });
  });
});

it('what presses by its state is known from the state alone', () => {
  expect(
    [FEED_DOWN, FEED_LIVE, CALLED, NOTE, alert('a'), alert('b', { human: 'acknowledged' }), alert('c', { severity: 'low' })].map(mustBeMarked),
  ).toEqual([true, false, true, false, true, false, false]);
  for (const facts of [FEED_DOWN, CALLED, NOTE, alert('a')]) expect(itemFactsSchema.parse(facts)).toEqual(facts);
});

it('a silence is said in words of the reader, whatever it was set on', () => {
  const texts: Record<string, string> = { ...zh.kind, ...zh.entity };
  const words = {
    word: (key: string, params: Readonly<Record<string, string | number>> = {}, orElse = key) =>
      (texts[key.slice(key.lastIndexOf('.') + 1)] ?? orElse).replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? '')),
    ...{ time: String, person: (id: string) => id, entityName: () => '', role: String, isChinese: true },
  };
  const titles = ['account:A0001', 'riskLevel account:A0001', 'heavyPosition', 'my-rule', 'a3f91b22cc01'].map((about) =>
    itemText(silence(about), words).title.split(' · ').slice(1).join(' · '),
  );
  expect(titles).toEqual(['账户 A0001', '风险 · 账户 A0001', '重仓', 'my-rule', 'a3f91b22cc01']);
});
