/** The words of a worklist's rules, one line for each, so that the list explains itself. */
import type { TFunction } from 'i18next';
import type { SkippedLot, WorklistRules } from '#shared/market/what-if/worklist';
import type { Formatters } from '../../components/format/formatters';

export const FIRST_RULES: WorklistRules = {
  standard: 'broker',
  targetDegree: 1,
  order: 'largeMarginFirst',
  hedge: 'last',
  dates: 'historyFirst',
  skipLocked: true,
  price: 'latest',
  offsetTicks: 0,
};

export function rulesText(rules: WorklistRules, t: TFunction, format: Formatters): string {
  return [
    t('worklists:says.standard', { standard: t(`worklists:standard.${rules.standard}`), degree: format.percent(rules.targetDegree, 1) }),
    t(`worklists:order.${rules.order}`),
    t(`worklists:hedge.${rules.hedge}`),
    t(`worklists:dates.${rules.dates}`),
    t(rules.skipLocked ? 'worklists:says.skipLocked' : 'worklists:says.withLocked'),
    priceRuleText(rules, t),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Lists of before there was a price rule name none. */
function priceRuleText({ price, offsetTicks }: Partial<Pick<WorklistRules, 'price' | 'offsetTicks'>>, t: TFunction): string {
  if (price === undefined) return '';
  return price === 'latest' && (offsetTicks ?? 0) > 0 ? t('worklists:says.offset', { count: offsetTicks }) : t(`worklists:price.${price}`);
}

/** What reopened a list, in the page's language; the journal keeps it as the engine wrote it. */
export function reopenedBy(detail: string, t: TFunction, format: Formatters): string {
  const [, before, now] = /^deposit (\S+) -> (\S+)$/.exec(detail) ?? [];
  if (before !== undefined && now !== undefined)
    return t('worklists:reopenedBy.deposit', { before: format.number(Number(before), 2), now: format.number(Number(now), 2) });
  const paidIn = /^funds paid in: (\S+)$/.exec(detail)?.[1];
  if (paidIn !== undefined) return t('worklists:reopenedBy.funds', { count: Number(paidIn) });
  const [, outBefore, outNow] = /^withdraw (\S+) -> (\S+)$/.exec(detail) ?? [];
  if (outBefore !== undefined && outNow !== undefined)
    return t('worklists:reopenedBy.withdraw', { before: format.number(Number(outBefore), 2), now: format.number(Number(outNow), 2) });
  const paidOut = /^funds paid out: (\S+)$/.exec(detail)?.[1];
  if (paidOut !== undefined) return t('worklists:reopenedBy.fundsOut', { count: Number(paidOut) });
  if (detail === 'time is over') return t('worklists:reopenedBy.expired');
  const trades = /^new trades: (\d+)$/.exec(detail)?.[1];
  if (trades !== undefined) return t('worklists:reopenedBy.trades', { count: Number(trades) });
  const day = /^trading day (\d{8})$/.exec(detail)?.[1];
  if (day !== undefined) return t('worklists:reopenedBy.day', { day: format.tradingDay(day) });
  if (detail === 'frozen lots differ') return t('worklists:reopenedBy.frozen');
  return detail === 'lots differ' ? t('worklists:reopenedBy.lots') : detail;
}

/** Why a lot was left out. */
export function skippedBecause({ why, orders }: SkippedLot, t: TFunction): string {
  return why === 'frozen' && (orders ?? []).length > 0 ? t('worklists:why.frozenBy', { orders: orders?.join(', ') }) : t(`worklists:why.${why}`);
}
