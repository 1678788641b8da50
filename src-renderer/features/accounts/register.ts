/** Offers the account side to the workspace. */
import { registerPanel } from '../registry';
import { AccountPanel } from './account-panel';
import { AccountsPanel, OrdersPanel, PositionsPanel, TradesPanel } from './blotter-panels';

export function register(): void {
  registerPanel({ id: 'accounts', titleKey: 'accounts:title.accounts', glyph: '户', component: AccountsPanel });
  registerPanel({ id: 'positions', titleKey: 'accounts:title.positions', glyph: '仓', component: PositionsPanel });
  registerPanel({ id: 'orders', titleKey: 'accounts:title.orders', glyph: '委', component: OrdersPanel });
  registerPanel({ id: 'trades', titleKey: 'accounts:title.trades', glyph: '成', component: TradesPanel });
  registerPanel({ id: 'account', titleKey: 'accounts:title.account', glyph: '账', component: AccountPanel, needsParams: true });
}
