/** All accounts under one scenario, from columns. What columns cannot tell (closed positions, a rate lowered below zero, sold options at other rates or settled) goes through the pure formulas, account by account. */
import { knownOrNaN } from '#shared/market/known';
import { addedRate, changesRates, type Scenario, shockedPrice, stressAccount } from '#shared/market/what-if/scenario';
import type { Book } from '../book';
import { GROUP_METHOD, SCALE } from '../kernel/kernel';
import { AccountLines, aggregateSides } from './account-lines';
import { buildAccountModel } from './account-model';
import { FigureColumns, LEVEL_CODE, levelThresholds } from './figure-columns';
import { frozenVolumes, restingCloses, withFrozen } from './frozen-volumes';
import { pricedContract } from './priced-contract';
import type { WhatIfColumns } from './what-if-columns';

export function linesOf(book: Book): AccountLines {
  const { kernel } = book;
  return new AccountLines(kernel.columns, kernel);
}

/** Figures of every account at each of `percents`, all prices moved alike. */
export function figuresAtPercents(book: Book, lines: AccountLines, percents: readonly number[]): FigureColumns[] {
  const between = lines.between(Math.min(0, ...percents) / 100, Math.max(0, ...percents) / 100);
  const thresholds = levelThresholds(book.levels);
  return percents.map((percent) => {
    const figures = new FigureColumns(lines.accountCount);
    between.fill(figures, percent / 100);
    figures.derive(book.kernel.columns, thresholds, new Map());
    return figures;
  });
}

export function figuresUnder(book: Book, lines: AccountLines, scenario: Scenario): FigureColumns {
  const { kernel } = book;
  const { price, marginOverrides } = scenario;
  const figures = new FigureColumns(kernel.accountCount);
  const irregular = new Set<number>();
  if (marginOverrides.length === 0 && (price.type === 'percent' || price.type === 'latest')) {
    const move = price.type === 'percent' ? price.percent / 100 : 0;
    lines.between(move, move).fill(figures, move);
  } else {
    new VectorPass(book, scenario, irregular).fill(figures);
  }
  figures.derive(kernel.columns, levelThresholds(book.levels), cashByAccount(book, scenario));
  const closing = new Set(scenario.closes.map(({ accountID }) => accountID));
  for (const accountID of closing) {
    const account = book.records.findAccount(accountID);
    if (account !== null) irregular.add(account.index);
  }
  const closes = closing.size === 0 ? new Map() : restingCloses(book, (accountID) => closing.has(accountID));
  for (const index of irregular) {
    const account = book.records.accounts[index];
    if (account === undefined) continue;
    const model = buildAccountModel(book, account);
    const pure = stressAccount(closing.has(account.accountID) ? withFrozen(model, frozenVolumes(book, account, closes)) : model, scenario);
    figures.profit[index] = knownOrNaN(pure.positionProfit);
    figures.balance[index] = knownOrNaN(pure.balance);
    figures.currMargin[index] = knownOrNaN(pure.currMargin);
    figures.exchangeMargin[index] = knownOrNaN(pure.exchangeMargin);
    figures.available[index] = knownOrNaN(pure.available);
    figures.level[index] = LEVEL_CODE[pure.level];
  }
  return figures;
}

function cashByAccount(book: Book, scenario: Scenario): Map<number, number> {
  const cash = new Map<number, number>();
  for (const { accountID, amount } of scenario.cash) {
    const index = book.records.findAccount(accountID)?.index;
    if (index !== undefined) cash.set(index, (cash.get(index) ?? 0) + amount);
  }
  return cash;
}

/** One pass over all positions at given prices, settled or not, at given rates. */
class VectorPass {
  readonly #book: Book;
  readonly #isSettled: boolean;
  readonly #whatIf: WhatIfColumns | null;
  /** Scaled price per instrument, NaN unknown. */
  readonly #prices: Float64Array;
  /** What is added to the rate, per instrument: company and exchange; null without overrides. */
  readonly #added: Float64Array | null;
  readonly #sides: Float64Array;
  readonly #irregular: Set<number>;

  constructor(book: Book, scenario: Scenario, irregular: Set<number>) {
    const { kernel, records } = book;
    const { price } = scenario;
    const hasOtherRates = changesRates(scenario);
    this.#book = book;
    this.#irregular = irregular;
    this.#isSettled = price.type === 'settlement' || price.type === 'lockedLimit';
    this.#whatIf = this.#isSettled || hasOtherRates ? book.activateWhatIf() : null;
    this.#prices = new Float64Array(kernel.instrumentCount);
    this.#added = !hasOtherRates ? null : new Float64Array(kernel.instrumentCount * 2);
    for (const record of records.instruments) {
      const contract = pricedContract(record, book.tradingDay ?? '');
      this.#prices[record.index] = knownOrNaN(shockedPrice(contract, price)) * SCALE;
      if (this.#added === null) continue;
      this.#added[record.index * 2] = addedRate(contract, 'company', scenario);
      this.#added[record.index * 2 + 1] = addedRate(contract, 'exchange', scenario);
    }
    this.#sides = this.#isSettled ? new Float64Array(kernel.groupCount * 4) : kernel.columns.groupFixed.slice(0, kernel.groupCount * 4);
  }

  fill(figures: FigureColumns): void {
    const { columns, instrumentCount } = this.#book.kernel;
    const { slotStart, slotCount, slotAccount, slotK, slotC, slotEntry, entryGroup, entryIsMoving } = columns;
    const isEveryEntry = this.#whatIf !== null;
    for (let instrument = 0; instrument < instrumentCount; instrument++) {
      const mark = this.#prices[instrument] as number;
      const first = slotStart[instrument] as number;
      const end = first + (slotCount[instrument] as number);
      for (let slot = first; slot < end; slot++) {
        const account = slotAccount[slot] as number;
        const k = slotK[slot] as number;
        const c = slotC[slot] as number;
        figures.profit[account] = (figures.profit[account] as number) + (k === 0 ? -c : k * mark - c);
        const entry = slotEntry[slot] as number;
        if (isEveryEntry || entryIsMoving[entry] === 1) this.#addSides(instrument, entry, (entryGroup[entry] as number) * 4, account, mark);
      }
    }
    for (let account = 0; account < figures.count; account++) figures.profit[account] = (figures.profit[account] as number) / SCALE;
    this.#sumMargins(figures);
  }

  #addSides(instrument: number, entry: number, group: number, account: number, mark: number): void {
    const { entrySlope, entryIsMoving } = this.#book.kernel.columns;
    const sides = this.#sides;
    const whatIf = this.#whatIf;
    for (let side = 0; side < 4; side++) {
      let margin = 0;
      if (this.#isSettled && whatIf !== null) {
        if (whatIf.smallestRate[entry * 2] === Number.NEGATIVE_INFINITY) this.#irregular.add(account);
        const slope = whatIf.settledSlope[entry * 4 + side] as number;
        margin = (whatIf.settledFlat[entry * 4 + side] as number) + (slope === 0 ? 0 : slope * mark);
      } else if (entryIsMoving[entry] === 1) {
        const slope = entrySlope[entry * 4 + side] as number;
        margin = slope === 0 ? 0 : slope * mark;
      }
      if (this.#added !== null && whatIf !== null) {
        const layer = side >> 1;
        const added = this.#added[instrument * 2 + layer] as number;
        const at = entry * 2 + (side & 1);
        if ((whatIf.smallestRate[entry * 2 + layer] as number) + added < 0) this.#irregular.add(account);
        else if (added !== 0) margin += added * this.#base(whatIf, at, mark);
      }
      if (margin !== 0) sides[group + side] = (sides[group + side] as number) + margin;
    }
  }

  /** What a rate of 1 would be on this side, in money. */
  #base(whatIf: WhatIfColumns, at: number, mark: number): number {
    if (this.#isSettled) {
      const units = whatIf.units[at] as number;
      return units === 0 ? 0 : units * mark;
    }
    const slope = whatIf.baseSlope[at] as number;
    return (whatIf.baseFixed[at] as number) + (slope === 0 ? 0 : slope * mark);
  }

  #sumMargins(figures: FigureColumns): void {
    const { columns, groupCount } = this.#book.kernel;
    const sides = this.#sides;
    for (let group = 0; group < groupCount; group++) {
      const account = columns.groupAccount[group] as number;
      const method = columns.groupMethod[group] as number;
      const at = group * 4;
      const isEmpty = sides[at] === 0 && sides[at + 1] === 0 && sides[at + 2] === 0 && sides[at + 3] === 0;
      if (isEmpty && method === GROUP_METHOD.unknown) continue;
      figures.currMargin[account] = (figures.currMargin[account] as number) + aggregateSides(method, sides[at] as number, sides[at + 1] as number);
      figures.exchangeMargin[account] =
        (figures.exchangeMargin[account] as number) + aggregateSides(method, sides[at + 2] as number, sides[at + 3] as number);
    }
  }
}
