/** Runs a rule, saved or not, over a recording: how often it would have spoken, in which hours, and about what. Nothing live is touched. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DryRun } from '#shared/contract/rules';
import type { Rule } from '#shared/desk/rules/rule';
import type { Refusal } from '#shared/refusal';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { Select } from '../../components/select';
import { request, useRequest } from '../../state/use-stream';
import { Examples } from './rule-detail';

const WAIT_AT_MOST_MS = 16 * 60_000;

export function RuleDryRun({ rule }: { rule: Rule }): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  const fileId = useId();
  const { answer, refusal: listRefusal } = useRequest('recording.list', {});
  const [file, setFile] = useState('');
  const [state, setState] = useState<{ isRunning: boolean; result: DryRun | null; refusal: Refusal | null }>({
    isRunning: false,
    result: null,
    refusal: null,
  });
  const recordings = answer?.recordings ?? [];
  const chosen = file === '' ? (recordings[0]?.file ?? '') : file;
  const run = async (): Promise<void> => {
    setState({ isRunning: true, result: null, refusal: null });
    const outcome = await request('rule.dryRun', { rule, file: chosen }, WAIT_AT_MOST_MS);
    setState({ isRunning: false, result: outcome.ok ? outcome.value : null, refusal: outcome.ok ? null : outcome });
  };
  return (
    <section className="card stack" data-testid="dry-run" data-running={state.isRunning}>
      <div className="secondary">{t('dryRunMeaning')}</div>
      <RefusalNotice refusal={listRefusal} action={t('recordings')} />
      {answer !== null && recordings.length === 0 && <div data-testid="dry-run-none">{t('noRecordings')}</div>}
      {recordings.length > 0 && (
        <div className="row">
          <label htmlFor={fileId}>{t('recording')}</label>
          <Select
            id={fileId}
            isSmall
            options={recordings.map((each) => ({ value: each.file, label: `${each.file} · ${format.dateTime(each.createdAtMs)}` }))}
            value={chosen}
            testId="dry-run-file"
            onValueChange={setFile}
          />
          <Button size="small" intent="primary" loading={state.isRunning} data-testid="dry-run-start" onClick={() => void run()}>
            {t('run')}
          </Button>
        </div>
      )}
      <RefusalNotice refusal={state.refusal} action={t('dryRun')} />
      {state.result !== null && <Result rule={rule} result={state.result} />}
    </section>
  );
}

function Result({ rule, result }: { rule: Rule; result: DryRun }): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  const most = Math.max(1, ...result.perHour.map(({ raised }) => raised));
  return (
    <div className="stack" data-testid="dry-run-result" data-raised={result.raised}>
      <strong>{t('wouldRaise', { count: result.raised, entities: result.entities, stillOn: result.stillOn })}</strong>
      <span className="secondary">
        {t('overRecording', { events: format.number(result.events, 0), from: format.dateTime(result.fromMs), to: format.dateTime(result.toMs) })}
        {result.refusedLines > 0 && ` ${t('refusedLines', { count: result.refusedLines })}`}
      </span>
      <ul className="dry-hours" aria-label={t('perHour')}>
        {result.perHour.map(({ fromMs, raised }) => (
          <li key={fromMs}>
            <span className="secondary">{format.time(fromMs)}</span>
            <span className="dry-bar" style={{ width: `${(raised / most) * 12}rem` }} />
            <span>{raised}</span>
          </li>
        ))}
      </ul>
      {result.examples.length > 0 && <Examples rule={rule} examples={result.examples} />}
    </div>
  );
}
