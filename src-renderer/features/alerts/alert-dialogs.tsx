/** The two things a person answers for: taking an alert on, and closing it. */
import { Checkbox } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestPayload } from '#shared/contract/requests';
import { closingNeeds } from '#shared/desk/alerts/decide';
import { useFormat } from '../../components/format/use-format';
import { optionsOf } from '../../components/options';
import { SecondPersonDialog } from '../../components/second-person';
import { SelectField } from '../../components/select';
import { SeverityBadge } from '../../components/severity';
import { TextDialog } from '../../components/text-dialog';
import { acceptAlerts, useAlertsWhile } from '../../state/alerts-store';
import { useAuth } from '../../state/auth';
import { useEntityName } from '../../state/entity-names';
import { request, useStream } from '../../state/use-stream';
import { alertTitle, entityText } from './alert-text';
import { LengthField, ReasonField } from './silence-fields';
import { SHORTEST_SILENCE_MS, type SuppressionReason, silenceLength } from './silence-length';

const NAMED_AT_MOST = 5;

export function AcknowledgeDialog({
  alertIds,
  onDone,
  onCancel,
}: {
  alertIds: string[] | null;
  onDone: () => void;
  onCancel: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const nameOf = useEntityName();
  const byId = useAlertsWhile(alertIds !== null);
  const ids = alertIds ?? [];
  return (
    <TextDialog
      isOpen={alertIds !== null}
      title={t('alerts:acknowledgeTitle', { count: ids.length })}
      label={t('alerts:note')}
      confirm={t('alerts:acknowledge')}
      isRequired
      suggestions={[t('alerts:suggestion.watching'), t('alerts:suggestion.calling'), t('alerts:suggestion.known')]}
      testId="ack-dialog"
      onClose={onCancel}
      onConfirm={async (note) => {
        const outcome = await request('alert.acknowledge', { alertIds: ids, note });
        if (!outcome.ok) return outcome;
        acceptAlerts({ snapshot: false, alerts: outcome.value.alerts });
        onDone();
        return null;
      }}
    >
      <ul className="alert-names">
        {ids.slice(0, NAMED_AT_MOST).map((id) => {
          const alert = byId.get(id);
          return alert === undefined ? null : (
            <li key={id}>
              {alertTitle(alert, t)} <span className="mono">{entityText(alert, t)}</span> {nameOf(alert.entity)}
            </li>
          );
        })}
        {ids.length > NAMED_AT_MOST && <li>{t('alerts:andMore', { count: ids.length - NAMED_AT_MOST })}</li>}
      </ul>
    </TextDialog>
  );
}

const DISPOSITIONS = ['handled', 'falsePositive', 'expected', 'duplicate', 'other'] as const;
type ClosePayload = RequestPayload<'alert.close'>;

/** Each alert is closed by an entry of its own; what needs a second person asks for one, and the rest goes on. */
export function CloseDialog({ alertIds, onClose }: { alertIds: string[] | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('alerts');
  const [disposition, setDisposition] = useState<(typeof DISPOSITIONS)[number]>('handled');
  const [waiting, setWaiting] = useState<ClosePayload[]>([]);
  const nameOf = useEntityName();
  const byId = useAlertsWhile(alertIds !== null || waiting.length > 0);
  const chosen = (alertIds ?? []).flatMap((id) => byId.get(id) ?? []);
  const obstacle = chosen.map((alert) => closingNeeds(alert, disposition).obstacle).find((each) => each !== null) ?? null;
  const [next] = waiting;
  const asked = next === undefined ? undefined : byId.get(next.alertId);
  return (
    <>
      <TextDialog
        isOpen={alertIds !== null && waiting.length === 0}
        title={chosen.length > 1 ? t('closeChosen', { count: chosen.length }) : t('closeTitle')}
        label={t('note')}
        confirm={t('close')}
        isRequired
        isReady={obstacle === null}
        testId="close-dialog"
        onClose={() => {
          if (waiting.length === 0) onClose();
        }}
        onConfirm={async (note) => {
          const needTwo: ClosePayload[] = [];
          for (const alert of chosen) {
            if (alert.human === 'closed') continue;
            const payload = { alertId: alert.alertId, disposition, note };
            if (closingNeeds(alert, disposition).secondPerson) {
              needTwo.push(payload);
              continue;
            }
            const outcome = await request('alert.close', payload);
            if (!outcome.ok) return outcome;
            acceptAlerts({ snapshot: false, alerts: [outcome.value] });
          }
          setWaiting(needTwo);
          return null;
        }}
      >
        <SelectField
          label={t('dispositionLabel')}
          fill
          options={optionsOf(DISPOSITIONS, (each) => t(`disposition.${each}`))}
          value={disposition}
          testId="close-disposition"
          onValueChange={setDisposition}
        />
        {obstacle !== null && <p className="alert-remark">{t('closeNeedsDisposition')}</p>}
        {chosen.some((alert) => closingNeeds(alert, disposition).secondPerson) && <p className="secondary">{t('closeNeedsSecond')}</p>}
      </TextDialog>
      <SecondPersonDialog
        command={next === undefined ? null : { name: 'alert.close', payload: next }}
        title={t('closeTitle')}
        onDone={(alert) => {
          acceptAlerts({ snapshot: false, alerts: [alert] });
          setWaiting((before) => before.slice(1));
          if (waiting.length <= 1) onClose();
        }}
        onClose={() => {
          setWaiting([]);
          onClose();
        }}
      >
        {asked !== undefined && (
          <p>
            <SeverityBadge severity={asked.severityMax} /> {alertTitle(asked, t)} <span className="mono">{entityText(asked, t)}</span>{' '}
            {nameOf(asked.entity)}
            <br />
            {t(`disposition.${next?.disposition ?? 'other'}`)}: {next?.note}
          </p>
        )}
      </SecondPersonDialog>
    </>
  );
}

/** Silences conditions for a while. What is critical waits for other people's approval, which the answer says. */
export function ShelveDialog({ alertIds, onClose }: { alertIds: string[] | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('alerts');
  const format = useFormat();
  const byId = useAlertsWhile(alertIds !== null);
  const caps = useStream('alertSending', {}).picture?.shelvingAtMostMs;
  const chosen = (alertIds ?? []).flatMap((id) => byId.get(id) ?? []);
  const atMostMs = Math.min(...chosen.map(({ severity }) => caps?.[severity] ?? 0));
  const [wantedMs, setWantedMs] = useState(SHORTEST_SILENCE_MS);
  const durationMs = silenceLength(wantedMs, atMostMs);
  const [isOneShot, setIsOneShot] = useState(false);
  const [reasonCode, setReasonCode] = useState<SuppressionReason>('knownCause');
  return (
    <TextDialog
      isOpen={alertIds !== null}
      title={t('shelveTitle', { count: chosen.length })}
      label={t('note')}
      confirm={t('shelve')}
      isRequired
      isReady={durationMs !== null}
      testId="shelve-dialog"
      onClose={onClose}
      onConfirm={async (note) => {
        if (durationMs === null) return null;
        for (const alert of chosen) {
          const outcome = await request('alert.suppress', {
            kind: isOneShot ? 'shelvedOneShot' : 'shelvedTimed',
            matcher: { dedupKey: alert.dedupKey },
            covers: alert.severity,
            durationMs,
            reasonCode,
            note,
          });
          if (!outcome.ok) return outcome;
        }
        return null;
      }}
    >
      <p className="secondary">{t('shelveMeaning', { length: format.duration(atMostMs) })}</p>
      {chosen.some(({ severity }) => severity === 'critical') && <p className="alert-remark">{t('shelveCritical')}</p>}
      <LengthField durationMs={durationMs} atMostMs={atMostMs} testId="shelve-length" onValueChange={setWantedMs} />
      <Checkbox
        checked={isOneShot}
        label={t('shelveOneShot')}
        data-testid="shelve-one-shot"
        onChange={(event) => setIsOneShot(event.currentTarget.checked)}
      />
      <ReasonField value={reasonCode} onValueChange={setReasonCode} />
    </TextDialog>
  );
}

/** To a colleague, who answers for it from then on. */
export function HandOverDialog({ alertId, onClose }: { alertId: string | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('alerts');
  const auth = useAuth();
  const [to, setTo] = useState('');
  const others = (auth?.people ?? []).filter(({ personId }) => personId !== auth?.session?.personId);
  return (
    <TextDialog
      isOpen={alertId !== null}
      title={t('handOverTitle')}
      label={t('note')}
      confirm={t('handOver')}
      isRequired
      isReady={to !== ''}
      testId="hand-over-dialog"
      onClose={onClose}
      onConfirm={async (note) => {
        if (alertId === null) return null;
        const outcome = await request('alert.handOver', { alertId, to, note });
        if (outcome.ok) acceptAlerts({ snapshot: false, alerts: [outcome.value] });
        return outcome;
      }}
    >
      <SelectField
        label={t('handOverTo')}
        fill
        options={[{ value: '', label: t('handOverChoose') }, ...others.map((person) => ({ value: person.personId, label: person.displayName }))]}
        value={to}
        testId="hand-over-to"
        onValueChange={setTo}
      />
    </TextDialog>
  );
}

export function EscalateDialog({ alertId, onClose }: { alertId: string | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation('alerts');
  return (
    <TextDialog
      isOpen={alertId !== null}
      title={t('escalateTitle')}
      label={t('note')}
      confirm={t('escalate')}
      isRequired
      testId="escalate-dialog"
      onClose={onClose}
      onConfirm={async (note) => {
        if (alertId === null) return null;
        const outcome = await request('alert.escalate', { alertId, note });
        if (outcome.ok) acceptAlerts({ snapshot: false, alerts: [outcome.value] });
        return outcome;
      }}
    >
      <p className="secondary">{t('escalateMeaning')}</p>
    </TextDialog>
  );
}
