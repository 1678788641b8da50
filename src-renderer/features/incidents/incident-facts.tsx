/** What is known of an incident: its grade, its times, each with every value it ever had, and who holds which role. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#shared/desk/incidents/incident';
import { EVENT_KINDS, type EventKind, GRADES, type Grade, INCIDENT_TIMES, type IncidentTimeName } from '#shared/desk/reporting/rule-pack';
import { EntryField } from '../../components/entry-field';
import { FormDialog } from '../../components/form-dialog';
import { UNKNOWN_MARK } from '../../components/format/formatters';
import { localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { Labelled } from '../../components/labelled';
import { MomentField } from '../../components/moment-field';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { SelectField } from '../../components/select';
import { usePersonName } from '../../state/person-names';
import { useAction, useStream } from '../../state/use-stream';
import { AnswerField } from './answer-field';

export function IncidentFacts({ incident }: { incident: Incident }): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const nameOf = usePersonName();
  const [dialog, setDialog] = useState<'grade' | 'role' | IncidentTimeName | null>(null);
  const close = (): void => setDialog(null);
  const held = incident.roles.filter(({ renouncedAtMs }) => renouncedAtMs === null);
  return (
    <section className="incident-facts">
      <div className="row">
        <span>
          {t(`eventKind.${incident.eventKind}`)} · <strong data-testid="incident-grade">{t(`grade.${incident.grade ?? 'unknown'}`)}</strong>
        </span>
        <Button size="small" data-testid="incident-regrade" onClick={() => setDialog('grade')}>
          {t('regrade')}
        </Button>
        {held.map(({ role, personId, hasReadBack }) => (
          <span key={role} className="secondary">
            {t(`role.${role}`, { defaultValue: role })}: {nameOf(personId)} {hasReadBack ? '✓' : `(${t('notReadBack')})`}
          </span>
        ))}
        <Button size="small" data-testid="incident-role" onClick={() => setDialog('role')}>
          {t('assignRole')}
        </Button>
      </div>
      <dl className="incident-times">
        {INCIDENT_TIMES.map((name) => {
          const history = incident.timeHistory.filter((change) => change.name === name);
          const atMs = incident.times[name];
          return (
            <div key={name} data-testid={`incident-time-${name}`}>
              <dt>{t(`time.${name}`)}</dt>
              <dd>
                <button
                  type="button"
                  className="incident-time"
                  title={history.map((change) => `${format.dateTime(change.atMs)} · ${nameOf(change.by)} ${change.reason}`).join('\n')}
                  onClick={() => setDialog(name)}
                >
                  {atMs === undefined ? UNKNOWN_MARK : format.dateTime(atMs)}
                </button>
                {history.slice(1).map((change) => (
                  <div key={change.recordedAtMs} className="secondary" data-testid={`incident-time-${name}-was`}>
                    <del>{format.dateTime(change.before)}</del> {change.reason} · {nameOf(change.by)}
                  </div>
                ))}
              </dd>
            </div>
          );
        })}
      </dl>
      {dialog === 'grade' && <GradeDialog incident={incident} onClose={close} />}
      {dialog === 'role' && <RoleDialog incidentId={incident.incidentId} onClose={close} />}
      {dialog !== null && dialog !== 'grade' && dialog !== 'role' && <TimeDialog incident={incident} name={dialog} onClose={close} />}
    </section>
  );
}

function GradeDialog({ incident, onClose }: { incident: Incident; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const [eventKind, setEventKind] = useState<EventKind>(incident.eventKind);
  const [grade, setGrade] = useState<Grade | ''>(incident.grade ?? '');
  const [isClassifiedMajor, setIsClassifiedMajor] = useState(incident.isClassifiedMajor);
  const [reason, setReason] = useState('');
  const act = useAction('incident.act');
  return (
    <FormDialog
      title={t('regrade')}
      testId="incident-grade-dialog"
      confirm={t('confirm:confirm')}
      isReady={reason.trim() !== ''}
      isWaiting={act.isWaiting}
      onClose={onClose}
      onSubmit={async () => {
        const graded = { type: 'grade' as const, eventKind, grade: grade === '' ? null : grade, isClassifiedMajor, reason };
        if ((await act.run({ incidentId: incident.incidentId, act: graded })) !== null) onClose();
      }}
    >
      <p className="secondary">{t('gradeMeaning')}</p>
      <SelectField
        label={t('field.eventKind')}
        fill
        options={optionsOf(EVENT_KINDS, (kind) => t(`eventKind.${kind}`))}
        value={eventKind}
        onValueChange={setEventKind}
      />
      <SelectField
        label={t('field.grade')}
        fill
        options={[{ value: '', label: t('grade.unknown') }, ...optionsOf(GRADES, (each) => t(`grade.${each}`))]}
        value={grade}
        testId="incident-grade-value"
        onValueChange={setGrade}
      />
      <AnswerField label={t('field.major')} fill value={isClassifiedMajor} onValueChange={setIsClassifiedMajor} />
      <EntryField
        label={t('reason')}
        info={t('app:required')}
        maxLength={400}
        value={reason}
        testId="incident-grade-reason"
        onValueChange={setReason}
      />
      <RefusalNotice refusal={act.refusal} action={t('regrade')} />
    </FormDialog>
  );
}

function RoleDialog({ incidentId, onClose }: { incidentId: string; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const [role, setRole] = useState('IC');
  const [personId, setPersonId] = useState('');
  const people = useStream('auth', {}).picture?.people ?? [];
  const act = useAction('incident.act');
  return (
    <FormDialog
      title={t('assignRole')}
      testId="incident-role-dialog"
      confirm={t('confirm:confirm')}
      isReady={personId.trim() !== ''}
      isWaiting={act.isWaiting}
      onClose={onClose}
      onSubmit={async () => {
        if ((await act.run({ incidentId, act: { type: 'assignRole', role, personId, hasReadBack: true } })) !== null) onClose();
      }}
    >
      <SelectField
        label={t('field.role')}
        fill
        options={optionsOf(['IC', 'SCR', 'COMP', 'ITOPS', 'CS'], (each) => t(`role.${each}`))}
        value={role}
        onValueChange={setRole}
      />
      <SelectField
        label={t('field.person')}
        help={t('field.personHelp')}
        fill
        options={[{ value: '', label: t('confirm:choose') }, ...people.map((person) => ({ value: person.personId, label: person.displayName }))]}
        value={personId}
        onValueChange={setPersonId}
      />
      <RefusalNotice refusal={act.refusal} action={t('assignRole')} />
    </FormDialog>
  );
}

function TimeDialog({ incident, name, onClose }: { incident: Incident; name: IncidentTimeName; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const before = incident.times[name];
  const [value, setValue] = useState(localInputOf(before ?? Date.now()));
  const [reason, setReason] = useState('');
  const act = useAction('incident.act');
  const timeMs = msOfLocalInput(value);
  return (
    <FormDialog
      title={t(`time.${name}`)}
      testId="incident-time-dialog"
      confirm={t('confirm:confirm')}
      isReady={timeMs !== null && (before === undefined || reason.trim() !== '')}
      isWaiting={act.isWaiting}
      onClose={onClose}
      onSubmit={async () => {
        if (timeMs !== null && (await act.run({ incidentId: incident.incidentId, act: { type: 'setTime', name, timeMs, reason } })) !== null)
          onClose();
      }}
    >
      <Labelled label={t(`time.${name}`)}>
        {(id) => <MomentField id={id} label={t(`time.${name}`)} value={value} testId="incident-time-value" onChange={setValue} />}
      </Labelled>
      <EntryField
        label={t('reason')}
        info={t(before === undefined ? 'app:optional' : 'app:required')}
        maxLength={400}
        value={reason}
        onValueChange={setReason}
      />
      <RefusalNotice refusal={act.refusal} action={t(`time.${name}`)} />
    </FormDialog>
  );
}
