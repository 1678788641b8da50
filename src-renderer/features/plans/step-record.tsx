/** What was recorded under a step: readings, evidence, answers, beats, items, notes, and marks on how it came about. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ALERT_EVIDENCE_LABEL, alertEvidenceOf } from '#shared/desk/plans/alert-evidence';
import type { PlanStep, Run } from '#shared/desk/plans/plan';
import { readingParts } from '#shared/desk/plans/reading-text';
import type { Reading, RunStep } from '#shared/desk/plans/run-parts';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { useRuleName } from '../../state/rule-names';
import { useStream } from '../../state/use-stream';
import { aboutText, metricText } from '../alerts/alert-text';
import type { RunDialog } from './run-dialog-commands';
import { SceneGate } from './scene-gate';

type Props = { run: Run; planned: PlanStep; step: RunStep; onDialog: (dialog: RunDialog) => void };

export function StepRecord({ run, planned, step, onDialog }: Props): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nameOf = usePersonName();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const isOpen = step.endedAtMs === null && step.state !== 'locked';
  const expects = isChinese ? (planned.expects_zh ?? planned.expects) : planned.expects;
  const items = planned.per_item === undefined ? [] : run.items.filter((item) => item.group === planned.per_item?.group);
  return (
    <>
      {isOpen && <SceneGate run={run} planned={planned} />}
      {isOpen && (planned.sensors?.length ?? 0) > 0 && <LiveReadings names={planned.sensors ?? []} />}
      {step.flags.length > 0 && (
        <div className="row">
          {step.flags.map((flag) => (
            <span key={flag} className="run-gap" data-testid={`run-step-${step.no}-flag-${flag}`}>
              ▲ {t(`stepFlag.${flag}`)}
            </span>
          ))}
        </div>
      )}
      {/* What should be found is shown only after somebody said what they found. */}
      {step.answers.length > 0 && expects !== undefined && (
        <p className="step-decision" data-testid={`run-step-${step.no}-expects`}>
          {t('expected')} {expects}
        </p>
      )}
      {items.length > 0 && (
        <ul className="run-notes">
          {items.map((item, index) => {
            const own = step.items.find((each) => each.itemId === item.itemId);
            return (
              <li key={item.itemId}>
                {own?.isDone === true ? '✓' : '○'} {index + 1} {item.label}{' '}
                <span className="secondary">{own?.marks.map((mark) => nameOf(mark.by)).join(', ')}</span>{' '}
                {isOpen && own?.isDone !== true && (
                  <Button
                    size="small"
                    variant="outlined"
                    data-testid={`run-item-${index + 1}`}
                    onClick={() => onDialog({ kind: 'signItem', no: step.no, itemId: item.itemId })}
                  >
                    {t(own !== undefined && own.marks.length > 0 ? 'action.second' : 'action.signItem')}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {(step.readings.length > 0 || step.evidence.length > 0 || step.answers.length > 0 || step.beats.length > 0 || step.notes.length > 0) && (
        <ul className="run-notes" data-testid={`run-step-${step.no}-record`}>
          {step.readings.map((reading) => (
            <li key={`${reading.sensor} ${reading.atMs}`} data-kind="reading">
              <Said atMs={reading.atMs} by={nameOf(reading.takenBy)} /> <ReadingText reading={reading} />
            </li>
          ))}
          {step.evidence.map(({ atMs, by, item }) => (
            <li key={`${atMs} ${by} ${item.kind === 'file' ? item.hash : item.text}`} data-kind="evidence">
              <Said atMs={atMs} by={nameOf(by)} /> ⌘{' '}
              {item.kind === 'file' ? `${item.name} ` : item.label === ALERT_EVIDENCE_LABEL ? <AlertWords text={item.text} /> : item.text}
              {item.kind === 'file' && <span className="mono secondary">{item.hash.slice(0, 12)}</span>}
            </li>
          ))}
          {step.answers.map(({ atMs, by, text }) => (
            <li key={`${atMs} ${by} ${text}`} data-kind="answer">
              <Said atMs={atMs} by={nameOf(by)} /> {t('readAs')} {text}
            </li>
          ))}
          {step.beats.map(({ atMs, by, note, readings }) => (
            <li key={`${atMs} ${by}`} data-kind="beat">
              <Said atMs={atMs} by={nameOf(by)} /> ↻ {note ?? ''}{' '}
              {readings.map((reading) => (
                <ReadingText key={reading.sensor} reading={reading} />
              ))}
            </li>
          ))}
          {step.notes.map(({ atMs, by, text }) => (
            <li key={`${atMs} ${by} ${text}`}>
              <Said atMs={atMs} by={nameOf(by)} /> {text}
            </li>
          ))}
        </ul>
      )}
      {step.starts.length > 1 && (
        <p className="secondary">
          {t('startedTwice', { people: step.starts.map(({ by, atMs }) => `${nameOf(by)} ${format.time(atMs)}`).join(', ') })}
        </p>
      )}
    </>
  );
}

/** What the alert said when it started the run, in the page's words and figures. */
function AlertWords({ text }: { text: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const ruleName = useRuleName();
  const said = alertEvidenceOf(text);
  if (said === null) return `${t('plans:alertAsEvidence')} ${text}`;
  const figure = t('alerts:figure', {
    metric: t(`alerts:metric.${said.metric}`, { defaultValue: said.metric }),
    value: metricText(said.metric, said.value, format, said.currencyID),
    threshold: metricText(said.metric, said.threshold, format, said.currencyID),
  });
  return (
    <span data-testid="alert-as-evidence">
      {t('plans:alertAsEvidence')} {ruleName(said)} · {aboutText(said, t)} · {figure} · {t('plans:alertRule', { version: said.ruleVersion })} ·{' '}
      {format.time(said.observedAtMs)}
    </span>
  );
}

function Said({ atMs, by }: { atMs: number; by: string }): ReactNode {
  const format = useFormat();
  return (
    <span className="secondary">
      {format.time(atMs)} {by}
    </span>
  );
}

/** What the desk reads now; it is kept with the step when somebody signs it, or takes the reading. */
export function LiveReadings({ names }: { names: readonly string[] }): ReactNode {
  const { t } = useTranslation('plans');
  const readings = useStream('sensors', {}).picture?.readings ?? [];
  return (
    <div className="live-readings" data-testid="live-readings">
      <span className="secondary">{t('now')}</span>
      {names.map((name) => {
        const reading = readings.find((each) => each.sensor === name);
        return (
          <span key={name} className="live-reading" data-quality={reading?.quality ?? 'unknown'} data-testid={`reading-${name.replace('.', '-')}`}>
            {reading === undefined ? t('sensorUnknown', { sensor: t(`sensor.${name.replace('.', '_')}`) }) : <ReadingText reading={reading} />}
          </span>
        );
      })}
    </div>
  );
}

const QUALITY_GLYPHS: Record<Reading['quality'], string> = { good: '●', bad: '▲', unknown: '?' };

export function ReadingText({ reading }: { reading: Reading }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const words = { word: (key: string, orElse: string) => t(key, { defaultValue: orElse }), duration: format.duration };
  const { sensor, value, detail } = readingParts(reading, words);
  return (
    <>
      <span aria-hidden="true">{QUALITY_GLYPHS[reading.quality]}</span> {sensor} <strong>{value}</strong>
      {detail !== '' && <span className="secondary"> ({detail})</span>}
    </>
  );
}
