/** What an inject asks of the drill's own broker; told to nobody else, and of injects that only people are told of, nothing. */
import type { InjectAction } from '#shared/desk/drills/scenario';

/** A message of the demonstration broker's own control (docs/demonstration-desk.md). */
export type BrokerControl =
  | { type: 'cut'; forMs: number }
  | { type: 'gatewayDown'; forMs: number }
  | { type: 'priceShock'; productID: string; percent: number }
  | { type: 'phase'; phase: 'calm' | 'busy' | 'violent' };

export function brokerControlOf(action: InjectAction): BrokerControl | null {
  switch (action.kind) {
    case 'feedCut':
      return { type: 'cut', forMs: action.seconds * 1000 };
    case 'gatewayDown':
      return { type: 'gatewayDown', forMs: action.seconds * 1000 };
    case 'priceShock':
      return { type: 'priceShock', productID: action.productID, percent: action.percent };
    case 'marketPhase':
      return { type: 'phase', phase: action.phase };
    case 'missingPerson':
    case 'falseLead':
    case 'regulatorCall':
    case 'networkDown':
    case 'message':
      return null;
  }
}
