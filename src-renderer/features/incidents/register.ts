/** Offers incidents to the workspace. */
import { registerPanel } from '../registry';
import { IncidentsPanel } from './incidents-panel';

export function register(): void {
  registerPanel({ id: 'incidents', titleKey: 'incidents:title', glyph: '⚑', component: IncidentsPanel });
}
