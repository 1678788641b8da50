/** What stands in the record under short names, in words: kinds of entries, what they are about, their fields and values. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { usePersonName } from '../state/person-names';
import { useFormat } from './format/use-format';

/** A time in milliseconds, and no duration: after the year 2001. */
const FIRST_TIME_MS = 1e12;
const UUID_HEAD = 8;
/** Fields of contracts and rates whose values are words of the feed protocol. */
const REFERENCE_WORDS: ReadonlySet<string> = new Set([
  ...['precedence', 'layer', 'investorRange', 'hedgeFlag', 'productClass', 'positionDateType', 'optionsType', 'certainty'],
]);

/** `alert.closed` in words; a kind that this build does not know stays as it is. */
export function useKindName(): (type: string) => string {
  const { t } = useTranslation('entries');
  return useCallback((type: string) => t(`kind.${type}`, { defaultValue: type }), [t]);
}

/** `person:p-1`, `alert:<uuid>`, `setting:theme` in words. */
export function useSubjectName(): (subject: string) => string {
  const { t } = useTranslation('entries');
  const nameOf = usePersonName();
  return useCallback(
    (subject: string) => {
      const at = subject.indexOf(':');
      const kind = at < 0 ? subject : subject.slice(0, at);
      const id = at < 0 ? '' : subject.slice(at + 1);
      const word = t(`subject.${kind}`, { defaultValue: kind });
      if (kind === 'person') return nameOf(id);
      if (kind === 'setting') return `${word} ${t(`setting.${id}`, { defaultValue: id })}`;
      // Nobody reads a random id to its end; the whole one is a hover away.
      return `${word} ${/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(id) ? id.slice(-UUID_HEAD) : id}`.trim();
    },
    [t, nameOf],
  );
}

export type FieldWords = { field: (path: string) => string; value: (path: string, text: string | null) => string };

/** For tables of fields: each step of a path in words, times as times, people by name. */
export function useFieldWords(): FieldWords {
  const { t } = useTranslation(['entries', 'alerts', 'people', 'reference', 'table']);
  const format = useFormat();
  const nameOf = usePersonName();
  const field = useCallback(
    (path: string) =>
      path
        .split('.')
        // What a rule saw stands in an entry under the names that its alert shows.
        .map((step) => t([`entries:field.${step}`, `alerts:param.${step}`], { defaultValue: step }))
        .join(' › '),
    [t],
  );
  const value = useCallback(
    (path: string, text: string | null) => {
      if (text === null || text === 'null') return '–';
      const name = path.slice(path.lastIndexOf('.') + 1);
      if (/Ms$/.test(name) && Number(text) >= FIRST_TIME_MS) return format.dateTime(Number(text));
      if (text === 'true' || text === 'false') return t(`entries:${text === 'true' ? 'yes' : 'no'}`);
      if (path === 'mode') return t(`rules:mode.${text}`, { defaultValue: text });
      if (name === 'severity') return t(`app:severity.${text}.name`, { defaultValue: text });
      if (name === 'role') return t(`people:role.${text}`, { defaultValue: text });
      if (name === 'request') return t(`approvals:request.${text}`, { defaultValue: text });
      if (REFERENCE_WORDS.has(name)) return t([`reference:value.${name}.${text}`, `table:value.${name}.${text}`], { defaultValue: text });
      return nameOf(text);
    },
    [t, format, nameOf],
  );
  return { field, value };
}
