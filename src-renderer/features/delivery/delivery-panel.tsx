/** Where alerts go beyond this screen, how each way does, and the ledger of what was told to whom and why. */
import { Button, InputGroup, NumericInput, Switch } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import type { Channel, DeliverySettings } from '#shared/desk/delivery/channel';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { SEVERITIES, SeverityBadge } from '../../components/severity';
import { TextDialog } from '../../components/text-dialog';
import { request, useRequest, useStream } from '../../state/use-stream';
import { playOnce } from '../alerts/alert-sounds';
import { aboutText } from '../alerts/alert-text';
import { OnDutyText } from '../alerts/alert-told';
import { ChannelForm, newChannel } from './channel-form';
import { RosterForm } from './roster-form';
import '../alerts/alerts.css';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';

type Picture = RequestAnswer<'delivery.get'>;
type Draft = { settings: DeliverySettings; secrets: Record<string, string> };

export function DeliveryPanel(): ReactNode {
  const { t } = useTranslation('delivery');
  const newest = useStream('alertSending', {}).picture?.notices[0]?.noticeId ?? '';
  const { answer, refusal, reload } = useRequest('delivery.get', {}, newest);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  if (answer === null) return <RefusalNotice refusal={refusal} onRetry={reload} />;
  const shown = draft ?? { settings: answer.settings, secrets: {} };
  const change = (part: Partial<DeliverySettings>): void => setDraft({ ...shown, settings: { ...shown.settings, ...part } });
  const setChannel = (index: number, channel: Channel): void =>
    change({ channels: shown.settings.channels.map((each, at) => (at === index ? channel : each)) });
  return (
    <div className="panel-body panel-pad stack" data-testid="delivery">
      {!answer.mayLeave && <div className="alert-remark">◆ {t('drill')}</div>}
      <Preflight picture={answer} />
      <OnScreen settings={shown.settings} onChange={change} />
      <section className="card stack">
        <div className="row">
          <h3>{t('channels')}</h3>
          <span className="spacer" />
          {(['webhook', 'email', 'command'] as const).map((type) => (
            <Button
              key={type}
              size="small"
              data-testid={`delivery-add-${type}`}
              onClick={() => change({ channels: [...shown.settings.channels, newChannel(type, shown.settings.channels)] })}
            >
              + {t(`type.${type}`)}
            </Button>
          ))}
        </div>
        {shown.settings.channels.length === 0 && <p className="secondary">{t('none')}</p>}
        {shown.settings.channels.map((channel, index) => (
          <ChannelForm
            // biome-ignore lint/suspicious/noArrayIndexKey: the id itself is being typed
            key={index}
            channel={channel}
            health={answer.health.find(({ channelId }) => channelId === channel.channelId) ?? null}
            secretSetAtMs={answer.secretsSetAtMs[channel.channelId] ?? null}
            secret={shown.secrets[channel.channelId]}
            canTest={draft === null}
            onChange={(next) => setChannel(index, next)}
            onSecret={(secret) => setDraft({ ...shown, secrets: { ...shown.secrets, [channel.channelId]: secret } })}
            onRemove={() => change({ channels: shown.settings.channels.filter((_, at) => at !== index) })}
            onTested={reload}
          />
        ))}
      </section>
      <RosterForm rows={shown.settings.roster ?? []} picture={answer} onChange={(roster) => change({ roster })} />
      {draft !== null && (
        <div className="row">
          <Button intent="primary" data-testid="delivery-save" onClick={() => setIsSaving(true)}>
            {t('app:save')}
          </Button>
          <Button onClick={() => setDraft(null)}>{t('app:cancel')}</Button>
          <span className="secondary">{t('unsaved')}</span>
        </div>
      )}
      <Ledger picture={answer} />
      <TextDialog
        isOpen={isSaving}
        title={t('saveTitle')}
        label={t('reason')}
        confirm={t('app:save')}
        isRequired
        testId="delivery-save-dialog"
        onClose={() => setIsSaving(false)}
        onConfirm={async (reason) => {
          if (draft === null) return null;
          const outcome = await request('delivery.configure', { ...draft, reason });
          if (outcome.ok) {
            setDraft(null);
            reload();
          }
          return outcome;
        }}
      />
    </div>
  );
}

/** Before anybody is needed: who would not be reached, and what nobody has tried. */
function Preflight({ picture }: { picture: Picture }): ReactNode {
  const { t } = useTranslation('delivery');
  if (picture.unreachable.length === 0 && picture.untestedChannels.length === 0) return null;
  return (
    <section className="card" data-testid="delivery-preflight">
      <h3>⚠ {t('preflight')}</h3>
      <ul className="alert-notes">
        {picture.unreachable.map(({ role, severities }) => (
          <li key={role}>
            {t('unreachable', { role: t(`alerts:told.role.${role}`) })}{' '}
            {severities.map((severity) => (
              <SeverityBadge key={severity} severity={severity} />
            ))}
          </li>
        ))}
        {picture.untestedChannels.map((channelId) => (
          <li key={channelId}>{t('untested', { channel: channelId })}</li>
        ))}
      </ul>
    </section>
  );
}

function OnScreen({ settings, onChange }: { settings: DeliverySettings; onChange(part: Partial<DeliverySettings>): void }): ReactNode {
  const { t } = useTranslation('delivery');
  return (
    <section className="card stack">
      <h3>{t('onScreen')}</h3>
      {(['sound', 'desktop', 'flash'] as const).map((way) => (
        <div className="row" key={way}>
          <Switch
            checked={settings[way].isOn}
            label={t(`way.${way}`)}
            data-testid={`delivery-${way}`}
            onChange={(event) => onChange({ [way]: { ...settings[way], isOn: event.currentTarget.checked } })}
          />
          <span className="row">
            {t('from')}
            <Select
              label={`${t(`way.${way}`)}: ${t('from')}`}
              options={optionsOf(SEVERITIES, (severity) => t(`app:severity.${severity}.name`))}
              value={settings[way].minSeverity}
              onValueChange={(minSeverity) => onChange({ [way]: { ...settings[way], minSeverity } })}
            />
          </span>
          {way === 'sound' && (
            <>
              <span className="row">
                {t('volume')}
                <NumericInput
                  aria-label={t('volume')}
                  min={0}
                  max={100}
                  stepSize={10}
                  style={{ width: '4rem' }}
                  value={Math.round(settings.sound.volume * 100)}
                  onValueChange={(percent) => onChange({ sound: { ...settings.sound, volume: Math.min(100, Math.max(0, percent || 0)) / 100 } })}
                />
              </span>
              {SEVERITIES.map((severity) => (
                <Button key={severity} size="small" variant="minimal" onClick={() => void playOnce(severity, settings.sound.volume)}>
                  ♪ {t(`app:severity.${severity}.name`)}
                </Button>
              ))}
            </>
          )}
        </div>
      ))}
    </section>
  );
}

function Ledger({ picture }: { picture: Picture }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const query = text.trim().toLowerCase();
  const rows = picture.ledger.filter(({ notice }) =>
    `${notice.entity} ${notice.kind} ${notice.ruleId} ${notice.reason}`.toLowerCase().includes(query),
  );
  return (
    <section className="card stack" data-testid="delivery-ledger">
      <div className="row">
        <h3>{t('delivery:ledger')}</h3>
        <InputGroup size="small" value={text} placeholder={t('delivery:filter')} aria-label={t('delivery:filter')} onValueChange={setText} />
      </div>
      {rows.length === 0 && <span className="secondary">{t('delivery:ledgerEmpty')}</span>}
      <ul className="alert-notes">
        {rows.map(({ notice, deliveries }) => (
          <li key={notice.noticeId} data-testid="ledger-row" data-reason={notice.reason}>
            <span className="secondary">{format.dateTime(notice.atMs)}</span> <SeverityBadge severity={notice.severity} />{' '}
            <strong>
              {t(`alerts:kind.${notice.kind}`, { level: t(`alerts:word.${notice.params.level}`, { defaultValue: '' }), defaultValue: notice.kind })}
            </strong>{' '}
            <span className="mono">{aboutText(notice, t)}</span> {notice.alertCount > 1 ? `×${format.number(notice.alertCount)}` : ''}{' '}
            <span>
              {t(`alerts:told.reason.${notice.reason}`)} · {t(`alerts:told.role.${notice.role}`)}
              <OnDutyText notice={notice} />
              {notice.lateByMs === null ? '' : ` · ${t('alerts:told.late', { length: format.duration(notice.lateByMs) })}`}
            </span>
            {deliveries.map((delivery) => (
              <div key={delivery.deliveryId} className="secondary">
                {delivery.channelId}: {t(`alerts:told.state.${delivery.state}`)}
                {delivery.isQuiet && delivery.state === 'queued' ? ` (${t('delivery:quiet')})` : ''}
                {delivery.droppedBecause === null ? '' : ` (${t(`alerts:told.dropped.${delivery.droppedBecause}`)})`}
                {delivery.attempts.map((attempt) => (
                  <span key={attempt.atMs}>
                    {' '}
                    · {format.time(attempt.atMs)} {attempt.code === null ? '✓' : `✗ ${t(`delivery:code.${attempt.code}`)}`} ({attempt.tookMs} ms)
                  </span>
                ))}
              </div>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
