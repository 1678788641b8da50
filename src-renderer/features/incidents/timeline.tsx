/** The story of an incident in one line of time: people's entries, what the desk saw, corrections beside what they correct. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentView } from '#shared/contract/incidents';
import type { Incident, TimelineEntry } from '#shared/desk/incidents/incident';
import { timelineText } from '#shared/desk/incidents/timeline-text';
import { isUnreadable, localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { useFormat } from '../../components/format/use-format';
import { MomentField } from '../../components/moment-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { TextField } from '../../components/text-field';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useAction } from '../../state/use-stream';

export function Timeline({ view }: { view: IncidentView }): ReactNode {
  const { t } = useTranslation('incidents');
  const [corrects, setCorrects] = useState<TimelineEntry | null>(null);
  const correctedIds = new Set(view.timeline.map((entry) => entry.corrects));
  return (
    <section className="stack">
      <EntryForm key={corrects?.entryId ?? 'new'} incidentId={view.incident.incidentId} corrects={corrects} onDone={() => setCorrects(null)} />
      <ol className="timeline" aria-label={t('section.timeline')} data-testid="incident-timeline">
        {[...view.timeline].reverse().map((entry) => (
          <Line
            key={entry.entryId}
            incident={view.incident}
            entry={entry}
            isCorrected={correctedIds.has(entry.entryId)}
            onCorrect={() => setCorrects(entry)}
          />
        ))}
      </ol>
    </section>
  );
}

type LineProps = { incident: Incident; entry: TimelineEntry; isCorrected: boolean; onCorrect(): void };

function Line({ incident, entry, isCorrected, onCorrect }: LineProps): ReactNode {
  const { t } = useTranslation('incidents');
  const format = useFormat();
  const nameOf = usePersonName();
  const isLate = entry.recordedAtMs - entry.occurredAtMs > 60_000;
  const language = usePreferences((state) => (state.language === 'zh-CN' ? ('zh' as const) : ('en' as const)));
  const words = { word: (key: string, orElse: string) => t(key, { defaultValue: orElse }), time: format.dateTime, person: nameOf, language };
  return (
    <li data-source={entry.source} data-corrected={isCorrected} data-testid="timeline-entry">
      <time className="mono">{format.dateTime(entry.occurredAtMs)}</time> <span className="timeline-source">{t(`source_.${entry.source}`)}</span>{' '}
      <span className="timeline-text">{timelineText(entry, incident, words)}</span>{' '}
      <span className="secondary">
        {nameOf(entry.by)}
        {isLate && ` · ${t('recordedAt', { time: format.dateTime(entry.recordedAtMs) })}`}
        {entry.corrects !== null && ` · ${t('isCorrection')}`}
        {isCorrected && ` · ${t('isCorrected')}`}
      </span>
      {entry.code === null && !isCorrected && (
        <Button size="small" variant="minimal" onClick={onCorrect}>
          {t('correct')}
        </Button>
      )}
    </li>
  );
}

function EntryForm({ incidentId, corrects, onDone }: { incidentId: string; corrects: TimelineEntry | null; onDone(): void }): ReactNode {
  const { t } = useTranslation('incidents');
  const [timeField, sourceField] = [useId(), useId()];
  const [text, setText] = useState(corrects?.text ?? '');
  const [occurredAt, setOccurredAt] = useState(corrects === null ? '' : localInputOf(corrects.occurredAtMs));
  const [source, setSource] = useState<'human' | 'call'>(corrects?.source === 'call' ? 'call' : 'human');
  const act = useAction('incident.act');
  const isWhole = text.trim() !== '' && !isUnreadable(occurredAt);
  const save = async (): Promise<void> => {
    const occurredAtMs = msOfLocalInput(occurredAt) ?? Date.now();
    const entry = { type: 'addEntry' as const, occurredAtMs, source, text, refs: [], corrects: corrects?.entryId ?? null };
    if ((await act.run({ incidentId, act: entry })) === null) return;
    setText('');
    setOccurredAt('');
    onDone();
  };
  return (
    <form
      className="entry-form"
      data-testid="timeline-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) void save();
      }}
    >
      <TextField
        label={t(corrects === null ? 'newEntry' : 'newCorrection')}
        maxLength={4000}
        value={text}
        testId="timeline-text"
        onValueChange={setText}
      />
      <div className="row">
        <label htmlFor={sourceField}>{t('field.source')}</label>
        <Select
          id={sourceField}
          options={[
            { value: 'human', label: t('source_.human') },
            { value: 'call', label: t('source_.call') },
          ]}
          value={source}
          onValueChange={setSource}
        />
        <label htmlFor={timeField}>{t('field.occurredAt')}</label>
        <MomentField id={timeField} label={t('field.occurredAt')} value={occurredAt} testId="timeline-occurred-at" onChange={setOccurredAt} />
        <span className="secondary">{t('field.occurredAtHelp')}</span>
        <span className="spacer" />
        {corrects !== null && <Button onClick={onDone}>{t('app:cancel')}</Button>}
        <Button type="submit" intent="primary" disabled={!isWhole} loading={act.isWaiting} data-testid="timeline-add">
          {t('add')}
        </Button>
      </div>
      <RefusalNotice refusal={act.refusal} action={t('newEntry')} />
    </form>
  );
}
