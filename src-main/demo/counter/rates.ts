/** The rates the demonstration's counter charges, looked up once per client and contract from the very rows the feed publishes. */
import type { MarginRate, ReferenceItem } from '#shared/feed/items';
import type { MarginRatePair } from '#shared/market/margin';
import { selectMarginRate } from '#shared/market/rates';
import type { Contract } from '../market/catalogue';
import type { FeePair } from '../market/market-data';
import type { Client, DemoHedge, Side } from './book';

export type RateBook = {
  margin(client: Client, contract: Contract, hedge: DemoHedge, layer: 'exchange' | 'company'): MarginRatePair;
  sideRate(client: Client, contract: Contract, hedge: DemoHedge, side: Side, layer: 'exchange' | 'company'): number;
  fee(contract: Contract, kind: 'open' | 'close' | 'closeToday'): FeePair;
};

export function createRateBook(reference: readonly ReferenceItem[], tradingDay: string): RateBook {
  const rowsByProduct = new Map<string, MarginRate[]>();
  for (const item of reference) {
    if (item.kind !== 'marginRate') continue;
    const key = `${item.exchangeID}.${item.productID ?? ''}`;
    const rows = rowsByProduct.get(key);
    if (rows === undefined) rowsByProduct.set(key, [item]);
    else rows.push(item);
  }
  // Most clients share a group's rates: the cache is per group unless the client has rows of its own.
  const ownRows = new Set<string>();
  for (const item of reference) {
    if (item.kind === 'marginRate' && item.investorRange === 'investor' && item.investorID !== undefined) ownRows.add(item.investorID);
  }
  const cache = new Map<string, MarginRatePair[]>();

  function margin(client: Client, contract: Contract, hedge: DemoHedge, layer: 'exchange' | 'company'): MarginRatePair {
    const { master } = client;
    const owner = ownRows.has(master.accountID) ? master.accountID : (master.investorGroupID ?? '');
    let ofOwner = cache.get(owner);
    if (ofOwner === undefined) {
      ofOwner = [];
      cache.set(owner, ofOwner);
    }
    const place = contract.index * 4 + (hedge === 'hedge' ? 2 : 0) + (layer === 'exchange' ? 1 : 0);
    const cached = ofOwner[place];
    if (cached !== undefined) return cached;
    const { product } = contract;
    const rate = selectMarginRate(rowsByProduct.get(`${product.exchangeID}.${product.productID}`) ?? [], {
      layer,
      exchangeID: product.exchangeID,
      productID: product.productID,
      instrumentID: contract.instrumentID,
      hedgeFlag: hedge,
      accountID: master.accountID,
      investorGroupID: master.investorGroupID,
      tradingDay,
    });
    if (!rate.known) throw new RangeError(`the demonstration has no margin rate: ${rate.reason}`);
    ofOwner[place] = rate.value;
    return rate.value;
  }

  return {
    margin,
    sideRate: (client, contract, hedge, side, layer) => {
      const rate = margin(client, contract, hedge, layer);
      return side === 'long' ? rate.longByMoney : rate.shortByMoney;
    },
    fee: (contract, kind) => contract.product.fee[kind],
  };
}
