/** Offers the notices to clients to the workspace. */
import { registerPanel } from '../registry';
import { NoticesPanel } from './notices-panel';

export function register(): void {
  registerPanel({ id: 'notices', titleKey: 'notices:title', glyph: '知', component: NoticesPanel });
}
