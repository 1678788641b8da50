/** Offers the alert list as a panel. */
import { registerPanel } from '../registry';
import { AlertsPanel } from './alerts-panel';

export function register(): void {
  registerPanel({ id: 'alerts', titleKey: 'alerts:title', glyph: '!', component: AlertsPanel, defaultSize: { width: 480 } });
}
