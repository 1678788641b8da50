/** What the day's orders and trades came to, line by line: margin frozen by resting orders, commission by tier, and what closes realised. */

import type { PosiDirection } from '#shared/feed/items';
import type { ChargedTrade } from '#shared/market/commission';
import { commissionEstimate } from '#shared/market/commission';
import type { Derivation, DerivationRule, DerivationSource } from '#shared/market/explain/derivation';
import { input, line, sum } from '#shared/market/explain/node';
import type { FrozenOrder } from '#shared/market/frozen';
import { type Known, known, knownNumber, sumKnown, unknown } from '#shared/market/known';
import { reasonFor } from '#shared/market/reason';

/** The contract's multiplier and where it was told, or the desk's own row that it is from. */
export type ToldMultiplier = { value: Known<number>; source: DerivationSource | null; rules: DerivationRule[] };
/** `rules` are the rate rows in force for the order or the trade. */
export type ExplainedOrder = {
  frozen: FrozenOrder;
  source: DerivationSource | null;
  multiplier: ToldMultiplier;
  rules: DerivationRule[];
  commissionRules: DerivationRule[];
};
export type ExplainedTrade = { charged: ChargedTrade; source: DerivationSource | null; multiplier: ToldMultiplier; rules: DerivationRule[] };
/** What one trade closed of one lot. `reference` is the open price of a lot of today, yesterday's settlement of an older one. */
export type ExplainedClose = {
  tradeID: string;
  price: number;
  volume: number;
  isToday: boolean;
  reference: Known<number>;
  profit: Known<number>;
  source: DerivationSource | null;
};
/** The closes of one contract and direction. Without lines where they cannot be told; the value then says why. */
export type ExplainedCloses = {
  subject: string;
  direction: PosiDirection;
  value: Known<number>;
  multiplier: ToldMultiplier;
  referenceSource: DerivationSource | null;
  lines: readonly ExplainedClose[];
};

function multiplierLine({ value, source, rules }: ToldMultiplier): Derivation {
  return input('multiplier', value, 'count', source, { rules });
}

/** `isWhole`: all of the day's orders are kept; of some of them there is no sum. */
export function frozenTree(frozen: readonly ExplainedOrder[], isWhole: boolean, field: 'frozenMargin' | 'frozenCommission'): Derivation {
  const isMargin = field === 'frozenMargin';
  const amountOf = ({ frozen: { margin, commission } }: ExplainedOrder): Known<number> => (isMargin ? margin : commission);
  const children = frozen.map((resting) => {
    const {
      frozen: { order },
      source,
      multiplier,
    } = resting;
    return line('orderFrozen', amountOf(resting), {
      subject: `${order.exchangeID}.${order.instrumentID} ${order.orderSysID}`,
      source,
      rules: isMargin ? resting.rules : resting.commissionRules,
      formula: 'volume left x (order price x multiplier x rateByMoney + rateByVolume)',
      children: [
        input('order.limitPrice', knownNumber(order.limitPrice, reasonFor('field', 'limitPrice')), 'price', source),
        input('order.volumeTotal', known(order.volumeTotal), 'lots', source),
        multiplierLine(multiplier),
      ],
    });
  });
  const total = isWhole ? sumKnown(frozen.map(amountOf)) : unknown('ordersDropped');
  return sum(field, total, children, { formula: isMargin ? 'Σ resting open orders' : 'Σ resting orders' });
}

/** `isWhole`: all of the day's trades are kept. */
export function commissionTree(charged: readonly ExplainedTrade[], isWhole: boolean): Derivation {
  const children = charged.map(({ charged: { trade, tier, volume, amount }, source, multiplier, rules }) =>
    line(`tradeCommission.${tier}`, amount, {
      subject: `${trade.exchangeID}.${trade.instrumentID} ${trade.tradeID}`,
      source,
      rules,
      formula: 'price x multiplier x volume x ratioByMoney + volume x ratioByVolume',
      children: [
        input('trade.price', known(trade.price), 'price', source),
        input('trade.volume', known(volume), 'lots', source),
        multiplierLine(multiplier),
      ],
    }),
  );
  const total = isWhole ? commissionEstimate(charged.map((one) => one.charged)) : unknown('tradesDropped');
  return sum('commission', total, children, { formula: "Σ the day's trades by tier" });
}

export function closeProfitTree(total: Known<number>, closes: readonly ExplainedCloses[]): Derivation {
  const children = closes.map(({ subject, direction, value, multiplier, referenceSource, lines }) =>
    sum(
      'positionCloses',
      value,
      lines.map(({ tradeID, price, volume, isToday, reference, profit, source }) =>
        line(`tradeClose.${direction}`, profit, {
          subject: `${subject} ${tradeID}`,
          source,
          formula: direction === 'long' ? '(price - reference) x multiplier x volume' : '(reference - price) x multiplier x volume',
          children: [
            input('trade.price', known(price), 'price', source),
            input(isToday ? 'lot.openPrice' : 'lot.preSettlementPrice', reference, 'price', isToday ? source : referenceSource),
            multiplierLine(multiplier),
            input('trade.volume', known(volume), 'lots', source),
          ],
        }),
      ),
      { subject },
    ),
  );
  return sum('closeProfit', total, children, { formula: "Σ the day's closes, first in first out" });
}
