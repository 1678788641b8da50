/** The end of the app, in phases: whoever must finish something joins, quitting waits for all of a phase, and a second request changes nothing. */
import { app } from 'electron';

export type ShutdownPhase = 'engine' | 'processes';
const PHASES: readonly ShutdownPhase[] = ['engine', 'processes'];

export type Lifecycle = {
  /** `work` must end by itself: the app waits for it. */
  join(phase: ShutdownPhase, work: () => Promise<void> | void): void;
};

export function createLifecycle(log: (message: string) => void): Lifecycle {
  const joined: { phase: ShutdownPhase; work: () => Promise<void> | void }[] = [];
  let stage: 'running' | 'closing' | 'closed' = 'running';

  async function close(): Promise<void> {
    for (const phase of PHASES) {
      const results = await Promise.allSettled(joined.filter((entry) => entry.phase === phase).map(async ({ work }) => work()));
      for (const result of results) if (result.status === 'rejected') log(`closing (${phase}) went wrong: ${String(result.reason)}`);
    }
    stage = 'closed';
    log('closed');
    // Not in the same turn as the refused will-quit: Electron would still be taking back that quit and would forget this one.
    setImmediate(() => app.quit());
  }

  app.on('will-quit', (event) => {
    if (stage === 'closed') return;
    event.preventDefault();
    if (stage === 'closing') return;
    stage = 'closing';
    void close();
  });
  // macOS keeps an app without windows; the others end with the last one.
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  return {
    join(phase, work) {
      joined.push({ phase, work });
    },
  };
}
