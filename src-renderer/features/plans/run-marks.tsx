/** What a reader of this run must know beside its steps: what came to light late, what was clicked through, and which runs belong to it. */
import { Button } from '@blueprintjs/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '#shared/desk/plans/plan';
import { useFormat } from '../../components/format/use-format';
import { usePersonName } from '../../state/person-names';
import { openRun } from './chosen-run';
import { TurnedBack } from './turned-back';

/** Two desks say different things: nobody wins in silence. */
export function Conflicts({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const conflicts = run.steps.filter((step) => step.state === 'conflict').map((step) => step.no);
  if (conflicts.length === 0) return null;
  return (
    <div className="run-end" data-state="conflict" role="alert" data-testid="run-conflicts">
      <strong>▲ {t('conflicts', { steps: conflicts.join(', ') })}</strong>
    </div>
  );
}

export function RunMarks({ run }: { run: Run }): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nameOf = usePersonName();
  const { parent } = run;
  return (
    <>
      <Conflicts run={run} />
      <TurnedBack run={run} />
      {run.state === 'amended' && (
        <div className="run-end" role="alert" data-testid="run-amended">
          <strong>{t('amended')}</strong>
          <ul className="run-notes">
            {run.annex.map((entry) => (
              <li key={entry.opId}>
                {format.time(entry.atMs)} {nameOf(entry.by)} · {t(`entry.${entry.type.replace('run.', '')}`)} {entry.no ?? ''}
              </li>
            ))}
          </ul>
        </div>
      )}
      {(parent !== null || run.children.length > 0) && (
        <div className="row secondary" data-testid="run-family">
          {parent !== null && (
            <Button size="small" variant="outlined" onClick={() => openRun(parent.runId)}>
              ↑ {t('parentRun')}
            </Button>
          )}
          {run.children.map((child) => (
            <Button key={child.runId} size="small" variant="outlined" data-testid={`run-child-${child.planId}`} onClick={() => openRun(child.runId)}>
              ↳ {child.planId} {child.no === null ? '' : t('fromStep', { no: child.no })}
            </Button>
          ))}
        </div>
      )}
      {run.flags.length > 0 && (
        <details className="card" data-testid="run-flags">
          <summary>{t('flags', { count: run.flags.length })}</summary>
          <ul className="run-notes">
            {run.flags.map((flag) => (
              <li key={`${flag.no} ${flag.kind} ${flag.atMs}`}>
                {t(`flag.${flag.kind}`, {
                  no: flag.no,
                  person: nameOf(flag.by),
                  measured: flag.kind === 'tooFast' ? format.countdown(flag.measured) : flag.measured,
                  limit: flag.kind === 'tooFast' ? flag.limit / 1000 : flag.limit,
                })}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
