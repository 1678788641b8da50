/** Offers the panel about approvals and break-glass. */
import { registerPanel } from '../registry';
import { ApprovalsPanel } from './approvals-panel';

export function register(): void {
  registerPanel({ id: 'approvals', titleKey: 'approvals:title', glyph: '审', component: ApprovalsPanel });
}
