/** Offers the rules to the workspace. */
import { registerPanel } from '../registry';
import { RulesPanel } from './rules-panel';

export function register(): void {
  registerPanel({ id: 'rules', titleKey: 'rules:title', glyph: '则', component: RulesPanel });
}
