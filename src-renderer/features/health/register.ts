/** Offers the health panel. */
import { registerPanel } from '../registry';
import { HealthPanel } from './health-panel';

export function register(): void {
  registerPanel({ id: 'health', titleKey: 'health:title', glyph: '+', component: HealthPanel });
}
