/** What a derivation's ids, units, sources and rules are called in the page's language. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Derivation } from '#shared/market/explain/derivation';
import { reasonText } from '../../components/data-table/reason-text';
import { isKnown, UNKNOWN_MARK } from '../../components/format/formatters';
import { useFormat } from '../../components/format/use-format';
import { useCitationText } from '../../components/use-citation-text';
import { usePersonName } from '../../state/person-names';
import { useMarketTimeZone } from '../../state/shown-market';
import type { DerivationWords } from './derivation-view';

export function useDerivationWords(): DerivationWords {
  const { t, i18n } = useTranslation('explain');
  const format = useFormat();
  const timeZone = useMarketTimeZone();
  const citationText = useCitationText();
  const nameOf = usePersonName();
  return useMemo(() => {
    // A dot would be a level of the language file, and `balance` could not stand beside `balance.atCounter`.
    const label = (id: string): string => {
      const bare = id.startsWith('input.') ? id.slice('input.'.length) : id;
      const words = t([`node.${bare.replaceAll('.', '_')}`, `table:column.${bare}`], { defaultValue: '' });
      return typeof words === 'string' && words !== '' ? words : bare;
    };
    // A lot is named by contract, side, hedge flag, date and trade, a row by its layer and range; the words among them are the tables' own.
    const subjectText = (subject: string): string =>
      subject
        .split(' ')
        .map((word) =>
          t([`table:value.direction.${word}`, `table:value.hedgeFlag.${word}`, `word.${word}`, `table:reasonWord.${word}`], { defaultValue: word }),
        )
        .join(' ');
    // By the formula as the engine writes it: its dots and colons would be levels of a key.
    const formulas = (i18n.getResourceBundle(i18n.language, 'explain') as { formula?: Record<string, string> } | undefined)?.formula ?? {};
    const figure = (node: Derivation, value: number): string => {
      switch (node.unit) {
        case 'money':
          return format.number(value, 2);
        case 'price':
          return format.price(value, null);
        case 'lots':
        case 'count':
          return format.price(value, null);
        case 'rate':
          return format.percent(value, 4).replace(/(\.\d*?[1-9])0+(?=\D|$)|\.0+(?=\D|$)/, '$1');
        case 'degree':
          return format.percent(value, 2);
        case 'text':
          return String(value);
      }
    };
    // The settings of a counter come as two words; `none` is one of them, and something else elsewhere.
    const wordOf = (node: Derivation, text: string): string =>
      node.id === 'excludedProfit'
        ? text
            .split(' ')
            .map((setting) => t(`algorithm.${setting}`, { defaultValue: setting }))
            .join(' · ')
        : t(`word.${text}`, { defaultValue: text });
    const supplied: DerivationWords['supplied'] = ({ suppliedBy, approvedBy, suppliedAtMs, precedence, feedSays }) => {
      const who = t(approvedBy.length === 0 ? 'suppliedAlone' : 'supplied', {
        person: nameOf(suppliedBy),
        people: approvedBy.map(nameOf).join(', '),
        time: format.dateTime(suppliedAtMs),
      });
      if (precedence !== 'insteadOf') return who;
      return `${who} · ${feedSays === null ? t('insteadOfNothing') : t('insteadOf', { said: subjectText(feedSays) })}`;
    };
    return {
      subject: subjectText,
      supplied,
      name: (node) => (node.subject === '' ? label(node.id) : `${label(node.id)} · ${subjectText(node.subject)}`),
      value: (node) => {
        const word = node.text === null ? null : wordOf(node, node.text);
        if (isKnown(node.value)) return word === null ? figure(node, node.value) : `${figure(node, node.value)} (${word})`;
        if (word !== null) return word;
        return `${UNKNOWN_MARK} (${reasonText(t, node.reason)})`;
      },
      formula: (formula) => `= ${formulas[formula] ?? formula}`,
      source: (node) => {
        const { source } = node;
        if (source === null) return null;
        return t(source.sequence === null ? 'source' : 'sourceAt', {
          feed: source.feedId,
          stream: t(`health:streamName.${source.stream}`, { defaultValue: source.stream }),
          sequence: source.sequence === null ? '' : format.number(source.sequence),
          day: format.tradingDay(source.tradingDay),
          asOf: format.marketDateTime(source.asOfMs, timeZone),
          received: format.dateTime(source.receivedAtMs),
        });
      },
      rule: (rule) =>
        `[${t(`certainty.${rule.certainty}`)}] ${subjectText(rule.subject)}: ${subjectText(rule.text)}, ${t('from', { day: format.tradingDay(rule.effectiveFrom) })}, ${citationText(rule.citation)}${rule.supplied === undefined ? '' : `, ${supplied(rule.supplied)}`}`,
    };
  }, [t, i18n, format, timeZone, citationText, nameOf]);
}
