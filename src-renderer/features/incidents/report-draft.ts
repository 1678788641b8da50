/** Fills a report on the page, in the page's language and clock. */
import type { TFunction } from 'i18next';
import type { IncidentView } from '#shared/contract/incidents';
import { type ReportField, reportDraft } from '#shared/desk/reporting/report-draft';
import type { Formatters } from '../../components/format/formatters';

/** Field names are keys of `form.*` in the language files; the order is the order in which they are read out. */
export function draftOf({ incident }: IncidentView, t: TFunction<'incidents'>, format: Formatters): Record<ReportField, string> {
  return reportDraft(incident, { word: (key) => t(key), time: (atMs) => format.dateTime(atMs), number: (value) => format.number(value, 0) });
}
