/** What detectors are told: not messages, but what happened to an order, each thing once. */
import type { HedgeFlag, Order } from '#shared/feed/items';
import type { AccountContract, AccountState, InstrumentState } from './market-state';

export type TrackedOrder = {
  contract: AccountContract;
  orderSysID: string;
  isBuy: boolean;
  offsetFlag: Order['offsetFlag'];
  hedgeFlag: HedgeFlag;
  /** NaN for an order without a limit. */
  limitPrice: number;
  volume: number;
  traded: number;
  /** Fill-and-kill (IOC) and fill-or-kill (IOC, all): exchanges do not count their cancels. */
  isFak: boolean;
  isFok: boolean;
  insertMs: number;
  updateMs: number;
  /** It crossed the touch when it came; false when the touch was not known. */
  isAggressive: boolean;
  /** The counter or the exchange turned it away before it worked. */
  isRefused: boolean;
  isEnded: boolean;
};

/** Who cancelled; the source may not know. */
export type CanceledBy = 'customer' | 'exchange' | 'system' | 'unknown';

export type OrderFact = {
  kind: 'insert' | 'fill' | 'cancel';
  order: TrackedOrder;
  /** Source time, epoch ms. */
  atMs: number;
  /** Lots inserted, filled now, or taken out of the market by this cancel. */
  lots: number;
  canceledBy: CanceledBy;
  /** Learned from a picture: it counts, but its market moment is gone, so that rules about patterns leave it out. */
  isFromPicture: boolean;
};

export type TradeFact = {
  contract: AccountContract;
  tradeID: string;
  orderSysID: string | null;
  /** The order's own fact, while it is remembered. */
  order: TrackedOrder | null;
  isBuy: boolean;
  offsetFlag: Order['offsetFlag'];
  hedgeFlag: HedgeFlag;
  price: number;
  lots: number;
  atMs: number;
  isAuction: boolean;
  isFromPicture: boolean;
  /** The other side, when this broker has both: told with the second of the two, so once per trade number. */
  counterparty: AccountState | null;
};

/** A pure state machine: told facts in order, each with its source time, it answers by findings given to the book it was made with. */
export type Detector = {
  onOrder?(fact: OrderFact): void;
  /** The kinds of order facts it wants to hear of; left out: all of them. */
  orderKinds?: readonly OrderFact['kind'][];
  onTrade?(fact: TradeFact): void;
  /** After the instrument's latest quote was taken in. `previousPrice` is the last price before it. */
  onQuote?(instrument: InstrumentState, previousPrice: number, previousVolume: number): void;
  startDay?(): void;
};
