/** Puts an account's figures into a notice's words; what is not known is written as not known, never left out and never 0. */
import type { NoticeFigures, NoticeTemplate } from '#shared/desk/notices/notice';

type Language = 'en' | 'zh';
const NOT_KNOWN: Record<Language, string> = { en: '(not known)', zh: '（未知）' };
const LOCALE: Record<Language, string> = { en: 'en', zh: 'zh-CN' };

export type NoticeOf = {
  accountID: string;
  accountName: string;
  tradingDay: string;
  figures: NoticeFigures;
  timeZone: string | null;
  dueAtMs: number | null;
};

/** Money with two decimals and its currency, degrees as percent with two decimals, times in the market's zone. */
export function fillTemplate(template: NoticeTemplate, of: NoticeOf): { en: string; zh: string } {
  return { en: fill(template.text.en, of, 'en'), zh: fill(template.text.zh, of, 'zh') };
}

function fill(text: string, { accountID, accountName, tradingDay, figures, timeZone, dueAtMs }: NoticeOf, language: Language): string {
  const unknown = NOT_KNOWN[language];
  const locale = LOCALE[language];
  const money = (value: number | null): string =>
    value === null ? unknown : `${value.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${figures.currencyID}`;
  const timeOf = (atMs: number | null): string =>
    atMs === null || timeZone === null ? unknown : new Date(atMs).toLocaleString(locale, { timeZone, dateStyle: 'medium', timeStyle: 'medium' });
  const values: Record<string, string> = {
    name: accountName === '' ? accountID : accountName,
    account: accountID,
    day: tradingDay,
    time: timeOf(figures.asOfMs),
    due: timeOf(dueAtMs),
    degree: figures.riskDegree === null ? unknown : `${(figures.riskDegree * 100).toFixed(2)}%`,
    balance: money(figures.balance),
    margin: money(figures.currMargin),
    available: money(figures.available),
    amount: money(figures.marginCall),
  };
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}
