/** Why the figure of an alert is a dash: said in words in the list, in both languages, and never where the figure is known. */
import { readFileSync } from 'node:fs';
import { createInstance, type TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import type { Alert } from '#shared/desk/alerts/alert';
import { formattersFor } from '../../../../src-renderer/components/format/formatters';
import { alertFigure, missingValueReason } from '../../../../src-renderer/features/alerts/alert-text';

const FOLDER = new URL('../../../../src-renderer/i18n/', import.meta.url);
const read = (language: string, name: string): Record<string, Record<string, string>> =>
  JSON.parse(readFileSync(new URL(`${language}/${name}.json`, FOLDER), 'utf8'));

async function textsOf(language: string): Promise<TFunction> {
  const resources = Object.fromEntries(['alerts', 'table', 'app'].map((name) => [name, read(language, name)]));
  const instance = createInstance();
  await instance.init({ lng: language, resources: { [language]: resources as never }, defaultNS: 'app', interpolation: { escapeValue: false } });
  return instance.getFixedT(language) as TFunction;
}

const alertOf = (metric: string, value: number | null, params: Record<string, string | number | null>): Alert =>
  ({ reason: { metric, value, enterThreshold: 0.8, exitThreshold: 0.75, params } }) as unknown as Alert;

describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
  const said = (code: string): string => read(language, 'table').reason?.[code] ?? '';

  it('a share of an equity that is not above zero says so, at zero as below', async () => {
    const t = await textsOf(language);
    for (const balance of [-119_385, 0]) {
      const alert = alertOf('netMarginShare', null, { balance, netMargin: 45_000 });
      expect(missingValueReason(alert, t)).toBe(said('noDegree'));
      expect(alertFigure(alert, t, formattersFor(language))).toContain(said('noDegree'));
    }
  });

  it('what the source left unknown goes before it, and a known figure needs no reason', async () => {
    const t = await textsOf(language);
    expect(missingValueReason(alertOf('riskDegree', null, { balance: -5, unknownReason: 'noLiveData' }), t)).toBe(said('noLiveData'));
    expect(missingValueReason(alertOf('riskDegree', null, { balance: 5 }), t)).toBeNull();
    const alert = alertOf('riskDegree', 0.91, { balance: -5 });
    expect(alertFigure(alert, t, formattersFor(language))).not.toContain(said('noDegree'));
  });

  it('a share of a limit of no lots is told as the limit and what is held', async () => {
    const t = await textsOf(language);
    const text = alertFigure(alertOf('limitUse', null, { limitVolume: 0, countedVolume: 5, longVolume: 5 }), t, formattersFor(language));
    expect(text).toMatch(/\b0\b.*\b5\b/);
    expect(missingValueReason(alertOf('limitUse', null, { limitVolume: null, countedVolume: 5 }), t)).toBeNull();
  });

  it('money, counts and times without equity are figures like any other', async () => {
    const t = await textsOf(language);
    expect(missingValueReason(alertOf('balance', null, { balance: -5 }), t)).toBeNull();
  });
});
