/** Sleep, wake and the system's own screen lock: after waking nothing known is fresh, and a desk that was left is locked too; the engine is told at once. */
import { powerMonitor } from 'electron';

export function watchPower(onChange: (state: 'suspended' | 'resumed' | 'screenLocked') => void): void {
  powerMonitor.on('suspend', () => onChange('suspended'));
  powerMonitor.on('resume', () => onChange('resumed'));
  // Windows and macOS say so; on Linux the idle lock and the suspend stand in for it.
  powerMonitor.on('lock-screen', () => onChange('screenLocked'));
}
