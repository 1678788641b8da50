/** One name for a rule everywhere: the one that it carries; where the rule is not there to ask, the name of its kind. */
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { withoutStep } from '#shared/desk/alerts/kind-words';
import { useStream } from './use-stream';

export function useRuleName(): (rule: { ruleId: string; kind: string }) => string {
  const { t, i18n } = useTranslation('alerts');
  const rules = useStream('rules', {}).picture?.rules;
  const isChinese = i18n.language === 'zh-CN';
  const names = useMemo(() => new Map(rules?.map(({ rule }) => [rule.ruleId, isChinese ? rule.name['zh-CN'] : rule.name.en])), [rules, isChinese]);
  return useCallback(({ ruleId, kind }) => names.get(ruleId) ?? withoutStep(t(`kind.${kind}`, { level: '', defaultValue: kind })), [names, t]);
}
