/** Offers the overview to the workspace. */
import { registerPanel } from '../registry';
import { OverviewPanel } from './overview-panel';

export function register(): void {
  registerPanel({ id: 'overview', titleKey: 'overview:title', glyph: '▦', component: OverviewPanel });
}
