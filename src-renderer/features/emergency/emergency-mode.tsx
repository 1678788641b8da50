/** Fills the screen with one run in large type: the step that matters now, what comes next, and the keys for all of it. */
import { Classes } from '@blueprintjs/core';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../components/format/use-format';
import { useConnection } from '../../state/connection-store';
import { useNow } from '../../state/use-now';
import { useStream } from '../../state/use-stream';
import { PaperLayer } from '../plans/run-paper';
import { EmergencyFind } from './emergency-find';
import { EmergencyRun } from './emergency-run';
import { closeEmergency, openEmergency, useEmergency } from './emergency-state';
import './emergency.css';

/** Mounted once, over everything. F9 opens it from anywhere. */
export function EmergencyLayer(): ReactNode {
  const isOpen = useEmergency((state) => state.isOpen);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'F9') return;
      event.preventDefault();
      if (useEmergency.getState().isOpen) closeEmergency();
      else openEmergency();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      {isOpen && <EmergencyScreen />}
      <PaperLayer />
    </>
  );
}

function EmergencyScreen(): ReactNode {
  const { t } = useTranslation('plans');
  const runId = useEmergency((state) => state.runId);
  const run = useStream('run', runId === null ? null : { runId }).picture?.run ?? null;
  const screen = useRef<HTMLDivElement>(null);
  // The keys of a run are heard wherever the focus is.
  useKeyboardKept(screen, runId === null);
  // Whoever had the focus below gets it back afterwards.
  useEffect(() => {
    const before = document.activeElement;
    // Dialogs stand beside this screen in the page: they take its large type from here.
    document.documentElement.dataset.emergency = 'open';
    // What is inside may have taken the focus already: the field that asks what has happened.
    if (screen.current?.contains(before) !== true) screen.current?.focus();
    return () => {
      delete document.documentElement.dataset.emergency;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div
      className="emergency"
      role="dialog"
      aria-modal="true"
      aria-label={t('emergency.title')}
      tabIndex={-1}
      ref={screen}
      data-testid="emergency"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && runId === null) closeEmergency();
      }}
    >
      <EmergencyState />
      {runId === null ? <EmergencyFind /> : run === null ? <p>{t('loading')}</p> : <EmergencyRun key={run.runId} run={run} />}
    </div>
  );
}

/** A window that was just closed below gives the focus back to what lay behind it: the keys must go on working here, without a click. */
function useKeyboardKept(screen: RefObject<HTMLElement | null>, isFinding: boolean): void {
  useEffect(() => {
    if (!isFinding) return;
    let frame = 0;
    const keep = (): void => {
      const { activeElement } = document;
      if (screen.current === null || screen.current.contains(activeElement) || activeElement?.closest(`.${Classes.PORTAL}`)) return;
      (screen.current.querySelector('input') ?? screen.current).focus();
    };
    const keepSoon = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(keep);
    };
    document.addEventListener('focusin', keep);
    document.addEventListener('focusout', keepSoon);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('focusin', keep);
      document.removeEventListener('focusout', keepSoon);
    };
  }, [screen, isFinding]);
}

/** What can be trusted now, in one line across the screen. */
function EmergencyState(): ReactNode {
  const { t } = useTranslation('plans');
  const format = useFormat();
  const nowMs = useNow();
  const connected = useConnection((state) => state.connected);
  const status = useStream('status', {}).picture;
  const offline = status?.offline ?? null;
  const what = !connected ? 'engineAway' : status === null ? 'unknown' : offline !== null ? 'offline' : 'online';
  return (
    <div className="emergency-state" data-state={what} data-testid="emergency-state" role="status">
      <strong>
        {what === 'online' ? '●' : '▲'} {t(`emergency.state.${what}`, { age: offline === null ? '' : format.duration(nowMs - offline.sinceMs) })}
      </strong>
      {what !== 'online' && <span>{t(`emergency.stillWorks.${what}`)}</span>}
      {status?.mode === 'drill' && <strong>◆ {t('drill')}</strong>}
      <span className="spacer" />
      <span className="emergency-clock">{format.time(nowMs)}</span>
    </div>
  );
}
