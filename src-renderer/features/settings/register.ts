/** Offers the settings panel. */
import { registerPanel } from '../registry';
import { SettingsPanel } from './settings-panel';

export function register(): void {
  registerPanel({ id: 'settings', titleKey: 'settings:title', glyph: '⚙', component: SettingsPanel });
}
