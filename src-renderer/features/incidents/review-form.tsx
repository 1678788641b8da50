/** Conditions, actions and needs while it lasts; causes, actions and lessons afterwards. */
import { Button, Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#shared/desk/incidents/incident';
import { EntryField } from '../../components/entry-field';
import { isUnreadable } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { MomentField } from '../../components/moment-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextField } from '../../components/text-field';
import { usePersonName } from '../../state/person-names';
import { useAction } from '../../state/use-stream';
import { AnswerField } from './answer-field';

type Action = Incident['review']['actions'][number];

export function ReviewForm({ incident, onSaved }: { incident: Incident; onSaved(): void }): ReactNode {
  return (
    <div className="stack">
      <SituationReport incident={incident} />
      <Review key={JSON.stringify(incident.review)} incident={incident} onSaved={onSaved} />
    </div>
  );
}

function SituationReport({ incident }: { incident: Incident }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const nameOf = usePersonName();
  const [words, setWords] = useState({ conditions: '', actions: '', needs: '' });
  const act = useAction('incident.act');
  return (
    <form
      className="stack"
      data-testid="situation-form"
      onSubmit={(event) => {
        event.preventDefault();
        void act.run({ incidentId: incident.incidentId, act: { type: 'report', ...words } }).then((done) => {
          if (done !== null) setWords({ conditions: '', actions: '', needs: '' });
        });
      }}
    >
      <strong>{t('situation')}</strong>
      <ol className="timeline" data-testid="situation-reports" hidden={incident.reports.length === 0}>
        {incident.reports.toReversed().map(({ atMs, by, conditions, actions, needs }) => (
          <li key={`${atMs} ${conditions}`}>
            <time className="mono">{format.dateTime(atMs)}</time> <span className="secondary">{nameOf(by)}</span>
            <div>
              {t('can.conditions')}: {conditions}
            </div>
            <div>
              {t('can.actions')}: {actions}
            </div>
            {needs !== '' && (
              <div>
                {t('can.needs')}: {needs}
              </div>
            )}
          </li>
        ))}
      </ol>
      {(['conditions', 'actions', 'needs'] as const).map((name) => (
        <EntryField
          key={name}
          label={t(`can.${name}`)}
          maxLength={2000}
          value={words[name]}
          testId={`situation-${name}`}
          onValueChange={(value) => setWords((before) => ({ ...before, [name]: value }))}
        />
      ))}
      <RefusalNotice refusal={act.refusal} action={t('situation')} />
      <div className="row">
        <Button
          type="submit"
          disabled={words.conditions.trim() === '' || words.actions.trim() === ''}
          loading={act.isWaiting}
          data-testid="situation-add"
        >
          {t('addSituation')}
        </Button>
      </div>
    </form>
  );
}

function Review({ incident, onSaved }: { incident: Incident; onSaved(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const { review } = incident;
  const [wasUpgradedBefore, setWasUpgradedBefore] = useState(review.wasUpgradedBefore);
  const [causes, setCauses] = useState(review.causes.join('\n'));
  const [lessons, setLessons] = useState(review.lessons);
  const [actions, setActions] = useState<Action[]>(review.actions);
  const act = useAction('incident.act');
  const change = (index: number, part: Partial<Action>): void =>
    setActions((before) => before.map((action, at) => (at === index ? { ...action, ...part } : action)));
  const isReadable = actions.every(({ dueDate }) => !isUnreadable(dueDate));
  const save = (): void => {
    const causeLines = causes
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const kept = actions.filter(({ text }) => text.trim() !== '');
    const answered = { type: 'review' as const, wasUpgradedBefore, causes: causeLines, actions: kept, lessons };
    void act.run({ incidentId: incident.incidentId, act: answered }).then((done) => {
      if (done !== null) onSaved();
    });
  };
  return (
    <form
      className="stack"
      data-testid="review-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReadable) save();
      }}
    >
      <strong>{t('reviewTitle')}</strong>
      <AnswerField label={t('upgradedQuestion')} value={wasUpgradedBefore} testId="review-upgraded" onValueChange={setWasUpgradedBefore} />
      <TextField
        label={t('causes')}
        help={t('onePerLine')}
        rows={3}
        maxLength={8000}
        value={causes}
        testId="review-causes"
        onValueChange={setCauses}
      />
      <strong>{t('actions')}</strong>
      {actions.map((action, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an action has no identity before it is saved
        <div className="row" key={index}>
          <Checkbox aria-label={t('actionDone')} checked={action.isDone} onChange={() => change(index, { isDone: !action.isDone })} />
          <InputGroup
            aria-label={t('actionText')}
            placeholder={t('actionText')}
            maxLength={1000}
            value={action.text}
            data-testid={`review-action-${index + 1}`}
            onValueChange={(text) => change(index, { text })}
          />
          <InputGroup
            aria-label={t('actionOwner')}
            placeholder={t('actionOwner')}
            maxLength={64}
            value={action.owner}
            data-testid={`review-owner-${index + 1}`}
            onValueChange={(owner) => change(index, { owner })}
          />
          <MomentField
            precision="day"
            label={t('actionDue')}
            value={action.dueDate}
            testId={`review-due-${index + 1}`}
            onChange={(dueDate) => change(index, { dueDate })}
          />
        </div>
      ))}
      <div className="row">
        <Button
          size="small"
          data-testid="review-add-action"
          onClick={() => setActions((before) => [...before, { text: '', owner: '', dueDate: '', isDone: false }])}
        >
          {t('addAction')}
        </Button>
      </div>
      <TextField label={t('lessons')} rows={3} maxLength={4000} value={lessons} onValueChange={setLessons} />
      <RefusalNotice refusal={act.refusal} action={t('reviewTitle')} />
      <div className="row">
        <Button type="submit" intent="primary" disabled={!isReadable} loading={act.isWaiting} data-testid="review-save">
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
