/** Words of a rule: its name, its figures with their units, and its expressions as a person would say them. */
import type { TFunction } from 'i18next';
import type { Comparison, Expression } from '#shared/desk/rules/expression';
import { metricOf } from '#shared/desk/rules/metrics';
import type { Rule } from '#shared/desk/rules/rule';
import type { Formatters } from '../../components/format/formatters';

export type Words = { 'zh-CN': string; en: string };

export function inLanguage(words: Words, language: string): string {
  return language === 'zh-CN' ? words['zh-CN'] : words.en;
}

export function ruleName(rule: Rule, language: string): string {
  return inLanguage(rule.name, language);
}

export function figureText(metric: string, value: number, format: Formatters): string {
  switch (metricOf(metric)?.unit) {
    case 'share':
      return format.percent(value);
    case 'ms':
      return format.duration(value);
    case 'money':
      return format.number(value, 2);
  }
  return format.number(value, Number.isInteger(value) ? 0 : 4);
}

export function comparisonText({ metric, is, value }: Comparison, t: TFunction, format: Formatters): string {
  return t('rules:comparison', {
    metric: t(`alerts:metric.${metric}`, { defaultValue: metric }),
    is: t(`rules:is.${is}`),
    value: figureText(metric, value, format),
  });
}

export function expressionText(expression: Expression, t: TFunction, format: Formatters, isInner = false): string {
  if ('metric' in expression) return comparisonText(expression, t, format);
  const isAll = 'all' in expression;
  const parts = (isAll ? expression.all : expression.any).map((part) => expressionText(part, t, format, true));
  const text = parts.join(t(isAll ? 'rules:and' : 'rules:or'));
  return isInner && parts.length > 1 ? t('rules:bracketed', { text }) : text;
}

/** Whom or what a rule is narrowed to; empty when nothing. */
export function scopeParts(rule: Rule): { key: string; values: readonly string[] }[] {
  return Object.entries(rule.scope).flatMap(([key, values]) => (values === undefined || values.length === 0 ? [] : [{ key, values }]));
}
