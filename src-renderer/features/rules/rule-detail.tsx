/** One rule in full: what it watches, when it begins and ends, what to do, on whose word, and everything that was changed about it. */
import { Button } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleView } from '#shared/contract/rules';
import type { FigureRule, Rule, RuleMode, TradingRule } from '#shared/desk/rules/rule';
import { contradictingRows } from '#shared/desk/rules/silent-settings';
import type { Certainty } from '#shared/feed/items';
import { CertaintyMark } from '../../components/certainty-mark';
import { useFormat } from '../../components/format/use-format';
import { SeverityBadge } from '../../components/severity';
import { figures, TableHead } from '../../components/table-head';
import { TextDialog } from '../../components/text-dialog';
import { request } from '../../state/use-stream';
import { aboutText, entityOf } from '../alerts/alert-text';
import { RuleDryRun } from './rule-dry-run';
import { RuleForm } from './rule-form';
import { RuleHistory } from './rule-history';
import { expressionText, figureText, inLanguage, scopeParts } from './rule-text';
import { ModeMark, runningMode } from './rules-panel';

type Asking = { kind: 'mode'; mode: RuleMode } | { kind: 'retire' };

export function RuleDetail({ view }: { view: RuleView }): ReactNode {
  const { t, i18n } = useTranslation('rules');
  const format = useFormat();
  const [isEditing, setIsEditing] = useState(false);
  const [isTrying, setIsTrying] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const { rule, newestVersion } = view;
  const mode = runningMode(view);
  const other: RuleMode = mode === 'live' ? 'shadow' : 'live';
  return (
    <div className="rule-detail stack panel-pad" data-testid="rule-detail" data-rule={rule.ruleId} data-mode={mode} data-version={rule.version}>
      <div className="row">
        <h3>{inLanguage(rule.name, i18n.language)}</h3>
        <ModeMark mode={mode} />
        <span className="secondary">
          {rule.ruleId} · v{rule.version}
        </span>
      </div>
      {view.next !== null && (
        <div className="rule-next">{t('next', { version: view.next.version, day: format.tradingDay(view.next.effectiveFrom) })}</div>
      )}
      <div className="row">
        <Button size="small" data-testid="rule-edit" onClick={() => setIsEditing(true)}>
          {t(view.isRetired ? 'takeUp' : 'edit')}
        </Button>
        <Button size="small" data-testid="rule-switch" data-to={other} onClick={() => setAsking({ kind: 'mode', mode: other })}>
          {t(`switchTo.${other}`)}
        </Button>
        <Button size="small" data-testid="rule-try" aria-expanded={isTrying} onClick={() => setIsTrying(!isTrying)}>
          {t('dryRun')}
        </Button>
        {!view.isRetired && (
          <Button size="small" variant="minimal" intent="danger" data-testid="rule-retire" onClick={() => setAsking({ kind: 'retire' })}>
            {t('retire')}
          </Button>
        )}
      </div>
      {mode === 'shadow' && rule.shadowReason !== undefined && (
        <div className="rule-next" data-testid="rule-shadow-reason">
          {t('shadowBecause', { reason: inLanguage(rule.shadowReason, i18n.language) })}
        </div>
      )}
      <NotJudgedPart view={view} />
      {isTrying && <RuleDryRun rule={rule} />}
      <section>
        <h4>{t('response')}</h4>
        <p className="rule-response">{inLanguage(rule.response, i18n.language)}</p>
      </section>
      {rule.watches === 'figures' ? <Rungs rule={rule} /> : <Rows rule={rule} />}
      <Facts rule={rule} />
      <Volumes view={view} />
      <RuleHistory ruleId={rule.ruleId} version={`${newestVersion} ${view.isRetired}`} />
      {isEditing && <RuleForm initial={rule} baseVersion={newestVersion} onClose={() => setIsEditing(false)} onSaved={() => setIsEditing(false)} />}
      <TextDialog
        isOpen={asking !== null}
        title={asking?.kind === 'retire' ? t('retireTitle') : t(`switchTo.${other}`)}
        label={t('reason')}
        confirm={asking?.kind === 'retire' ? t('retire') : t('save')}
        intent={asking?.kind === 'retire' ? 'danger' : 'primary'}
        isRequired
        testId="rule-reason"
        onClose={() => setAsking(null)}
        onConfirm={async (reason) => {
          if (asking === null) return null;
          return asking.kind === 'retire'
            ? request('rule.retire', { ruleId: rule.ruleId, baseVersion: newestVersion, reason })
            : request('rule.save', { rule: { ...rule, mode: asking.mode }, baseVersion: newestVersion, reason });
        }}
      >
        <p>{t(asking?.kind === 'retire' ? 'retireMeaning' : `switchMeaning.${other}`)}</p>
      </TextDialog>
    </div>
  );
}

function Citation({ text, certainty }: { text: string; certainty: Certainty }): ReactNode {
  return (
    <span className="rule-citation">
      <CertaintyMark certainty={certainty} /> {text}
    </span>
  );
}

function Rungs({ rule }: { rule: FigureRule }): ReactNode {
  const { t, i18n } = useTranslation('rules');
  const format = useFormat();
  return (
    <section>
      <h4>{t('ladder')}</h4>
      <table className="rule-ladder">
        <TableHead headings={[t('step'), t('enter'), t('exit')]} />
        <tbody>
          {rule.rungs.map((rung) => (
            <tr key={rung.name} data-testid="rule-rung">
              <td>
                <SeverityBadge severity={rung.severity} /> {t(`alerts:word.${rung.name}`, { defaultValue: rung.name })}
                <span className="secondary"> {t(`ladderStep.${rung.step}`)}</span>
              </td>
              <td>{expressionText(rung.enter, t, format)}</td>
              <td>
                {expressionText(rung.exit, t, format)}
                <div>
                  <Citation text={i18n.language === 'zh-CN' ? (rung.citationZh ?? rung.citation) : rung.citation} certainty={rung.certainty} />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** A rule that runs and cannot judge is not a rule under which nothing happened. */
function NotJudgedPart({ view: { rule, notJudged } }: { view: RuleView }): ReactNode {
  const { t } = useTranslation('rules');
  const clashing = contradictingRows(rule);
  if (notJudged.length === 0 && clashing.size === 0) return null;
  return (
    <div className="rule-not-judged" role="status" data-testid="rule-not-judged">
      {clashing.size > 0 && <div>▲ {t('rowsContradict', { count: clashing.size })}</div>}
      {notJudged.map(({ reason, subject }) => (
        <div key={`${reason} ${subject}`} data-reason={reason}>
          {t('notJudged', {
            subject: subject === '*' ? t('allExchanges') : subject,
            why: t(`notJudgedWhy.${reason}`, { defaultValue: reason }),
          })}
        </div>
      ))}
    </div>
  );
}

function Rows({ rule }: { rule: TradingRule }): ReactNode {
  const { t, i18n } = useTranslation('rules');
  const format = useFormat();
  const clashing = contradictingRows(rule);
  return (
    <section>
      <h4>{t('thresholds')}</h4>
      <p className="secondary">{t('thresholdsMeaning')}</p>
      <table className="rule-ladder">
        <TableHead
          headings={[
            t('where'),
            figures(t('ladderStep.ignore')),
            figures(
              <>
                <SeverityBadge severity={rule.severities.warn} /> {t('ladderStep.warn')}
              </>,
            ),
            figures(
              <>
                <SeverityBadge severity={rule.severities.ban} /> {t('ladderStep.ban')}
              </>,
            ),
            t('exempt'),
            t('source'),
          ]}
        />
        <tbody>
          {rule.rows.map((row, at) => (
            <tr key={row.ruleId} data-testid="rule-threshold" data-clashes={clashing.has(at)}>
              <td>
                {clashing.has(at) && <span title={t('rowContradicts')}>▲ </span>}
                {row.exchangeID === '*' ? t('allExchanges') : row.exchangeID}
                {row.productID === undefined ? '' : `.${row.productID}`}
                {row.instrumentID === undefined ? '' : `.${row.instrumentID}`}
                <div className="secondary">
                  {t('from', { day: format.tradingDay(row.effectiveFrom) })}
                  {row.effectiveTo === undefined ? '' : ` – ${format.tradingDay(row.effectiveTo)}`}
                </div>
              </td>
              <td className="number">{format.number(row.ignore, Number.isInteger(row.ignore) ? 0 : 2)}</td>
              <td className="number">{format.number(row.warn, Number.isInteger(row.warn) ? 0 : 2)}</td>
              <td className="number">{format.number(row.ban, Number.isInteger(row.ban) ? 0 : 2)}</td>
              <td>{row.exempt.map((each) => t(`exemption.${each}`)).join(t('listComma'))}</td>
              <td>
                <Citation text={i18n.language === 'zh-CN' ? (row.citation_zh ?? row.citation) : row.citation} certainty={row.certainty} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Facts({ rule }: { rule: Rule }): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  const scope = scopeParts(rule);
  const facts: [string, string][] = [
    [
      t('fact.subject'),
      rule.watches === 'figures' ? `${t(`subject.${rule.subject}`)}${t('listComma')}${t(`combine.${rule.combine}`)}` : t('subject.customer'),
    ],
    [t('fact.scope'), scope.length === 0 ? t('everywhere') : scope.map(({ key, values }) => `${t(`scope.${key}`)}: ${values.join(' ')}`).join('; ')],
    [t('fact.session'), t(`session.${rule.session}`)],
    [
      t('fact.effective'),
      `${format.tradingDay(rule.effectiveFrom)} – ${rule.effectiveTo === undefined ? t('open') : format.tradingDay(rule.effectiveTo)}`,
    ],
    [t('fact.offDelay'), rule.watches === 'trading' && rule.offDelayMs === 0 ? t('untilDayEnds') : format.duration(rule.offDelayMs)],
    [t('fact.minActive'), format.duration(rule.minActiveMs ?? 0)],
    [t('fact.latched'), t(`latch.${rule.isLatched === true ? 'byPerson' : 'byItself'}`)],
  ];
  if (rule.watches === 'figures') {
    facts.push([t('fact.onDelay'), format.duration(rule.onDelayMs)], [t('fact.unknownAfter'), format.duration(rule.unknownAfterMs)]);
    facts.push([t('fact.dimensions'), t(rule.isPerDimension ? 'perDimension' : 'perEntity')]);
    for (const [name, value] of Object.entries(rule.parameters))
      facts.push([
        t(`parameter.${name}`, { defaultValue: name }),
        name.endsWith('Ms') ? format.duration(value) : figureText(name.endsWith('Degree') ? 'riskDegree' : '', value, format),
      ]);
  } else if (rule.exempt.length > 0) facts.push([t('exempt'), rule.exempt.map((each) => t(`exemption.${each}`)).join(t('listComma'))]);
  return (
    <section>
      <h4>{t('facts')}</h4>
      <dl className="rule-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Volumes({ view }: { view: RuleView }): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  return (
    <section>
      <h4>{t('volumes')}</h4>
      <p>
        {t('volumeText', { raised: view.raised, on: view.on, shadowRaised: view.shadowRaised, shadowOn: view.shadowOn })}
        {view.lastAtMs !== null && <span className="secondary"> {t('lastAt', { time: format.dateTime(view.lastAtMs) })}</span>}
      </p>
      {view.examples.length > 0 && <Examples rule={view.rule} examples={view.examples} />}
    </section>
  );
}

export function Examples({ rule, examples }: { rule: Rule; examples: RuleView['examples'] }): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  const metric = (level: string): string => {
    if (rule.watches === 'trading') return '';
    const rung = rule.rungs.find((one) => one.name === level);
    return rung !== undefined && 'metric' in rung.enter ? rung.enter.metric : '';
  };
  return (
    <ul className="rule-examples" data-testid="rule-examples">
      {examples.map((example) => (
        <li key={`${example.atMs} ${example.entity} ${JSON.stringify(example.dimensions)}`}>
          <SeverityBadge severity={example.severity} />
          <span>{format.dateTime(example.atMs)}</span>
          <span>{t(`alerts:entity.${entityOf(example).kind}`, { id: aboutText(example, t), defaultValue: example.entity })}</span>
          <span className="secondary">{Object.values(example.dimensions).join(' ')}</span>
          <span>{example.value === null ? '' : figureText(metric(example.level), example.value, format)}</span>
        </li>
      ))}
    </ul>
  );
}
