/** Offers the panel for recordings and replays. */
import { registerPanel } from '../registry';
import { RecordingPanel } from './recording-panel';

export function register(): void {
  registerPanel({ id: 'recording', titleKey: 'recording:title', glyph: '◉', component: RecordingPanel });
}
