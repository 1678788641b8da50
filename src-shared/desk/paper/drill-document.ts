/** The after-action report of a drill: facts first, then what they were judged by, what went well, what is to be bettered and by whom. */
import type { DrillReport, StoryLine } from '#shared/desk/drills/after-action';
import { type Drill, drillTimeMs } from '#shared/desk/drills/drill';
import { type DrillResult, summariseTimes } from '#shared/desk/drills/result';
import type { DrillIndex } from '#shared/desk/drills/score';
import type { PaperBlock, PaperDocument, PaperFacts, PaperWords } from '#shared/desk/paper/document';
import { heading, paperDocument, paragraph, smallPrint } from '#shared/desk/paper/document';

/** `report` is null before the drill has begun: its paper is then that of what is planned, without what was measured. */
export type DrillPaperFacts = { drill: Drill; report: DrillReport | null; earlier: readonly DrillResult[] };

export function drillDocument(drillFacts: DrillPaperFacts, words: PaperWords, facts: PaperFacts): PaperDocument {
  const { word, language } = words;
  const { drill } = drillFacts;
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  return paperDocument(words, facts, {
    title: `${word('drill.title')}: ${drill.scenario.title[tongue]}`,
    banner: word('plans:paper.drill'),
    subject: `${drill.scenario.planId} ${drill.drillId.slice(0, 8)}`,
    blocks: [
      ...frame(drillFacts, words, facts),
      heading(word('drill.objectives')),
      objectives(drillFacts, words),
      heading(word('drill.tasks')),
      tasks(drillFacts, words),
      heading(word('drill.facts')),
      ...timesBlocks(drillFacts, words),
      ...storyBlocks(drillFacts, words),
      heading(word('drills:decisions')),
      ...decisions(drillFacts, words),
      heading(word('drill.observations')),
      ...observations(drill, words),
      ...hotwash(drill, words),
      heading(word('drill.strengths')),
      ...(drill.strengths.length === 0 ? [smallPrint(word('none'))] : drill.strengths.map((text, index) => paragraph(text, `${index + 1}`))),
      heading(word('drill.improvements')),
      improvements(drill, words),
      heading(word('closing')),
      { kind: 'signatures', lines: signers(drill, words) },
      { kind: 'lines', label: word('remarks'), count: 4 },
    ],
  });
}

function frame({ drill, report }: DrillPaperFacts, words: PaperWords, { fingerprint, printedAtMs }: PaperFacts): PaperBlock[] {
  const { word, time, person, zone } = words;
  const { scenario, startedAtMs, endedAtMs } = drill;
  const names = (ids: readonly string[]): string => ids.map(person).join(', ') || word('none');
  const lasted = startedAtMs === null ? null : clockOf(drillTimeMs(drill, endedAtMs ?? printedAtMs));
  return [
    ...(drill.leak === null ? [] : [paragraph(`${time(drill.leak.atMs)} ${drill.leak.text}`, word('drill.leak'))]),
    ...(drill.abortReason === null ? [] : [paragraph(drill.abortReason, word('drill.aborted'))]),
    ...missed(report, words),
    ...lapses(drill, report, words),
    {
      kind: 'fields',
      fields: [
        { label: word('state'), value: word(`drills:state.${drill.state}`) },
        { label: word('drill.index'), value: indexText(report?.index ?? null, words) },
        ...(report === null || report.kappa === null ? [] : [{ label: word('drill.kappa'), value: words.number(report.kappa) }]),
        { label: word('drill.plan'), value: scenario.planId },
        { label: word('drill.type'), value: word(`drills:type.${scenario.type}`) },
        { label: word('drill.announced'), value: word(`incidents:answer.${scenario.isAnnounced ? 'yes' : 'no'}`) },
        { label: word('drill.scenario'), value: `${scenario.scenarioId} v${scenario.version}` },
        { label: word('drill.started'), value: startedAtMs === null ? null : time(startedAtMs) },
        { label: word('drill.ended'), value: endedAtMs === null ? null : time(endedAtMs) },
        { label: word('drill.lasted'), value: lasted },
        { label: word('drill.run'), value: drill.runId ?? (endedAtMs === null ? null : word('drills:timeReason.noRun')) },
        { label: word('drill.players'), value: names(drill.players) },
        { label: word('drill.controllers'), value: names(drill.controllers) },
        { label: word('drill.evaluators'), value: names(drill.evaluators) },
        { label: word('drill.approvedBy'), value: names(drill.approvedBy) },
        { label: word('fingerprint'), value: fingerprint },
        { label: word('printed'), value: `${time(printedAtMs)} ${zone}` },
      ],
    },
  ];
}

function missed(report: DrillReport | null, { word, language }: PaperWords): PaperBlock[] {
  const titles = (report?.missedDuties ?? []).map(({ title }) => title[language === 'zh-CN' ? 'zh' : 'en']);
  return titles.length === 0 ? [] : [paragraph(titles.join('; '), word('drill.missedDuties'))];
}

function lapses({ scenario }: Drill, report: DrillReport | null, { word, language }: PaperWords): PaperBlock[] {
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  const lines = (report?.lapses ?? []).map(({ taskId, why }) => {
    const task = scenario.criticalTasks.find((each) => each.taskId === taskId);
    return `${task?.text[tongue] ?? taskId}: ${word(`drills:lapse.${why}`)}`;
  });
  return lines.length === 0 ? [] : [paragraph(lines.join('\n'), word('drills:lapses'))];
}

function decisions({ report }: DrillPaperFacts, { word, time, person, language }: PaperWords): PaperBlock[] {
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  if (report === null || report.decisions.length === 0) return [smallPrint(word('none'))];
  return report.decisions.map(({ no, atMs, by, title, choice, note }) =>
    paragraph(
      `${title[tongue]}: ${[choice?.[tongue] ?? '', note ?? ''].filter((part) => part !== '').join(' · ')}`,
      `${no} ${time(atMs)} ${person(by)}`,
    ),
  );
}

function hotwash({ hotwash: held }: Drill, { word, time, person }: PaperWords): PaperBlock[] {
  if (held === null) return [];
  const present = held.present.map(person).join(', ') || word('none');
  return [
    heading(word('drill.hotwash')),
    smallPrint(`${time(held.atMs)} ${person(held.by)} · ${word('drill.present')}: ${present}`),
    ...(held.wentWell === '' ? [] : [paragraph(held.wentWell, word('drill.wentWell'))]),
    ...(held.toBetter === '' ? [] : [paragraph(held.toBetter, word('drill.toBetter'))]),
  ];
}

function indexText(index: DrillIndex | null, { word, number }: PaperWords): string {
  if (index === null || index.kind === 'unfinished') return word('drill.unfinished');
  if (index.kind === 'invalid') return word('drill.invalid');
  const caps = index.cappedBy.map((cap) => word(`drills:cap.${cap}`));
  return [`${number(Math.round(index.index))} / 100`, word(`drills:band.${index.band}`), ...caps].join(' · ');
}

/** Minutes and seconds of drill time. */
function clockOf(lengthMs: number): string {
  const seconds = Math.round(lengthMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function objectives({ drill, report }: DrillPaperFacts, { word, language }: PaperWords): PaperBlock {
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  const { scenario } = drill;
  const rows = scenario.objectives.map(({ text, capabilityId }) => {
    const capability = scenario.capabilities.find((each) => each.capabilityId === capabilityId);
    const rating = report?.capabilities.find((each) => each.capabilityId === capabilityId)?.rating ?? null;
    return [
      text[tongue],
      capability?.title[tongue] ?? capabilityId,
      rating === null ? word('drill.notRated') : `${rating} ${word(`drills:rating.${rating}`)}`,
    ];
  });
  return { kind: 'table', columns: [word('drill.objective'), word('drill.capability'), word('drill.rated')], widths: [44, 28, 28], rows };
}

function tasks({ drill, report }: DrillPaperFacts, words: PaperWords): PaperBlock {
  const { word, language, person, number } = words;
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  const rows = drill.scenario.criticalTasks.map(({ taskId, text, targetSeconds }) => {
    const result = report?.tasks.find((each) => each.taskId === taskId);
    const tookMs = result?.facts.tookMs ?? null;
    const points = result?.score.points ?? null;
    const marks = drill.marks.filter((mark) => mark.taskId === taskId);
    const notes = marks.map(({ by, quality, note }) => `${person(by)}: ${quality}/3${note === '' ? '' : ` ${note}`}`);
    return [
      text[tongue],
      clockOf(targetSeconds * 1000),
      tookMs === null ? word('drill.notDone') : clockOf(tookMs),
      result?.needsAdjudication === true ? word('drill.adjudicate') : points === null ? word('drill.notRated') : number(Math.round(points)),
      notes.length === 0 ? null : notes.join('\n'),
    ];
  });
  const columns = [word('drill.task'), word('drill.target'), word('drill.took'), word('drill.points'), word('drill.marks')];
  return { kind: 'table', columns, widths: [36, 12, 14, 12, 26], rows };
}

/** Beside the drills before it that may be compared with it, with the median and the worst of them all. */
function timesBlocks({ report, earlier }: DrillPaperFacts, { word, time, number }: PaperWords): PaperBlock[] {
  if (report === null) return [];
  const compared = earlier.filter(({ isAborted, hasLeaked }) => !isAborted && !hasLeaked);
  const summary = compared.length === 0 ? null : summariseTimes([report, ...compared]);
  const lengthOf = (tookMs: number | null | undefined): string => (tookMs == null ? UNSEEN_MARK : clockOf(tookMs));
  const rows = report.times.map(({ name, tookMs, reason }) => {
    const line = summary?.find((each) => each.name === name);
    const before = compared.map(({ times }) => lengthOf(times.find((each) => each.name === name)?.tookMs));
    return [
      word(`drills:time.${name}`),
      tookMs === null ? word(`drills:timeReason.${reason ?? 'notSeen'}`) : clockOf(tookMs),
      ...before,
      ...(line === undefined ? [] : [lengthOf(line.medianMs), lengthOf(line.worstMs)]),
    ];
  });
  const indexRow = [
    word('drill.index'),
    ...[report, ...compared].map(({ index }) => shortIndex(index, number)),
    ...(summary === null ? [] : ['', '']),
  ];
  const heads = compared.map(({ endedAtMs, version }) => `${endedAtMs === null ? '' : time(endedAtMs)}\nv${version}`);
  const columns = [
    word('drill.measured'),
    word('drill.sinceInject'),
    ...heads,
    ...(summary === null ? [] : [word('drill.median'), word('drill.worst')]),
  ];
  const others = columns.length - 1;
  const first = summary === null ? 60 : 24;
  return [
    { kind: 'table', columns, widths: [first, ...Array.from({ length: others }, () => (100 - first) / others)], rows: [...rows, indexRow] },
    ...(summary === null ? [smallPrint(word('drill.noEarlier'))] : []),
  ];
}

/** An earlier drill's time that is not in its record: the drill's own paper says why. */
const UNSEEN_MARK = '–';

function shortIndex(index: DrillIndex, number: PaperWords['number']): string {
  return index.kind === 'scored' ? number(Math.round(index.index)) : UNSEEN_MARK;
}

/** In order; an inject stands with what it said and what was expected of it. The run's own record is printed with the run. */
function storyBlocks({ report, drill }: DrillPaperFacts, words: PaperWords): PaperBlock[] {
  const { word, time, person } = words;
  if (report === null || report.story.length === 0) return [smallPrint(word('none'))];
  const rows = report.story.map((line) => [
    time(line.atMs),
    clockOf(line.drillMs),
    line.by === null ? null : person(line.by),
    storyText(line, drill, words),
  ]);
  const columns = [word('incident.when'), word('drill.clock'), word('sign.name'), word('incident.what')];
  return [{ kind: 'table', columns, widths: [22, 12, 18, 48], rows }];
}

function storyText({ kind, no, text }: StoryLine, { scenario }: Drill, { word, language }: PaperWords): string {
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  const inject = kind === 'inject' ? scenario.injects.find((each) => each.no === no) : undefined;
  const state = kind === 'step' ? word(`plans:stepState.${text}`) : kind === 'paused' && text === REAL_ALERT ? word('drill.realAlert') : text;
  return [
    `${word(`drill.story.${kind}`)}${no === null ? '' : ` ${no}`}`,
    ...(inject === undefined ? [] : [inject.content[tongue], `${word('drill.expected')} ${inject.expected[tongue]}`]),
    ...(state === '' ? [] : [state]),
  ].join('\n');
}

/** How the drill desk names a pause that a real alert caused. */
const REAL_ALERT = 'realCriticalAlert';

function observations(drill: Drill, { word, time, person, language }: PaperWords): PaperBlock[] {
  if (drill.observations.length === 0) return [smallPrint(word('none'))];
  const tongue = language === 'zh-CN' ? 'zh' : 'en';
  const rows = drill.observations.map(({ atMs, by, taskId, fact, opinion }) => {
    const task = drill.scenario.criticalTasks.find((each) => each.taskId === taskId);
    return [`${time(atMs)}\n${person(by)}`, task?.text[tongue] ?? taskId, fact, opinion];
  });
  const columns = [word('incident.when'), word('drill.task'), word('drill.fact'), word('drill.opinion')];
  return [{ kind: 'table', columns, widths: [22, 16, 34, 28], rows }];
}

function improvements(drill: Drill, { word, time, person }: PaperWords): PaperBlock {
  if (drill.improvements.length === 0) return smallPrint(word('none'));
  const rows = drill.improvements.map(({ text, owner, dueDate, kind, closedBy, ...why }) => [
    [
      text,
      ...(['standard', 'cause', 'effect'] as const).flatMap((part) =>
        (why[part] ?? '') === '' ? [] : `${word(`drills:why.${part}`)}: ${why[part]}`,
      ),
    ].join('\n'),
    `${word(`drills:kind.${kind}`)}\n${person(owner)}`,
    dueDate,
    closedBy === null ? word('drill.untilRetest') : word('drill.retested', { drill: closedBy.drillId.slice(0, 8), time: time(closedBy.atMs) }),
  ]);
  const columns = [word('incident.action'), word('incident.owner'), word('incident.dueDate'), word('drill.closed')];
  return { kind: 'table', columns, widths: [42, 20, 14, 24], rows };
}

function signers(drill: Drill, { word, person }: PaperWords): { role: string; name: string | null; signedAt: string | null }[] {
  const signed = drill.signedBy.map((by) => ({ role: word('drill.signer'), name: person(by), signedAt: null }));
  return signed.length > 0
    ? signed
    : ['drill.lead', 'drill.evaluator', 'drill.owner'].map((role) => ({ role: word(role), name: null, signedAt: null }));
}
