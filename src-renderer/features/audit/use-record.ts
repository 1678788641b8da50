/** Reads the record page by page as a person scrolls down: what was found stays, and a new question begins anew. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditEntry, AuditFilter } from '#shared/contract/audit';
import type { Refusal } from '#shared/refusal';
import { request } from '../../state/use-stream';

const PAGE = 100;

export type RecordView = {
  entries: AuditEntry[];
  /** Where the search goes on; null when the beginning of the record was reached. */
  nextBefore: number | null;
  searchedFrom: number | null;
  refusal: Refusal | null;
  isWaiting: boolean;
  more(): void;
};

const NOTHING = {
  entries: [] as AuditEntry[],
  nextBefore: null as number | null,
  searchedFrom: null as number | null,
  refusal: null as Refusal | null,
};

/** `version` asks again from the newest entry. */
export function useRecord(filter: AuditFilter, version: number): RecordView {
  const key = JSON.stringify(filter);
  const [state, setState] = useState(NOTHING);
  const [isWaiting, setIsWaiting] = useState(false);
  const round = useRef(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the filter, whose identity changes with every render
  const read = useCallback(
    async (before: number | null): Promise<void> => {
      const own = before === null ? ++round.current : round.current;
      setIsWaiting(true);
      const outcome = await request('audit.query', { filter, before, limit: PAGE });
      if (own !== round.current) return;
      setIsWaiting(false);
      if (!outcome.ok) {
        setState((old) => ({ ...old, refusal: outcome }));
        return;
      }
      const { entries, nextBefore, searchedFrom } = outcome.value;
      setState((old) => ({ entries: before === null ? entries : [...old.entries, ...entries], nextBefore, searchedFrom, refusal: null }));
    },
    [key],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version only says "again"
  useEffect(() => void read(null), [read, version]);
  const more = useCallback(() => {
    if (!isWaiting && state.nextBefore !== null) void read(state.nextBefore);
  }, [isWaiting, read, state.nextBefore]);
  return { ...state, isWaiting, more };
}
