/** Offers the panel of the desk's own evidence. */
import { registerPanel } from '../registry';
import { EvidencePanel } from './evidence-panel';

export function register(): void {
  registerPanel({ id: 'evidence', titleKey: 'evidence:title', glyph: '◫', component: EvidencePanel });
}
