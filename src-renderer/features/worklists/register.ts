/** Offers the worklists to the workspace. */
import { registerPanel } from '../registry';
import { WorklistsPanel } from './worklists-panel';

export function register(): void {
  registerPanel({ id: 'worklists', titleKey: 'worklists:title', glyph: '清', component: WorklistsPanel });
}
