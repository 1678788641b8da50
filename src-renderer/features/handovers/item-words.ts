/** The words of an item on the page: the same as on its paper, with times as the page shows them. */
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ItemWords } from '#shared/desk/handovers/item-words';
import { useFormat } from '../../components/format/use-format';
import { useEntityName } from '../../state/entity-names';
import { usePersonName } from '../../state/person-names';
import { usePreferences } from '../../state/preferences';
import { usePlanLibrary } from '../plans/use-plan-library';

export function useItemWords(): ItemWords {
  const { t } = useTranslation('handovers');
  const format = useFormat();
  const person = usePersonName();
  const entityName = useEntityName();
  const { roleName: role } = usePlanLibrary();
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return useMemo(
    () => ({ word: wordOf(t), time: (atMs) => format.dateTime(atMs), person, entityName, role, isChinese }),
    [t, format, person, entityName, role, isChinese],
  );
}

function wordOf(t: TFunction): ItemWords['word'] {
  return (key, params, orElse) => t(key, { ...params, ...(orElse === undefined ? {} : { defaultValue: orElse }) });
}
