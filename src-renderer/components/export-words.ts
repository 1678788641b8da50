/** Headings and words for a file that is read elsewhere: names in the page's language with their units, and words in place of codes. */
import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportName } from '#shared/contract/numbers-desk';
import { COLUMN_SETS } from './data-table/column-sets';

type ExportWords = { headings: Record<string, string>; words: Record<string, string> };

/** What a column is counted in, where its name alone does not say. */
const UNIT_OF_KIND: Partial<Record<string, string>> = { money: 'money', signedMoney: 'money', share: 'ratio', time: 'utc', signedPercent: 'percent' };

const LEVELS = ['normal', 'warn', 'call', 'force', 'negative', 'unknown'] as const;
const TARGETS = ['warn', 'call', 'force', 'negative'] as const;
const DEGREE_BINS = ['0', '0.2', '0.4', '0.6', '0.8', '1', '1.2'] as const;

/** Fields of the exports that are no table of the book: their word in `export:field`, and their unit. */
const FIELDS: Partial<Record<ExportName, Readonly<Record<string, string | null>>>> = {
  distance: {
    balance: 'money',
    riskDegree: 'ratio',
    percent: 'percent',
    kind: null,
    mainContract: null,
    priceNow: null,
    priceThere: null,
    ticks: null,
    limits: null,
  },
  heavy: { setID: null, products: null, netMargin: 'money', balance: 'money', ratio: 'ratio' },
  stress: { label: null, accounts: null, level: null },
  stressSummary: { callAmount: 'money', firmLoss: 'money', balance: 'money', balanceChange: 'money' },
  accountFigures: { figure: null, counter: null, ours: null, residual: null },
  inverse: {
    percent: 'percent',
    percentPerLimit: 'percent',
    longVolume: 'lots',
    shortVolume: 'lots',
    lossAtBound: 'money',
    balanceAfter: 'money',
    degreeAfter: 'ratio',
    shareOfWay: 'ratio',
  },
  budget: { loss: 'money', balance: 'money', currMargin: 'money', longVolume: 'lots', shortVolume: 'lots', mayKeep: 'lots', shouldClose: 'lots' },
  history: { atMs: 'utc', riskDegree: 'ratio', exchangeRiskDegree: 'ratio', balance: 'money', currMargin: 'money' },
  statementComparison: { statedVolume: 'lots', volume: 'lots' },
  valueAtRisk: { confidence: 'ratio', amount: 'money', exposure: 'money', leftOutExposure: 'money' },
  worklist: { closeProfit: 'money', fee: 'money', releaseMargin: 'money', degreeAfter: 'ratio', volume: 'lots' },
};
const LIMIT_FIELDS = { longVolume: 'lots', shortVolume: 'lots', countedVolume: 'lots', hedgeVolume: 'lots', limitVolume: 'lots' } as const;
const LIMIT_SHARES = { limitUse: 'ratio', openInterest: 'lots', openInterestShare: 'ratio', averageDailyVolume: 'lots', daysToExit: 'days' } as const;

export function useExportWords(): (table: ExportName) => ExportWords {
  const { t } = useTranslation('export');
  return useCallback((table) => exportWordsOf(table, t), [t]);
}

/** The same outside of a component. */
export function exportWordsOf(table: ExportName, t: TFunction<'export'>): ExportWords {
  return { headings: headingsOf(table, t), words: wordsOf(t) };
}

function headingsOf(table: ExportName, t: TFunction<'export'>): Record<string, string> {
  const text = (keys: string | string[], fallback: string): string => t(keys as 'label', { defaultValue: fallback }) as string;
  const withUnit = (name: string, unit: string | null | undefined): string =>
    unit === null || unit === undefined ? name : t('withUnit', { name, unit: t(`unit.${unit}` as 'unit.money') });
  const headings: Record<string, string> = {};
  // Every field has a name in the file's own list or in the tables'; those of this very table come last and win.
  for (const field of Object.keys(t('field', { returnObjects: true }))) headings[field] = text(`field.${field}`, field);
  const units: Readonly<Record<string, string | null>> =
    table === 'limits' || table === 'largeTraders' ? { ...LIMIT_FIELDS, ...LIMIT_SHARES } : (FIELDS[table] ?? {});
  for (const field of new Set([...SHARED_FIELDS, ...Object.keys(units)]))
    headings[field] = withUnit(text([`field.${field}`, `table:column.${field}`], field), units[field]);
  for (const target of TARGETS)
    for (const direction of ['up', 'down'] as const)
      headings[`${direction}.${target}`] = withUnit(t(`move.${direction}`, { level: text(`table:value.level.${target}`, target) }), 'percent');
  for (const level of LEVELS) headings[`accounts.${level}`] = t('accountsAt', { level: text(`table:value.level.${level}`, level) });
  for (const [bin, from] of DEGREE_BINS.entries()) headings[`degree.${bin}`] = t('degreeFrom', { from, to: DEGREE_BINS[bin + 1] ?? '' });
  for (const measure of Object.keys(t('stress:measure', { returnObjects: true }))) {
    const isShare = measure === 'riskDegree' || measure === 'exchangeRiskDegree';
    headings[`measure.${measure}`] = withUnit(text(`stress:measure.${measure}`, measure), isShare ? 'ratio' : 'money');
  }
  if (table in COLUMN_SETS)
    for (const { id, kind } of COLUMN_SETS[table as keyof typeof COLUMN_SETS] as readonly { id: string; kind: string }[])
      headings[id] = withUnit(text([`table:column.${table}.${id}`, `table:column.${id}`], id), UNIT_OF_KIND[kind]);
  return headings;
}

const SHARED_FIELDS = [
  'accountID',
  'accountName',
  'departmentName',
  'controlGroupID',
  'level',
  'exchangeID',
  'productID',
  'instrumentID',
  'direction',
  'hedgeFlag',
  'openDate',
  'tradeID',
  'volume',
  'price',
  'closeProfit',
] as const;

/** Codes by field; one list of words serves several fields. */
const WORD_LISTS: readonly (readonly [list: string, fields: readonly string[]])[] = [
  ['table:value.level', ['level', 'target', 'levelAfter']],
  ['table:value.direction', ['direction']],
  ['table:value.hedgeFlag', ['hedgeFlag', 'reasonWord']],
  ['table:value.offsetFlag', ['offsetFlag']],
  ['table:value.orderStatus', ['orderStatus']],
  ['table:reason', ['reason']],
  ['table:reasonWord', ['reasonWord']],
  ['explain:node', ['figure']],
  ['table:column', ['reasonWord', 'figure', 'line', 'statedFigure']],
  ['explain:node', ['line']],
  ['explain:word', ['text']],
  ['health:streamName', ['stream']],
  ['statements:fieldName', ['statedFigure']],
  ['statements:subjectName', ['subject']],
  ['statements:relation', ['relation']],
  ['statements:basisOf', ['basis']],
  ['stress:var.zone', ['zone']],
  ['export:part', ['part']],
  ['export:method', ['method']],
  ['export:derivationUnit', ['unit']],
  ['export:history', ['reason']],
  ['export:moves', ['moves']],
  ['export:moveDirection', ['moveDirection']],
  ['limits:tier', ['tier']],
  ['explain:certainty', ['limitCertainty', 'certainty']],
  ['worklists:state', ['state']],
  ['export:holderKind', ['holderKind']],
  ['export:scenario', ['scenario']],
  ['export:quality', ['quality']],
  ['export:distance', ['kind', ...(['up', 'down'] as const).flatMap((direction) => TARGETS.map((target) => `${direction}.${target}`))]],
];

function wordsOf(t: TFunction<'export'>): Record<string, string> {
  const words: Record<string, string> = {};
  for (const [list, fields] of WORD_LISTS) {
    const known = t(list as 'label', { returnObjects: true }) as unknown as Record<string, unknown>;
    for (const [code, word] of Object.entries(known)) if (typeof word === 'string') for (const field of fields) words[`${field}.${code}`] = word;
  }
  return words;
}
