/** Starts a run of a plan and opens it. A second click, or a try after a lost answer, starts no second run: the operation has one id. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { RefusalNotice } from '../../components/refusal-notice';
import { useAction } from '../../state/use-stream';
import { openRun } from './chosen-run';

export function StartRunButton({ planId, alertId }: { planId: string; alertId?: string }): ReactNode {
  const { t } = useTranslation('plans');
  const opId = useRef(crypto.randomUUID());
  const start = useAction('run.start');
  return (
    <>
      <Button
        size="small"
        intent="primary"
        loading={start.isWaiting}
        data-testid={`start-run-${planId}`}
        onClick={async () => {
          const run = await start.run({ planId, opId: opId.current, ...(alertId === undefined ? {} : { alertId }) });
          if (run === null) return;
          opId.current = crypto.randomUUID();
          openRun(run.runId);
        }}
      >
        ▶ {t('start')}
      </Button>
      <RefusalNotice refusal={start.refusal} action={t('start')} />
    </>
  );
}
