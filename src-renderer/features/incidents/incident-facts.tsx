/** What is known of an incident: its grade, its times, each with every value it ever had, and who holds which role. */
import { Button, Dialog, DialogBody, DialogFooter, FormGroup, HTMLSelect, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#shared/desk/incidents/incident';
import { EVENT_KINDS, type EventKind, GRADES, type Grade, INCIDENT_TIMES, type IncidentTimeName } from '#shared/desk/reporting/rule-pack';
import { UNKNOWN_MARK } from '../../components/format/formatters';
import { localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { MomentField } from '../../components/moment-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { usePersonName } from '../../state/person-names';
import { useAction, useStream } from '../../state/use-stream';

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

type FormProps = {
  title: string;
  isReady: boolean;
  isWaiting: boolean;
  testId: string;
  children: ReactNode;
  onSubmit(): Promise<void>;
  onClose(): void;
};

function FormDialog({ title, isReady, isWaiting, testId, children, onSubmit, onClose }: FormProps): ReactNode {
  const { t } = useTranslation('incidents');
  return (
    <Dialog isOpen onClose={onClose} title={title} canOutsideClickClose={false}>
      <form
        data-testid={testId}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void onSubmit();
        }}
      >
        <DialogBody>{children}</DialogBody>
        <DialogFooter
          actions={
            <>
              <Button onClick={onClose}>{t('app:cancel')}</Button>
              <Button type="submit" intent="primary" disabled={!isReady} loading={isWaiting} data-testid={`${testId}-confirm`}>
                {t('confirm:confirm')}
              </Button>
            </>
          }
        />
      </form>
    </Dialog>
  );
}

const MAJOR = { unknown: null, yes: true, no: false } as const;

function GradeDialog({ incident, onClose }: { incident: Incident; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const [kindField, gradeField, majorField, reasonField] = [useId(), useId(), useId(), useId()];
  const [eventKind, setEventKind] = useState<EventKind>(incident.eventKind);
  const [grade, setGrade] = useState<Grade | ''>(incident.grade ?? '');
  const [major, setMajor] = useState<keyof typeof MAJOR>(incident.isClassifiedMajor === null ? 'unknown' : incident.isClassifiedMajor ? 'yes' : 'no');
  const [reason, setReason] = useState('');
  const act = useAction('incident.act');
  return (
    <FormDialog
      title={t('regrade')}
      testId="incident-grade-dialog"
      isReady={reason.trim() !== ''}
      isWaiting={act.isWaiting}
      onClose={onClose}
      onSubmit={async () => {
        const graded = { type: 'grade' as const, eventKind, grade: grade === '' ? null : grade, isClassifiedMajor: MAJOR[major], reason };
        if ((await act.run({ incidentId: incident.incidentId, act: graded })) !== null) onClose();
      }}
    >
      <p className="secondary">{t('gradeMeaning')}</p>
      <FormGroup label={t('field.eventKind')} labelFor={kindField}>
        <HTMLSelect id={kindField} fill value={eventKind} onChange={(event) => setEventKind(event.target.value as EventKind)}>
          {EVENT_KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`eventKind.${kind}`)}
            </option>
          ))}
        </HTMLSelect>
      </FormGroup>
      <FormGroup label={t('field.grade')} labelFor={gradeField}>
        <HTMLSelect
          id={gradeField}
          fill
          value={grade}
          data-testid="incident-grade-value"
          onChange={(event) => setGrade(event.target.value as Grade | '')}
        >
          <option value="">{t('grade.unknown')}</option>
          {GRADES.map((each) => (
            <option key={each} value={each}>
              {t(`grade.${each}`)}
            </option>
          ))}
        </HTMLSelect>
      </FormGroup>
      <FormGroup label={t('field.major')} labelFor={majorField}>
        <HTMLSelect id={majorField} fill value={major} onChange={(event) => setMajor(event.target.value as keyof typeof MAJOR)}>
          {(['unknown', 'yes', 'no'] as const).map((value) => (
            <option key={value} value={value}>
              {t(`answer.${value}`)}
            </option>
          ))}
        </HTMLSelect>
      </FormGroup>
      <FormGroup label={t('reason')} labelFor={reasonField} labelInfo={t('app:required')}>
        <InputGroup id={reasonField} maxLength={400} value={reason} data-testid="incident-grade-reason" onValueChange={setReason} />
      </FormGroup>
      <RefusalNotice refusal={act.refusal} action={t('regrade')} />
    </FormDialog>
  );
}

function RoleDialog({ incidentId, onClose }: { incidentId: string; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const [roleField, personField] = [useId(), useId()];
  const [role, setRole] = useState('IC');
  const [personId, setPersonId] = useState('');
  const people = useStream('auth', {}).picture?.people ?? [];
  const act = useAction('incident.act');
  return (
    <FormDialog
      title={t('assignRole')}
      testId="incident-role-dialog"
      isReady={personId.trim() !== ''}
      isWaiting={act.isWaiting}
      onClose={onClose}
      onSubmit={async () => {
        if ((await act.run({ incidentId, act: { type: 'assignRole', role, personId, hasReadBack: true } })) !== null) onClose();
      }}
    >
      <FormGroup label={t('field.role')} labelFor={roleField}>
        <HTMLSelect id={roleField} fill value={role} onChange={(event) => setRole(event.target.value)}>
          {['IC', 'SCR', 'COMP', 'ITOPS', 'CS'].map((each) => (
            <option key={each} value={each}>
              {t(`role.${each}`)}
            </option>
          ))}
        </HTMLSelect>
      </FormGroup>
      <FormGroup label={t('field.person')} labelFor={personField} helperText={t('field.personHelp')}>
        <HTMLSelect id={personField} fill value={personId} onChange={(event) => setPersonId(event.target.value)}>
          <option value="">{t('confirm:choose')}</option>
          {people.map((person) => (
            <option key={person.personId} value={person.personId}>
              {person.displayName}
            </option>
          ))}
        </HTMLSelect>
      </FormGroup>
      <RefusalNotice refusal={act.refusal} action={t('assignRole')} />
    </FormDialog>
  );
}

function TimeDialog({ incident, name, onClose }: { incident: Incident; name: IncidentTimeName; onClose(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const [timeField, reasonField] = [useId(), useId()];
  const before = incident.times[name];
  const [value, setValue] = useState(localInputOf(before ?? Date.now()));
  const [reason, setReason] = useState('');
  const act = useAction('incident.act');
  const timeMs = msOfLocalInput(value);
  return (
    <FormDialog
      title={t(`time.${name}`)}
      testId="incident-time-dialog"
      isReady={timeMs !== null && (before === undefined || reason.trim() !== '')}
      isWaiting={act.isWaiting}
      onClose={onClose}
      onSubmit={async () => {
        if (timeMs !== null && (await act.run({ incidentId: incident.incidentId, act: { type: 'setTime', name, timeMs, reason } })) !== null)
          onClose();
      }}
    >
      <FormGroup label={t(`time.${name}`)} labelFor={timeField}>
        <MomentField id={timeField} label={t(`time.${name}`)} value={value} testId="incident-time-value" onChange={setValue} />
      </FormGroup>
      <FormGroup label={t('reason')} labelFor={reasonField} labelInfo={t(before === undefined ? 'app:optional' : 'app:required')}>
        <InputGroup id={reasonField} maxLength={400} value={reason} onValueChange={setReason} />
      </FormGroup>
      <RefusalNotice refusal={act.refusal} action={t(`time.${name}`)} />
    </FormDialog>
  );
}
