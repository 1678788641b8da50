/** Where a dated row comes from, in the page's language: sources of ours have words in both, those of a feed stand as they came. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export function useCitationText(): (citation: string) => string {
  const { i18n } = useTranslation('citations');
  const { language } = i18n;
  return useMemo(() => {
    // By the whole text: its dots and colons would be levels of a key.
    const texts = (i18n.getResourceBundle(language, 'citations') ?? {}) as Record<string, string>;
    return (citation) => texts[citation] ?? citation;
  }, [i18n, language]);
}
