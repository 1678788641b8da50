/** Words of reference rows: fields, values and figures as a notice writes them. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../components/format/use-format';
import { rateText, shareText } from './rate-text';
import type { ExchangeLink } from './row-fields';

const DATES: ReadonlySet<string> = new Set(['effectiveFrom', 'effectiveTo', 'expireDate']);

export type ReferenceWords = {
  field(name: string): string;
  value(name: string, value: unknown): string;
  /** Both parts of a rate: the share of the value, and money per lot where there is any. An addend says that it is one. */
  rate(byMoney: unknown, byVolume: unknown, isAddend?: boolean): string;
  /** How a company's rate hangs on the exchange's, beside it. */
  link(link: ExchangeLink, byMoney: unknown, byVolume: unknown): string;
};

export function useReferenceWords(): ReferenceWords {
  const { t } = useTranslation('reference');
  const format = useFormat();
  return useMemo(() => {
    const number = (value: number): string => format.price(value, null);
    const rate: ReferenceWords['rate'] = (byMoney, byVolume, isAddend = false) =>
      rateText(format, (money) => t('perLot', { money }), { byMoney, byVolume, isAddend });
    const field = (name: string): string => {
      const [link = '', ratio] = name.split('.');
      const own = t(`entries:field.${ratio ?? link}`, { defaultValue: ratio ?? link });
      return ratio === undefined ? own : t('linkField', { link: t(`entries:field.${link}`, { defaultValue: link }), ratio: own });
    };
    return {
      field,
      value: (name, value) => {
        if (value === undefined || value === null || value === '') return '–';
        if (typeof value === 'boolean') return t(value ? 'entries:yes' : 'entries:no');
        if (typeof value === 'number') return name.endsWith('ByMoney') ? shareText(format, value) : number(value);
        const text = String(value);
        if (DATES.has(name)) return format.tradingDay(text);
        return t([`value.${name}.${text}`, `table:value.${name}.${text}`], { defaultValue: text });
      },
      rate,
      link: (link, byMoney, byVolume) =>
        link === 'aboveExchange'
          ? t('link.aboveExchange', { rate: rate(byMoney, byVolume) })
          : t('link.ownTimes', { byMoney: number(Number(byMoney)), byVolume: number(Number(byVolume)) }),
    };
  }, [t, format]);
}
