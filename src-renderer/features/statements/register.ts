/** Offers settlement statements to the workspace. */
import { registerPanel } from '../registry';
import { StatementsPanel } from './statements-panel';

export function register(): void {
  registerPanel({ id: 'statements', titleKey: 'statements:title', glyph: '单', component: StatementsPanel });
}
