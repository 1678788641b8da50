/** Offers the market side to the workspace. */
import { registerPanel } from '../registry';
import { QuotesPanel } from './quotes-panel';

export function register(): void {
  registerPanel({ id: 'quotes', titleKey: 'market:title', glyph: '价', component: QuotesPanel });
}
