/** One way out: its address, whose it is, from which severity, its quiet hours, its secret and a test. */
import { Button, Checkbox, NumericInput, Switch } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestAnswer } from '#shared/contract/requests';
import { ESCALATION_ROLES } from '#shared/desk/alerts/policy';
import type { Channel, ChannelType } from '#shared/desk/delivery/channel';
import type { ChannelHealth } from '#shared/desk/delivery/notice';
import { EntryField } from '../../components/entry-field';
import { useFormat } from '../../components/format/use-format';
import { Labelled } from '../../components/labelled';
import { optionsOf } from '../../components/options';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecretField } from '../../components/secret-field';
import { SelectField } from '../../components/select';
import { SEVERITIES } from '../../components/severity';
import { useAction } from '../../state/use-stream';
import { usePeopleChoice } from './roster-form';

const DAYS = [1, 2, 3, 4, 5, 6, 7];
/** What the contract takes: a token can be long. */
const LONGEST_SECRET = 4096;

export function newChannel(type: ChannelType, known: readonly Channel[]): Channel {
  const free = Array.from({ length: known.length + 1 }, (_, index) => `${type}-${index + 1}`).find((id) =>
    known.every(({ channelId }) => channelId !== id),
  );
  const channelId = free ?? type;
  const base = {
    channelId,
    name: channelId,
    isEnabled: true,
    minSeverity: 'high' as const,
    tellsAllClear: false,
    quietHours: null,
    language: 'zh-CN' as const,
  };
  const roles: Channel['roles'] = ['second'];
  if (type === 'webhook') return { ...base, roles, type, url: 'https://' };
  if (type === 'command') return { ...base, roles, type, path: '/', args: [] };
  return { ...base, roles, type, host: '', port: 465, security: 'tls', user: '', from: '', to: [] };
}

type Props = {
  channel: Channel;
  health: ChannelHealth | null;
  secretSetAtMs: number | null;
  secret: string | undefined;
  /** Only what is saved can be tested. */
  canTest: boolean;
  onChange(channel: Channel): void;
  onSecret(secret: string): void;
  onRemove(): void;
  onTested(): void;
};

export function ChannelForm({ channel, health, secretSetAtMs, secret, canTest, onChange, onSecret, onRemove, onTested }: Props): ReactNode {
  const { t } = useTranslation('delivery');
  const format = useFormat();
  const test = useAction('delivery.test');
  const people = usePeopleChoice();
  const [tested, setTested] = useState<RequestAnswer<'delivery.test'> | null>(null);
  const quiet = channel.quietHours;
  const set = (part: object): void => onChange({ ...channel, ...part } as Channel);
  return (
    <fieldset className="channel-form stack" data-testid="delivery-channel" data-channel-id={channel.channelId}>
      <legend>
        {t(`type.${channel.type}`)} · <span className="mono">{channel.channelId}</span>
      </legend>
      <div className="row">
        <Switch checked={channel.isEnabled} label={t('enabled')} onChange={(event) => set({ isEnabled: event.currentTarget.checked })} />
        <Field label={t('name')} value={channel.name} onChange={(name) => set({ name })} />
        <Button
          size="small"
          disabled={!canTest}
          loading={test.isWaiting}
          data-testid="delivery-test"
          onClick={async () => {
            setTested(await test.run({ channelId: channel.channelId }, 60_000));
            onTested();
          }}
        >
          {t('test')}
        </Button>
        <Button size="small" variant="minimal" intent="danger" onClick={onRemove}>
          {t('remove')}
        </Button>
        <span data-testid="delivery-tested" data-code={tested?.code ?? ''}>
          {tested === null ? '' : tested.code === null ? `✓ ${t('sent', { ms: tested.tookMs })}` : `✗ ${t(`code.${tested.code}`)}: ${tested.detail}`}
        </span>
      </div>
      <RefusalNotice refusal={test.refusal} action={t('test')} />
      {channel.type === 'webhook' && <Field label={t('url')} value={channel.url} isWide onChange={(url) => set({ url })} />}
      {channel.type === 'command' && (
        <div className="row">
          <Field label={t('path')} value={channel.path} isWide onChange={(path) => set({ path })} />
          <Field label={t('args')} value={channel.args.join(' ')} onChange={(args) => set({ args: args.split(' ').filter((arg) => arg !== '') })} />
        </div>
      )}
      {channel.type === 'email' && (
        <div className="row">
          <Field label={t('host')} value={channel.host} onChange={(host) => set({ host })} />
          <Labelled label={t('port')}>
            {(id) => (
              <NumericInput
                id={id}
                min={1}
                max={65_535}
                style={{ width: '5rem' }}
                value={channel.port}
                onValueChange={(port) => set({ port: port || 1 })}
              />
            )}
          </Labelled>
          <SelectField
            label={t('security')}
            options={optionsOf(['tls', 'starttls', 'none'], (each) => each)}
            value={channel.security}
            onValueChange={(security) => set({ security })}
          />
          <Field label={t('user')} value={channel.user} onChange={(user) => set({ user })} />
          <Field label={t('mailFrom')} value={channel.from} onChange={(from) => set({ from })} />
          <Field
            label={t('mailTo')}
            value={channel.to.join(', ')}
            isWide
            onChange={(to) => set({ to: to.split(/[,;\s]+/).filter((each) => each !== '') })}
          />
        </div>
      )}
      <div className="row">
        <SecretField
          label={t(`secret.${channel.type}`)}
          help={secretSetAtMs === null ? t('secret.none') : t('secret.set', { time: format.dateTime(secretSetAtMs) })}
          maxLength={LONGEST_SECRET}
          value={secret ?? ''}
          onValueChange={onSecret}
        />
        <SelectField
          label={t('minSeverity')}
          options={optionsOf(SEVERITIES, (severity) => t(`app:severity.${severity}.name`))}
          value={channel.minSeverity}
          onValueChange={(minSeverity) => set({ minSeverity })}
        />
        <SelectField
          label={t('language')}
          options={optionsOf(['zh-CN', 'en'] as const, (language) => t(`settings:languageChoice.${language}`))}
          value={channel.language}
          onValueChange={(language) => set({ language })}
        />
      </div>
      <div className="row">
        <span>{t('roles')}</span>
        {ESCALATION_ROLES.map((role) => (
          <Checkbox
            key={role}
            inline
            checked={channel.roles.includes(role)}
            label={t(`alerts:told.role.${role}`)}
            onChange={(event) =>
              set({ roles: event.currentTarget.checked ? [...channel.roles, role] : channel.roles.filter((each) => each !== role) })
            }
          />
        ))}
        <Checkbox
          inline
          checked={channel.tellsAllClear}
          label={t('allClear')}
          onChange={(event) => set({ tellsAllClear: event.currentTarget.checked })}
        />
      </div>
      <div className="row">
        <Switch
          checked={quiet !== null}
          label={t('quietHours')}
          onChange={(event) =>
            set({ quietHours: event.currentTarget.checked ? { zone: 'Asia/Shanghai', days: DAYS, from: '22:00', to: '07:00' } : null })
          }
        />
        {quiet !== null && (
          <>
            <Field label={t('quietFrom')} value={quiet.from} onChange={(from) => set({ quietHours: { ...quiet, from } })} />
            <Field label={t('quietTo')} value={quiet.to} onChange={(to) => set({ quietHours: { ...quiet, to } })} />
            <Field label={t('zone')} value={quiet.zone} onChange={(zone) => set({ quietHours: { ...quiet, zone } })} />
            <span className="secondary">{t('quietMeaning')}</span>
          </>
        )}
      </div>
      <div className="row">
        <SelectField
          label={t('roster.whose')}
          isInline
          testId="channel-person"
          options={[{ value: '', label: t('roster.everybody') }, ...people]}
          value={channel.personId ?? ''}
          onValueChange={(value) => set({ personId: value === '' ? null : value })}
        />
        {(channel.personId ?? null) !== null && <span className="secondary">{t('roster.whoseMeaning')}</span>}
      </div>
      {health !== null && (
        <p className="secondary">
          {health.lastSentAtMs !== null && t('lastSent', { time: format.dateTime(health.lastSentAtMs) })}{' '}
          {health.lastFailure !== null &&
            t('lastFailure', { time: format.dateTime(health.lastFailure.atMs), code: t(`code.${health.lastFailure.code}`) })}
        </p>
      )}
    </fieldset>
  );
}

function Field({ label, value, isWide, onChange }: { label: string; value: string; isWide?: boolean; onChange(value: string): void }): ReactNode {
  return <EntryField label={label} value={value} style={{ width: isWide ? '20rem' : '10rem' }} onValueChange={onChange} />;
}
