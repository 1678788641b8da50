/** Silences a rule, or one thing, by the clock of certain days or because it is out of service: from the inventory of silences, whether or not anything is on now. */
import { Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertSendingPicture } from '#shared/contract/alerts';
import { type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { EntryField } from '../../components/entry-field';
import { useFormat } from '../../components/format/use-format';
import { optionsOf } from '../../components/options';
import { SelectField } from '../../components/select';
import { TextDialog } from '../../components/text-dialog';
import { useMarketTimeZone } from '../../state/shown-market';
import { request, useStream } from '../../state/use-stream';
import { LengthField, ReasonField } from './silence-fields';
import { type SuppressionReason, silenceLength } from './silence-length';

/** What is proposed first. */
const HOUR_MS = 3_600_000;
const KINDS = ['outOfService', 'mutedCalendar', 'shelvedTimed'] as const;
const DAYS = [1, 2, 3, 4, 5, 6, 7];
/** 2026-01-05 is a Monday: days are named by the page's language. */
const MONDAY_MS = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const FALLBACK_ZONE = 'Asia/Shanghai';

/** 1 is Monday. */
export function dayName(day: number, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(MONDAY_MS + (day - 1) * DAY_MS);
}

type Props = { picture: AlertSendingPicture; onClose(): void };

export function SilenceDialog({ picture, onClose }: Props): ReactNode {
  const { t, i18n } = useTranslation('alerts');
  const format = useFormat();
  const ids = { from: useId(), to: useId() };
  const zone = useMarketTimeZone() ?? FALLBACK_ZONE;
  const rules = useStream('rules', {}).picture?.rules ?? [];
  const isChinese = i18n.language === 'zh-CN';
  const [kind, setKind] = useState<(typeof KINDS)[number]>('outOfService');
  const [ruleId, setRuleId] = useState('');
  const [entity, setEntity] = useState('');
  const [covers, setCovers] = useState<Severity>('medium');
  const [wantedMs, setWantedMs] = useState(HOUR_MS);
  const [days, setDays] = useState<readonly number[]>([1, 2, 3, 4, 5]);
  const [from, setFrom] = useState('12:00');
  const [to, setTo] = useState('13:00');
  const [reasonCode, setReasonCode] = useState<SuppressionReason>('plannedWork');
  const [ticket, setTicket] = useState('');
  const atMostMs = picture.shelvingAtMostMs[covers];
  const durationMs = silenceLength(wantedMs, atMostMs);
  const isCalendar = kind === 'mutedCalendar';
  const isWindowRight = !isCalendar || (days.length > 0 && CLOCK.test(from) && CLOCK.test(to) && from !== to);
  return (
    <TextDialog
      isOpen
      title={t('silence.title')}
      label={t('note')}
      confirm={t('silence.confirm')}
      isRequired
      beginsAbove
      isReady={durationMs !== null && isWindowRight && (ruleId !== '' || entity.trim() !== '')}
      testId="silence-dialog"
      onClose={onClose}
      onConfirm={async (note) =>
        durationMs === null
          ? null
          : request('alert.suppress', {
              kind,
              matcher: { ...(ruleId === '' ? {} : { ruleId }), ...(entity.trim() === '' ? {} : { entity: entity.trim() }) },
              covers,
              durationMs,
              ...(isCalendar ? { window: { zone, days: [...days], from, to } } : {}),
              reasonCode,
              note,
              ...(ticket.trim() === '' ? {} : { ticket: ticket.trim() }),
            })
      }
    >
      <p className="secondary">{t('silence.meaning')}</p>
      <SelectField
        label={t('silence.kind')}
        autoFocus
        help={t(`silence.kindMeaning.${kind}`)}
        fill
        options={optionsOf(KINDS, (each) => t(`suppressionKind.${each}`))}
        value={kind}
        testId="silence-kind"
        onValueChange={setKind}
      />
      <SelectField
        label={t('silence.rule')}
        fill
        options={[
          { value: '', label: t('silence.anyRule') },
          ...rules.filter(({ isInForce }) => isInForce).map(({ rule }) => ({ value: rule.ruleId, label: rule.name[isChinese ? 'zh-CN' : 'en'] })),
        ]}
        value={ruleId}
        testId="silence-rule"
        onValueChange={setRuleId}
      />
      <EntryField
        label={t('silence.entity')}
        help={t('silence.entityMeaning')}
        value={entity}
        maxLength={128}
        testId="silence-entity"
        onValueChange={setEntity}
      />
      <SelectField
        label={t('silence.covers')}
        help={t('shelveMeaning', { length: format.duration(atMostMs) })}
        fill
        options={optionsOf(severitySchema.options, (each) => t(`app:severity.${each}.name`))}
        value={covers}
        testId="silence-covers"
        onValueChange={setCovers}
      />
      <LengthField durationMs={durationMs} atMostMs={atMostMs} testId="silence-length" onValueChange={setWantedMs} />
      {isCalendar && (
        <fieldset className="form-part" data-testid="silence-window">
          <legend>{t('silence.window', { zone })}</legend>
          <div className="row">
            {DAYS.map((day) => (
              <Checkbox
                key={day}
                inline
                checked={days.includes(day)}
                label={dayName(day, i18n.language)}
                onChange={() => setDays(days.includes(day) ? days.filter((each) => each !== day) : [...days, day].sort((a, b) => a - b))}
              />
            ))}
          </div>
          <div className="row">
            <label htmlFor={ids.from}>{t('silence.from')}</label>
            <InputGroup id={ids.from} className="silence-hour" value={from} maxLength={5} data-testid="silence-from" onValueChange={setFrom} />
            <label htmlFor={ids.to}>{t('silence.to')}</label>
            <InputGroup id={ids.to} className="silence-hour" value={to} maxLength={5} data-testid="silence-to" onValueChange={setTo} />
          </div>
        </fieldset>
      )}
      <ReasonField value={reasonCode} onValueChange={setReasonCode} />
      <EntryField label={t('silence.ticket')} value={ticket} maxLength={64} onValueChange={setTicket} />
    </TextDialog>
  );
}
