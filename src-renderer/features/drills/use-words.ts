/** Scenarios carry both languages; the page shows its own. */
import { useCallback } from 'react';
import { usePreferences } from '../../state/preferences';

export function useWords(): (words: { en: string; zh: string }) => string {
  const isChinese = usePreferences((state) => state.language === 'zh-CN');
  return useCallback((words) => (isChinese ? words.zh : words.en), [isChinese]);
}
