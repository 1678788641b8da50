/** A detector's dated thresholds while they are changed: what an exchange or the firm calls too much, where, since when, and who says so. */
import { Button, Checkbox, InputGroup } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule, TradingRule } from '#shared/desk/rules/rule';
import { type Exemption, exemptionSchema, type ThresholdRow } from '#shared/desk/rules/threshold-row';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';
import { SEVERITIES } from '../../components/severity';
import { TableHead, unseen } from '../../components/table-head';
import { RuleSelect } from './rule-fields';

const FIGURES = ['ignore', 'warn', 'ban'] as const;
const CERTAINTIES: readonly ThresholdRow['certainty'][] = ['verified', 'secondary', 'unconfirmed'];
type Props = { rule: TradingRule; onChange(part: Partial<Rule>): void };

export function RowsForm({ rule, onChange }: Props): ReactNode {
  const { t } = useTranslation('rules');
  const put = (at: number, row: ThresholdRow): void => onChange({ rows: rule.rows.map((one, place) => (place === at ? row : one)) });
  const toggle = (exemption: Exemption): void =>
    onChange({ exempt: rule.exempt.includes(exemption) ? rule.exempt.filter((one) => one !== exemption) : [...rule.exempt, exemption] });
  return (
    <fieldset className="form-part">
      <legend>{t('thresholds')}</legend>
      <div className="rule-fields">
        {(['warn', 'ban'] as const).map((step) => (
          <RuleSelect
            key={step}
            label={t('severityOf', { step: t(`ladderStep.${step}`) })}
            testId={`rule-severity-${step}`}
            values={SEVERITIES}
            chosen={rule.severities[step]}
            text={(each) => t(`app:severity.${each}.name`)}
            onChoose={(severity) => onChange({ severities: { ...rule.severities, [step]: severity } })}
          />
        ))}
        {exemptionSchema.options.map((each) => (
          <Checkbox
            key={each}
            checked={rule.exempt.includes(each)}
            label={t('exemptAll', { what: t(`exemption.${each}`) })}
            onChange={() => toggle(each)}
          />
        ))}
      </div>
      <table className="rule-ladder">
        <TableHead
          headings={[
            t('where'),
            ...FIGURES.map((each) => t(`ladderStep.${each}`)),
            t('form.effectiveFrom'),
            t('form.effectiveTo'),
            t('source'),
            unseen(t('form.removeRow')),
          ]}
        />
        <tbody>
          {rule.rows.map((row, at) => (
            <RowFields
              key={row.ruleId}
              row={row}
              onChange={(changed) => put(at, changed)}
              onCopy={() => onChange({ rows: [...rule.rows, { ...row, ruleId: freshId(rule.rows, row.ruleId) }] })}
              onRemove={rule.rows.length === 1 ? null : () => onChange({ rows: rule.rows.filter((_one, place) => place !== at) })}
            />
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}

function freshId(rows: readonly ThresholdRow[], ruleId: string): string {
  const base = ruleId.replace(/-\d+$/, '');
  let no = 2;
  while (rows.some((row) => row.ruleId === `${base}-${no}`)) no += 1;
  return `${base}-${no}`;
}

type RowProps = { row: ThresholdRow; onChange(row: ThresholdRow): void; onCopy(): void; onRemove: (() => void) | null };

function RowFields({ row, onChange, onCopy, onRemove }: RowProps): ReactNode {
  const { t } = useTranslation('rules');
  const [texts, setTexts] = useState({ ignore: String(row.ignore), warn: String(row.warn), ban: String(row.ban) });
  return (
    <tr data-testid={`row-${row.ruleId}`}>
      <td>
        <InputGroup
          size="small"
          value={row.exchangeID}
          aria-label={t('where')}
          maxLength={16}
          onValueChange={(exchangeID) => onChange({ ...row, exchangeID })}
        />
        <InputGroup
          size="small"
          value={row.productID ?? ''}
          placeholder={t('allProducts')}
          aria-label={t('scope.productIDs')}
          maxLength={64}
          onValueChange={(productID) => {
            const { productID: _before, ...rest } = row;
            onChange(productID === '' ? rest : { ...rest, productID });
          }}
        />
      </td>
      {FIGURES.map((name) => (
        <td key={name}>
          <InputGroup
            size="small"
            className="rule-figure"
            inputMode="decimal"
            value={texts[name]}
            aria-label={t(`ladderStep.${name}`)}
            data-testid={`row-${row.ruleId}-${name}`}
            onValueChange={(text) => {
              setTexts({ ...texts, [name]: text });
              onChange({ ...row, [name]: text.trim() === '' ? Number.NaN : Number(text) });
            }}
          />
        </td>
      ))}
      <td>
        <InputGroup
          size="small"
          className="rule-day"
          maxLength={8}
          value={row.effectiveFrom}
          aria-label={t('form.effectiveFrom')}
          onValueChange={(effectiveFrom) => onChange({ ...row, effectiveFrom })}
        />
      </td>
      <td>
        <InputGroup
          size="small"
          className="rule-day"
          maxLength={8}
          placeholder={t('open')}
          value={row.effectiveTo ?? ''}
          aria-label={t('form.effectiveTo')}
          onValueChange={(text) => {
            const { effectiveTo: _before, ...rest } = row;
            onChange(text === '' ? rest : { ...rest, effectiveTo: text });
          }}
        />
      </td>
      <td>
        <InputGroup
          size="small"
          maxLength={400}
          value={row.citation}
          aria-label={t('source')}
          onValueChange={(citation) => onChange({ ...row, citation })}
        />
        <Select
          label={t('column.certainty')}
          options={optionsOf([...new Set([...CERTAINTIES, row.certainty])], (value) => t(`explain:certainty.${value}`))}
          value={row.certainty}
          onValueChange={(certainty) => onChange({ ...row, certainty })}
        />
      </td>
      <td>
        <Button size="small" variant="minimal" onClick={onCopy}>
          {t('form.copyRow')}
        </Button>
        {onRemove !== null && (
          <Button size="small" variant="minimal" onClick={onRemove}>
            {t('form.removeRow')}
          </Button>
        )}
      </td>
    </tr>
  );
}
