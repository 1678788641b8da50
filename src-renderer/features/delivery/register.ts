/** Offers delivery and its ledger to the workspace. */
import { registerPanel } from '../registry';
import { DeliveryPanel } from './delivery-panel';

export function register(): void {
  registerPanel({ id: 'delivery', titleKey: 'delivery:title', glyph: '送', component: DeliveryPanel });
}
