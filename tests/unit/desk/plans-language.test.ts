/** The bundled plans say the same in both languages: the same texts, the same numbers and times, and no English left over in the Chinese. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlans } from '#engine/desk/plans/plan-library';
import { planLibrarySchema } from '#shared/desk/plans/plan';
import { RESOURCES } from '#tests/integration/journal/helpers';

const { library } = loadPlans(RESOURCES);

type Pair = { where: string; english: string; chinese: string };

const pairs: Pair[] = library.plans.flatMap((plan) => [
  { where: `${plan.id} title`, english: plan.title, chinese: plan.title_zh },
  { where: `${plan.id} scope`, english: plan.scope, chinese: plan.scope_zh },
  { where: `${plan.id} triggers`, english: plan.triggers, chinese: plan.triggers_zh },
  { where: `${plan.id} immediate_actions`, english: plan.immediate_actions, chinese: plan.immediate_actions_zh },
  { where: `${plan.id} exit_criteria`, english: plan.exit_criteria, chinese: plan.exit_criteria_zh },
  { where: `${plan.id} reporting_note`, english: plan.reporting_note, chinese: plan.reporting_note_zh },
  ...plan.steps.flatMap((step) => [
    { where: `${plan.id} step ${step.no} title`, english: step.title, chinese: step.title_zh },
    { where: `${plan.id} step ${step.no} target`, english: step.target, chinese: step.target_zh },
    { where: `${plan.id} step ${step.no} action`, english: step.action, chinese: step.action_zh },
    { where: `${plan.id} step ${step.no} evidence`, english: step.evidence, chinese: step.evidence_zh },
    { where: `${plan.id} step ${step.no} decision`, english: step.decision ?? '', chinese: step.decision_zh ?? '' },
  ]),
]);

const ENGLISH_NUMBERS: Readonly<Record<string, string>> = {
  zero: '0',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  ten: '10',
  twenty: '20',
};
/** English words that Chinese may say with a number or without one. */
const LOOSE: Readonly<Record<string, string>> = { one: '1', once: '1', hourly: '1', twice: '2', both: '2', pairs: '2', half: '0.5' };
const CHINESE_NUMBERS: Readonly<Record<string, string>> = { 零: '0', 两: '2', 双: '2', 二: '2', 三: '3', 四: '4', 五: '5', 十: '10', 半: '0.5' };
const FIGURE = /\d+(?::\d+)*(?:\.\d+)?/g;

function words(text: string, table: Readonly<Record<string, string>>): string[] {
  return (text.toLowerCase().match(/[a-z]+/g) ?? []).flatMap((word) => table[word] ?? []);
}

function chineseNumbers(text: string): string[] {
  // `第二人` and `第三方` count nothing.
  const counted = text.replaceAll(/第[一二三四五]/g, '');
  const inCharacters = [...counted].flatMap((character) => CHINESE_NUMBERS[character] ?? []);
  return [...(counted.match(FIGURE) ?? []), ...inCharacters];
}

/** What is in `from` more often than in `taken`. */
function without(from: readonly string[], taken: readonly string[]): string[] {
  const left = [...taken];
  return from.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const UNITS: Readonly<Record<string, string>> = { 秒: 's', 分钟: 'min', 小时: 'h', '%': '%' };

/** Figures with their unit, such as `30 min`. */
function englishAmounts(text: string): string[] {
  const figures = text.replaceAll(/\b(?:one full|[a-z]+)(?=[\s-](?:second|minute|hour))/gi, (word) =>
    word.toLowerCase().startsWith('one') ? '1' : (ENGLISH_NUMBERS[word.toLowerCase()] ?? word),
  );
  return [...figures.matchAll(/(\d+(?:\.\d+)?)[\s-]*(s\b|second|min|h\b|hour|%)/gi)].map(([, figure, unit]) => {
    const known = { second: 's', minute: 'min', hour: 'h' }[(unit ?? '').toLowerCase()];
    return `${figure} ${known ?? unit}`;
  });
}

function chineseAmounts(text: string): string[] {
  return [...text.matchAll(/(\d+(?:\.\d+)?)\s*(秒|分钟|小时|%)/g)].map(([, figure, unit]) => `${figure} ${UNITS[unit ?? '']}`);
}

describe('the bundled plans in Chinese and English', () => {
  it('have every text in both languages', () => {
    expect(pairs).toHaveLength(17 * 6 + library.plans.flatMap((plan) => plan.steps).length * 5);
    expect(pairs.filter(({ english, chinese }) => (english === '') !== (chinese === '')).map(({ where }) => where)).toEqual([]);
  });

  it('say the same numbers', () => {
    const differing = pairs.flatMap(({ where, english, chinese }) => {
      const firm = [...(english.match(FIGURE) ?? []), ...words(english, ENGLISH_NUMBERS)];
      const said = chineseNumbers(chinese);
      const missing = without(firm, said);
      const added = without(said, [...firm, ...words(english, LOOSE)]);
      return missing.length + added.length === 0 ? [] : [{ where, missing, added, english, chinese }];
    });
    expect(differing).toEqual([]);
  });

  it('say the same seconds, minutes, hours and percentages', () => {
    const differing = pairs.flatMap(({ where, english, chinese }) => {
      const expected = englishAmounts(english);
      const said = chineseAmounts(chinese);
      return expected.toSorted().join() === said.toSorted().join() ? [] : [{ where, expected, said }];
    });
    expect(differing).toEqual([]);
  });

  it('name the same plans and times from the start', () => {
    const names = (text: string): string => (text.match(/EP-\d{2}|T\+[\d:]+/g) ?? []).toSorted().join();
    for (const { where, english, chinese } of pairs) expect(names(chinese), where).toBe(names(english));
  });

  it('name nothing as a machine does: whoever reads them at night knows no metric by its name', () => {
    const MACHINE_NAME = /\b[a-z]+[._][a-z][a-z0-9._]*\b/;
    expect(pairs.filter(({ english, chinese }) => MACHINE_NAME.test(english) || MACHINE_NAME.test(chinese)).map(({ where }) => where)).toEqual([]);
  });

  it('leave no English in the Chinese', () => {
    const left = pairs.flatMap(({ where, chinese }) => {
      const plain = chinese.replaceAll(/EP-\d{2}|T\+[\d:]+|\bEDR\b/g, '');
      return /[A-Za-z]/.test(plain) ? [{ where, chinese }] : [];
    });
    expect(left).toEqual([]);
  });

  it('are set in one way: Chinese marks, and a space between Chinese and figures', () => {
    const uneven = pairs.filter(
      ({ where, chinese }) =>
        !where.endsWith('title') &&
        (/[一-鿿][0-9A-Za-z]|[0-9A-Za-z%][一-鿿]|[,;!?()]|\.(?:\s|$)|->|\s{2}/.test(chinese) || chinese !== chinese.trim()),
    );
    expect(uneven.map(({ where, chinese }) => ({ where, chinese }))).toEqual([]);
  });

  it('are refused when a Chinese text is missing or a field is unknown', () => {
    const file = JSON.parse(readFileSync(join(RESOURCES, 'plans.json'), 'utf8'));
    expect(planLibrarySchema.safeParse(file).success).toBe(true);
    for (const [spoil, path] of [
      [(plan: Record<string, unknown>) => delete plan.scope_zh, ['plans', 0, 'scope_zh']],
      [(plan: Record<string, unknown>) => delete (plan.steps as Record<string, unknown>[])[0]?.action_zh, ['plans', 0, 'steps', 0, 'action_zh']],
      [
        (plan: Record<string, unknown>) => Object.assign((plan.steps as Record<string, unknown>[])[0] ?? {}, { decision_zh: '转第 4 步' }),
        ['plans', 0, 'steps', 0, 'decision_zh'],
      ],
      [(plan: Record<string, unknown>) => Object.assign(plan, { scope_fr: 'x' }), ['plans', 0]],
    ] as const) {
      const spoilt = structuredClone(file);
      spoil(spoilt.plans[0]);
      const outcome = planLibrarySchema.safeParse(spoilt);
      expect(outcome.error?.issues[0]?.path).toEqual(path);
    }
  });
});
