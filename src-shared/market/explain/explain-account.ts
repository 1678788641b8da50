/** Explains any figure of an account: the same formulas that value it, laid open line by line with the source of every input. */
import type { ExplainedField } from '#shared/contract/numbers-account';
import type { CounterAccount } from '#shared/feed/items';
import { excludedProfit, OPTIONAL_TERMS, type RiskDegree, staticEquity } from '#shared/market/equity';
import {
  closeProfitTree,
  commissionTree,
  type ExplainedCloses,
  type ExplainedOrder,
  type ExplainedTrade,
  frozenTree,
} from '#shared/market/explain/day-trades';
import type { Derivation, DerivationSource } from '#shared/market/explain/derivation';
import { type CounterInput, counterLine, line, minus, sum } from '#shared/market/explain/node';
import { marginTree, type PositionSources, profitTree } from '#shared/market/explain/positions';
import { type Known, known, knownNumber, sumKnown, unknown } from '#shared/market/known';
import { positionProfitByTrade } from '#shared/market/position-profit';
import { type Reason, reasonFor } from '#shared/market/reason';
import type { AccountModel } from '#shared/market/what-if/account-model';
import { type AccountFigures, valueAccount } from '#shared/market/what-if/value-account';
import type { WithdrawRule } from '#shared/market/withdraw-quota';

export type ExplainInputs = {
  model: AccountModel;
  counter: CounterInput;
  /** The account's settings (algorithm, margin price type). */
  masterSource: DerivationSource | null;
  positions: PositionSources;
  /** The account's resting orders with what each freezes, and its trades with what each is charged; each with its source. */
  frozen: readonly ExplainedOrder[];
  charged: readonly ExplainedTrade[];
  /** Whether all of the day's are kept: a long day has more than the desk keeps. */
  isWhole: Record<'orders' | 'trades', boolean>;
  /** What the day's closes realised, in sum and by position. */
  closeProfit: Known<number>;
  closes: readonly ExplainedCloses[];
  /** The counter's balance minus ours at the counter's own moment, as the book took it. */
  residual: Known<number>;
  /** What may be withdrawn of the available funds, and the dated rule that says so. */
  withdraw: { quota: Known<number>; isUntouched: boolean; rule: Known<WithdrawRule> };
};

export function explainAccount(inputs: ExplainInputs, field: ExplainedField): Derivation {
  const figures = valueAccount(inputs.model);
  switch (field) {
    case 'staticEquity':
      return staticEquityTree(inputs);
    case 'balance':
      return balanceTree(inputs, figures);
    case 'positionProfit':
      return profitTree(inputs.model, figures.positionProfit, 'date', inputs.positions);
    case 'positionProfitByTrade':
      return profitTree(inputs.model, byTrade(inputs.model), 'trade', inputs.positions);
    case 'currMargin':
      return marginTree(inputs.model, figures.currMargin, 'company', inputs.positions);
    case 'exchangeMargin':
      return marginTree(inputs.model, figures.exchangeMargin, 'exchange', inputs.positions);
    case 'available':
      return availableTree(inputs, figures);
    case 'riskDegree':
      return degreeTree(inputs, figures, 'company');
    case 'exchangeRiskDegree':
      return degreeTree(inputs, figures, 'exchange');
    case 'marginCall':
      return line('marginCall', figures.marginCall, {
        formula: 'max(0, currMargin - balance)',
        children: [marginTree(inputs.model, figures.currMargin, 'company', inputs.positions), minus(balanceTree(inputs, figures))],
      });
    case 'level':
      return levelTree(inputs, figures);
    case 'residual':
      return residualTree(inputs);
    case 'withdrawQuota':
      return withdrawTree(inputs, figures);
    case 'frozenMargin':
      return frozenTree(inputs.frozen, inputs.isWhole.orders, 'frozenMargin');
    case 'frozenCommission':
      return frozenTree(inputs.frozen, inputs.isWhole.orders, 'frozenCommission');
    case 'commission':
      return commissionTree(inputs.charged, inputs.isWhole.trades);
    case 'closeProfit':
      return closeProfitTree(inputs.closeProfit, inputs.closes);
    default:
      // What the counter alone says: the line is the input itself, with its source and time.
      return counterLine(inputs.counter, field, counterValue(inputs, field));
  }
}

function counterValue({ counter }: ExplainInputs, field: keyof CounterAccount): Known<number> {
  const value = counter.fields[field];
  return knownNumber(typeof value === 'number' ? value : undefined, reasonFor('field', field));
}

/** Counter fields as lines; those a counter without the facility leaves out do not stand in the tree. */
function counterLines(inputs: ExplainInputs, fields: readonly (readonly [keyof CounterAccount, 1 | -1])[]): Derivation[] {
  return fields.flatMap(([field, factor]) => {
    const isOptional = (OPTIONAL_TERMS as readonly string[]).includes(field);
    if (isOptional && inputs.counter.fields[field] === undefined) return [];
    return [{ ...counterLine(inputs.counter, field, counterValue(inputs, field)), factor }];
  });
}

function staticEquityTree(inputs: ExplainInputs): Derivation {
  const children = counterLines(inputs, [
    ['preBalance', 1],
    ['deposit', 1],
    ['withdraw', -1],
    ['preCredit', -1],
    ['preMortgage', -1],
    ['mortgage', 1],
  ]);
  const formula = 'preBalance - preCredit - preMortgage + mortgage - withdraw + deposit';
  return sum('staticEquity', staticEquity(inputs.counter.fields), children, { formula });
}

function balanceTree(inputs: ExplainInputs, figures: AccountFigures): Derivation {
  const [commission, ...others] = counterLines(inputs, [
    ['commission', -1],
    ['closeProfit', 1],
    ['cashIn', 1],
  ]);
  const children = [
    staticEquityTree(inputs),
    ...others,
    profitTree(inputs.model, figures.positionProfit, 'date', inputs.positions),
    ...(commission === undefined ? [] : [commission]),
  ];
  return sum('balance', figures.balance, children, { formula: 'staticEquity + closeProfit + positionProfit + cashIn - commission' });
}

function availableTree(inputs: ExplainInputs, figures: AccountFigures): Derivation {
  const { algorithm, availIncludeCloseProfit, closeProfit } = inputs.model;
  const { positionProfit } = figures;
  const excluded: Known<number> =
    algorithm === undefined || availIncludeCloseProfit === undefined
      ? unknown('noAlgorithm')
      : !positionProfit.known
        ? positionProfit
        : !closeProfit.known
          ? closeProfit
          : known(excludedProfit(algorithm, availIncludeCloseProfit, positionProfit.value, closeProfit.value));
  const excludedLine = line('excludedProfit', excluded, {
    factor: -1,
    text: `${algorithm ?? ''} ${availIncludeCloseProfit ?? ''}`.trim(),
    formula:
      'all: 0; onlyLost: max(positionProfit, 0); onlyGain: min(positionProfit, 0); none: positionProfit; plus max(closeProfit, 0) when not included',
    source: inputs.masterSource,
    children: [line('positionProfit', positionProfit), counterLine(inputs.counter, 'closeProfit', closeProfit)],
  });
  return sum(
    'available',
    figures.available,
    [
      balanceTree(inputs, figures),
      minus(marginTree(inputs.model, figures.currMargin, 'company', inputs.positions)),
      ...counterLines(inputs, [
        ['frozenMargin', -1],
        ['frozenCommission', -1],
        ['frozenCash', -1],
        ['deliveryMargin', -1],
        ['credit', 1],
      ]),
      excludedLine,
    ],
    { formula: 'balance - currMargin - frozenMargin - frozenCommission - frozenCash - deliveryMargin + credit - excludedProfit' },
  );
}

function degreeTree(inputs: ExplainInputs, figures: AccountFigures, layer: 'company' | 'exchange'): Derivation {
  const degree: RiskDegree = layer === 'company' ? figures.riskDegree : figures.exchangeRiskDegree;
  const margin = layer === 'company' ? figures.currMargin : figures.exchangeMargin;
  const value: Known<number> =
    degree.kind === 'degree' ? known(degree.value) : degree.kind === 'unknown' ? unknown(degree.reason as Reason) : unknown('noDegree');
  return line(layer === 'company' ? 'riskDegree' : 'exchangeRiskDegree', value, {
    unit: 'degree',
    combination: 'quotient',
    text: degree.kind === 'none' ? 'none' : null,
    formula: layer === 'company' ? 'currMargin / balance' : 'exchangeMargin / balance',
    children: [marginTree(inputs.model, margin, layer, inputs.positions), balanceTree(inputs, figures)],
  });
}

function levelTree(inputs: ExplainInputs, figures: AccountFigures): Derivation {
  return line('level', known(0), {
    unit: 'text',
    value: null,
    text: figures.level,
    formula: 'the most severe level whose degree is reached; balance below zero is negative',
    rules: inputs.model.levels.map(({ level, basis, enterDegree, effectiveFrom, citation, certainty }) => ({
      subject: `${level} ${basis}`,
      text: `>= ${enterDegree}`,
      effectiveFrom,
      citation,
      certainty,
    })),
    children: [degreeTree(inputs, figures, 'company'), degreeTree(inputs, figures, 'exchange')],
  });
}

/** Ours at the counter's own moment is the counter's money with our position profit at the marks of that moment. */
function residualTree(inputs: ExplainInputs): Derivation {
  const counter = counterValue(inputs, 'balance');
  const { residual } = inputs;
  const ours: Known<number> = !residual.known ? residual : counter.known ? known(counter.value - residual.value) : counter;
  return sum('residual', residual, [counterLine(inputs.counter, 'balance', counter), minus(line('balance.atCounter', ours))], {
    formula: "the counter's balance - our balance at the counter's as-of",
  });
}

function withdrawTree(inputs: ExplainInputs, figures: AccountFigures): Derivation {
  const { quota, isUntouched, rule } = inputs.withdraw;
  const { closeProfit, availIncludeCloseProfit } = inputs.model;
  const share = rule.known ? known(isUntouched ? rule.value.shareUntouched : rule.value.shareWhileTrading) : rule;
  return line('withdrawQuota', quota, {
    formula:
      availIncludeCloseProfit === 'notInclude'
        ? 'share x available, rounded to 4 places, cut to the cent'
        : 'share x (available - max(closeProfit, 0)), rounded to 4 places, cut to the cent',
    rules: rule.known
      ? [
          {
            subject: 'withdrawQuota',
            text: `shareWhileTrading ${rule.value.shareWhileTrading}, shareUntouched ${rule.value.shareUntouched}`,
            effectiveFrom: rule.value.effectiveFrom,
            citation: rule.value.citation,
            certainty: rule.value.certainty,
          },
        ]
      : [],
    children: [
      line('withdrawShare', share, { unit: 'rate', combination: 'input' }),
      availableTree(inputs, figures),
      ...(availIncludeCloseProfit === 'notInclude' ? [] : [minus(counterLine(inputs.counter, 'closeProfit', closeProfit))]),
    ],
  });
}

function byTrade(model: AccountModel): Known<number> {
  if (model.holdingsReason !== null) return unknown(model.holdingsReason);
  return sumKnown(
    model.holdings.map((holding) => {
      if (holding.lotsReason !== null) return unknown(holding.lotsReason as Reason);
      if (holding.isOption) return known(0);
      const net = holding.lots.reduce((total, lot) => total + (lot.direction === 'long' ? lot.volume : -lot.volume), 0);
      const { latest } = holding.marks;
      return positionProfitByTrade(holding.lots, net === 0 && !latest.known ? known(0) : latest, holding.multiplier);
    }),
  );
}
