/** The effect on clients, as far as known: an empty field is not known, which is not none. Each stretch of lost service stands by itself. */
import { Button, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#shared/desk/incidents/incident';
import { EntryField } from '../../components/entry-field';
import { isUnreadable, localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { MomentField } from '../../components/moment-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { TextField } from '../../components/text-field';
import { useAction } from '../../state/use-stream';

type PeriodDraft = { from: string; to: string; loss: string; text: string };
const COUNTS = ['clientCount', 'accountCount', 'orderCount', 'lossEstimate'] as const;

function numberOf(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

function draftOf(period: Incident['impact']['periods'][number]): PeriodDraft {
  const { fromMs, toMs, serviceLossPercent, text } = period;
  return { from: localInputOf(fromMs), to: toMs === null ? '' : localInputOf(toMs), loss: serviceLossPercent?.toString() ?? '', text };
}

export function ImpactForm({ incident, onSaved }: { incident: Incident; onSaved(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const { impact } = incident;
  const [counts, setCounts] = useState(() => Object.fromEntries(COUNTS.map((name) => [name, impact[name]?.toString() ?? ''])));
  const [periods, setPeriods] = useState<PeriodDraft[]>(() => impact.periods.map(draftOf));
  const [text, setText] = useState(impact.text);
  const act = useAction('incident.act');
  const change = (index: number, part: Partial<PeriodDraft>): void =>
    setPeriods((before) => before.map((period, at) => (at === index ? { ...period, ...part } : period)));
  const isReadable =
    COUNTS.every((name) => (counts[name] ?? '').trim() === '' || numberOf(counts[name] ?? '') !== null) &&
    periods.every(({ from, to, loss }) => msOfLocalInput(from) !== null && !isUnreadable(to) && (loss.trim() === '' || numberOf(loss) !== null));
  const save = (): void => {
    const known = (name: (typeof COUNTS)[number]): number | null => numberOf(counts[name] ?? '');
    const changed = {
      clientCount: known('clientCount'),
      accountCount: known('accountCount'),
      orderCount: known('orderCount'),
      lossEstimate: known('lossEstimate'),
      currencyID: impact.currencyID,
      periods: periods.flatMap(({ from, to, loss, text: periodText }) => {
        const fromMs = msOfLocalInput(from);
        return fromMs === null ? [] : [{ fromMs, toMs: msOfLocalInput(to), serviceLossPercent: numberOf(loss), text: periodText }];
      }),
      text,
    };
    void act.run({ incidentId: incident.incidentId, act: { type: 'setImpact', impact: changed } }).then((done) => {
      if (done !== null) onSaved();
    });
  };
  return (
    <form
      className="stack"
      data-testid="impact-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReadable) save();
      }}
    >
      <p className="secondary">{t('impactMeaning')}</p>
      <div className="row">
        {COUNTS.map((name) => (
          <EntryField
            key={name}
            label={t(`impactCount.${name}`, { currency: impact.currencyID })}
            className="impact-count"
            inputMode="numeric"
            placeholder={t('notKnown')}
            maxLength={15}
            value={counts[name] ?? ''}
            testId={`impact-${name}`}
            onValueChange={(value) => setCounts((before) => ({ ...before, [name]: value }))}
          />
        ))}
      </div>
      <strong>{t('periods')}</strong>
      {periods.map((period, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stretch of time has no identity but its place
        <div className="row" key={index}>
          <MomentField label={t('periodFrom')} value={period.from} testId={`impact-from-${index + 1}`} onChange={(from) => change(index, { from })} />
          –
          <MomentField
            label={`${t('periodTo')} (${t('periodToHelp')})`}
            value={period.to}
            testId={`impact-to-${index + 1}`}
            onChange={(to) => change(index, { to })}
          />
          <InputGroup
            className="impact-loss"
            inputMode="numeric"
            aria-label={t('serviceLoss')}
            placeholder={t('serviceLoss')}
            maxLength={5}
            value={period.loss}
            data-testid={`impact-loss-${index + 1}`}
            onValueChange={(loss) => change(index, { loss })}
          />
          <InputGroup
            aria-label={t('periodText')}
            placeholder={t('periodText')}
            maxLength={400}
            value={period.text}
            data-testid={`impact-text-${index + 1}`}
            onValueChange={(periodText) => change(index, { text: periodText })}
          />
        </div>
      ))}
      <div className="row">
        <Button
          size="small"
          data-testid="impact-add-period"
          onClick={() =>
            setPeriods((before) => [...before, { from: localInputOf(incident.times.impactStart ?? Date.now()), to: '', loss: '', text: '' }])
          }
        >
          {t('addPeriod')}
        </Button>
      </div>
      <TextField label={t('impactText')} maxLength={4000} value={text} onValueChange={setText} />
      <RefusalNotice refusal={act.refusal} action={t('section.impact')} />
      <div className="row">
        <Button type="submit" intent="primary" disabled={!isReadable} loading={act.isWaiting} data-testid="impact-save">
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
