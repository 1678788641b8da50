/** Offers the audit of the record. */
import { registerPanel } from '../registry';
import { AuditPanel } from './audit-panel';

export function register(): void {
  registerPanel({ id: 'audit', titleKey: 'audit:title', glyph: '录', component: AuditPanel });
}
