/** The written report to a regulator: as drafted and approved, or prefilled from the incident; each page says which of the two it is. */
import type { Incident } from '#shared/desk/incidents/incident';
import type { PaperBlock, PaperDocument, PaperFacts, PaperWords } from '#shared/desk/paper/document';
import { heading, paperDocument, paragraph, smallPrint } from '#shared/desk/paper/document';
import type { PaperDue } from '#shared/desk/paper/incident-document';
import type { Duty, FirmProfile } from '#shared/desk/reporting/duty';
import { REPORT_FIELDS, reportDraft } from '#shared/desk/reporting/report-draft';
import { INCIDENT_TIMES, sourceText } from '#shared/desk/reporting/rule-pack';

export type RegulatorFormFacts = { incident: Incident; duty: Duty; due: PaperDue | null; firm: FirmProfile };

/** Times are those of the regulator's own zone, whatever zone the desk is in. */
export function regulatorForm({ incident, duty, due, firm }: RegulatorFormFacts, deskWords: PaperWords, facts: PaperFacts): PaperDocument {
  const words = deskWords.inZone(duty.timeZone);
  const { word, language } = words;
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  const { rule } = duty;
  return paperDocument(words, facts, {
    title: rule.title[tongue],
    banner: bannerOf(incident, duty, word),
    subject: `${incident.incidentId.slice(0, 8)} ${duty.dutyId}`,
    blocks: [
      paragraph(
        `${rule.instrument[tongue]}${rule.article === '—' ? '' : ` ${word('incidents:article', { article: rule.article })}`}`,
        word('form.basis'),
      ),
      ...(rule.certainty === 'verified'
        ? []
        : [smallPrint(word('form.unverified', { source: sourceText(rule, tongue === 'zh'), from: rule.effectiveFrom }))]),
      {
        kind: 'fields',
        fields: [
          { label: word('form.recipients'), value: rule.recipients[tongue] },
          { label: word('form.channel'), value: word(`incidents:channel.${rule.channel}`) },
          { label: word('form.firm'), value: null },
          { label: word('form.licences'), value: firm.licences.map((licence) => word(`incidents:licence.${licence}`)).join(', ') || null },
          { label: word('form.contact'), value: null },
          { label: word('form.telephone'), value: null },
          { label: word('incident.id'), value: incident.incidentId },
          { label: word('form.number'), value: word('form.ordinal', { count: duty.submissions.length + 1 }) },
          { label: word('incident.due'), value: due === null || due.dueAtMs === null ? word('incident.noDue') : words.time(due.dueAtMs) },
          { label: word('form.zone'), value: duty.timeZone },
        ],
      },
      heading(word('form.report')),
      ...reportBlocks(incident, duty, words),
      heading(word('incident.times')),
      {
        kind: 'fields',
        fields: INCIDENT_TIMES.map((name) => {
          const atMs = incident.times[name];
          return { label: word(`incidents:time.${name}`), value: atMs === undefined ? word('incidents:notKnown') : words.time(atMs) };
        }),
      },
      heading(word('form.attachments')),
      {
        kind: 'boxes',
        boxes: [
          { text: word('form.attach.timeline'), isTicked: false },
          { text: word('form.attach.evidence'), isTicked: false },
          { text: word('form.attach.other'), isTicked: false },
        ],
      },
      ...sentBlocks(duty, words),
      heading(word('form.signing')),
      {
        kind: 'signatures',
        lines: [
          { role: word('form.drafted'), name: nameOf(duty.draftedBy, words), signedAt: null },
          { role: word('form.approved'), name: nameOf(duty.approvedBy, words), signedAt: null },
          { role: word('form.compliance'), name: null, signedAt: null },
        ],
      },
      { kind: 'lines', label: word('form.seal'), count: 2 },
      {
        kind: 'fields',
        fields: [
          { label: word('form.sentAt'), value: null },
          { label: word('form.reference'), value: duty.receipt?.reference ?? null },
        ],
      },
    ],
  });
}

function nameOf(personId: string | null, { person }: PaperWords): string | null {
  return personId === null ? null : person(personId);
}

function bannerOf(incident: Incident, duty: Duty, word: PaperWords['word']): string | null {
  if (incident.mode === 'drill') return word('form.drill');
  if (duty.state === 'stoodDown' || duty.state === 'waived') return word(`incidents:dutyState.${duty.state}`);
  return duty.approvedBy === null ? word('form.notApproved') : null;
}

/** A person's own words stay as they were written; only what the desk fills in follows the language of the paper. */
function reportBlocks(incident: Incident, duty: Duty, words: PaperWords): PaperBlock[] {
  const { word } = words;
  const prefilled = reportDraft(incident, { word: (key) => word(`incidents:${key}`), time: words.time, number: words.number });
  const text: Readonly<Record<string, string>> = duty.draft ?? prefilled;
  const own = Object.keys(text).filter((field) => !REPORT_FIELDS.some((known) => known === field));
  return [
    smallPrint(word(duty.draft === null ? 'form.prefilled' : 'form.asDrafted')),
    {
      kind: 'table',
      columns: [word('form.item'), word('form.content')],
      widths: [24, 76],
      rows: [...REPORT_FIELDS, ...own].map((field) => {
        const label = word(`incidents:form.${field}`);
        const value = text[field] ?? '';
        return [label === `incidents:form.${field}` ? field : label, value === '' ? null : value];
      }),
    },
  ];
}

function sentBlocks({ submissions }: Duty, { word, time, person }: PaperWords): PaperBlock[] {
  if (submissions.length === 0) return [];
  const rows = submissions.map(({ atMs, by, channel, proof }) => [time(atMs), word(`incidents:channel.${channel}`), person(by), proof]);
  const columns = [word('incident.when'), word('form.channel'), word('sign.name'), word('incidents:field.proof')];
  return [heading(word('form.earlier')), { kind: 'table', columns, widths: [24, 16, 20, 40], rows }];
}
