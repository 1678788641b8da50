/** Alerts name accounts and groups by their id; people know them by name. */
import { useCallback } from 'react';
import { useStream } from './use-stream';

/** The name behind an entity (`account:A0001`); empty for what has none, is not known yet, or is beyond this person's reach. */
export function useEntityName(): (entity: string) => string {
  const names = useStream('entityNames', {}).picture?.names;
  return useCallback((entity: string) => names?.[entity] ?? '', [names]);
}
