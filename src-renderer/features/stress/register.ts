/** Offers the stress workbench to the workspace. */
import { registerPanel } from '../registry';
import { StressPanel } from './stress-panel';

export function register(): void {
  registerPanel({ id: 'stress', titleKey: 'stress:title', glyph: '压', component: StressPanel });
}
