/** The page's frame: header, status strip, banners and the workspace below, with the layers that can open over it. */
import { type ReactNode, useEffect, useState } from 'react';
import { useConnection } from '../state/connection-store';
import { useStream } from '../state/use-stream';
import { Workspace } from '../workspace/workspace';
import { AppHeader } from './app-header';
import { Banners } from './banners';
import { CommandPalette } from './command-palette';
import { ErrorBoundary } from './error-boundary';
import { ShortcutSheet } from './shortcut-sheet';
import { StatusStrip } from './status-strip';
import { useGlobalKeys } from './use-global-keys';
import './app.css';

/** `ready` once the first status picture was painted; tests and the shell's screenshots wait for it, never for a time. */
function useAppState(hasStatus: boolean): 'starting' | 'ready' {
  const [isDrawn, setIsDrawn] = useState(false);
  useEffect(() => {
    if (!hasStatus) return;
    const frame = requestAnimationFrame(() => setIsDrawn(true));
    return () => cancelAnimationFrame(frame);
  }, [hasStatus]);
  return isDrawn ? 'ready' : 'starting';
}

export function App(): ReactNode {
  const status = useStream('status', {});
  const connected = useConnection((state) => state.connected);
  const appState = useAppState(status.picture !== null);
  const [layer, setLayer] = useState<'none' | 'palette' | 'shortcuts'>('none');
  useGlobalKeys(setLayer);
  useEffect(() => {
    document.documentElement.dataset.appState = appState;
  }, [appState]);

  return (
    <div className="app" data-app-state={appState} data-engine={connected ? 'connected' : 'away'} data-testid="app">
      <AppHeader onOpenPalette={() => setLayer('palette')} onOpenShortcuts={() => setLayer('shortcuts')} />
      <StatusStrip status={status.picture} builtAtMs={status.builtAtMs} />
      <Banners status={status.picture} builtAtMs={status.builtAtMs} />
      <main className="app-main">
        <ErrorBoundary place="workspace">
          <Workspace />
        </ErrorBoundary>
      </main>
      <CommandPalette isOpen={layer === 'palette'} onClose={() => setLayer('none')} onOpenShortcuts={() => setLayer('shortcuts')} />
      <ShortcutSheet isOpen={layer === 'shortcuts'} onClose={() => setLayer('none')} />
    </div>
  );
}
