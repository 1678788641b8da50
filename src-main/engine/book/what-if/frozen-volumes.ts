/** What of an account's positions its resting close orders have frozen, by the orders themselves and by the counter's own slices. */
import type { Order } from '#shared/feed/items';
import { groupBy } from '#shared/group-by';
import { isForcedClose } from '#shared/market/commission';
import { isResting } from '#shared/market/frozen';
import type { AccountModel } from '#shared/market/what-if/account-model';
import type { FrozenVolume } from '#shared/market/what-if/frozen-lots';
import type { Book } from '../book';
import type { AccountRecord, Holding, Side } from '../things';
import { keepsDaysApart } from './contract-terms';

/** By contract label. */
export type FrozenVolumes = ReadonlyMap<string, readonly FrozenVolume[]>;

/** The resting close orders of the accounts wanted, in one pass over the day's orders. */
export function restingCloses(book: Book, isWanted: (accountID: string) => boolean): ReadonlyMap<string, readonly Order[]> {
  const orders = [...book.orders.items.byKey.values()].map(({ item }) => item);
  return groupBy(
    orders.filter((order) => order.offsetFlag !== 'open' && isResting(order) && isWanted(order.accountID)),
    ({ accountID }) => accountID,
  );
}

export function frozenVolumes(book: Book, account: AccountRecord, closes = restingCloses(book, (each) => each === account.accountID)): FrozenVolumes {
  const orders = closes.get(account.accountID) ?? [];
  const volumes = new Map<string, readonly FrozenVolume[]>();
  for (const holding of account.holdings.values()) {
    const { instrument } = holding;
    const own = orders.filter(({ exchangeID, instrumentID }) => exchangeID === instrument.exchangeID && instrumentID === instrument.instrumentID);
    const frozen = holding.sides.flatMap((side) => frozenOfSide(holding, side, own));
    if (frozen.length > 0) volumes.set(instrument.label, frozen);
  }
  return volumes;
}

/** The model with what of its lots is frozen, for lists and scenarios that close lots. */
export function withFrozen(model: AccountModel, frozen: FrozenVolumes): AccountModel {
  if (frozen.size === 0) return model;
  return {
    ...model,
    holdings: model.holdings.map((holding) => {
      const own = frozen.get(`${holding.exchangeID}.${holding.instrumentID}`);
      return own === undefined ? holding : { ...holding, frozen: own };
    }),
  };
}

/** Orders and slices come on streams of their own, and either may be behind: the larger of what they say is counted, never a lot too few. */
function frozenOfSide({ instrument }: Holding, { direction, hedgeFlag, slices }: Side, orders: readonly Order[]): FrozenVolume[] {
  const isApart = keepsDaysApart(instrument);
  const closing = direction === 'long' ? 'sell' : 'buy';
  const ofOrders = orders
    .filter((order) => order.direction === closing && order.hedgeFlag === hedgeFlag)
    .map((order): FrozenVolume => ({ direction, hedgeFlag, days: daysOf(order, isApart), volume: order.volumeTotal, orders: [order.orderSysID] }));
  const names = ofOrders.flatMap((each) => each.orders);
  const ofSlices = slices.values().flatMap(({ item }): FrozenVolume[] => {
    // A sale freezes a long position, a purchase a short one.
    const volume = (direction === 'long' ? item.shortFrozen : item.longFrozen) ?? 0;
    return volume > 0 ? [{ direction, hedgeFlag, days: isApart ? item.positionDate : 'any', volume, orders: names }] : [];
  });
  const sum = (volumes: readonly FrozenVolume[]): number => volumes.reduce((total, { volume }) => total + volume, 0);
  return sum(ofSlices) > sum(ofOrders) ? ofSlices : ofOrders;
}

function daysOf({ offsetFlag }: Order, isApart: boolean): FrozenVolume['days'] {
  if (!isApart || isForcedClose(offsetFlag)) return 'any';
  return offsetFlag === 'closeToday' ? 'today' : 'history';
}
