/** The account page's answer to "where does this number come from": choose a figure, read its lines, copy them. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EXPLAINED_FIELDS, type ExplainedField } from '#shared/contract/numbers-account';
import { copyText } from '../../components/copy-text';
import { ExportButtons } from '../../components/export-buttons';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { useMarketTimeZone } from '../../state/shown-market';
import { useRequest } from '../../state/use-stream';
import { DerivationTree } from './derivation-tree';
import { allPaths, derivationText, FIRST_OPEN, type NodePath } from './derivation-view';
import { useDerivationWords } from './use-derivation-words';
import './explain.css';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';

type Props = { accountID: string; field: ExplainedField; onField(field: ExplainedField): void };

export function ExplainSection({ accountID, field, onField }: Props): ReactNode {
  const { t } = useTranslation('explain');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const words = useDerivationWords();
  const [open, setOpen] = useState<ReadonlySet<NodePath>>(FIRST_OPEN);
  const [copied, setCopied] = useState<'' | 'copied' | 'notCopied'>('');
  const { answer, refusal, isWaiting, reload } = useRequest('explain.account', { accountID, field });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number begins with its own lines
  useEffect(() => {
    setOpen(FIRST_OPEN);
    setCopied('');
  }, [accountID, field]);
  const fieldName = (each: ExplainedField): string => t([`node.${each}`, `table:column.${each}`]);

  const copy = (): void => {
    if (answer === null) return;
    const head = [
      t('copyHead', { account: accountID, field: fieldName(field) }),
      t('asOf', { time: format.marketDateTime(answer.marketAsOfMs, timeZone), day: format.tradingDay(answer.tradingDay) }),
    ];
    setCopied(copyText([...head, '', derivationText(answer.root, words)].join('\n')) ? 'copied' : 'notCopied');
  };
  return (
    <section className="account-section" data-testid="explain" data-field={field} aria-label={t('title')}>
      <div className="panel-bar">
        <Select label={t('choose')} options={optionsOf(EXPLAINED_FIELDS, fieldName)} value={field} testId="explain-field" onValueChange={onField} />
        <Button size="small" loading={isWaiting} onClick={reload} data-testid="explain-reload">
          {t('again')}
        </Button>
        <Button size="small" disabled={answer === null} onClick={() => answer !== null && setOpen(allPaths(answer.root))} data-testid="explain-all">
          {t('openAll')}
        </Button>
        <Button size="small" onClick={() => setOpen(FIRST_OPEN)}>
          {t('closeAll')}
        </Button>
        <Button size="small" disabled={answer === null} onClick={copy} data-testid="explain-copy">
          {t('copy')}
        </Button>
        <output className="secondary" data-testid="explain-copied">
          {copied === '' ? '' : t(copied)}
        </output>
        <div className="spacer" />
        <ExportButtons testId="export-explanation" payload={() => ({ table: 'explanation', scope: { accountID }, figure: field })} />
      </div>
      <RefusalNotice refusal={refusal} action={t('title')} onRetry={reload} />
      {answer === null && refusal === null && <div className="empty">{t('app:loading')}</div>}
      {answer !== null && (
        <>
          <div className="section-note">
            {t('asOf', { time: format.marketDateTime(answer.marketAsOfMs, timeZone), day: format.tradingDay(answer.tradingDay) })}
            {answer.counter !== null && (
              <>
                {' · '}
                {t('counterSays', {
                  value: answer.root.unit === 'degree' ? format.percent(answer.counter.value, 2) : format.number(answer.counter.value, 2),
                  time: format.marketDateTime(answer.counter.asOfMs, timeZone),
                })}
              </>
            )}
          </div>
          <div className="section-scroll">
            <DerivationTree root={answer.root} name={t('treeOf', { field: fieldName(field) })} open={open} onOpen={setOpen} />
          </div>
        </>
      )}
    </section>
  );
}
