/** Offers drills to the workspace. */
import { registerPanel } from '../registry';
import { DrillsPanel } from './drills-panel';

export function register(): void {
  registerPanel({ id: 'drills', titleKey: 'drills:title', glyph: '◆', component: DrillsPanel });
}
