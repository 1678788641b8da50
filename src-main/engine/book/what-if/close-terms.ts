/** An account's model with what closing its lots costs by its own commission rates, for the lists that close them. */
import type { AccountModel, HeldInstrument } from '#shared/market/what-if/account-model';
import type { Book } from '../book';
import type { AccountRecord } from '../things';
import { buildAccountModel } from './account-model';
import { chargedTrades, commissionRate } from './charged-trades';
import { keepsDaysApart } from './contract-terms';
import { frozenVolumes, withFrozen } from './frozen-volumes';

type Side = 'long' | 'short';

export function buildClosableModel(book: Book, account: AccountRecord): AccountModel {
  const model = withFrozen(buildAccountModel(book, account), frozenVolumes(book, account));
  const charged = chargedTrades(book, account);
  const leftToday = ({ exchangeID, instrumentID, lots }: HeldInstrument, side: Side): number => {
    let [opened, closed] = [0, 0];
    for (const { trade, tier, volume } of charged.map((each) => each.charged)) {
      if (trade.exchangeID !== exchangeID || trade.instrumentID !== instrumentID) continue;
      if (((trade.offsetFlag === 'open') === (trade.direction === 'buy') ? 'long' : 'short') !== side) continue;
      if (tier === 'open') opened += volume;
      if (tier === 'closeToday') closed += volume;
    }
    // A source that tells positions and no trades still says which lots are of today.
    const held = lots.reduce((sum, lot) => (lot.isToday && lot.direction === side ? sum + lot.volume : sum), 0);
    return Math.max(0, Math.max(opened, held) - closed);
  };
  return {
    ...model,
    holdings: model.holdings.map((holding): HeldInstrument => {
      const { exchangeID, instrumentID } = holding;
      const isApart = keepsDaysApart(book.records.findInstrument(exchangeID, instrumentID));
      return {
        ...holding,
        closeTerms: {
          rate: commissionRate(book, account, exchangeID, instrumentID),
          closeToday: isApart ? 'ownDay' : { long: leftToday(holding, 'long'), short: leftToday(holding, 'short') },
        },
      };
    }),
  };
}
