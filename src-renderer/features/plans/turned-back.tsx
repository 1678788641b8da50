/** Says above a run, wherever it is shown, that what a step was signed on no longer holds, and what it reads now. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import { usePreferences } from '../../state/preferences';
import { ReadingText } from './step-record';

export function TurnedBack({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  const turned = run.state === 'running' ? run.steps.filter(({ reversions }) => reversions.length > 0) : [];
  if (turned.length === 0) return null;
  return (
    <div className="run-end" data-state="conflict" role="alert" data-testid="run-turned-back">
      {turned.map((step) => {
        const planned = run.plan.steps.find(({ no }) => no === step.no);
        const atMs = step.reversions.at(-1)?.atMs ?? 0;
        return (
          <div key={step.no} data-step={step.no}>
            <strong>▲ {t('turnedBack.step', { no: step.no })}</strong> {isChinese ? planned?.title_zh : planned?.title} (
            {t(step.state === 'done' ? 'turnedBack.look' : 'turnedBack.again')}){' '}
            {step.readings
              .filter((reading) => reading.quality === 'bad' && Math.abs(reading.atMs - atMs) < SAME_MOMENT_MS)
              .map((reading) => (
                <ReadingText key={`${reading.sensor} ${reading.atMs}`} reading={reading} />
              ))}
          </div>
        );
      })}
    </div>
  );
}

/** Readings are taken just before the entry that keeps them is made. */
const SAME_MOMENT_MS = 2_000;
