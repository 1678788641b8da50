/** Silences a rule, or one thing, by the clock of certain days or because it is out of service: from the inventory of silences, whether or not anything is on now. */
import { Checkbox, FormGroup, HTMLSelect, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlertSendingPicture } from '#shared/contract/alerts';
import { type Severity, severitySchema } from '#shared/desk/alerts/alert';
import { useFormat } from '../../components/format/use-format';
import { TextDialog } from '../../components/text-dialog';
import { useMarketTimeZone } from '../../state/shown-market';
import { request, useStream } from '../../state/use-stream';
import { SUPPRESSION_REASONS } from './alert-dialogs';

const MINUTE_MS = 60_000;
const LENGTHS_MS = [30, 60, 240, 480, 1440].map((minutes) => minutes * MINUTE_MS);
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
  const ids = {
    kind: useId(),
    rule: useId(),
    entity: useId(),
    covers: useId(),
    length: useId(),
    from: useId(),
    to: useId(),
    reason: useId(),
    ticket: useId(),
  };
  const zone = useMarketTimeZone() ?? FALLBACK_ZONE;
  const rules = useStream('rules', {}).picture?.rules ?? [];
  const isChinese = i18n.language === 'zh-CN';
  const [kind, setKind] = useState<(typeof KINDS)[number]>('outOfService');
  const [ruleId, setRuleId] = useState('');
  const [entity, setEntity] = useState('');
  const [covers, setCovers] = useState<Severity>('medium');
  const [chosenMs, setChosenMs] = useState(60 * MINUTE_MS);
  const [days, setDays] = useState<readonly number[]>([1, 2, 3, 4, 5]);
  const [from, setFrom] = useState('12:00');
  const [to, setTo] = useState('13:00');
  const [reasonCode, setReasonCode] = useState<(typeof SUPPRESSION_REASONS)[number]>('plannedWork');
  const [ticket, setTicket] = useState('');
  const atMostMs = picture.shelvingAtMostMs[covers];
  const lengths = LENGTHS_MS.filter((each) => each <= atMostMs);
  const durationMs = Math.min(chosenMs, atMostMs);
  const isCalendar = kind === 'mutedCalendar';
  const isWindowRight = !isCalendar || (days.length > 0 && CLOCK.test(from) && CLOCK.test(to) && from !== to);
  return (
    <TextDialog
      isOpen
      title={t('silence.title')}
      label={t('note')}
      confirm={t('silence.confirm')}
      isRequired
      isReady={isWindowRight && (ruleId !== '' || entity.trim() !== '')}
      testId="silence-dialog"
      onClose={onClose}
      onConfirm={async (note) => {
        const outcome = await request('alert.suppress', {
          kind,
          matcher: { ...(ruleId === '' ? {} : { ruleId }), ...(entity.trim() === '' ? {} : { entity: entity.trim() }) },
          covers,
          durationMs,
          ...(isCalendar ? { window: { zone, days: [...days], from, to } } : {}),
          reasonCode,
          note,
          ...(ticket.trim() === '' ? {} : { ticket: ticket.trim() }),
        });
        return outcome.ok ? null : outcome;
      }}
    >
      <p className="secondary">{t('silence.meaning')}</p>
      <FormGroup label={t('silence.kind')} labelFor={ids.kind} helperText={t(`silence.kindMeaning.${kind}`)}>
        <HTMLSelect
          id={ids.kind}
          fill
          value={kind}
          data-testid="silence-kind"
          onChange={(event) => setKind(KINDS.find((each) => each === event.target.value) ?? 'outOfService')}
          options={KINDS.map((each) => ({ value: each, label: t(`suppressionKind.${each}`) }))}
        />
      </FormGroup>
      <FormGroup label={t('silence.rule')} labelFor={ids.rule}>
        <HTMLSelect id={ids.rule} fill value={ruleId} data-testid="silence-rule" onChange={(event) => setRuleId(event.target.value)}>
          <option value="">{t('silence.anyRule')}</option>
          {rules
            .filter(({ isInForce }) => isInForce)
            .map(({ rule }) => (
              <option key={rule.ruleId} value={rule.ruleId}>
                {rule.name[isChinese ? 'zh-CN' : 'en']}
              </option>
            ))}
        </HTMLSelect>
      </FormGroup>
      <FormGroup label={t('silence.entity')} labelFor={ids.entity} helperText={t('silence.entityMeaning')}>
        <InputGroup id={ids.entity} value={entity} maxLength={128} data-testid="silence-entity" onValueChange={setEntity} />
      </FormGroup>
      <FormGroup label={t('silence.covers')} labelFor={ids.covers} helperText={t('shelveMeaning', { length: format.duration(atMostMs) })}>
        <HTMLSelect
          id={ids.covers}
          fill
          value={covers}
          data-testid="silence-covers"
          onChange={(event) => setCovers(severitySchema.options.find((each) => each === event.target.value) ?? 'low')}
          options={severitySchema.options.map((each) => ({ value: each, label: t(`app:severity.${each}.name`) }))}
        />
      </FormGroup>
      <FormGroup label={t('shelveLength')} labelFor={ids.length}>
        <HTMLSelect
          id={ids.length}
          fill
          value={durationMs}
          data-testid="silence-length"
          onChange={(event) => setChosenMs(Number(event.target.value))}
          options={lengths.map((each) => ({ value: each, label: format.duration(each) }))}
        />
      </FormGroup>
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
      <FormGroup label={t('shelveReason')} labelFor={ids.reason}>
        <HTMLSelect
          id={ids.reason}
          fill
          value={reasonCode}
          onChange={(event) => setReasonCode(SUPPRESSION_REASONS.find((each) => each === event.target.value) ?? 'other')}
          options={SUPPRESSION_REASONS.map((each) => ({ value: each, label: t(`suppressionReason.${each}`) }))}
        />
      </FormGroup>
      <FormGroup label={t('silence.ticket')} labelFor={ids.ticket}>
        <InputGroup id={ids.ticket} value={ticket} maxLength={64} onValueChange={setTicket} />
      </FormGroup>
    </TextDialog>
  );
}
