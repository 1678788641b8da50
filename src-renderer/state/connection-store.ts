/** Whether an engine serves this window, and what the shell says about it when none does. */
import { create } from 'zustand';
import type { EngineState } from '#shared/contract/preload';

type Connection = {
  connected: boolean;
  engineId: string | null;
  /** When `connected` last changed. */
  sinceMs: number;
  /** How many engines have served this page so far; a growing number tells readers to ask again. */
  engineCount: number;
  engineState: EngineState | null;
  setConnection(connected: boolean, engineId: string | null, atMs: number): void;
  setEngineState(state: EngineState): void;
};

export const useConnection = create<Connection>()((set) => ({
  connected: false,
  engineId: null,
  sinceMs: Date.now(),
  engineCount: 0,
  engineState: null,
  setConnection: (connected, engineId, atMs) =>
    set((state) => ({ connected, engineId, sinceMs: atMs, engineCount: connected ? state.engineCount + 1 : state.engineCount })),
  setEngineState: (engineState) => set({ engineState }),
}));
