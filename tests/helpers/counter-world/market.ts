/** The contracts, rates and charges of a made-up counter, in the terms of the counters that were really seen. Rates of commission are those they declared. */
import { type Decimal, decimal } from './decimal';

export type Tier = { byMoney: Decimal; byVolume: Decimal };
export type Product = {
  exchange: 'SHFE' | 'INE' | 'DCE' | 'CZCE' | 'CFFEX' | 'GFEX';
  product: string;
  months: readonly [string, string, string];
  multiplier: Decimal;
  tick: Decimal;
  /** In ticks. */
  price: number;
  /** By hedge flag; by money of speculation is always above zero. */
  margin: Record<'speculation' | 'hedge' | 'arbitrage', Tier>;
  open: Tier;
  closeYesterday: Tier;
  closeToday: Tier;
  /** Options on it are named so; null where this counter has none. */
  optionName: ((contract: string, kind: 'C' | 'P', strike: string) => string) | null;
};

function tier(byMoney: string, byVolume: string): Tier {
  return { byMoney: decimal(byMoney), byVolume: decimal(byVolume) };
}

type Row = [
  exchange: Product['exchange'],
  product: string,
  months: string,
  multiplier: number,
  tick: string,
  price: number,
  margin: string,
  marginByVolume: string,
  commission: string,
];

/** The commission is open, close-yesterday, close-today; `m` by money, `v` by volume. */
const ROWS: Row[] = [
  ['SHFE', 'ag', '2612 2702 2704', 15, '1', 15_700, '0.19', '0', 'm0.00001 m0.00001 m0'],
  ['SHFE', 'au', '2612 2702 2704', 1000, '0.02', 40_600, '0.16', '0', 'v2 v2 v0'],
  ['SHFE', 'rb', '2701 2705 2710', 10, '1', 3_120, '0.16', '0', 'm0.0001 m0.0001 m0.0001'],
  ['INE', 'sc', '2611 2612 2701', 1000, '0.1', 4_800, '0.13', '0', 'v20 v20 v0'],
  ['INE', 'bc', '2611 2612 2701', 5, '10', 7_100, '0.11', '0', 'm0.00001 m0.00001 m0'],
  ['DCE', 'm', '2701 2703 2705', 10, '1', 3_390, '0.14', '0', 'v0.2 v0.2 v0.1'],
  ['DCE', 'lh', '2701 2703 2705', 16, '5', 2_370, '0.19', '0', 'm0.0002 m0.0002 m0.0004'],
  ['DCE', 'j', '2701 2705 2709', 100, '0.5', 3_950, '0.26', '0', 'm0.00006 m0.00006 m0.00006'],
  ['CZCE', 'MA', '701 703 705', 10, '1', 2_900, '0.16', '0', 'v2 v2 v6'],
  ['CZCE', 'CF', '701 703 705', 5, '5', 2_700, '0.12', '150', 'v4.3 v4.3 v0'],
  ['CFFEX', 'IF', '2610 2611 2612', 300, '0.2', 19_500, '0.12', '0', 'm0.000023 m0.000023 m0.000345'],
  ['CFFEX', 'T', '2612 2703 2706', 10_000, '0.005', 21_700, '0.02', '25', 'v3 v3 v0'],
  ['GFEX', 'si', '2701 2703 2705', 5, '5', 1_800, '0.15', '0', 'm0.0001 m0.0001 m0.0001'],
  ['GFEX', 'lc', '2701 2703 2705', 1, '20', 3_600, '0.14', '0', 'm0.00008 m0.00008 m0.00008'],
];

function charge(text: string): Tier {
  return text.startsWith('m') ? tier(text.slice(1), '0') : tier('0', text.slice(1));
}

export const PRODUCTS: readonly Product[] = ROWS.map(([exchange, product, months, multiplier, tick, price, margin, byVolume, commission]) => {
  const [open = '', closeYesterday = '', closeToday = ''] = commission.split(' ');
  const at = (points: string): Tier => ({ byMoney: decimal(margin) + decimal(points), byVolume: decimal(byVolume) });
  return {
    exchange,
    product,
    months: months.split(' ') as [string, string, string],
    multiplier: decimal(multiplier),
    tick: decimal(tick),
    price,
    margin: { speculation: at('0'), hedge: at('-0.01'), arbitrage: at('0.005') },
    open: charge(open),
    closeYesterday: charge(closeYesterday),
    closeToday: charge(closeToday),
    optionName:
      exchange === 'CFFEX' || byVolume !== '0'
        ? null
        : exchange === 'DCE' || exchange === 'GFEX'
          ? (contract, kind, strike) => `${contract}-${kind}-${strike}`
          : (contract, kind, strike) => `${contract}${kind}${strike}`,
  };
});

/** What the counter adds during the day to every lot of a product that is charged by money. */
export const ADDED_PER_LOT = decimal('0.005');

export function isByMoney({ open, closeYesterday, closeToday }: Pick<Product, 'open' | 'closeYesterday' | 'closeToday'>): boolean {
  return open.byMoney > 0n || closeYesterday.byMoney > 0n || closeToday.byMoney > 0n;
}
