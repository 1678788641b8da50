/** One rung of a rule's ladder while it is written: when it begins, when it ends, how bad it is, and on whose word. */
import { Button, InputGroup, TextArea } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { metricOf, metricsOf, type RuleSubject } from '#shared/desk/rules/metrics';
import { LADDER_STEPS, type Rung } from '#shared/desk/rules/rule';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';
import { SEVERITIES } from '../../components/severity';
import { FormField, RuleSelect } from './rule-fields';
import {
  COMPARISON_NAMES,
  type ComparisonForm,
  type ExpressionForm,
  expressionOf,
  formOfExpression,
  newPart,
  type RuleIssue,
} from './rule-form-state';

const CERTAINTIES = ['verified', 'secondary', 'unconfirmed'] as const;

export function newRung(subject: RuleSubject, no: number): Rung {
  const metric = metricsOf(subject)[0] ?? '';
  return {
    name: `step${no}`,
    step: 'warn',
    enter: { metric, is: 'atLeast', value: Number.NaN },
    exit: { metric, is: 'below', value: Number.NaN },
    severity: 'medium',
    citation: '',
    certainty: 'unconfirmed',
  };
}

type Props = {
  at: number;
  subject: RuleSubject;
  rung: Rung;
  issues: readonly RuleIssue[];
  onChange(rung: Rung): void;
  onRemove: (() => void) | null;
};

export function RungForm({ at, subject, rung, issues, onChange, onRemove }: Props): ReactNode {
  const { t } = useTranslation('rules');
  const certainty = CERTAINTIES.find((each) => each === rung.certainty) ?? 'unconfirmed';
  return (
    <fieldset className="form-part" data-testid={`rung-${at}`} data-faulty={issues.length > 0}>
      <legend>{t('form.rung', { no: at + 1 })}</legend>
      <div className="rule-fields">
        <FormField label={t('form.rungName')}>
          <InputGroup
            size="small"
            maxLength={32}
            value={rung.name}
            data-testid={`rung-${at}-name`}
            onValueChange={(name) => onChange({ ...rung, name })}
          />
        </FormField>
        <RuleSelect
          label={t('step')}
          testId={`rung-${at}-step`}
          values={LADDER_STEPS}
          chosen={rung.step}
          text={(each) => t(`ladderStep.${each}`)}
          onChoose={(step) => onChange({ ...rung, step })}
        />
        <RuleSelect
          label={t('severity')}
          testId={`rung-${at}-severity`}
          values={SEVERITIES}
          chosen={rung.severity}
          text={(each) => t(`app:severity.${each}.name`)}
          onChoose={(severity) => onChange({ ...rung, severity })}
        />
        {onRemove !== null && (
          <Button size="small" variant="minimal" data-testid={`rung-${at}-remove`} onClick={onRemove}>
            {t('form.removeRung')}
          </Button>
        )}
      </div>
      <ExpressionFields
        name={t('enter')}
        testId={`rung-${at}-enter`}
        subject={subject}
        isExit={false}
        form={formOfExpression(rung.enter)}
        onChange={(form) => onChange({ ...rung, enter: expressionOf(form) })}
      />
      <ExpressionFields
        name={t('exit')}
        testId={`rung-${at}-exit`}
        subject={subject}
        isExit
        form={formOfExpression(rung.exit)}
        onChange={(form) => onChange({ ...rung, exit: expressionOf(form) })}
      />
      {issues.map(({ path, fault, message }) => (
        <div key={`${path} ${message}`} className="rule-issue" role="alert" data-testid={`rung-${at}-issue`} data-fault={fault ?? 'invalid'}>
          ! {t(`form.part.${path.split('.').at(-1) ?? ''}`, { defaultValue: path })}: {fault === null ? t('fault.invalid') : t(`fault.${fault}`)}
        </div>
      ))}
      <div className="rule-words">
        <FormField label={t('inLanguage', { label: t('source'), language: t('language.zh-CN') })}>
          <InputGroup
            size="small"
            maxLength={400}
            value={rung.citationZh ?? ''}
            data-testid={`rung-${at}-citation-zh`}
            onValueChange={(citationZh) => onChange({ ...rung, citationZh })}
          />
        </FormField>
        <FormField label={t('inLanguage', { label: t('source'), language: t('language.en') })}>
          <InputGroup
            size="small"
            maxLength={400}
            value={rung.citation}
            data-testid={`rung-${at}-citation`}
            onValueChange={(citation) => onChange({ ...rung, citation })}
          />
        </FormField>
        <RuleSelect
          label={t('column.certainty')}
          testId={`rung-${at}-certainty`}
          values={CERTAINTIES}
          chosen={certainty}
          text={(each) => t(`explain:certainty.${each}`)}
          onChoose={(chosen) => onChange({ ...rung, certainty: chosen })}
        />
      </div>
    </fieldset>
  );
}

type ExpressionProps = {
  name: string;
  testId: string;
  subject: RuleSubject;
  isExit: boolean;
  form: ExpressionForm;
  onChange(form: ExpressionForm): void;
};

/** Rows joined by all or any; a deeper tree is shown as what it is. Text that is no number yet stays as typed. */
function ExpressionFields({ name, testId, subject, isExit, form: initial, onChange }: ExpressionProps): ReactNode {
  const { t } = useTranslation('rules');
  const [form, setForm] = useState(initial);
  const put = (changed: ExpressionForm): void => {
    setForm(changed);
    onChange(changed);
  };
  const putPart = (at: number, part: Partial<ComparisonForm>): void =>
    put({ ...form, parts: form.parts.map((one, place) => (place === at ? { ...one, ...part } : one)) });
  if (form.tree !== null) {
    return (
      <FormField label={name}>
        <TextArea
          fill
          rows={4}
          className="mono"
          value={form.tree}
          data-testid={`${testId}-tree`}
          onChange={(event) => put({ ...form, tree: event.target.value })}
        />
      </FormField>
    );
  }
  return (
    <div className="rule-expression" data-testid={testId}>
      <span className="rule-side">{name}</span>
      {form.parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part of an expression is its place
        <div key={at} className="row">
          {at > 0 && (
            <Select
              label={t('form.join')}
              options={[
                { value: 'all', label: t('and') },
                { value: 'any', label: t('or') },
              ]}
              value={form.join}
              onValueChange={(join) => put({ ...form, join })}
            />
          )}
          <Select
            label={t('form.metric', { name })}
            options={optionsOf<string>(metricsOf(subject), (value) => t(`alerts:metric.${value}`, { defaultValue: value }))}
            value={part.metric}
            testId={`${testId}-${at}-metric`}
            onValueChange={(metric) => putPart(at, { metric })}
          />
          <Select
            label={t('form.is', { name })}
            options={optionsOf(COMPARISON_NAMES, (value) => t(`is.${value}`))}
            value={part.is}
            testId={`${testId}-${at}-is`}
            onValueChange={(is) => putPart(at, { is })}
          />
          <InputGroup
            size="small"
            className="number-input"
            inputMode="decimal"
            value={part.value}
            aria-label={t('form.value', { name })}
            data-testid={`${testId}-${at}-value`}
            onValueChange={(value) => putPart(at, { value })}
          />
          <span className="secondary">{t(`unit.${metricOf(part.metric)?.unit ?? 'count'}`)}</span>
          {form.parts.length > 1 && (
            <Button
              size="small"
              variant="minimal"
              aria-label={t('form.removePart')}
              onClick={() => put({ ...form, parts: form.parts.filter((_one, place) => place !== at) })}
            >
              ×
            </Button>
          )}
        </div>
      ))}
      <Button
        size="small"
        variant="minimal"
        disabled={form.parts.length >= 8}
        onClick={() => put({ ...form, parts: [...form.parts, newPart(subject, isExit)] })}
      >
        + {t('form.addPart')}
      </Button>
    </div>
  );
}
