/** Sleep and wake: after waking nothing known is fresh, so the engine is told at once instead of finding out from a timeout. */
import { powerMonitor } from 'electron';

export function watchPower(onChange: (state: 'suspended' | 'resumed') => void): void {
  powerMonitor.on('suspend', () => onChange('suspended'));
  powerMonitor.on('resume', () => onChange('resumed'));
}
