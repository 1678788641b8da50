/** The blotters of the account side; opening a row leads to its account. */
import type { ReactNode } from 'react';
import { openPanel } from '../../state/navigation';
import { Blotter } from './blotter';

function openAccount({ accountID }: { accountID: string }): void {
  openPanel('account', { accountID });
}

export function AccountsPanel(): ReactNode {
  return <Blotter table="accounts" initialSort={{ column: 'riskDegree', direction: 'descending' }} onOpen={openAccount} />;
}

export function PositionsPanel(): ReactNode {
  return <Blotter table="positions" initialSort={{ column: 'margin', direction: 'descending' }} onOpen={openAccount} />;
}

export function OrdersPanel(): ReactNode {
  return <Blotter table="orders" initialSort={{ column: 'insertTimeMs', direction: 'descending' }} onOpen={openAccount} />;
}

export function TradesPanel(): ReactNode {
  return <Blotter table="trades" initialSort={{ column: 'tradeTimeMs', direction: 'descending' }} onOpen={openAccount} />;
}
