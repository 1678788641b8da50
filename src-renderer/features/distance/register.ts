/** Offers the distance ranking to the workspace. */
import { registerPanel } from '../registry';
import { DistancePanel } from './distance-panel';

export function register(): void {
  registerPanel({ id: 'distance', titleKey: 'distance:title', glyph: '距', component: DistancePanel });
}
