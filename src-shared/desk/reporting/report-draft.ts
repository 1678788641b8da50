/** Fills a report from what the incident knows, in either language; what nobody knows yet is written as not known, never left to be read as none. */
import type { Incident } from '#shared/desk/incidents/incident';

/** The order in which they are read out and printed. */
export const REPORT_FIELDS = ['what', 'when', 'grade', 'impact', 'cause', 'actions', 'needs', 'evidence'] as const;
export type ReportField = (typeof REPORT_FIELDS)[number];

/** Keys are those of the `incidents` texts. */
export type DraftWords = { word: (key: string) => string; time: (atMs: number) => string; number: (value: number) => string };

export function reportDraft(incident: Incident, { word, time, number }: DraftWords): Record<ReportField, string> {
  const unknown = word('notKnown');
  const timeOf = (atMs: number | undefined): string => (atMs === undefined ? unknown : time(atMs));
  const count = (value: number | null): string => (value === null ? unknown : number(value));
  const { times, impact, reports, review, seal } = incident;
  const last = reports.at(-1);
  const joined = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(word('joint'));
  const lost = impact.periods.map(({ fromMs, toMs, serviceLossPercent, text }) => {
    const loss = serviceLossPercent === null ? unknown : `${number(serviceLossPercent)}%`;
    return `${word('lostService')} ${loss} ${time(fromMs)} – ${toMs === null ? word('goesOn') : time(toMs)} ${text}`.trim();
  });
  return {
    what: `${incident.title} (${word(`eventKind.${incident.eventKind}`)})`,
    when: joined([
      `${word('time.impactStart')} ${timeOf(times.impactStart)}`,
      `${word('time.detected')} ${timeOf(times.detected)}`,
      `${word('time.recovered')} ${timeOf(times.recovered)}`,
    ]),
    grade: word(`grade.${incident.grade ?? 'unknown'}`),
    impact: joined([
      `${word('field.clients')} ${count(impact.clientCount)}`,
      `${word('field.accounts')} ${count(impact.accountCount)}`,
      `${word('field.orders')} ${count(impact.orderCount)}`,
      ...lost,
      impact.text,
    ]),
    cause: review.causes.length === 0 ? unknown : joined(review.causes),
    actions: last?.actions ?? unknown,
    needs: last === undefined ? unknown : last.needs === '' ? word('nothing') : last.needs,
    evidence: seal === null || seal.items.length === 0 ? word('notSealed') : joined(seal.items),
  };
}
