/** What went well and what is to be bettered: each with owner, date and task, closed by a later drill that shows the task done well, and by nothing else. */
import { Button, Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillView } from '#shared/contract/drills';
import type { Improvement } from '#shared/desk/drills/drill';
import { isUnreadable } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { MomentField } from '../../components/moment-field';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { TextField } from '../../components/text-field';
import { useMay } from '../../state/auth';
import { usePersonName } from '../../state/person-names';
import { useAction } from '../../state/use-stream';
import { useWords } from './use-words';

const KINDS = ['plan', 'person', 'system', 'supplier'] as const;
type Row = Omit<Improvement, 'actionId' | 'closedBy'>;
const REVIEWABLE: ReadonlySet<DrillView['drill']['state']> = new Set(['hotwash', 'aarDraft']);
/** After what was seen: what should have been, why it was not, and what came of it. */
const WHY = ['standard', 'cause', 'effect'] as const;

export function Improvements({ view }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const may = useMay('drill.control');
  const { drill } = view;
  if (drill.endedAtMs === null) return <p className="secondary">{t('afterTheEnd')}</p>;
  return (
    <section className="stack" data-testid="drill-improvements" data-open={drill.improvements.filter(({ closedBy }) => closedBy === null).length}>
      <Hotwash key={`hotwash ${drill.sequence}`} view={view} />
      {drill.strengths.length > 0 && <h3>{t('strengths')}</h3>}
      <ul className="drill-plain">
        {drill.strengths.map((strength) => (
          <li key={strength}>{strength}</li>
        ))}
      </ul>
      {drill.improvements.map((improvement) => (
        <Item key={improvement.actionId} view={view} improvement={improvement} />
      ))}
      {may && REVIEWABLE.has(drill.state) && <ReviewForm key={drill.sequence} view={view} />}
      <p className="secondary">{t('closesOnlyByRetest')}</p>
    </section>
  );
}

function Item({ view, improvement }: { view: DrillView; improvement: Improvement }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const act = useAction('drill.act');
  const may = useMay('drill.control');
  const task = view.drill.scenario.criticalTasks.find(({ taskId }) => taskId === improvement.taskId);
  const proofs = view.retests.filter(({ actionId }) => actionId === improvement.actionId);
  const { actionId, closedBy } = improvement;
  return (
    <div className="drill-task" data-testid="drill-improvement" data-closed={closedBy !== null}>
      <strong>{improvement.text}</strong>{' '}
      <span className="secondary">
        {t(`kind.${improvement.kind}`)} · {improvement.owner} · {improvement.dueDate} · {task === undefined ? improvement.taskId : words(task.text)}
      </span>
      {WHY.map((part) =>
        (improvement[part] ?? '') === '' ? null : (
          <div key={part}>
            {t(`why.${part}`)}: {improvement[part]}
          </div>
        ),
      )}
      {closedBy !== null && <div>✓ {t('provedAt', { time: format.dateTime(closedBy.atMs), points: format.number(closedBy.points, 0) })}</div>}
      {closedBy === null && proofs.length === 0 && <div className="secondary">{t('noRetest')}</div>}
      {closedBy === null &&
        may &&
        view.drill.state === 'actionsOpen' &&
        proofs.map(({ drillId, endedAtMs, points }) => (
          <Button
            key={drillId}
            size="small"
            data-testid="drill-prove"
            onClick={() => void act.run({ drillId: view.drill.drillId, act: { type: 'closeImprovement', actionId, byDrillId: drillId } })}
          >
            {t('prove', { time: format.dateTime(endedAtMs), points: format.number(points, 0) })}
          </Button>
        ))}
      <RefusalNotice refusal={act.refusal} action={t('section.improvements')} />
    </div>
  );
}

/** Same day, everybody together, before anybody writes a report. */
function Hotwash({ view: { drill } }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const nameOf = usePersonName();
  const may = useMay('drill.control');
  const act = useAction('drill.act');
  const taking = [...new Set([...drill.players, ...drill.controllers, ...drill.evaluators])];
  const [present, setPresent] = useState<string[]>(drill.hotwash?.present ?? taking);
  const [wentWell, setWentWell] = useState(drill.hotwash?.wentWell ?? '');
  const [toBetter, setToBetter] = useState(drill.hotwash?.toBetter ?? '');
  const { hotwash } = drill;
  const isOpen = may && (drill.state === 'ended' || drill.state === 'aborted' || drill.state === 'hotwash');
  if (!isOpen && hotwash === null) return null;
  if (!isOpen && hotwash !== null)
    return (
      <div className="drill-task" data-testid="drill-hotwash-held">
        <strong>{t('hotwash.title')}</strong>{' '}
        <span className="secondary">
          {format.dateTime(hotwash.atMs)} · {nameOf(hotwash.by)} · {t('hotwash.present')}: {hotwash.present.map(nameOf).join(', ')}
        </span>
        {hotwash.wentWell !== '' && (
          <div>
            {t('hotwash.wentWell')}: {hotwash.wentWell}
          </div>
        )}
        {hotwash.toBetter !== '' && (
          <div>
            {t('hotwash.toBetter')}: {hotwash.toBetter}
          </div>
        )}
      </div>
    );
  return (
    <form
      className="stack"
      data-testid="drill-hotwash"
      onSubmit={(event) => {
        event.preventDefault();
        void act.run({ drillId: drill.drillId, act: { type: 'hotwash', present, wentWell: wentWell.trim(), toBetter: toBetter.trim() } });
      }}
    >
      <h3>{t('hotwash.title')}</h3>
      <p className="secondary">{t('hotwash.meaning')}</p>
      <div className="row">
        <span>{t('hotwash.present')}:</span>
        {taking.map((personId) => (
          <Checkbox
            key={personId}
            inline
            label={nameOf(personId)}
            checked={present.includes(personId)}
            onChange={() => setPresent((before) => (before.includes(personId) ? before.filter((each) => each !== personId) : [...before, personId]))}
          />
        ))}
      </div>
      <TextField label={t('hotwash.wentWell')} maxLength={4000} value={wentWell} testId="drill-hotwash-well" onValueChange={setWentWell} />
      <TextField label={t('hotwash.toBetter')} maxLength={4000} value={toBetter} testId="drill-hotwash-better" onValueChange={setToBetter} />
      <RefusalNotice refusal={act.refusal} action={t('hotwash.title')} />
      <div className="row">
        <Button
          type="submit"
          intent="primary"
          disabled={wentWell.trim() === '' && toBetter.trim() === ''}
          loading={act.isWaiting}
          data-testid="drill-hotwash-save"
        >
          {t('hotwash.save')}
        </Button>
      </div>
    </form>
  );
}

function ReviewForm({ view: { drill } }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const act = useAction('drill.act');
  const [strengths, setStrengths] = useState(drill.strengths.join('\n'));
  const [rows, setRows] = useState<Row[]>(drill.improvements.map(({ actionId: _id, closedBy: _closed, ...row }) => row));
  const change = (index: number, part: Partial<Row>): void => setRows(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  const lines = strengths
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isWhole = rows.every(({ text, owner, dueDate }) => text.trim() !== '' && owner.trim() !== '' && dueDate !== '' && !isUnreadable(dueDate));
  const empty: Row = { taskId: drill.scenario.criticalTasks[0]?.taskId ?? '', text: '', owner: '', dueDate: '', kind: 'plan' };
  return (
    <form
      className="stack"
      data-testid="drill-review"
      onSubmit={(event) => {
        event.preventDefault();
        void act.run({ drillId: drill.drillId, act: { type: 'review', strengths: lines, improvements: rows } });
      }}
    >
      <h3>{t('reviewTitle')}</h3>
      <TextField
        label={t('strengths')}
        isLabelHidden
        rows={3}
        maxLength={null}
        placeholder={t('strengthsHelp')}
        value={strengths}
        onValueChange={setStrengths}
      />
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name before they are recorded, and are never moved
        <div key={index} className="row drill-observe">
          <Select
            label={t('task')}
            options={drill.scenario.criticalTasks.map((task) => ({ value: task.taskId, label: words(task.text) }))}
            value={row.taskId}
            onValueChange={(taskId) => change(index, { taskId })}
          />
          <Select
            label={t('kindLabel')}
            options={optionsOf(KINDS, (kind) => t(`kind.${kind}`))}
            value={row.kind}
            onValueChange={(kind) => change(index, { kind })}
          />
          <InputGroup
            aria-label={t('whatToBetter')}
            placeholder={t('whatToBetter')}
            value={row.text}
            data-testid="drill-review-text"
            onValueChange={(text) => change(index, { text })}
          />
          <InputGroup
            aria-label={t('owner')}
            placeholder={t('owner')}
            value={row.owner}
            data-testid="drill-review-owner"
            onValueChange={(owner) => change(index, { owner })}
          />
          <MomentField
            precision="day"
            label={t('due')}
            value={row.dueDate}
            testId="drill-review-due"
            onChange={(dueDate) => change(index, { dueDate })}
          />
          {WHY.map((part) => (
            <InputGroup
              key={part}
              aria-label={t(`why.${part}`)}
              placeholder={t(`why.${part}`)}
              maxLength={4000}
              value={row[part] ?? ''}
              data-testid={`drill-review-${part}`}
              onValueChange={(text) => change(index, { [part]: text })}
            />
          ))}
        </div>
      ))}
      <div className="row">
        <Button size="small" data-testid="drill-review-add" onClick={() => setRows([...rows, empty])}>
          {t('addImprovement')}
        </Button>
        <Button size="small" type="submit" intent="primary" disabled={!isWhole} loading={act.isWaiting} data-testid="drill-review-save">
          {t('saveReview')}
        </Button>
      </div>
      <RefusalNotice refusal={act.refusal} action={t('saveReview')} />
    </form>
  );
}
