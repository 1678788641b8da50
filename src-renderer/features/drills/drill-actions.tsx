/** What may be done with a drill in its state; approving asks a second person, stopping asks for words. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillAct, DrillView } from '#shared/contract/drills';
import type { DrillState } from '#shared/desk/drills/drill';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { request, useAction } from '../../state/use-stream';
import { useWords } from './use-words';

const PLAIN: Record<DrillState, readonly ('start' | 'resume' | 'end' | 'sign' | 'close')[]> = {
  draft: [],
  approved: ['start'],
  running: ['end'],
  paused: ['resume', 'end'],
  ended: [],
  aborted: ['close'],
  aarDraft: ['sign'],
  aarSigned: ['close'],
  closed: [],
};
const WITH_WORDS: Record<DrillState, readonly ('pause' | 'abort' | 'leak')[]> = {
  draft: [],
  approved: [],
  running: ['pause', 'abort', 'leak'],
  paused: ['abort', 'leak'],
  ended: ['leak'],
  aborted: ['leak'],
  aarDraft: ['leak'],
  aarSigned: ['leak'],
  closed: [],
};

function actWithWords(type: 'pause' | 'abort' | 'leak', text: string): DrillAct {
  return type === 'leak' ? { type, text } : { type, reason: text };
}

export function DrillActions({ view: { drill } }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const act = useAction('drill.act');
  const may = useMay('drill.control');
  const [asking, setAsking] = useState<'pause' | 'abort' | 'leak' | null>(null);
  const [isApproving, setIsApproving] = useState(false);
  const { drillId, state } = drill;
  if (!may) return null;
  return (
    <div className="row drill-actions">
      {state === 'draft' && (
        <Button size="small" intent="primary" data-testid="drill-approve" onClick={() => setIsApproving(true)}>
          {t('act.approve')}
        </Button>
      )}
      {PLAIN[state].map((type) => (
        <Button
          key={type}
          size="small"
          {...(type === 'start' || type === 'resume' ? { intent: 'primary' as const } : {})}
          loading={act.isWaiting}
          data-testid={`drill-${type}`}
          onClick={() => void act.run({ drillId, act: { type } })}
        >
          {t(`act.${type}`)}
        </Button>
      ))}
      {WITH_WORDS[state].map((type) => (
        <Button key={type} size="small" variant="outlined" data-testid={`drill-${type}`} onClick={() => setAsking(type)}>
          {t(`act.${type}`)}
        </Button>
      ))}
      <RefusalNotice refusal={act.refusal} action={t('title')} />
      <TextDialog
        isOpen={asking !== null}
        title={t(`act.${asking ?? 'pause'}`)}
        label={t('reason')}
        confirm={t(`act.${asking ?? 'pause'}`)}
        isRequired
        testId="drill-reason"
        onClose={() => setAsking(null)}
        onConfirm={async (text) => {
          if (asking === null) return null;
          const outcome = await request('drill.act', { drillId, act: actWithWords(asking, text) });
          return outcome.ok ? null : outcome;
        }}
      />
      <SecondPersonDialog
        command={isApproving ? { name: 'drill.act', payload: { drillId, act: { type: 'approve' } } } : null}
        title={t('act.approve')}
        onDone={() => setIsApproving(false)}
        onClose={() => setIsApproving(false)}
      >
        <p>{words(drill.scenario.title)}</p>
        <p>{words(drill.scenario.safetyCheck)}</p>
      </SecondPersonDialog>
    </div>
  );
}
