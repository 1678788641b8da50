/** Declares an incident, or a suspicion of one, by hand or from an alert or a run: the fewest words first, everything else can follow. */
import { Checkbox } from '@blueprintjs/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EVENT_KINDS, type EventKind } from '#shared/desk/reporting/rule-pack';
import { EntryField } from '../../components/entry-field';
import { FormDialog } from '../../components/form-dialog';
import { isUnreadable, msOfLocalInput } from '../../components/format/moment-text';
import { Labelled } from '../../components/labelled';
import { MomentField } from '../../components/moment-field';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { SelectField } from '../../components/select';
import { useAction } from '../../state/use-stream';
import { openIncident } from './chosen-incident';

type Props = { isOpen: boolean; alertId: string | null; runId: string | null; title?: string; onClose(): void };

export function OpenIncidentDialog({ isOpen, alertId, runId, title: proposedTitle = '', onClose }: Props): ReactNode {
  const { t } = useTranslation('incidents');
  const [title, setTitle] = useState(proposedTitle);
  const [eventKind, setEventKind] = useState<EventKind>('systemFault');
  const [isDeclared, setIsDeclared] = useState(false);
  const [impactStart, setImpactStart] = useState('');
  const open = useAction('incident.open');
  // A second click, or a try after a lost answer, opens no second incident.
  const opId = useRef(crypto.randomUUID());
  useEffect(() => {
    if (isOpen) setTitle(proposedTitle);
  }, [isOpen, proposedTitle]);
  const isWhole = title.trim() !== '' && !isUnreadable(impactStart);
  const submit = async (): Promise<void> => {
    const view = await open.run({
      title: title.trim(),
      eventKind,
      state: isDeclared ? 'active' : 'suspected',
      alertId,
      runId,
      detectedAtMs: null,
      impactStartMs: msOfLocalInput(impactStart),
      opId: opId.current,
    });
    if (view === null) return;
    opId.current = crypto.randomUUID();
    onClose();
    openIncident(view.incident.incidentId);
  };
  return (
    <FormDialog
      isOpen={isOpen}
      title={t('open')}
      canOutsideClickClose={title === ''}
      confirm={t('open')}
      isReady={isWhole}
      isWaiting={open.isWaiting}
      testId="open-incident"
      onSubmit={submit}
      onClose={onClose}
    >
      <EntryField label={t('field.title')} autoFocus maxLength={200} value={title} testId="open-incident-title" onValueChange={setTitle} />
      <SelectField
        label={t('field.eventKind')}
        fill
        options={optionsOf(EVENT_KINDS, (kind) => t(`eventKind.${kind}`))}
        value={eventKind}
        onValueChange={setEventKind}
      />
      <Labelled label={t('time.impactStart')} help={t('field.impactStartHelp')}>
        {(id) => <MomentField id={id} label={t('time.impactStart')} value={impactStart} testId="open-incident-start" onChange={setImpactStart} />}
      </Labelled>
      <Checkbox
        checked={isDeclared}
        data-testid="open-incident-declared"
        label={t('field.declared')}
        onChange={() => setIsDeclared((before) => !before)}
      />
      <p className="secondary">{t('openMeaning')}</p>
      <RefusalNotice refusal={open.refusal} action={t('open')} onLeave={onClose} />
    </FormDialog>
  );
}
