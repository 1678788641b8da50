/** Offers reference data to the workspace. */
import { registerPanel } from '../registry';
import { ReferencePanel } from './reference-panel';

export function register(): void {
  registerPanel({ id: 'reference', titleKey: 'reference:title', glyph: '参', component: ReferencePanel });
}
