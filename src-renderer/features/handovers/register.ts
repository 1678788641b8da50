/** Offers the hand-over of a shift to the workspace. */
import { registerPanel } from '../registry';
import { HandoversPanel } from './handovers-panel';

export function register(): void {
  registerPanel({ id: 'handovers', titleKey: 'handovers:title', glyph: '交', component: HandoversPanel });
}
