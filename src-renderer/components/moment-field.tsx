/** The one field for a day or a moment: typed as the page's language writes it, refused in words where it is none, or picked from a calendar. */
import { Button, PopoverNext } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../state/preferences';
import { DayPicker } from './day-picker';
import { isUnreadable, localInputOf, type MomentPrecision, momentPattern, momentText, readMoment } from './format/moment-text';
import './moment-field.css';

type Props = {
  /** What `moment-text.ts` keeps; empty for none, and the words themselves where they are no day or moment (`isUnreadable`). */
  value: string;
  onChange(value: string): void;
  precision?: MomentPrecision;
  /** Of the label around it, or else `label` names it. */
  id?: string;
  label: string;
  testId?: string;
};

const LONGEST = 40;

export function MomentField({ value, onChange, precision = 'moment', id, label, testId }: Props): ReactNode {
  const { t } = useTranslation('app');
  const language = usePreferences((state) => state.language);
  const ownId = useId();
  const faultId = useId();
  /** What the keys have left in the field, for as long as nobody else has changed the value. */
  const [typed, setTyped] = useState<{ text: string; gave: string } | null>(null);
  /** While somebody types nothing is wrong yet. */
  const [isTyping, setIsTyping] = useState(false);
  const [isPicking, setIsPicking] = useState(false);
  const shown = typed !== null && typed.gave === value ? typed.text : momentText(value, language);
  const read = shown.trim() === '' ? null : readMoment(shown, precision, language, Date.now());
  const fault = read !== null && !read.ok && !isTyping ? read.fault : null;
  const pattern = momentPattern(precision, language);
  const type = (text: string): void => {
    const now = text.trim() === '' ? null : readMoment(text, precision, language, Date.now());
    const gave = now === null ? '' : now.ok ? now.value : text;
    setTyped({ text, gave });
    setIsTyping(true);
    onChange(gave);
  };
  const pick = (day: string): void => {
    const clock = (isUnreadable(value) || value === '' ? localInputOf(Date.now()) : value).slice('YYYY-MM-DD'.length);
    setTyped(null);
    onChange(precision === 'day' ? day : `${day}${clock}`);
    setIsPicking(false);
  };
  return (
    <span className="moment-field">
      <span className="moment-field-row">
        <input
          id={id ?? ownId}
          className="moment-input"
          data-precision={precision}
          {...(id === undefined ? { 'aria-label': label } : {})}
          aria-invalid={fault !== null}
          aria-describedby={fault === null ? undefined : faultId}
          autoComplete="off"
          spellCheck={false}
          maxLength={LONGEST}
          placeholder={pattern}
          title={t('moment.how', { pattern })}
          value={shown}
          data-testid={testId}
          onChange={(event) => type(event.target.value)}
          onBlur={() => {
            setTyped(null);
            setIsTyping(false);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setIsTyping(false);
            if (event.key !== 'ArrowDown' || !event.altKey) return;
            event.preventDefault();
            setIsPicking(true);
          }}
        />
        <PopoverNext
          isOpen={isPicking}
          onInteraction={setIsPicking}
          placement="bottom-start"
          shouldReturnFocusOnClose
          content={<DayPicker value={value} label={label} onPick={pick} />}
        >
          <Button
            size="small"
            variant="minimal"
            aria-label={t('moment.pick', { label })}
            title={t('moment.pick', { label })}
            data-testid={testId === undefined ? undefined : `${testId}-pick`}
          >
            <span aria-hidden="true">▾</span>
          </Button>
        </PopoverNext>
      </span>
      {fault !== null && (
        <span id={faultId} role="alert" className="moment-fault" data-fault={fault}>
          ▲ {t(`moment.fault.${fault}`, { pattern })}
        </span>
      )}
    </span>
  );
}
