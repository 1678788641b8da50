/** Drills, the year's programme and the times across drills: at the drill desk to work with, at the firm's own desk what came of them and the way to the drill desk. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PictureByDrillStream } from '#shared/contract/drills';
import type { DrillResult } from '#shared/desk/drills/result';
import { Choice } from '../../components/choice';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMay } from '../../state/auth';
import { useAction, useStream } from '../../state/use-stream';
import { DrillPage } from './drill-page';
import { DrillResultPage } from './drill-result';
import { TimesAcrossDrills } from './drill-times';
import { NewDrillDialog } from './new-drill-dialog';
import { ProgrammeView } from './programme-view';
import { RotationView } from './rotation-view';
import { useWords } from './use-words';
import './drills.css';

const VIEWS = ['drills', 'programme', 'rotation', 'times'] as const;
type View = (typeof VIEWS)[number];

export function DrillsPanel(): ReactNode {
  const { t } = useTranslation('drills');
  const { picture, refusal, isConnected } = useStream('drills', {});
  const [view, setView] = useState<View>('drills');
  const [isDrafting, setIsDrafting] = useState(false);
  const [chosenId, setChosenId] = useState<string | null>(null);
  if (picture === null) {
    if (refusal !== null) return <RefusalNotice refusal={refusal} action={t('title')} />;
    return <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>;
  }
  const { isDrillDesk } = picture;
  return (
    <div className="panel" data-testid="drills" data-count={picture.drills.length} data-desk={isDrillDesk ? 'drill' : 'live'}>
      <div className="panel-bar">
        {isDrillDesk ? <NewDrillButton onDraft={() => setIsDrafting(true)} /> : <OpenDeskButton />}
        <Choice
          label={t('title')}
          name="drill-view"
          values={VIEWS}
          chosen={view}
          text={(each) => t(each === 'drills' && !isDrillDesk ? 'view.results' : `view.${each}`)}
          onChoose={setView}
        />
      </div>
      {view === 'programme' && <ProgrammeView programme={picture.programme} drills={picture.drills} />}
      {view === 'rotation' && <RotationView programme={picture.programme} />}
      {view === 'times' && <TimesAcrossDrills drills={picture.drills} />}
      {view === 'drills' && picture.drills.length === 0 && (isDrillDesk ? <NoDrills /> : <ReadyScenarios picture={picture} />)}
      {view === 'drills' && picture.drills.length > 0 && <DrillList picture={picture} chosenId={chosenId} onChoose={setChosenId} />}
      {isDrillDesk && (
        <NewDrillDialog
          isOpen={isDrafting}
          scenarios={picture.scenarios}
          onClose={() => setIsDrafting(false)}
          onDrafted={(drillId) => {
            setIsDrafting(false);
            setView('drills');
            setChosenId(drillId);
          }}
        />
      )}
    </div>
  );
}

function NewDrillButton({ onDraft }: { onDraft(): void }): ReactNode {
  const { t } = useTranslation('drills');
  const may = useMay('drill.control');
  return (
    <Button size="small" intent="primary" disabled={!may} data-testid="drill-new" onClick={onDraft}>
      {t('new')}
    </Button>
  );
}

function OpenDeskButton(): ReactNode {
  const { t } = useTranslation('drills');
  const open = useAction('drill.openDesk');
  const may = useMay('drill.control');
  return (
    <>
      <Button
        size="small"
        intent="primary"
        disabled={!may}
        loading={open.isWaiting}
        title={t('openDeskMeaning')}
        data-testid="drill-open-desk"
        onClick={() => void open.run({})}
      >
        {t('openDesk')}
      </Button>
      <RefusalNotice refusal={open.refusal} action={t('openDesk')} />
    </>
  );
}

function NoDrills(): ReactNode {
  const { t } = useTranslation('drills');
  return (
    <div className="empty" data-testid="drills-empty">
      <strong>{t('none')}</strong>
      <span>{t('noneTodo')}</span>
    </div>
  );
}

/** The firm's own desk before its first drill: what a drill is here, and what is ready to be played. */
function ReadyScenarios({ picture }: { picture: PictureByDrillStream['drills'] }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  return (
    <div className="panel-pad stack panel-body">
      <p>{t('openDeskMeaning')}</p>
      <p className="secondary">{t('openDeskLive')}</p>
      <p className="secondary">{t('noResults')}</p>
      <h3>{t('scenarios')}</h3>
      <ul className="drill-plain">
        {picture.scenarios.map(({ scenarioId, planId, title, type, injectCount }) => (
          <li key={scenarioId}>
            {planId} · {words(title)} · {t(`type.${type}`)} · {t('injectCount', { count: injectCount })}
          </li>
        ))}
      </ul>
    </div>
  );
}

type ListProps = { picture: PictureByDrillStream['drills']; chosenId: string | null; onChoose(drillId: string): void };

function DrillList({ picture, chosenId, onChoose }: ListProps): ReactNode {
  const { t } = useTranslation('drills');
  const { drills, isDrillDesk } = picture;
  const going = drills.find(({ state }) => state === 'running' || state === 'paused');
  const shownId = chosenId ?? going?.drillId ?? null;
  const result = drills.find(({ drillId }) => drillId === shownId) ?? null;
  const detail = isDrillDesk ? <DrillPage key={shownId} drillId={shownId ?? ''} /> : result && <DrillResultPage result={result} all={drills} />;
  return (
    <MasterDetail
      list={
        <ItemList
          items={drills}
          idOf={({ drillId }) => drillId}
          openId={shownId}
          onOpen={onChoose}
          label={t('title')}
          testId="drill-item"
          marksOf={({ state }) => ({ 'data-state': state })}
        >
          {(drill) => <DrillLines drill={drill} />}
        </ItemList>
      }
      detail={shownId === null ? null : detail}
      onBack={() => onChoose('')}
    />
  );
}

function DrillLines({ drill }: { drill: DrillResult }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
  const openCount = drill.improvements.filter(({ closedBy }) => closedBy === null).length;
  return (
    <>
      <span className="row">
        <strong className="truncate">
          {drill.planId} {words(drill.title)}
        </strong>
        <span className="spacer" />
        <span>{t(`state.${drill.state}`)}</span>
      </span>
      <span className="row secondary">
        {t(`type.${drill.type}`)} · {t(drill.isAnnounced ? 'announced' : 'unannounced')} ·{' '}
        {format.dateTime(drill.startedAtMs ?? drill.plannedAtMs ?? drill.createdAtMs)}
        {drill.index.kind === 'scored' && ` · ${format.number(drill.index.index, 0)} ${t(`band.${drill.index.band}`)}`}
        {drill.index.kind === 'invalid' && ` · ${t('invalid')}`}
        {openCount > 0 && ` · ${t('openImprovements', { count: openCount })}`}
      </span>
    </>
  );
}
