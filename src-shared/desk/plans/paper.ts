/** A plan or its run as a document of plain blocks, for paper: what is known is printed, what is not is a line to write on. */
import { ALERT_EVIDENCE_LABEL } from '#shared/desk/plans/alert-evidence';
import { isSettled } from '#shared/desk/plans/derive';
import type { Plan, PlanStep, Run } from '#shared/desk/plans/plan';
import { type ReadingWords, readingParts } from '#shared/desk/plans/reading-text';
import type { Mark, Reading, RunStep } from '#shared/desk/plans/run-parts';

/** A value of null is a blank to be filled in by hand. */
export type PaperField = { label: string; value: string | null };

export type PaperBlock =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'fields'; fields: PaperField[] }
  | { kind: 'paragraph'; label: string; text: string }
  | {
      kind: 'step';
      no: number;
      title: string;
      /** Role, kind, target, state. */
      meta: string[];
      action: string;
      hints: PaperField[];
      /** One box for each branch or way out, ticked where it was taken. */
      boxes: { text: string; isTicked: boolean }[];
      /** What was recorded: readings, evidence, notes. */
      record: string[];
      fields: PaperField[];
      signatures: PaperField[];
    }
  | { kind: 'signatures'; fields: PaperField[] }
  | { kind: 'footer'; text: string };

/** How values become words: the page's language, times and names come from outside. Keys are those of the `paper` texts. */
export type PaperWords = {
  isChinese: boolean;
  word: (key: string, params?: Record<string, string | number>) => string;
  time: (atMs: number) => string;
  person: (personId: string) => string;
  role: (role: string) => string;
  stepKind: (kind: string) => string;
  stepState: (state: string) => string;
  /** Why a step was not done as written, by its code. */
  deviation: (code: string) => string;
  reading: ReadingWords;
  /** What an alert said, in words; null for a text that is none. */
  alert: (text: string) => string | null;
};

/** `fingerprint` is that of the journal's head when it was printed: the signatures on the paper witness it. */
export type PaperFacts = { fingerprint: string; printedAtMs: number };

type Said = { atMs: number; by: string; text: string };

/** Before anything happens: every field is blank. */
export function planPaper(plan: Plan, words: PaperWords, facts: PaperFacts): PaperBlock[] {
  return paper(plan, null, words, facts);
}

/** During or after a run. */
export function runPaper(run: Run, words: PaperWords, facts: PaperFacts): PaperBlock[] {
  return paper(run.plan, run, words, facts);
}

function paper(plan: Plan, run: Run | null, words: PaperWords, { fingerprint, printedAtMs }: PaperFacts): PaperBlock[] {
  const { word, time, person, role, isChinese } = words;
  const roles = [...new Set(['IC', 'SCR', ...plan.steps.map((step) => step.role)])];
  const drill: PaperBlock[] = run?.mode === 'drill' ? [{ kind: 'heading', level: 1, text: word('drill') }] : [];
  return [
    ...drill,
    { kind: 'heading', level: 1, text: `${plan.id} ${isChinese ? plan.title_zh : plan.title}` },
    {
      kind: 'fields',
      fields: [
        { label: word('started'), value: run === null ? null : `${time(run.startedAtMs)} ${person(run.startedBy)}` },
        { label: word('ended'), value: run?.endedAtMs === null || run === null ? null : time(run.endedAtMs) },
        { label: word('runId'), value: run?.runId ?? null },
        { label: word('planHash'), value: run?.planHash.slice(0, 12) ?? null },
        { label: word('fingerprint'), value: fingerprint },
        { label: word('printed'), value: time(printedAtMs) },
      ],
    },
    { kind: 'paragraph', label: word('immediate'), text: pick(plan.immediate_actions, plan.immediate_actions_zh, isChinese) },
    {
      kind: 'fields',
      fields: [
        {
          label: word('immediateDone'),
          value:
            run === null || run.immediate === null
              ? null
              : `${time(run.immediate.atMs)} ${person(run.immediate.by)} ${run.immediate.note ?? ''}`.trim(),
        },
      ],
    },
    { kind: 'paragraph', label: word('exit'), text: pick(plan.exit_criteria, plan.exit_criteria_zh, isChinese) },
    { kind: 'paragraph', label: word('reporting'), text: pick(plan.reporting_note, plan.reporting_note_zh, isChinese) },
    { kind: 'heading', level: 2, text: word('roles') },
    { kind: 'fields', fields: roles.map((each) => ({ label: role(each), value: holderOf(run, each, person) })) },
    { kind: 'heading', level: 2, text: word('steps') },
    ...plan.steps.map((planned) => stepBlock(planned, run?.steps.find((step) => step.no === planned.no) ?? null, words)),
    ...(run === null || run.notes.length === 0
      ? []
      : ([
          { kind: 'heading', level: 2, text: word('notes') },
          ...run.notes.map(({ atMs, by, text }) => ({ kind: 'paragraph', label: `${time(atMs)} ${person(by)}`, text })),
        ] as PaperBlock[])),
    { kind: 'heading', level: 2, text: word('closing') },
    { kind: 'signatures', fields: ['IC', 'EXE', 'SCR'].map((each) => ({ label: role(each), value: null })) },
    { kind: 'footer', text: word('footer', { plan: plan.id, fingerprint }) },
  ];
}

function holderOf(run: Run | null, role: string, person: (personId: string) => string): string | null {
  const holder = run?.roles[role];
  return holder === undefined ? null : person(holder);
}

function stepBlock(planned: PlanStep, step: RunStep | null, words: PaperWords): PaperBlock {
  const { word, time, person, role, stepKind, stepState, isChinese } = words;
  const hints: PaperField[] = [];
  if (planned.after.length > 0) hints.push({ label: word('after'), value: planned.after.join(', ') });
  if (planned.decision !== null) hints.push({ label: word('decision'), value: pick(planned.decision, planned.decision_zh ?? undefined, isChinese) });
  if (planned.evidence !== '') hints.push({ label: word('evidence'), value: pick(planned.evidence, planned.evidence_zh, isChinese) });
  if (planned.expects !== undefined) hints.push({ label: word('expected'), value: pick(planned.expects, planned.expects_zh, isChinese) });
  const boxes = [...(planned.branches ?? []), ...(planned.on_fail ?? [])].map((choice) => ({
    text: pick(choice.label, choice.label_zh, isChinese),
    isTicked: step?.route === choice.id,
  }));
  const isEnded = step !== null && isSettled(step);
  const signed = (step?.marks ?? []).filter((mark) => mark.kind === 'signed');
  return {
    kind: 'step',
    no: planned.no,
    title: isChinese ? planned.title_zh : planned.title,
    meta: [
      role(planned.role),
      stepKind(planned.kind),
      pick(planned.target, planned.target_zh, isChinese),
      ...(step === null ? [] : [stepState(step.state)]),
    ],
    action: pick(planned.action, planned.action_zh, isChinese),
    hints,
    boxes,
    record: step === null ? [] : recordOf(step, words),
    fields: [
      { label: word('startedAt'), value: step?.startedAtMs === null || step === null ? null : time(step.startedAtMs) },
      { label: word('endedAt'), value: step?.endedAtMs === null || step === null ? null : time(step.endedAtMs) },
      ...(isEnded ? [] : [{ label: word('written'), value: null }]),
    ],
    signatures: Array.from({ length: Math.max(planned.signatures, signed.length) }, (_, index) => {
      const mark = signed[index];
      const label = planned.signatures > 1 ? word('signature', { no: index + 1 }) : word('onlySignature');
      return { label, value: mark === undefined ? (isEnded ? word('none') : null) : `${person(mark.by)} ${time(mark.atMs)}` };
    }),
  };
}

function recordOf(step: RunStep, words: PaperWords): string[] {
  const { time, person, word, reading: readingWords, alert } = words;
  const read = (reading: Reading): string => {
    const { sensor, value, detail } = readingParts(reading, readingWords);
    return `${sensor} ${value}${detail === '' ? '' : ` (${detail})`}`;
  };
  const said = (atMs: number, by: string, text: string): { atMs: number; line: string } => ({ atMs, line: `${time(atMs)} ${person(by)}: ${text}` });
  const lines = [
    ...step.readings.map((reading) => said(reading.atMs, reading.takenBy, read(reading))),
    ...step.evidence.map(({ atMs, by, item }) =>
      said(
        atMs,
        by,
        item.kind === 'file'
          ? `${item.name} ${item.hash.slice(0, 12)}`
          : ((item.label === ALERT_EVIDENCE_LABEL ? alert(item.text) : null) ?? item.text),
      ),
    ),
    ...step.answers.map(({ atMs, by, text }) => said(atMs, by, `${word('read')} ${text}`)),
    ...step.beats.map(({ atMs, by, note, readings }) =>
      said(atMs, by, ['↻', note ?? '', ...readings.map(read)].filter((each) => each !== '').join(' ')),
    ),
    ...step.notes.map(({ atMs, by, text }) => said(atMs, by, text)),
    ...step.marks.flatMap((mark) => deviationLine(mark, words)).map(({ atMs, by, text }) => said(atMs, by, text)),
  ];
  return lines.sort((a, b) => a.atMs - b.atMs).map(({ line }) => line);
}

/** What was not done as written: skipped or overridden, why, and the second name under it. */
function deviationLine({ kind, by, atMs, reason, deviation, second }: Mark, { word, person, stepState, deviation: why }: PaperWords): Said[] {
  if (kind !== 'skipped' && kind !== 'overridden') return [];
  const code = deviation === null ? '' : `${why(deviation.code)}${deviation.detail === null ? '' : ` (${deviation.detail})`}`;
  const withName = second === null ? '' : word('second', { person: person(second) });
  return [{ atMs, by, text: [stepState(kind), code, reason ?? '', withName].filter((part) => part !== '').join(' · ') }];
}

/** Plans of earlier versions have no Chinese: their English is better than nothing. */
function pick(english: string, chinese: string | undefined, isChinese: boolean): string {
  return isChinese && chinese !== undefined ? chinese : english;
}
