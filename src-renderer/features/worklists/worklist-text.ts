/** The words of a worklist's rules, one line for each, so that the list explains itself. */
import type { TFunction } from 'i18next';
import type { WorklistRules } from '#shared/market/what-if/worklist';
import type { Formatters } from '../../components/format/formatters';

export const FIRST_RULES: WorklistRules = {
  standard: 'broker',
  targetDegree: 1,
  order: 'largeMarginFirst',
  hedge: 'last',
  dates: 'historyFirst',
  skipLocked: true,
};

export function rulesText(rules: WorklistRules, t: TFunction, format: Formatters): string {
  return [
    t('worklists:says.standard', { standard: t(`worklists:standard.${rules.standard}`), degree: format.percent(rules.targetDegree, 1) }),
    t(`worklists:order.${rules.order}`),
    t(`worklists:hedge.${rules.hedge}`),
    t(`worklists:dates.${rules.dates}`),
    t(rules.skipLocked ? 'worklists:says.skipLocked' : 'worklists:says.withLocked'),
  ].join(' · ');
}
