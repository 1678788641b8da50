/** Offers the alert list, what is silenced, and the statistics as panels. */
import { registerPanel } from '../registry';
import { AlertsPanel } from './alerts-panel';
import { StatisticsPanel } from './statistics-panel';
import { SuppressionsPanel } from './suppressions-panel';

export function register(): void {
  registerPanel({ id: 'alerts', titleKey: 'alerts:title', glyph: '!', component: AlertsPanel, defaultSize: { width: 480 } });
  registerPanel({ id: 'suppressions', titleKey: 'alerts:suppressions.title', glyph: '⊘', component: SuppressionsPanel });
  registerPanel({ id: 'alert-statistics', titleKey: 'alerts:statistics.title', glyph: 'Σ', component: StatisticsPanel });
}
