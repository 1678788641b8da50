/** Entries name people by id; screens show their names. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useStream } from './use-stream';

/** Parts of the product that write entries themselves. */
const PARTS: ReadonlySet<string> = new Set(['engine', 'watch', 'desk']);

/** The name of whoever the id stands for; what nobody knows (an older record's name, a program on this machine) is shown as it is. */
export function usePersonName(): (personId: string) => string {
  const { t } = useTranslation('app');
  const names = useStream('auth', {}).picture?.names;
  return useCallback((personId: string) => names?.[personId] ?? (PARTS.has(personId) ? t(`part.${personId}`) : personId), [names, t]);
}
