/** A drill's index in words: the figure, what follows from it, and what capped it. */
import { useTranslation } from 'react-i18next';
import type { DrillIndex } from '#shared/desk/drills/score';
import { useFormat } from '../../components/format/use-format';

export function useIndexText(): (index: DrillIndex) => string {
  const { t } = useTranslation('drills');
  const format = useFormat();
  return (index) => {
    if (index.kind === 'invalid') return t('invalid');
    if (index.kind === 'unfinished') return t('unfinished');
    const caps = index.cappedBy.map((cap) => t(`cap.${cap}`)).join(', ');
    return `${format.number(index.index, 0)} · ${t(`band.${index.band}`)}${caps === '' ? '' : ` (${caps})`}`;
  };
}
