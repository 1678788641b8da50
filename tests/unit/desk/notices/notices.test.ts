/** Notices: none twice, none lower after a higher one whatever the order, and words in which an unknown figure is never a number. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideFollow, decideNotice, standingLevels } from '#shared/desk/notices/decide';
import { noticeEventSchema } from '#shared/desk/notices/events';
import { evolveNotice } from '#shared/desk/notices/evolve';
import { fillTemplate } from '#shared/desk/notices/fill-template';
import {
  NOTICE_LEVELS,
  NOTICE_METHODS,
  type Notice,
  type NoticeDraft,
  type NoticeLevel,
  noticeStateSchema,
  noticeTemplatesSchema,
} from '#shared/desk/notices/notice';
import templatesFile from '../../../../resources/notices/templates.json' with { type: 'json' };

const { templates } = noticeTemplatesSchema.parse(templatesFile);
const context = { nowMs: 1_000, newId: () => '', actor: 'p-risk' };
const recorded = { actor: 'p-risk', mode: 'live', sequence: 7 } as const;
const figures = {
  riskDegree: 1.0512,
  balance: 95_126.5,
  currMargin: 100_000,
  available: -4_873.5,
  marginCall: 4_873.5,
  currencyID: 'CNY',
  asOfMs: 0,
};

function draft(accountID: string, level: NoticeLevel, number: number): NoticeDraft {
  const noticeId = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return {
    noticeId,
    accountID,
    accountName: '客户甲',
    tradingDay: '20260921',
    level,
    figures,
    templateId: 't',
    templateVersion: 1,
    text: { en: 'a', zh: '甲' },
    dueAtMs: null,
  };
}

function made(accountID: string, level: NoticeLevel, number = 1): Notice {
  const decision = decideNotice(draft(accountID, level, number), null, context);
  if (!Array.isArray(decision) || decision[0] === undefined) throw new Error('was refused');
  const notice = evolveNotice(null, noticeEventSchema.parse(JSON.parse(JSON.stringify(decision[0]))), recorded);
  if (notice === null) throw new Error('was not folded');
  return notice;
}

describe('a notice', () => {
  it('never repeats and never sinks, in any order of demands over accounts', () => {
    const demand = fc.record({ accountID: fc.constantFrom('A1', 'A2', 'A3'), level: fc.constantFrom(...NOTICE_LEVELS), isWithdrawn: fc.boolean() });
    fc.assert(
      fc.property(fc.array(demand, { maxLength: 30 }), (demands) => {
        const notices: Notice[] = [];
        demands.forEach(({ accountID, level, isWithdrawn }, index) => {
          const decision = decideNotice(draft(accountID, level, index), standingLevels(notices, '20260921').get(accountID) ?? null, context);
          if (Array.isArray(decision)) notices.push({ ...made(accountID, level, index), state: isWithdrawn ? 'withdrawn' : 'generated' });
        });
        for (const accountID of ['A1', 'A2', 'A3']) {
          const levels = notices
            .filter((notice) => notice.accountID === accountID && notice.state !== 'withdrawn')
            .map(({ level }) => NOTICE_LEVELS.indexOf(level));
          expect(levels).toEqual([...new Set(levels)].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('of another trading day stands in nobody’s way', () => {
    const yesterday = { ...made('A1', 'forceLiquidation'), tradingDay: '20260918' };
    expect(standingLevels([yesterday], '20260921').get('A1')).toBeUndefined();
    expect(standingLevels([yesterday], '20260918').get('A1')).toBe('forceLiquidation');
  });

  it('is followed step by step, says how it went out, and wants a reason for a failure', () => {
    let notice = made('A1', 'marginCall');
    const follow = (state: 'sent' | 'failed' | 'received' | 'confirmed' | 'withdrawn', method: Notice['steps'][number]['method'], note = '') => {
      const decision = decideFollow(notice, { state, method, note }, context);
      if (!Array.isArray(decision)) return decision.field;
      for (const event of decision) notice = evolveNotice(notice, event, recorded) ?? notice;
      return notice.state;
    };
    expect(follow('confirmed', null)).toBe('state');
    expect(follow('sent', null)).toBe('method');
    expect(follow('failed', 'phone')).toBe('note');
    expect(follow('failed', 'phone', 'nobody answers')).toBe('failed');
    expect(follow('sent', 'sms')).toBe('sent');
    expect(follow('received', null)).toBe('received');
    expect(follow('confirmed', null, 'client says it pays')).toBe('confirmed');
    expect(follow('withdrawn', null)).toBe('note');
    expect(follow('withdrawn', null, 'given until tomorrow')).toBe('withdrawn');
    expect(follow('sent', 'sms')).toBe('state');
    expect(notice.steps.map(({ state, method }) => `${state} ${method ?? '-'}`)).toEqual([
      'failed phone',
      'sent sms',
      'received -',
      'confirmed -',
      'withdrawn -',
    ]);
  });

  it('has only states and methods that the journal can take back', () => {
    for (const state of noticeStateSchema.options.filter((each) => each !== 'generated')) {
      for (const method of [...NOTICE_METHODS, null]) {
        const event = { type: 'notice.followed', payload: { noticeId: draft('A', 'marginCall', 1).noticeId, state, method, note: '', atMs: 1 } };
        expect(noticeEventSchema.parse(event)).toEqual(event);
      }
    }
  });
});

describe('the words of a notice', () => {
  it('carry the figures with their currency in both languages, and no mark of the template is left', () => {
    for (const template of templates) {
      const { en, zh } = fillTemplate(template, {
        accountID: '80100010',
        accountName: '客户甲',
        tradingDay: '20260921',
        figures,
        timeZone: 'Asia/Shanghai',
        dueAtMs: Date.UTC(2026, 8, 21, 3, 30),
      });
      if (template.dueAfterMs !== undefined) expect(zh).toContain('11:30:00');
      for (const text of [en, zh]) {
        expect(text).toContain('105.12%');
        expect(text).toContain('4,873.50 CNY');
        expect(text).toContain('80100010');
        expect(text).not.toMatch(/\{\{|NaN|null|undefined/);
      }
    }
  });

  it('say that a figure is not known, and never print 0 for it', () => {
    const unknown = { ...figures, riskDegree: null, balance: null, currMargin: null, available: null, marginCall: null, asOfMs: null };
    for (const template of templates) {
      const { en, zh } = fillTemplate(template, {
        accountID: 'A1',
        accountName: '',
        tradingDay: '20260921',
        figures: unknown,
        timeZone: null,
        dueAtMs: null,
      });
      expect(en).toContain('(not known)');
      expect(zh).toContain('（未知）');
      expect(`${en}${zh}`).not.toMatch(/\b0(\.00)?\b/);
    }
  });
});
