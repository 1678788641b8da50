/** An incident as a report on paper: its times kept apart, its roles, its effect, its duties, its evidence, its whole timeline and its review. */
import type { Incident, TimelineEntry } from '#shared/desk/incidents/incident';
import { timelineText } from '#shared/desk/incidents/timeline-text';
import type { PaperBlock, PaperDocument, PaperFacts, PaperWords } from '#shared/desk/paper/document';
import { heading, paperDocument, paragraph, smallPrint } from '#shared/desk/paper/document';
import type { Duty } from '#shared/desk/reporting/duty';
import { INCIDENT_TIMES } from '#shared/desk/reporting/rule-pack';

/** A duty with its next deadline, as far as the desk can tell one. */
export type PaperDue = { dutyId: string; dueAtMs: number | null; isCalendarUnknown: boolean };

export type IncidentPaperFacts = { incident: Incident; timeline: readonly TimelineEntry[]; dues: readonly PaperDue[] };

export function incidentDocument({ incident, timeline, dues }: IncidentPaperFacts, words: PaperWords, facts: PaperFacts): PaperDocument {
  const { word } = words;
  return paperDocument(words, facts, {
    title: word('incident.title'),
    banner: incident.mode === 'drill' ? word('plans:paper.drill') : null,
    subject: incident.incidentId.slice(0, 8),
    blocks: [
      ...standing(incident, words, facts),
      heading(word('incident.times')),
      ...timesTable(incident, words),
      heading(word('incident.roles')),
      rolesTable(incident, words),
      heading(word('incident.impact')),
      ...impactBlocks(incident, words),
      heading(word('incident.duties')),
      ...dutyBlocks(incident, dues, words),
      heading(word('incident.evidence')),
      ...evidenceBlocks(incident, words),
      heading(word('incident.reports')),
      ...reportBlocks(incident, words),
      heading(word('incident.review')),
      ...reviewBlocks(incident, words),
      heading(word('incident.timeline')),
      ...timelineBlocks(timeline, incident, words),
      heading(word('closing')),
      { kind: 'signatures', lines: signers(incident, words) },
      { kind: 'lines', label: word('remarks'), count: 4 },
    ],
  });
}

/** A table, or one sentence that says there is nothing to put into it. */
function tableOrNone(columns: readonly string[], widths: readonly number[], rows: readonly (readonly (string | null)[])[], none: string): PaperBlock {
  return rows.length === 0 ? smallPrint(none) : { kind: 'table', columns, widths, rows };
}

function standing(incident: Incident, words: PaperWords, { fingerprint, printedAtMs }: PaperFacts): PaperBlock[] {
  const { word, time, person, zone } = words;
  const { links } = incident;
  const ids = (list: readonly string[]): string => (list.length === 0 ? word('none') : list.join(', '));
  const major = incident.isClassifiedMajor;
  return [
    { kind: 'heading', level: 1, text: incident.title },
    {
      kind: 'fields',
      fields: [
        { label: word('incident.id'), value: incident.incidentId },
        { label: word('state'), value: word(`incidents:state.${incident.state}`) },
        { label: word('incident.kind'), value: word(`incidents:eventKind.${incident.eventKind}`) },
        { label: word('incident.grade'), value: word(`incidents:grade.${incident.grade ?? 'unknown'}`) },
        { label: word('incident.major'), value: word(`incidents:answer.${major === null ? 'unknown' : major ? 'yes' : 'no'}`) },
        { label: word('incident.opened'), value: `${time(incident.openedAtMs)} ${person(incident.openedBy)}` },
        { label: word('incident.alerts'), value: ids(links.alertIds) },
        { label: word('incident.runs'), value: ids(links.runIds) },
        ...(links.mergedInto === null ? [] : [{ label: word('incident.mergedInto'), value: links.mergedInto }]),
        ...(links.mergedFrom.length === 0 ? [] : [{ label: word('incident.mergedFrom'), value: ids(links.mergedFrom) }]),
        { label: word('fingerprint'), value: fingerprint },
        { label: word('printed'), value: `${time(printedAtMs)} ${zone}` },
      ],
    },
  ];
}

/** All eight, also those nobody knows; a value that was changed shows what it was, who changed it and why. */
function timesTable(incident: Incident, { word, time, person }: PaperWords): PaperBlock[] {
  const rows = INCIDENT_TIMES.map((name) => {
    const atMs = incident.times[name];
    return [word(`incidents:time.${name}`), atMs === undefined ? word('incidents:notKnown') : time(atMs)];
  });
  const changes = incident.timeHistory
    .filter(({ before }) => before !== null)
    .map(({ name, atMs, before, reason, by, recordedAtMs }) => [
      word(`incidents:time.${name}`),
      before === null ? '' : time(before),
      time(atMs),
      `${person(by)} ${time(recordedAtMs)}${reason === '' ? '' : `: ${reason}`}`,
    ]);
  const table: PaperBlock = { kind: 'table', columns: [word('incident.timeName'), word('incident.timeValue')], widths: [40, 60], rows };
  if (changes.length === 0) return [table];
  const columns = [word('incident.timeName'), word('incident.before'), word('incident.after'), word('incident.changedBy')];
  return [table, paragraph(word('incident.timeChanges')), { kind: 'table', columns, widths: [18, 22, 22, 38], rows: changes }];
}

function roleName(role: string, word: PaperWords['word']): string {
  const key = `incidents:role.${role}`;
  const found = word(key);
  return found === key ? role : found;
}

function rolesTable(incident: Incident, { word, time, person }: PaperWords): PaperBlock {
  const rows = incident.roles.map(({ role, personId, assumedAtMs, renouncedAtMs, hasReadBack }) => [
    roleName(role, word),
    `${person(personId)}${hasReadBack ? '' : ` (${word('incidents:notReadBack')})`}`,
    time(assumedAtMs),
    renouncedAtMs === null ? word('incident.stillHeld') : time(renouncedAtMs),
  ]);
  const columns = [word('sign.role'), word('sign.name'), word('incident.from'), word('incident.to')];
  return tableOrNone(columns, [22, 30, 24, 24], rows, word('incident.noRoles'));
}

function impactBlocks({ impact }: Incident, words: PaperWords): PaperBlock[] {
  const { word, time } = words;
  const count = (value: number | null): string => (value === null ? word('incidents:notKnown') : words.number(value));
  const rows = impact.periods.map(({ fromMs, toMs, serviceLossPercent, text }) => [
    time(fromMs),
    toMs === null ? word('incident.goingOn') : time(toMs),
    serviceLossPercent === null ? word('incidents:notKnown') : `${words.number(serviceLossPercent)} %`,
    text,
  ]);
  const columns = [word('incident.from'), word('incident.to'), word('incident.loss'), word('incident.lost')];
  return [
    {
      kind: 'fields',
      fields: [
        { label: word('incidents:impactCount.clientCount'), value: count(impact.clientCount) },
        { label: word('incidents:impactCount.accountCount'), value: count(impact.accountCount) },
        { label: word('incidents:impactCount.orderCount'), value: count(impact.orderCount) },
        { label: word('incidents:impactCount.lossEstimate', { currency: impact.currencyID }), value: count(impact.lossEstimate) },
      ],
    },
    ...(impact.text === '' ? [] : [paragraph(impact.text)]),
    tableOrNone(columns, [24, 24, 14, 38], rows, word('incident.noPeriods')),
  ];
}

function dutyBlocks({ duties }: Incident, dues: readonly PaperDue[], words: PaperWords): PaperBlock[] {
  const { word, language, person, time } = words;
  const zh = language === 'zh-CN';
  const dueOf = new Map(dues.map((due) => [due.dutyId, due]));
  const reported = ({ submissions, receipt, waiver, stoodDownReason }: Duty): string =>
    [
      ...submissions.map(({ atMs, by, channel, proof, isLateByMs }) => {
        const late = isLateByMs === null ? '' : ` (${word('incident.late', { minutes: Math.ceil(isLateByMs / 60_000) })})`;
        return `${time(atMs)} ${word(`incidents:channel.${channel}`)} ${person(by)}${late}: ${proof}`;
      }),
      ...(receipt === null ? [] : [word('incident.receipt', { reference: receipt.reference, person: receipt.person })]),
      ...(waiver === null ? [] : [`${person(waiver.by)}, ${person(waiver.secondPerson)}: ${waiver.reason}`]),
      ...(stoodDownReason === null ? [] : [stoodDownReason]),
    ].join('\n');
  const rows = duties.map((duty) => {
    const due = dueOf.get(duty.dutyId);
    const deadline = due === undefined || due.dueAtMs === null ? word('incident.noDue') : words.inZone(duty.timeZone).time(due.dueAtMs);
    return [
      `${duty.rule.title[zh ? 'zh' : 'en']}\n${duty.rule.recipients[zh ? 'zh' : 'en']}`,
      word(`incidents:dutyState.${duty.state}`),
      `${deadline}\n${duty.timeZone}${due?.isCalendarUnknown === true ? `\n${word('incidents:calendarUnknown')}` : ''}`,
      reported(duty) || null,
    ];
  });
  const columns = [word('incident.duty'), word('state'), word('incident.due'), word('incident.reported')];
  return [tableOrNone(columns, [28, 16, 22, 34], rows, word('incidents:noDuties'))];
}

function evidenceBlocks({ seal, repairBegunAtMs }: Incident, { word, time, person }: PaperWords): PaperBlock[] {
  const repair = paragraph(repairBegunAtMs === null ? word('incident.noRepair') : time(repairBegunAtMs), word('incident.repair'));
  if (seal === null) return [paragraph(word('incidents:notSealed')), repair];
  return [
    paragraph(`${time(seal.sealedAtMs)} ${person(seal.by)}`, word('incident.sealed')),
    ...(seal.override === null ? [] : [paragraph(`${person(seal.override.secondPerson)}: ${seal.override.reason}`, word('incident.overridden'))]),
    tableOrNone(
      [word('incident.kept')],
      [100],
      seal.items.map((item) => [item]),
      word('incident.nothingKept'),
    ),
    repair,
  ];
}

function reportBlocks({ reports }: Incident, { word, time, person }: PaperWords): PaperBlock[] {
  const rows = reports.map(({ atMs, by, conditions, actions, needs }) => [`${time(atMs)}\n${person(by)}`, conditions, actions, needs]);
  const columns = [word('incident.when'), word('incidents:can.conditions'), word('incidents:can.actions'), word('incidents:can.needs')];
  return [tableOrNone(columns, [22, 26, 26, 26], rows, word('none'))];
}

function reviewBlocks({ review }: Incident, { word }: PaperWords): PaperBlock[] {
  const upgraded = review.wasUpgradedBefore;
  const rows = review.actions.map(({ text, owner, dueDate, isDone }) => [text, owner, dueDate, word(`incidents:answer.${isDone ? 'yes' : 'no'}`)]);
  const columns = [word('incident.action'), word('incident.owner'), word('incident.dueDate'), word('incident.done')];
  return [
    paragraph(word(`incidents:answer.${upgraded === null ? 'unknown' : upgraded ? 'yes' : 'no'}`), word('incidents:upgradedQuestion')),
    tableOrNone(
      [word('incidents:causes')],
      [100],
      review.causes.map((cause) => [cause]),
      `${word('incidents:causes')}: ${word('incidents:notKnown')}`,
    ),
    tableOrNone(columns, [46, 20, 18, 16], rows, `${word('incidents:actions')}: ${word('none')}`),
    ...(review.lessons === '' ? [] : [paragraph(review.lessons, word('incidents:lessons'))]),
  ];
}

function timelineBlocks(timeline: readonly TimelineEntry[], incident: Incident, words: PaperWords): PaperBlock[] {
  const { word, time, person, language } = words;
  const timelineWords = {
    word: (key: string, orElse: string) => (word(key) === key ? orElse : word(key)),
    time,
    person,
    language: language === 'zh-CN' ? ('zh' as const) : ('en' as const),
  };
  const corrected = new Set(timeline.flatMap(({ corrects }) => (corrects === null ? [] : [corrects])));
  const rows = timeline.map((entry) => {
    const { occurredAtMs, recordedAtMs, source, by, entryId, corrects } = entry;
    const marks = [
      ...(recordedAtMs - occurredAtMs > LATE_AFTER_MS ? [word('incidents:recordedAt', { time: time(recordedAtMs) })] : []),
      ...(corrects === null ? [] : [word('incidents:isCorrection')]),
      ...(corrected.has(entryId) ? [word('incidents:isCorrected')] : []),
    ];
    return [time(occurredAtMs), word(`incidents:source_.${source}`), person(by), [timelineText(entry, incident, timelineWords), ...marks].join('\n')];
  });
  const columns = [word('incident.when'), word('incident.source'), word('sign.name'), word('incident.what')];
  return [tableOrNone(columns, [20, 12, 18, 50], rows, word('none'))];
}

/** As the page marks it: an entry written down more than a minute after it happened says so. */
const LATE_AFTER_MS = 60_000;

function signers(incident: Incident, { word, person }: PaperWords): { role: string; name: string | null; signedAt: string | null }[] {
  return ['IC', 'SCR', 'COMP'].map((role) => {
    const holder = incident.roles.findLast((each) => each.role === role);
    return { role: roleName(role, word), name: holder === undefined ? null : person(holder.personId), signedAt: null };
  });
}
