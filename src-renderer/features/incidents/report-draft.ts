/** Fills a report from what the incident knows; what nobody knows yet is written as not known, never left to be read as none. */
import type { TFunction } from 'i18next';
import type { IncidentView } from '#shared/contract/incidents';
import type { Formatters } from '../../components/format/formatters';

/** Field names are keys of `form.*` in the language files; the order is the order in which they are read out. */
export function draftOf({ incident }: IncidentView, t: TFunction<'incidents'>, format: Formatters): Record<string, string> {
  const unknown = t('notKnown');
  const time = (atMs: number | undefined): string => (atMs === undefined ? unknown : format.dateTime(atMs));
  const count = (value: number | null): string => (value === null ? unknown : format.number(value, 0));
  const { times, impact, reports, review, seal } = incident;
  const last = reports.at(-1);
  return {
    what: `${incident.title} (${t(`eventKind.${incident.eventKind}`)})`,
    when: `${t('time.impactStart')} ${time(times.impactStart)}; ${t('time.detected')} ${time(times.detected)}; ${t('time.recovered')} ${time(times.recovered)}`,
    grade: t(`grade.${incident.grade ?? 'unknown'}`),
    impact: `${t('field.clients')} ${count(impact.clientCount)}; ${t('field.accounts')} ${count(impact.accountCount)}; ${t('field.orders')} ${count(impact.orderCount)}${impact.text === '' ? '' : `; ${impact.text}`}`,
    cause: review.causes.length === 0 ? unknown : review.causes.join('; '),
    actions: last?.actions ?? unknown,
    needs: last === undefined || last.needs === '' ? t('nothing') : last.needs,
    evidence: seal === null ? t('notSealed') : seal.items.join('; '),
  };
}
