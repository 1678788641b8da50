import type { TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import type { ConditionEvidence } from '#shared/desk/rules/evidence';
import { aboutText, entityText, priceDecimals } from '../../../../src-renderer/features/alerts/alert-text';
import en from '../../../../src-renderer/i18n/en/alerts.json' with { type: 'json' };
import zh from '../../../../src-renderer/i18n/zh-CN/alerts.json' with { type: 'json' };

const evidence = (part: Partial<ConditionEvidence>): ConditionEvidence => ({ orders: [], trades: [], ticks: [], byAccount: [], ...part });
const tick = (lastPrice: number | null): ConditionEvidence['ticks'][number] => ({
  exchangeID: 'SSE',
  instrumentID: '510300',
  timeMs: 0,
  lastPrice,
  bidPrice: null,
  askPrice: null,
  volume: null,
});

describe('frozen prices', () => {
  it('show as many decimals as the finest of them, so that no price is rounded', () => {
    expect(priceDecimals(evidence({ ticks: [tick(4.68), tick(4.683), tick(null)] }))).toBe(3);
    expect(priceDecimals(evidence({ ticks: [tick(108.245)] }))).toBe(3);
    expect(priceDecimals(evidence({ ticks: [tick(938.42)] }))).toBe(2);
    expect(priceDecimals(evidence({ ticks: [tick(15_345)] }))).toBe(0);
    expect(priceDecimals(evidence({}))).toBe(0);
  });
});

describe('what an alert is about', () => {
  const t = ((key: string, options?: { defaultValue?: string }) => {
    const words = key.replace('alerts:', '').split('.');
    const found = words.reduce<unknown>((at, word) => (at as Record<string, unknown> | undefined)?.[word], en);
    return found ?? options?.defaultValue ?? key;
  }) as unknown as TFunction;

  it('is the id that people know it by, and words for what only the program has a name for', () => {
    expect(aboutText({ entity: 'account:80300007' }, t)).toBe('80300007');
    expect(aboutText({ entity: 'book:residual' }, t)).toBe('counter check');
    expect(aboutText({ entity: 'firm:all' }, t)).toBe('Whole firm');
    const incident = { entity: 'incident:01', reason: { params: { incident: 'Trading front down' } } } as unknown as Alert;
    expect(entityText(incident, t)).toBe('Trading front down');
  });

  it('has words in both languages for every part of the book that a rule of data quality watches', () => {
    for (const { book } of [en, zh]) expect(Object.keys(book)).toEqual(['accounts', 'reference', 'residual']);
  });
});
