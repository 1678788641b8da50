/** All drills of the drill desk with the chosen one beside them; at the live desk the way to the drill desk. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillBrief, PictureByDrillStream } from '#shared/contract/drills';
import { useFormat } from '../../components/format/use-format';
import { ItemList } from '../../components/item-list';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMay } from '../../state/auth';
import { useAction, useStream } from '../../state/use-stream';
import { DrillPage } from './drill-page';
import { NewDrillDialog } from './new-drill-dialog';
import { ProgrammeView } from './programme-view';
import { useWords } from './use-words';
import './drills.css';

export function DrillsPanel(): ReactNode {
  const { t } = useTranslation('drills');
  const { picture, refusal, isConnected } = useStream('drills', {});
  if (picture === null) {
    if (refusal !== null) return <RefusalNotice refusal={refusal} action={t('title')} />;
    return <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>;
  }
  return (
    <div className="panel" data-testid="drills" data-count={picture.drills.length} data-desk={picture.isDrillDesk ? 'drill' : 'live'}>
      {picture.isDrillDesk ? <DrillList picture={picture} /> : <WayToDrillDesk picture={picture} />}
    </div>
  );
}

function WayToDrillDesk({ picture }: { picture: PictureByDrillStream['drills'] }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const open = useAction('drill.openDesk');
  const may = useMay('drill.control');
  return (
    <div className="panel-pad stack">
      <p>{t('openDeskMeaning')}</p>
      <p className="secondary">{t('openDeskLive')}</p>
      <div className="row">
        <Button intent="primary" disabled={!may} loading={open.isWaiting} data-testid="drill-open-desk" onClick={() => void open.run({})}>
          {t('openDesk')}
        </Button>
      </div>
      <RefusalNotice refusal={open.refusal} action={t('openDesk')} />
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

function DrillList({ picture }: { picture: PictureByDrillStream['drills'] }): ReactNode {
  const { t } = useTranslation('drills');
  const may = useMay('drill.control');
  const [isDrafting, setIsDrafting] = useState(false);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [showsProgramme, setShowsProgramme] = useState(false);
  const going = picture.drills.find(({ state }) => state === 'running' || state === 'paused');
  const shownId = chosenId ?? going?.drillId ?? null;
  return (
    <>
      <div className="panel-bar">
        <Button size="small" intent="primary" disabled={!may} data-testid="drill-new" onClick={() => setIsDrafting(true)}>
          {t('new')}
        </Button>
        <Button size="small" active={showsProgramme} data-testid="drill-programme-open" onClick={() => setShowsProgramme((shows) => !shows)}>
          {t('programme.title')}
        </Button>
      </div>
      {showsProgramme && picture.programme !== null ? (
        <ProgrammeView programme={picture.programme} />
      ) : picture.drills.length === 0 ? (
        <div className="empty" data-testid="drills-empty">
          <strong>{t('none')}</strong>
          <span>{t('noneTodo')}</span>
        </div>
      ) : (
        <MasterDetail
          list={
            <ItemList
              items={picture.drills}
              idOf={({ drillId }) => drillId}
              openId={shownId}
              onOpen={setChosenId}
              label={t('title')}
              testId="drill-item"
              marksOf={({ state }) => ({ 'data-state': state })}
            >
              {(drill) => <DrillLines drill={drill} />}
            </ItemList>
          }
          detail={shownId === null ? null : <DrillPage key={shownId} drillId={shownId} />}
          onBack={() => setChosenId('')}
        />
      )}
      <NewDrillDialog
        isOpen={isDrafting}
        scenarios={picture.scenarios}
        onClose={() => setIsDrafting(false)}
        onDrafted={(drillId) => {
          setIsDrafting(false);
          setChosenId(drillId);
        }}
      />
    </>
  );
}

function DrillLines({ drill }: { drill: DrillBrief }): ReactNode {
  const { t } = useTranslation('drills');
  const format = useFormat();
  const words = useWords();
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
        {drill.openImprovementCount > 0 && ` · ${t('openImprovements', { count: drill.openImprovementCount })}`}
      </span>
    </>
  );
}
