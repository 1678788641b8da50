/** The numbers pages say the same things in both languages. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXPLAINED_FIELDS } from '#shared/contract/numbers-account';
import { RISK_LEVELS, stressMeasureSchema } from '#shared/contract/numbers-stress';
import { checkStatement } from '#shared/market/statement/check';
import { parseStatement } from '#shared/market/statement/parse';
import { writeStatement } from '#tests/helpers/statement-writer';
import { NUMBER_SECTIONS } from '../../../../../src-renderer/features/accounts/account-sections';
import { PRICE_TYPES } from '../../../../../src-renderer/features/stress/scenario-form';

type Texts = { [key: string]: string | Texts };
const read = (language: string, name: string): Texts =>
  JSON.parse(readFileSync(new URL(`../../../../../src-renderer/i18n/${language}/${name}.json`, import.meta.url), 'utf8')) as Texts;

/** Chinese has one plural form: `x_one` and `x_other` of English are one text there. */
function keysOf(texts: Texts, path = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [`${path}${key}`] : keysOf(value, `${path}${key}.`)));
}
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, word]) => word ?? '').sort();
function at(texts: Texts, path: string): string {
  const found = path.split('.').reduce<string | Texts | undefined>((value, key) => (typeof value === 'object' ? value[key] : undefined), texts);
  return typeof found === 'string' ? found : '';
}

describe.each(['export', 'explain', 'stress', 'distance', 'worklists', 'limits', 'statements'])('the texts of %s', (name) => {
  const [english, chinese] = [read('en', name), read('zh-CN', name)];

  it('are the same keys in both languages', () => {
    expect(keysOf(chinese).sort()).toEqual(
      keysOf(english)
        .filter((key) => !key.endsWith('_one'))
        .sort(),
    );
  });

  it('name the same values', () => {
    for (const key of keysOf(chinese)) expect(placeholders(at(chinese, key)), key).toEqual(placeholders(at(english, key)));
  });
});

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it('every figure of a statement that may not add up has its name, and what it is of', () => {
    const trade = { instrumentID: 'ag2702', direction: 'buy' as const, isOpen: true, price: 15_700, volume: 3, fee: 7.07 };
    const statement = parseStatement(writeStatement([trade, { ...trade, direction: 'sell', isOpen: false, price: 15_745, volume: 1 }], 10_000_000));
    if (!statement.ok) throw new Error(statement.message);
    const fields = checkStatement(statement.value, []).map(({ field }) => field);
    for (const field of [...fields, 'floatingProfit', 'premiumReceived', 'premiumPaid', 'optionValue', 'optionValueLong', 'optionValueShort'])
      expect(at(read(language, 'statements'), `fieldName.${field}`), field).not.toBe('');
    for (const subject of ['account', 'transactions']) expect(at(read(language, 'statements'), `subjectName.${subject}`)).not.toBe('');
  });

  it('every measure, price type, section and explained figure has its name', () => {
    for (const measure of stressMeasureSchema.options) expect(at(read(language, 'stress'), `measure.${measure}`), measure).not.toBe('');
    for (const type of PRICE_TYPES) {
      expect(at(read(language, 'stress'), `price.${type}`), type).not.toBe('');
      expect(at(read(language, 'stress'), `priceHint.${type}`), type).not.toBe('');
    }
    for (const section of NUMBER_SECTIONS) expect(at(read(language, 'accounts'), `title.${section}`), section).not.toBe('');
    for (const level of RISK_LEVELS) expect(at(read(language, 'table'), `value.level.${level}`), level).not.toBe('');
    for (const field of EXPLAINED_FIELDS) {
      const name = at(read(language, 'table'), `column.${field}`) || at(read(language, 'explain'), `node.${field}`);
      expect(name, field).not.toBe('');
    }
  });
});
