/** Fills a report on the page, in the page's language and on the regulator's clock: what is read out there must not be an hour of somewhere else. */
import type { TFunction } from 'i18next';
import type { IncidentView } from '#shared/contract/incidents';
import { type ReportField, reportDraft } from '#shared/desk/reporting/report-draft';
import type { Formatters } from '../../components/format/formatters';

type PageWords = { t: TFunction<'incidents'>; format: Formatters; language: 'zh-CN' | 'en' };

/** Field names are keys of `form.*` in the language files; the order is the order in which they are read out. */
export function draftOf({ incident }: IncidentView, timeZone: string, { t, format, language }: PageWords): Record<ReportField, string> {
  const clock = new Intl.DateTimeFormat(language, {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  });
  const time = (atMs: number): string => `${clock.format(atMs)} (${timeZone})`;
  return reportDraft(incident, { word: (key) => t(key), time, number: (value) => format.number(value, 0) });
}
