/** The pure figures of an account as the contract carries them: null for unknown, with one reason. */
import type { FigureSet } from '#shared/contract/numbers-account';
import type { Known } from '#shared/market/known';
import type { AccountFigures } from '#shared/market/what-if/value-account';

function orNull(figure: Known<number>): number | null {
  return figure.known ? figure.value : null;
}

export function figureSet(figures: AccountFigures): FigureSet {
  const { positionProfit, balance, currMargin, exchangeMargin, available, riskDegree, exchangeRiskDegree, marginCall, level } = figures;
  const unknown = [positionProfit, balance, currMargin, exchangeMargin, available].find((figure) => !figure.known);
  return {
    positionProfit: orNull(positionProfit),
    balance: orNull(balance),
    currMargin: orNull(currMargin),
    exchangeMargin: orNull(exchangeMargin),
    available: orNull(available),
    riskDegree: riskDegree.kind === 'degree' ? riskDegree.value : null,
    exchangeRiskDegree: exchangeRiskDegree.kind === 'degree' ? exchangeRiskDegree.value : null,
    marginCall: orNull(marginCall),
    level,
    reason: unknown === undefined || unknown.known ? null : unknown.reason,
  };
}
