/** Declares an incident, or a suspicion of one, by hand or from an alert or a run: the fewest words first, everything else can follow. */
import { Button, Checkbox, Dialog, DialogBody, DialogFooter, FormGroup, HTMLSelect, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EVENT_KINDS, type EventKind } from '#shared/desk/reporting/rule-pack';
import { isUnreadable, msOfLocalInput } from '../../components/format/moment-text';
import { MomentField } from '../../components/moment-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';
import { openIncident } from './chosen-incident';

type Props = { isOpen: boolean; alertId: string | null; runId: string | null; title?: string; onClose(): void };

export function OpenIncidentDialog({ isOpen, alertId, runId, title: proposedTitle = '', onClose }: Props): ReactNode {
  const { t } = useTranslation('incidents');
  const [titleField, kindField, startField] = [useId(), useId(), useId()];
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
    if (!isWhole) return;
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
    <Dialog isOpen={isOpen} onClose={onClose} title={t('open')} canOutsideClickClose={title === ''}>
      <form
        data-testid="open-incident"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <DialogBody>
          <FormGroup label={t('field.title')} labelFor={titleField}>
            <InputGroup id={titleField} autoFocus maxLength={200} value={title} data-testid="open-incident-title" onValueChange={setTitle} />
          </FormGroup>
          <FormGroup label={t('field.eventKind')} labelFor={kindField}>
            <HTMLSelect id={kindField} fill value={eventKind} onChange={(event) => setEventKind(event.target.value as EventKind)}>
              {EVENT_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`eventKind.${kind}`)}
                </option>
              ))}
            </HTMLSelect>
          </FormGroup>
          <FormGroup label={t('time.impactStart')} labelFor={startField} helperText={t('field.impactStartHelp')}>
            <MomentField id={startField} label={t('time.impactStart')} value={impactStart} testId="open-incident-start" onChange={setImpactStart} />
          </FormGroup>
          <Checkbox
            checked={isDeclared}
            data-testid="open-incident-declared"
            label={t('field.declared')}
            onChange={() => setIsDeclared((before) => !before)}
          />
          <p className="secondary">{t('openMeaning')}</p>
          <RefusalNotice refusal={open.refusal} action={t('open')} />
        </DialogBody>
        <DialogFooter
          actions={
            <>
              <Button onClick={onClose}>{t('app:cancel')}</Button>
              <Button type="submit" intent="primary" disabled={!isWhole} loading={open.isWaiting} data-testid="open-incident-confirm">
                {t('open')}
              </Button>
            </>
          }
        />
      </form>
    </Dialog>
  );
}
