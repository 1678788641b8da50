/** What was changed about a rule, by whom and why: each version beside the one before it. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '#shared/desk/rules/rule';
import { useFieldWords } from '../../components/entry-words';
import { useFormat } from '../../components/format/use-format';
import { RefusalNotice } from '../../components/refusal-notice';
import { TableHead } from '../../components/table-head';
import { usePersonName } from '../../state/person-names';
import { useRequest } from '../../state/use-stream';

type Change = { path: string; before: string; after: string };
const MOST_CHANGES = 40;

/** Every field that differs, by its path; whole parts that came or went show as one. */
function changesBetween(before: unknown, after: unknown, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isPart = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (isPart(before) && isPart(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) =>
      path === '' && key === 'version' ? [] : changesBetween(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  const text = (value: unknown): string => (value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value));
  return [{ path, before: text(before), after: text(after) }];
}

export function RuleHistory({ ruleId, version }: { ruleId: string; version: string }): ReactNode {
  const { t } = useTranslation('rules');
  const format = useFormat();
  const nameOf = usePersonName();
  const { answer, refusal } = useRequest('rule.get', { ruleId }, version);
  return (
    <section>
      <h4>{t('history')}</h4>
      <RefusalNotice refusal={refusal} action={t('history')} />
      {answer?.retired != null && (
        <p className="rule-next">
          {t('retiredBy', { person: nameOf(answer.retired.by), time: format.dateTime(answer.retired.atMs), reason: answer.retired.reason })}
        </p>
      )}
      <ol className="rule-history" data-testid="rule-history">
        {(answer?.versions ?? []).map((each) => (
          <li key={each.rule.version} data-version={each.rule.version}>
            <strong>v{each.rule.version}</strong>{' '}
            {each.savedBy === null ? t('bundledVersion') : t('savedBy', { person: nameOf(each.savedBy), time: format.dateTime(each.savedAtMs) })}
            {each.reason !== '' && <div className="rule-response">{each.reason}</div>}
            {each.before !== null && <Changes before={each.before} after={each.rule} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Changes({ before, after }: { before: Rule; after: Rule }): ReactNode {
  const { t } = useTranslation('rules');
  const words = useFieldWords();
  const changes = useMemo(() => changesBetween(before, after), [before, after]);
  if (changes.length === 0) return null;
  return (
    <table className="rule-ladder">
      <TableHead headings={[t('field'), t('before'), t('after')]} />
      <tbody>
        {changes.slice(0, MOST_CHANGES).map((change) => (
          <tr key={change.path} data-testid="rule-change" data-path={change.path} data-after={change.after}>
            <td title={change.path}>{words.field(change.path)}</td>
            <td>{words.value(change.path, change.before)}</td>
            <td>{words.value(change.path, change.after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
