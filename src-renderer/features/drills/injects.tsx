/** The injects: to players as cards once they were given, to controllers as a plan on the drill's clock that can be given early or left out. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillView } from '#shared/contract/drills';
import { drillTimeMs } from '#shared/desk/drills/drill';
import type { Inject, InjectAction } from '#shared/desk/drills/scenario';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TableHead } from '../../components/table-head';
import { TextDialog } from '../../components/text-dialog';
import { useMay } from '../../state/auth';
import { useNow } from '../../state/use-now';
import { request, useAction } from '../../state/use-stream';
import { usePlanLibrary } from '../plans/use-plan-library';
import { useWords } from './use-words';

export function Injects({ view }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const { drill, isPlanHidden } = view;
  const given = new Set(drill.injected.map(({ no }) => no));
  const told = drill.scenario.injects.filter(({ no, to }) => to === 'players' && given.has(no));
  return (
    <section className="stack">
      <h3>{t('cards')}</h3>
      {told.length === 0 && <p className="secondary">{t('noCards')}</p>}
      {[...told].reverse().map((inject) => (
        <Card key={inject.no} view={view} inject={inject} />
      ))}
      {!isPlanHidden && <Plan view={view} />}
    </section>
  );
}

function Card({ view: { drill }, inject }: { view: DrillView; inject: Inject }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const format = useFormat();
  const done = drill.injected.find(({ no }) => no === inject.no);
  if (done === undefined || done.outcome === 'skipped') return null;
  return (
    <div className="drill-card" role="status" data-testid="drill-card" data-no={inject.no}>
      <strong>
        ◆ {t('drillWord')} {t(`action.${inject.action.kind}`)} · {format.duration(drillTimeMs(drill, done.atMs))}
      </strong>
      <div>{words(inject.content)}</div>
    </div>
  );
}

function Plan({ view: { drill } }: { view: DrillView }): ReactNode {
  const { t } = useTranslation('drills');
  const words = useWords();
  const format = useFormat();
  const nowMs = useNow();
  const act = useAction('drill.act');
  const may = useMay('drill.control');
  const library = usePlanLibrary();
  const [skipping, setSkipping] = useState<number | null>(null);
  const isGoing = drill.state === 'running' || drill.state === 'paused';
  const detailOf = (action: InjectAction): string => {
    switch (action.kind) {
      case 'feedCut':
      case 'gatewayDown':
        return format.duration(action.seconds * 1000);
      case 'priceShock':
        return `${action.productID} ${format.percent(action.percent / 100)}`;
      case 'marketPhase':
        return t(`phase.${action.phase}`);
      case 'missingPerson':
        return library.roleName(action.role);
      default:
        return '';
    }
  };
  return (
    <>
      <h3>{t('injectPlan')}</h3>
      <table className="drill-table" data-testid="drill-injects">
        <TableHead headings={[t('column.no'), t('column.at'), t('column.what'), t('column.expected'), t('column.state')]} />
        <tbody>
          {drill.scenario.injects.map((inject) => {
            const done = drill.injected.find(({ no }) => no === inject.no);
            const leftMs = inject.atSeconds * 1000 - drillTimeMs(drill, nowMs);
            return (
              <tr key={inject.no} data-testid="drill-inject" data-no={inject.no} data-outcome={done?.outcome ?? 'waiting'}>
                <td>{inject.no}</td>
                <td className="drill-at">{format.duration(inject.atSeconds * 1000)}</td>
                <td>
                  <strong>
                    {t(`action.${inject.action.kind}`)} {detailOf(inject.action)}
                  </strong>{' '}
                  <span className="secondary">({t(`to.${inject.to}`)})</span>
                  <div>{words(inject.content)}</div>
                </td>
                <td>{words(inject.expected)}</td>
                <td>
                  {done !== undefined && (
                    <>
                      {t(`outcome.${done.outcome}`)} {done.note === 'noBroker' ? t('noBroker') : done.note}
                    </>
                  )}
                  {done === undefined && isGoing && t('inTime', { time: format.duration(Math.max(0, leftMs)) })}
                  {done === undefined && isGoing && may && (
                    <div className="row">
                      <Button
                        size="small"
                        data-testid={`drill-give-${inject.no}`}
                        onClick={() => void act.run({ drillId: drill.drillId, act: { type: 'giveInject', no: inject.no } })}
                      >
                        {t('giveNow')}
                      </Button>
                      <Button size="small" variant="minimal" onClick={() => setSkipping(inject.no)}>
                        {t('skip')}
                      </Button>
                    </div>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <RefusalNotice refusal={act.refusal} action={t('injectPlan')} />
      <TextDialog
        isOpen={skipping !== null}
        title={t('skip')}
        label={t('reason')}
        confirm={t('skip')}
        isRequired
        testId="drill-skip"
        onClose={() => setSkipping(null)}
        onConfirm={async (note) =>
          skipping === null ? null : request('drill.act', { drillId: drill.drillId, act: { type: 'skipInject', no: skipping, note } })
        }
      />
    </>
  );
}
