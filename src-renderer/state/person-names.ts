/** Entries name people by id; screens show their names. */
import { useCallback } from 'react';
import { useStream } from './use-stream';

/** The name of whoever the id stands for; an id nobody knows (an older record's name, a part of the engine) is shown as it is. */
export function usePersonName(): (personId: string) => string {
  const names = useStream('auth', {}).picture?.names;
  return useCallback((personId: string) => names?.[personId] ?? personId, [names]);
}
