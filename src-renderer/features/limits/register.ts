/** Offers limits and concentration to the workspace. */
import { registerPanel } from '../registry';
import { LimitsPanel } from './limits-panel';

export function register(): void {
  registerPanel({ id: 'limits', titleKey: 'limits:title', glyph: '限', component: LimitsPanel });
}
