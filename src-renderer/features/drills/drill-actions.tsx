/** What may be done with a drill in its state; approving asks a second person, stopping asks for words. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillAct, DrillView } from '#shared/contract/drills';
import type { DrillState } from '#shared/desk/drills/drill';
import { localInputOf, msOfLocalInput } from '../../components/format/moment-text';
import { MomentField } from '../../components/moment-field';
import { RefusalNotice } from '../../components/refusal-notice';
import { SecondPersonDialog } from '../../components/second-person';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { request, useAction } from '../../state/use-stream';
import { useWords } from './use-words';

const PLAIN: Record<DrillState, readonly ('start' | 'resume' | 'end' | 'sign' | 'close')[]> = {
  draft: [],
  approved: ['start'],
  scheduled: ['start'],
  running: ['end'],
  paused: ['resume', 'end'],
  ended: [],
  aborted: ['close'],
  hotwash: [],
  aarDraft: ['sign'],
  aarSigned: ['close'],
  actionsOpen: ['close'],
  closed: [],
};
const WITH_WORDS: Record<DrillState, readonly ('pause' | 'abort' | 'leak')[]> = {
  draft: [],
  approved: [],
  scheduled: [],
  running: ['pause', 'abort', 'leak'],
  paused: ['abort', 'leak'],
  ended: ['leak'],
  aborted: ['leak'],
  hotwash: ['leak'],
  aarDraft: ['leak'],
  aarSigned: ['leak'],
  actionsOpen: ['leak'],
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
      {(state === 'approved' || state === 'scheduled') && <ScheduleForm drillId={drillId} plannedAtMs={drill.plannedAtMs} />}
      <RefusalNotice refusal={act.refusal} action={t('title')} />
      <TextDialog
        isOpen={asking !== null}
        title={t(`act.${asking ?? 'pause'}`)}
        label={t('reason')}
        confirm={t(`act.${asking ?? 'pause'}`)}
        isRequired
        testId="drill-reason"
        onClose={() => setAsking(null)}
        onConfirm={async (text) => (asking === null ? null : request('drill.act', { drillId, act: actWithWords(asking, text) }))}
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

/** Puts the drill on a day; it is started by a person, then or when they are ready. */
function ScheduleForm({ drillId, plannedAtMs }: { drillId: string; plannedAtMs: number | null }): ReactNode {
  const { t } = useTranslation('drills');
  const field = useId();
  const [at, setAt] = useState(plannedAtMs === null ? '' : localInputOf(plannedAtMs));
  const act = useAction('drill.act');
  const wantedAtMs = msOfLocalInput(at);
  return (
    <form
      className="row"
      data-testid="drill-schedule-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wantedAtMs !== null) void act.run({ drillId, act: { type: 'schedule', plannedAtMs: wantedAtMs } });
      }}
    >
      <label htmlFor={field}>{t('plannedFor')}</label>
      <MomentField id={field} label={t('plannedFor')} value={at} testId="drill-planned-for" onChange={setAt} />
      <Button type="submit" size="small" disabled={wantedAtMs === null} loading={act.isWaiting} data-testid="drill-schedule">
        {t('act.schedule')}
      </Button>
      <RefusalNotice refusal={act.refusal} action={t('act.schedule')} />
    </form>
  );
}
