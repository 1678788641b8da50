/** The small fields of which a rule's form is made. */
import { InputGroup, TextArea } from '@blueprintjs/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { optionsOf } from '../../components/options';
import { Select } from '../../components/select';
import type { Words } from './rule-text';

export function FormField({ label, children }: { label: string; children: ReactNode }): ReactNode {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="rule-field">
      <span>{label}</span>
      {children}
    </label>
  );
}

type WordsProps = { label: string; testId: string; most: number; words: Words; isLong?: boolean; onChange(words: Words): void };

export function WordsField({ label, testId, most, words, isLong = false, onChange }: WordsProps): ReactNode {
  const { t } = useTranslation('rules');
  return (
    <div className="rule-words">
      {(['zh-CN', 'en'] as const).map((language) => (
        <FormField key={language} label={t('inLanguage', { label, language: t(`language.${language}`) })}>
          {isLong ? (
            <TextArea
              fill
              rows={3}
              maxLength={most}
              value={words[language]}
              data-testid={`${testId}-${language}`}
              onChange={(event) => onChange({ ...words, [language]: event.target.value })}
            />
          ) : (
            <InputGroup
              maxLength={most}
              value={words[language]}
              data-testid={`${testId}-${language}`}
              onValueChange={(text) => onChange({ ...words, [language]: text })}
            />
          )}
        </FormField>
      ))}
    </div>
  );
}

type SelectProps<Value extends string> = {
  label: string;
  testId: string;
  values: readonly Value[];
  chosen: NoInfer<Value>;
  text(value: NoInfer<Value>): string;
  isDisabled?: boolean;
  onChoose(value: NoInfer<Value>): void;
};

export function RuleSelect<Value extends string>({
  label,
  testId,
  values,
  chosen,
  text,
  isDisabled = false,
  onChoose,
}: SelectProps<Value>): ReactNode {
  return (
    <FormField label={label}>
      <Select options={optionsOf(values, text)} value={chosen} disabled={isDisabled} testId={testId} onValueChange={onChoose} />
    </FormField>
  );
}

type NumberProps = { label: string; testId: string; value: number; onChange(value: number): void };

/** What is no number stays as typed and makes the rule's own check speak. */
export function NumberField({ label, testId, value, onChange }: NumberProps): ReactNode {
  const [text, setText] = useState(Number.isNaN(value) ? '' : String(value));
  return (
    <FormField label={label}>
      <InputGroup
        size="small"
        inputMode="decimal"
        className="number-input"
        value={text}
        data-testid={testId}
        onValueChange={(changed) => {
          setText(changed);
          onChange(changed.trim() === '' ? Number.NaN : Number(changed));
        }}
      />
    </FormField>
  );
}
