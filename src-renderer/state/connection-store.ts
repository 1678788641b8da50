/** Whether an engine serves this window, and what the shell says about it when none does. */
import { create } from 'zustand';
import type { EngineState } from '#shared/contract/preload';

type Connection = {
  /** An engine serves this page and has been heard of lately. */
  connected: boolean;
  /** Since when an engine whose port still stands has said nothing; null while it is heard or gone. */
  silentSinceMs: number | null;
  engineId: string | null;
  /** When `connected` last changed. */
  sinceMs: number;
  /** How many engines have served this page so far; a growing number tells readers to ask again. */
  engineCount: number;
  engineState: EngineState | null;
  setConnection(connected: boolean, engineId: string | null, atMs: number): void;
  /** The engine went silent, or (null) was heard again: the same engine, so nobody need ask anew. */
  setSilence(sinceMs: number | null): void;
  setEngineState(state: EngineState): void;
};

export const useConnection = create<Connection>()((set) => ({
  connected: false,
  silentSinceMs: null,
  engineId: null,
  sinceMs: Date.now(),
  engineCount: 0,
  engineState: null,
  setConnection: (connected, engineId, atMs) =>
    set((state) => ({
      connected,
      silentSinceMs: null,
      engineId,
      sinceMs: atMs,
      engineCount: connected ? state.engineCount + 1 : state.engineCount,
    })),
  setSilence: (silentSinceMs) => set({ silentSinceMs, connected: silentSinceMs === null, sinceMs: silentSinceMs ?? Date.now() }),
  setEngineState: (engineState) => set({ engineState }),
}));
