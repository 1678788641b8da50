/** The plain tables of the health panel: kernel, stale contracts, refused messages, timings. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HealthPicture } from '#shared/contract/streams';
import { Age, Figure } from '../../components/format/figure';
import { useFormat } from '../../components/format/use-format';
import { StateMark } from '../../components/state-mark';
import { figures, TableHead } from '../../components/table-head';

export function KernelHealth({ kernel }: { kernel: HealthPicture['kernel'] }): ReactNode {
  const { t } = useTranslation('health');
  const format = useFormat();
  const { lastFullCheckDrift: drift } = kernel;
  return (
    <section className="card stack" data-testid="health-kernel">
      <h3>{t('kernel')}</h3>
      <dl className="facts health-facts">
        <dt>{t('kernelName')}</dt>
        <dd>{kernel.name}</dd>
        <dt>{t('kernelHolds')}</dt>
        <dd>
          {t('kernelHoldsValue', {
            accounts: format.number(kernel.accounts),
            positions: format.number(kernel.netPositions),
            lots: format.number(kernel.lots),
            instruments: format.number(kernel.instruments),
          })}
        </dd>
        <dt>{t('fullCheck')}</dt>
        <dd>
          {drift === null ? (
            <StateMark mark="unknown">{t('fullCheckNever')}</StateMark>
          ) : (
            <>
              <StateMark mark={Math.abs(drift) < 0.01 ? 'live' : 'down'}>{t('fullCheckDrift', { drift: format.number(drift, 6) })}</StateMark>{' '}
              <Age atMs={kernel.lastFullCheckAtMs} />
            </>
          )}
        </dd>
      </dl>
    </section>
  );
}

export function StaleInstruments({ instruments }: { instruments: HealthPicture['staleInstruments'] }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card stack" data-testid="health-stale">
      <h3>{t('health:staleInstruments', { count: instruments.length })}</h3>
      {instruments.length === 0 ? (
        <div>{t('health:noStale')}</div>
      ) : (
        <div className="table-scroll health-short">
          <table className="plain-table">
            <TableHead headings={[t('health:contract'), t('health:lastTick'), figures(t('health:age')), t('health:session')]} />
            <tbody>
              {instruments.map((each) => (
                <tr key={`${each.exchangeID}.${each.instrumentID}`}>
                  <td className="mono">
                    {each.exchangeID}.{each.instrumentID}
                  </td>
                  <td>{format.time(each.lastTickMs)}</td>
                  <td className="number">
                    <Figure value={each.ageMs} format={format.duration} reason="never" />
                  </td>
                  <td>{t(`status:session.${each.session}`, { defaultValue: each.session })}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function DeadLetters({ letters }: { letters: HealthPicture['deadLetters'] }): ReactNode {
  const { t } = useTranslation('health');
  const format = useFormat();
  return (
    <section className="card stack" data-testid="health-dead-letters">
      <h3>{t('deadLetters')}</h3>
      {letters.length === 0 ? (
        <div>{t('noDeadLetters')}</div>
      ) : (
        <div className="table-scroll health-short">
          <table className="plain-table">
            <TableHead headings={[t('when'), t('feed'), t('stream'), t('why'), t('sample')]} />
            <tbody>
              {letters.map((letter) => (
                <tr key={`${letter.atMs} ${letter.feedId} ${letter.stream ?? ''} ${letter.reason} ${letter.sample}`}>
                  <td>{format.time(letter.atMs)}</td>
                  <td>{letter.feedId}</td>
                  <td className="mono">{letter.stream ?? ''}</td>
                  <td>{letter.reason}</td>
                  <td className="mono health-sample" title={letter.sample}>
                    {letter.sample.slice(0, 160)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

export function Timings({ timings }: { timings: HealthPicture['timings'] }): ReactNode {
  const { t } = useTranslation('health');
  const format = useFormat();
  if (timings.length === 0) return null;
  return (
    <section className="card stack" data-testid="health-timings">
      <h3>{t('timings')}</h3>
      <div className="table-scroll">
        <table className="plain-table">
          <TableHead headings={[t('timing'), figures(t('timingCount')), figures(t('p50')), figures(t('p95')), figures(t('max'))]} />
          <tbody>
            {timings.map((timing) => (
              <tr key={timing.name}>
                <td>{t(`timingName.${timing.name}`, { defaultValue: timing.name })}</td>
                <td className="number">{format.number(timing.count)}</td>
                <td className="number">{format.number(timing.p50Ms, 3)}</td>
                <td className="number">{format.number(timing.p95Ms, 3)}</td>
                <td className="number">{format.number(timing.maxMs, 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
