/** The page's frame: header, status strip, banners and the workspace below, with the layers that can open over it. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { AlertSounds } from '../features/alerts/alert-sounds';
import { EmergencyLayer } from '../features/emergency/emergency-mode';
import { ClaimDialog } from '../features/sign-in/claim-dialog';
import { KeyLockedScreen } from '../features/sign-in/key-locked-screen';
import { LockScreen } from '../features/sign-in/lock-screen';
import { SignInScreen } from '../features/sign-in/sign-in-screen';
import { useActivity } from '../features/sign-in/use-activity';
import { useAuth } from '../state/auth';
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

/** Grows when another person takes over, so that nothing the one before had opened or typed is still there; a lock changes nothing. */
function usePersonTurn(personId: string | null): number {
  const last = useRef({ personId, turn: 0 });
  if (personId !== null && personId !== last.current.personId) {
    last.current = { personId, turn: last.current.personId === null ? last.current.turn : last.current.turn + 1 };
  }
  return last.current.turn;
}

export function App(): ReactNode {
  const status = useStream('status', {});
  const connected = useConnection((state) => state.connected);
  const auth = useAuth();
  const keyLocked = auth?.keyLocked ?? null;
  const appState = useAppState(status.picture !== null || keyLocked !== null);
  const [layer, setLayer] = useState<'none' | 'palette' | 'shortcuts'>('none');
  const isOpen = auth === null || (auth.session !== null && auth.locked === null);
  const person = usePersonTurn(auth?.session?.personId ?? null);
  useGlobalKeys(setLayer, isOpen);
  useActivity(auth !== null && isOpen && auth.idleLockMs !== null);
  useEffect(() => {
    if (!isOpen) setLayer('none');
  }, [isOpen]);
  useEffect(() => {
    document.documentElement.dataset.appState = appState;
  }, [appState]);

  return (
    <div className="app" data-app-state={appState} data-engine={connected ? 'connected' : 'away'} data-testid="app">
      <AlertSounds />
      {(auth === null || auth.session !== null) && (
        <div key={person} className="app-desk" inert={!isOpen} data-covered={!isOpen}>
          <AppHeader onOpenPalette={() => setLayer('palette')} onOpenShortcuts={() => setLayer('shortcuts')} />
          <StatusStrip status={status.picture} builtAtMs={status.builtAtMs} />
          <Banners status={status.picture} builtAtMs={status.builtAtMs} />
          <main className="app-main">
            <ErrorBoundary place="workspace">
              <Workspace />
            </ErrorBoundary>
          </main>
        </div>
      )}
      {keyLocked !== null && <KeyLockedScreen locked={keyLocked} />}
      {auth !== null && keyLocked === null && auth.session === null && <SignInScreen auth={auth} status={status.picture} />}
      {auth !== null && auth.session !== null && auth.locked !== null && <LockScreen auth={auth} status={status.picture} />}
      <ClaimDialog />
      <CommandPalette isOpen={layer === 'palette'} onClose={() => setLayer('none')} onOpenShortcuts={() => setLayer('shortcuts')} />
      <EmergencyLayer />
      <ShortcutSheet isOpen={layer === 'shortcuts'} onClose={() => setLayer('none')} />
    </div>
  );
}
