/** What resting orders freeze: an open order its margin and commission at the order price, a close order its commission alone. [seen on real counter snapshots] */
import type { CommissionRate, Order } from '#shared/feed/items';
import { commissionOf } from './commission';
import { type Known, known, unknown } from './known';
import { type MarginRatePair, rateOfSide } from './margin';
import { reasonFor } from './reason';

export type FrozenOrder = { order: Order; margin: Known<number>; commission: Known<number> };

const RESTING: readonly Order['orderStatus'][] = ['noTradeQueueing', 'partTradedQueueing', 'notTouched', 'touched'];

export function isResting({ orderStatus, volumeTotal }: Order): boolean {
  return RESTING.includes(orderStatus) && volumeTotal > 0;
}

/** Money frozen by one resting order: order price x multiplier x volume left x rate by money + volume left x rate by volume. */
export function frozenBy(
  order: Order,
  of: { marginRate: Known<MarginRatePair>; commissionRate: Known<CommissionRate>; multiplier: Known<number> },
): FrozenOrder {
  const price = order.limitPrice;
  if (price === undefined) {
    const none = unknown(reasonFor('field', 'limitPrice'));
    return { order, margin: none, commission: none };
  }
  const { marginRate, commissionRate, multiplier } = of;
  const isOpen = order.offsetFlag === 'open';
  const tier = isOpen ? 'open' : order.offsetFlag === 'closeToday' ? 'closeToday' : 'close';
  const commission: Known<number> = !commissionRate.known
    ? commissionRate
    : !multiplier.known
      ? multiplier
      : known(commissionOf(commissionRate.value, tier, price, order.volumeTotal, multiplier.value));
  if (!isOpen) return { order, margin: known(0), commission };
  if (!marginRate.known) return { order, margin: marginRate, commission };
  if (!multiplier.known) return { order, margin: multiplier, commission };
  const [byMoney, byVolume] = rateOfSide(marginRate.value, order.direction === 'buy' ? 'long' : 'short');
  return { order, margin: known(order.volumeTotal * (byMoney * price * multiplier.value + byVolume)), commission };
}
