/** Rates as a notice writes them. */
import type { Formatters } from '../../components/format/formatters';

/** 0.0001 as 0.01 %, without zeros that say nothing. */
export function shareText(format: Formatters, share: number): string {
  return format.percent(share, 4).replace(/(\.\d*?[1-9])0+(?=\D|$)|\.0+(?=\D|$)/, '$1');
}

type Rate = { byMoney: unknown; byVolume: unknown; isAddend: boolean };

/** `+2 %` is added to the exchange's rate, `2 %` is a rate of its own: nobody may take the one for the other. */
export function rateText(format: Formatters, perLot: (money: string) => string, { byMoney, byVolume, isAddend }: Rate): string {
  if (typeof byMoney !== 'number' || typeof byVolume !== 'number') return '?';
  const sign = (part: number): string => (isAddend && part >= 0 ? '+' : '');
  const share = `${sign(byMoney)}${shareText(format, byMoney)}`;
  if (byVolume === 0) return share;
  const lots = `${sign(byVolume)}${perLot(format.price(byVolume, null))}`;
  return byMoney === 0 ? lots : `${share} + ${lots}`;
}
