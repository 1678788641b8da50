/** All watch rules: what runs, what only runs in shadow, how much each has to say; and one of them in full beside the list. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleView } from '#shared/contract/rules';
import { certaintyOf } from '#shared/desk/rules/rule';
import { contradictingRows } from '#shared/desk/rules/silent-settings';
import { CertaintyMark } from '../../components/certainty-mark';
import { Choice } from '../../components/choice';
import { FilterInput } from '../../components/filter-input';
import { useFormat } from '../../components/format/use-format';
import { MasterDetail } from '../../components/master-detail';
import { RefusalNotice } from '../../components/refusal-notice';
import { figures, TableHead } from '../../components/table-head';
import { useStream } from '../../state/use-stream';
import '../../components/sections.css';
import { RuleDetail } from './rule-detail';
import { RuleForm } from './rule-form';
import { newRule } from './rule-form-state';
import { inLanguage, ruleName } from './rule-text';
import './rules.css';

const SHOWN = ['all', 'live', 'shadow', 'off'] as const;
type Shown = (typeof SHOWN)[number];

/** A retired rule, and one that holds on other days only, does not run whatever its mode says. */
export function runningMode({ rule, isInForce, isRetired }: RuleView): 'live' | 'shadow' | 'off' | 'retired' {
  if (isRetired) return 'retired';
  return isInForce ? rule.mode : 'off';
}

export function RulesPanel(): ReactNode {
  const { t, i18n } = useTranslation('rules');
  const format = useFormat();
  const { picture, refusal, isConnected } = useStream('rules', {});
  const [openId, setOpenId] = useState<string | null>(null);
  const [isNew, setIsNew] = useState(false);
  const [shown, setShown] = useState<Shown>('all');
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const all = picture?.rules ?? [];
  const rules = all.filter((view) => {
    const mode = runningMode(view);
    if (shown !== 'all' && (shown === 'off' ? mode !== 'off' && mode !== 'retired' : mode !== shown)) return false;
    return `${view.rule.ruleId} ${view.rule.name.en} ${view.rule.name['zh-CN']}`.toLowerCase().includes(wanted);
  });
  const opened = all.find(({ rule }) => rule.ruleId === openId) ?? null;
  return (
    <div className="panel" data-testid="rules" data-count={picture === null ? '' : all.length}>
      <div className="panel-bar">
        <Choice label={t('modeFilter')} name="rules-shown" values={SHOWN} chosen={shown} text={(each) => t(`shown.${each}`)} onChoose={setShown} />
        <FilterInput value={filter} name={t('title')} testId="rules-filter" onChange={setFilter} />
        <div className="spacer" />
        {picture !== null && picture.sinceMs !== null && (
          <span className="secondary truncate" title={t('countedMeaning')}>
            {t('countedSince', { time: format.dateTime(picture.sinceMs) })}
          </span>
        )}
        <Button size="small" intent="primary" data-testid="rule-new" onClick={() => setIsNew(true)}>
          + {t('newRule')}
        </Button>
      </div>
      <RefusalNotice refusal={refusal} action={t('title')} />
      {picture === null && refusal === null && <div className="empty">{isConnected ? t('app:loading') : t('table:noEngine')}</div>}
      {picture !== null && rules.length === 0 && <div className="empty">{t('table:emptyFilter', { filter })}</div>}
      {rules.length > 0 && (
        <MasterDetail
          list={
            <div className="section-scroll">
              <RuleList rules={rules} openId={openId} onOpen={setOpenId} language={i18n.language} />
            </div>
          }
          detail={opened === null ? null : <RuleDetail key={opened.rule.ruleId} view={opened} />}
          onBack={() => setOpenId(null)}
        />
      )}
      {isNew && (
        <RuleForm
          initial={newRule()}
          baseVersion={0}
          onClose={() => setIsNew(false)}
          onSaved={(ruleId) => {
            setIsNew(false);
            setOpenId(ruleId);
          }}
        />
      )}
    </div>
  );
}

type ListProps = { rules: readonly RuleView[]; openId: string | null; language: string; onOpen(ruleId: string): void };

function RuleList({ rules, openId, language, onOpen }: ListProps): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  return (
    <table className="rules-table" aria-label={t('title')}>
      <TableHead
        headings={[
          t('column.rule'),
          t('column.mode'),
          t('column.certainty'),
          figures(t('column.raised'), t('raisedMeaning')),
          figures(t('column.shadow'), t('shadowMeaning')),
          t('column.effective'),
        ]}
      />
      <tbody>
        {rules.map((view) => {
          const { rule } = view;
          const mode = runningMode(view);
          return (
            <tr key={rule.ruleId} aria-current={rule.ruleId === openId} data-testid="rule-row" data-rule={rule.ruleId} data-mode={mode}>
              <td>
                <button type="button" className="rule-open" onClick={() => onOpen(rule.ruleId)}>
                  {ruleName(rule, language)}
                </button>
                <span className="secondary"> v{rule.version}</span>
                {view.origin !== 'bundled' && <span className="rule-origin">{t(`origin.${view.origin}`)}</span>}
                {contradictingRows(rule).size > 0 && (
                  <span className="rule-origin" title={t('rowContradicts')} data-testid="rule-clash-mark">
                    ▲ {t('contradiction')}
                  </span>
                )}
                {rule.isLatched === true && (
                  <span className="rule-origin" title={t('latchedMeaning')} data-testid="rule-latched-mark">
                    {t('latched')}
                  </span>
                )}
              </td>
              <td>
                <ModeMark mode={mode} why={rule.shadowReason === undefined ? null : inLanguage(rule.shadowReason, language)} />
              </td>
              <td>
                <CertaintyMark certainty={certaintyOf(rule)} />
              </td>
              <td className="number" data-testid="rule-raised">
                {format.number(view.raised, 0)}
                {view.on > 0 && <span className="secondary"> {t('nowOn', { count: view.on })}</span>}
              </td>
              <td className="number" data-testid="rule-shadow">
                {mode === 'shadow' || view.shadowRaised > 0 ? format.number(view.shadowRaised, 0) : ''}
              </td>
              <td className="secondary">{format.tradingDay(rule.effectiveFrom)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function ModeMark({ mode, why = null }: { mode: 'live' | 'shadow' | 'off' | 'retired'; why?: string | null }): ReactNode {
  const { t } = useTranslation('rules');
  const meaning = t(`modeMeaning.${mode}`);
  return (
    <span className="rule-mode" data-mode={mode} title={mode === 'shadow' && why !== null ? `${meaning}\n${why}` : meaning}>
      <span aria-hidden="true">{mode === 'live' ? '● ' : mode === 'shadow' ? '◐ ' : '○ '}</span>
      {t(`mode.${mode}`)}
    </span>
  );
}
