/** What evaluators saw and how well each critical task was done; two of them mark each task, and who played marks nothing. */
import { Button, Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillView } from '#shared/contract/drills';
import { drillTimeMs, type Mark } from '#shared/desk/drills/drill';
import type { DrillScenario } from '#shared/desk/drills/scenario';
import { Choice } from '../../components/choice';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { useAuth, useMay } from '../../state/auth';
import { usePersonName } from '../../state/person-names';
import { useAction } from '../../state/use-stream';
import { useWords } from './use-words';

type Task = DrillScenario['criticalTasks'][number];
const QUALITIES = ['0', '1', '2', '3'] as const;

export function Evaluation({ view }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const { drill } = view;
  return (
    <section className="stack" data-testid="drill-evaluation">
      <Observe view={view} />
      <ul className="drill-plain">
        {[...drill.observations].reverse().map((observation) => (
          <Observation key={`${observation.atMs}-${observation.by}`} view={view} observation={observation} />
        ))}
      </ul>
      <h3>{t('marks')}</h3>
      {drill.scenario.criticalTasks.map((task) => (
        <TaskMarks key={task.taskId} view={view} task={task} />
      ))}
    </section>
  );
}

function Observation({ view: { drill }, observation }: { view: DrillView; observation: DrillView['drill']['observations'][number] }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const nameOf = usePersonName();
  const task = drill.scenario.criticalTasks.find(({ taskId }) => taskId === observation.taskId);
  return (
    <li data-testid="drill-observation">
      <span className="secondary">
        {format.duration(drillTimeMs(drill, observation.atMs))} · {nameOf(observation.by)}
        {task !== undefined && ` · ${words(task.text)}`}
      </span>{' '}
      {observation.fact}
      {observation.opinion !== '' && (
        <em>
          {' '}
          ({t('opinion')}: {observation.opinion})
        </em>
      )}
    </li>
  );
}

function Observe({ view: { drill } }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const may = useMay('drill.evaluate');
  const observe = useAction('drill.evaluate');
  const [fact, setFact] = useState('');
  const [opinion, setOpinion] = useState('');
  const [taskId, setTaskId] = useState('');
  if (!may || drill.startedAtMs === null) return null;
  const submit = async (): Promise<void> => {
    if (fact.trim() === '') return;
    const act = { type: 'observe', taskId: taskId === '' ? null : taskId, fact: fact.trim(), opinion: opinion.trim() } as const;
    if ((await observe.run({ drillId: drill.drillId, act })) === null) return;
    setFact('');
    setOpinion('');
  };
  return (
    <form
      className="row drill-observe"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Select
        label={t('task')}
        options={[
          { value: '', label: t('wholeDrill') },
          ...drill.scenario.criticalTasks.map((task) => ({ value: task.taskId, label: words(task.text) })),
        ]}
        value={taskId}
        onValueChange={setTaskId}
      />
      <InputGroup placeholder={t('fact')} aria-label={t('fact')} value={fact} data-testid="drill-fact" onValueChange={setFact} />
      <InputGroup placeholder={t('opinion')} aria-label={t('opinion')} value={opinion} onValueChange={setOpinion} />
      <Button type="submit" disabled={fact.trim() === ''} loading={observe.isWaiting} data-testid="drill-observe">
        {t('note')}
      </Button>
      <RefusalNotice refusal={observe.refusal} action={t('note')} />
    </form>
  );
}

function TaskMarks({ view, task }: { view: DrillView; task: Task }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const nameOf = usePersonName();
  const own = useAuth()?.session?.personId ?? null;
  const may = useMay('drill.evaluate');
  const { drill, report } = view;
  const marks = drill.marks.filter(({ taskId }) => taskId === task.taskId);
  const result = report?.tasks.find(({ taskId }) => taskId === task.taskId);
  const canMark = may && drill.startedAtMs !== null && own !== null && !drill.players.includes(own) && drill.state !== 'closed';
  return (
    <div className="drill-task" data-testid="drill-task" data-task={task.taskId} data-marked={marks.length > 0}>
      <strong>{words(task.text)}</strong> <span className="secondary">{t('stepTarget', { step: task.stepNo, seconds: task.targetSeconds })}</span>
      <ul className="drill-plain">
        {marks.map((mark) => (
          <li key={mark.by}>
            {nameOf(mark.by)}: {t(`quality.${mark.quality}`)}
            {!mark.hasCorrectRole && ` · ${t('wrongRole')}`}
            {!mark.hasNoShortcut && ` · ${t('shortcut')}`}
            {mark.neededController && ` · ${t('neededController')}`} {mark.note}
          </li>
        ))}
      </ul>
      {result?.needsAdjudication === true && <div className="drill-bad">▲ {t('adjudicate')}</div>}
      {canMark && <MarkForm drillId={drill.drillId} taskId={task.taskId} mine={marks.find(({ by }) => by === own) ?? null} />}
    </div>
  );
}

function MarkForm({ drillId, taskId, mine }: { drillId: string; taskId: string; mine: Mark | null }): ReactNode {
  const { t } = useTranslation('drills');
  const evaluate = useAction('drill.evaluate');
  const [mark, setMark] = useState<Omit<Mark, 'by' | 'quality'>>({
    taskId,
    hasCorrectRole: mine?.hasCorrectRole ?? true,
    hasNoShortcut: mine?.hasNoShortcut ?? true,
    neededController: mine?.neededController ?? false,
    note: mine?.note ?? '',
  });
  const box = (field: 'hasCorrectRole' | 'hasNoShortcut' | 'neededController'): ReactNode => (
    <Checkbox inline checked={mark[field]} label={t(`box.${field}`)} onChange={() => setMark({ ...mark, [field]: !mark[field] })} />
  );
  return (
    <div className="row drill-mark">
      {box('hasCorrectRole')}
      {box('hasNoShortcut')}
      {box('neededController')}
      <Choice
        label={t('marks')}
        name={`drill-mark-${taskId}`}
        values={QUALITIES}
        chosen={mine === null ? null : (QUALITIES[mine.quality] ?? null)}
        text={(quality) => t(`quality.${quality}`)}
        onChoose={(quality) => void evaluate.run({ drillId, act: { type: 'mark', mark: { ...mark, quality: Number(quality) } } })}
      />
      <RefusalNotice refusal={evaluate.refusal} action={t('marks')} />
    </div>
  );
}
