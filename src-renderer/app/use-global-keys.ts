/** Keys that work everywhere: the lock, the palette, the shortcut sheet, and the workspaces by number. Single keys rest while a person types. */
import { useEffect } from 'react';
import { request } from '../state/use-stream';
import { openPreset, PRESETS } from '../workspace/presets';

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select') !== null);
}

/** While the desk is not open (locked, nobody signed in) they rest: what they would open is covered. */
export function useGlobalKeys(setLayer: (layer: 'none' | 'palette' | 'shortcuts') => void, isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'l') {
        event.preventDefault();
        void request('auth.lock', {});
        return;
      }
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setLayer('palette');
        return;
      }
      if (event.altKey && !event.ctrlKey && !event.metaKey && /^[1-9]$/.test(event.key)) {
        const preset = PRESETS[Number(event.key) - 1];
        if (preset !== undefined) {
          event.preventDefault();
          openPreset(preset.id);
        }
        return;
      }
      if (event.key === '?' && !isTyping(event.target)) {
        event.preventDefault();
        setLayer('shortcuts');
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [setLayer, isOpen]);
}
