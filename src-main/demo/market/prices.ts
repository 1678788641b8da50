/** Moves the demonstration's prices: one global, one sector and one own factor per product, shocks in violent phases, always on tick and within limits. */
import type { Quote } from '#shared/feed/items';
import type { Random } from '../random';
import { type Contract, priceOf } from './catalogue';
import { PHASES, type PhaseName, SECTORS } from './market-data';

/** What the market last said of one contract; prices in ticks. */
export type ContractState = {
  contract: Contract;
  preSettlementTicks: number;
  preCloseTicks: number;
  lastTicks: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  bidTicks: number;
  askTicks: number;
  upperTicks: number;
  lowerTicks: number;
  bidVolume: number;
  askVolume: number;
  volume: number;
  /** CNY cents. */
  turnoverCents: number;
  openInterest: number;
  settlementTicks: number | null;
  updateTimeMs: number;
  isOpen: boolean;
  fairTicks: number;
};

export type MarketPrices = {
  readonly states: readonly ContractState[];
  /** Moves the fair values by `seconds` of market time. */
  drift(seconds: number, phase: PhaseName): void;
  /** A violent phase begins: one sector is hit. */
  shock(): void;
  /** The phase is over: most of the shock fades. */
  relieve(): void;
  /** Leans on one product, as a heavy one-way trader does; fades by itself. */
  push(productIndex: number, logReturn: number): void;
  /** One product's prices jump by `percent` of the last price, within the day's limits, and stay there. Answers the contracts that moved. */
  jump(productID: string, percent: number): ContractState[];
  /** `count` quotes of contracts in session, at instants within the step. */
  quote(count: number, fromMs: number, toMs: number, phase: PhaseName): Quote[];
  quoteOf(state: ContractState): Quote;
  /** Trades of the broker's own clients are part of the market's volume. */
  addVolume(state: ContractState, lots: number, priceTicks: number, openInterestChange: number): void;
  settle(): void;
  startDay(): void;
};

const REVERSION_PER_SECOND = 1 / 9000;
const SHOCK_RISE_SECONDS = 14;
const SHOCK_FADE_SECONDS = 260;
const PUSH_FADE_SECONDS = 45;
const MORNING_SECONDS = 9000;
/** Of each quiet contract, whatever the phase: enough for a price that somebody leans on to be seen moving. */
const QUIET_QUOTES_PER_SECOND = 2;

/** Limits are rounded inward to whole ticks of the contract. */
function limitsOf(contract: Contract, preSettlementTicks: number): { upperTicks: number; lowerTicks: number } {
  const width = contract.product.limit;
  return { upperTicks: Math.floor(preSettlementTicks * (1 + width)), lowerTicks: Math.ceil(preSettlementTicks * (1 - width)) };
}

export function averagePriceOf(state: ContractState): number | null {
  if (state.volume === 0) return null;
  return Math.round((state.turnoverCents / 100 / state.volume / state.contract.product.multiplier) * 1e4) / 1e4;
}

function averageTicks(state: ContractState): number {
  return state.volume === 0 ? state.lastTicks : Math.round(state.turnoverCents / state.volume / state.contract.tickCents);
}

function createState(contract: Contract, timeMs: number): ContractState {
  const ticks = contract.initialTicks;
  return {
    contract,
    preSettlementTicks: ticks,
    preCloseTicks: ticks,
    lastTicks: ticks,
    openTicks: ticks,
    highTicks: ticks,
    lowTicks: ticks,
    bidTicks: ticks - 1,
    askTicks: ticks + 1,
    ...limitsOf(contract, ticks),
    bidVolume: 10,
    askVolume: 10,
    volume: 0,
    turnoverCents: 0,
    openInterest: Math.round((20_000 * contract.product.activity) / (contract.rank + 1)),
    settlementTicks: null,
    updateTimeMs: timeMs,
    isOpen: true,
    fairTicks: ticks,
  };
}

export function createMarketPrices(contracts: readonly Contract[], random: Random, startMs: number): MarketPrices {
  const states = contracts.map((contract) => createState(contract, startMs));
  const quietRandom = random.fork('quiet');
  const randomOf = (state: ContractState): Random => (state.contract.product.isQuiet ? quietRandom : random);
  const quietStates = states.filter((state) => state.contract.product.isQuiet);
  const isQuietProduct: boolean[] = [];
  const productCount = Math.max(...contracts.map((contract) => contract.product.index)) + 1;
  const sectorIndexOfProduct = new Int32Array(productCount);
  const betaOfProduct = new Float64Array(productCount);
  for (const contract of contracts) {
    sectorIndexOfProduct[contract.product.index] = SECTORS.findIndex((row) => row.sector === contract.product.sector);
    betaOfProduct[contract.product.index] = contract.product.beta;
    isQuietProduct[contract.product.index] = contract.product.isQuiet;
  }
  let globalFactor = 0;
  const sectorFactor = new Float64Array(SECTORS.length);
  const ownFactor = new Float64Array(productCount);
  const pushFactor = new Float64Array(productCount);
  const jumpFactor = new Float64Array(productCount);
  const spreadFactor = new Float64Array(contracts.length);
  const shockNow = new Float64Array(SECTORS.length);
  const shockGoal = new Float64Array(SECTORS.length);
  const shockWeights = runningTotals(SECTORS.map((row) => row.shockWeight));
  const heaviestSector = SECTORS.reduce((best, row, index) => (row.shockWeight > (SECTORS[best]?.shockWeight ?? 0) ? index : best), 0);
  let isShocked = false;
  let hasBeenShocked = false;

  function drift(seconds: number, phase: PhaseName): void {
    const sigma = PHASES[phase].volatilityPerRootSecond * Math.sqrt(seconds);
    const keep = Math.exp(-seconds * REVERSION_PER_SECOND);
    const pushKeep = Math.exp(-seconds / PUSH_FADE_SECONDS);
    const approach = 1 - Math.exp(-seconds / (isShocked ? SHOCK_RISE_SECONDS : SHOCK_FADE_SECONDS));
    globalFactor = globalFactor * keep + sigma * 0.7 * random.normal();
    for (const [index, sector] of SECTORS.entries()) {
      sectorFactor[index] = (sectorFactor[index] ?? 0) * keep + sigma * 0.8 * sector.volatility * random.normal();
      shockNow[index] = (shockNow[index] ?? 0) + ((shockGoal[index] ?? 0) - (shockNow[index] ?? 0)) * approach;
    }
    for (let product = 0; product < productCount; product += 1) {
      const sectorIndex = sectorIndexOfProduct[product] ?? 0;
      ownFactor[product] =
        (ownFactor[product] ?? 0) * keep +
        sigma * 0.45 * (SECTORS[sectorIndex]?.volatility ?? 1) * (isQuietProduct[product] ? quietRandom : random).normal();
      pushFactor[product] = (pushFactor[product] ?? 0) * pushKeep;
    }
    for (const state of states) {
      const product = state.contract.product.index;
      const sectorIndex = sectorIndexOfProduct[product] ?? 0;
      const index = state.contract.index;
      spreadFactor[index] = (spreadFactor[index] ?? 0) * 0.999 + sigma * 0.06 * (SECTORS[sectorIndex]?.volatility ?? 1) * randomOf(state).normal();
      const common = globalFactor * (SECTORS[sectorIndex]?.globalBeta ?? 0) + (sectorFactor[sectorIndex] ?? 0) + (shockNow[sectorIndex] ?? 0);
      const logReturn =
        common * (betaOfProduct[product] ?? 1) +
        (ownFactor[product] ?? 0) +
        (pushFactor[product] ?? 0) +
        (jumpFactor[product] ?? 0) +
        (spreadFactor[index] ?? 0);
      state.fairTicks = state.contract.initialTicks * Math.exp(logReturn);
    }
  }

  function shock(): void {
    // The first one hits what the desk is about; later ones fall where they fall.
    const hit = hasBeenShocked ? random.pickWeighted(shockWeights) : heaviestSector;
    hasBeenShocked = true;
    const { from, to } = PHASES.violent.shockPercent;
    const size = (random.range(from, to) / 100) * (random.chance(0.6) ? -1 : 1);
    const hitBeta = SECTORS[hit]?.globalBeta ?? 0;
    for (const [index, sector] of SECTORS.entries()) {
      const kinship = index === hit ? 1 : 0.25 * Math.sign(hitBeta * sector.globalBeta) * random.range(0.4, 1);
      shockGoal[index] = (shockGoal[index] ?? 0) + size * kinship * (index === hit ? 1 : sector.volatility);
    }
    isShocked = true;
  }

  function relieve(): void {
    for (let index = 0; index < shockGoal.length; index += 1) shockGoal[index] = (shockGoal[index] ?? 0) * random.range(0.15, 0.45);
    isShocked = false;
  }

  /** One print: the last price follows the fair value with noise, hits the bid or the ask, and volume follows activity. */
  function print(state: ContractState, timeMs: number, phase: PhaseName): void {
    const { contract } = state;
    const draws = randomOf(state);
    const noisy = Math.round(state.fairTicks + 0.55 * draws.normal());
    const last = Math.min(state.upperTicks, Math.max(state.lowerTicks, noisy));
    const widest = PHASES[phase].spreadTicks;
    const spread = widest === 1 ? 1 : draws.int(1, widest);
    const isBuyerDriven = last > state.lastTicks || (last === state.lastTicks && draws.chance(0.5));
    state.lastTicks = last;
    state.bidTicks = isBuyerDriven ? last - spread : last;
    state.askTicks = isBuyerDriven ? last : last + spread;
    if (last > state.highTicks) state.highTicks = last;
    if (last < state.lowTicks) state.lowTicks = last;
    state.bidVolume = 1 + Math.floor(draws.next() * draws.next() * 40 * contract.product.activity);
    state.askVolume = 1 + Math.floor(draws.next() * draws.next() * 40 * contract.product.activity);
    const lots = 1 + Math.floor((draws.next() * contract.product.activity * 3) / (contract.rank + 1));
    addVolume(state, lots, last, draws.int(-1, 1) * Math.min(lots, 3));
    state.updateTimeMs = timeMs;
  }

  function addVolume(state: ContractState, lots: number, priceTicks: number, openInterestChange: number): void {
    state.volume += lots;
    state.turnoverCents += lots * priceTicks * state.contract.tickCents;
    state.openInterest = Math.max(0, state.openInterest + openInterestChange);
    if (priceTicks > state.highTicks) state.highTicks = priceTicks;
    if (priceTicks < state.lowTicks) state.lowTicks = priceTicks;
  }

  function quoteOf(state: ContractState): Quote {
    const { contract } = state;
    const average = averagePriceOf(state);
    const hasBid = state.bidTicks >= state.lowerTicks && state.lastTicks > state.lowerTicks;
    const hasAsk = state.askTicks <= state.upperTicks && state.lastTicks < state.upperTicks;
    return {
      exchangeID: contract.product.exchangeID,
      instrumentID: contract.instrumentID,
      updateTimeMs: state.updateTimeMs,
      lastPrice: priceOf(contract, state.lastTicks),
      preSettlementPrice: priceOf(contract, state.preSettlementTicks),
      preClosePrice: priceOf(contract, state.preCloseTicks),
      openPrice: priceOf(contract, state.openTicks),
      highestPrice: priceOf(contract, state.highTicks),
      lowestPrice: priceOf(contract, state.lowTicks),
      ...(state.settlementTicks === null ? {} : { settlementPrice: priceOf(contract, state.settlementTicks) }),
      upperLimitPrice: priceOf(contract, state.upperTicks),
      lowerLimitPrice: priceOf(contract, state.lowerTicks),
      ...(average === null ? {} : { averagePrice: average }),
      volume: state.volume,
      turnover: state.turnoverCents / 100,
      openInterest: state.openInterest,
      ...(hasBid ? { bidPrice1: priceOf(contract, state.bidTicks), bidVolume1: state.bidVolume } : {}),
      ...(hasAsk ? { askPrice1: priceOf(contract, state.askTicks), askVolume1: state.askVolume } : {}),
    };
  }

  let quietCredit = 0;
  let openKey = '';
  let openStates: ContractState[] = [];
  let openWeights: ArrayLike<number> = [];
  function refreshOpen(): void {
    const key = states.map((state) => (state.isOpen ? '1' : '0')).join('');
    if (key === openKey) return;
    openKey = key;
    openStates = states.filter((state) => state.isOpen && !state.contract.product.isQuiet);
    openWeights = runningTotals(openStates.map((state) => state.contract.product.activity / (state.contract.rank + 1)));
  }

  function quote(count: number, fromMs: number, toMs: number, phase: PhaseName): Quote[] {
    refreshOpen();
    if (openStates.length === 0) return [];
    const quotes: Quote[] = [];
    quietCredit += ((toMs - fromMs) / 1000) * QUIET_QUOTES_PER_SECOND;
    for (; quietCredit >= 1; quietCredit -= 1) {
      for (const state of quietStates) {
        if (!state.isOpen) continue;
        print(state, toMs, phase);
        quotes.push(quoteOf(state));
      }
    }
    for (let index = 0; index < count; index += 1) {
      const state = openStates[random.pickWeighted(openWeights)];
      if (state === undefined) continue;
      print(state, fromMs + Math.floor(((index + 1) / count) * (toMs - fromMs)), phase);
      quotes.push(quoteOf(state));
    }
    return quotes;
  }

  function settle(): void {
    for (const state of states) {
      state.settlementTicks = Math.min(state.upperTicks, Math.max(state.lowerTicks, averageTicks(state)));
    }
  }

  function startDay(): void {
    for (const state of states) {
      state.preSettlementTicks = state.settlementTicks ?? state.lastTicks;
      state.preCloseTicks = state.lastTicks;
      Object.assign(state, limitsOf(state.contract, state.preSettlementTicks));
      state.settlementTicks = null;
      state.volume = 0;
      state.turnoverCents = 0;
      const open = Math.min(state.upperTicks, Math.max(state.lowerTicks, Math.round(state.fairTicks)));
      state.lastTicks = open;
      state.openTicks = open;
      state.highTicks = open;
      state.lowTicks = open;
      state.bidTicks = open - 1;
      state.askTicks = open + 1;
    }
  }

  // The desk opens in mid-session: the morning so far is drawn in one go, so that highs, lows and volumes are already there.
  for (let index = 0; index < 60; index += 1) {
    drift(MORNING_SECONDS / 60, 'calm');
    for (const state of states) {
      if (index === 0) state.openTicks = Math.round(state.fairTicks);
      print(state, startMs, 'calm');
      if (index === 0) {
        state.openTicks = state.lastTicks;
        state.highTicks = state.lastTicks;
        state.lowTicks = state.lastTicks;
      }
      addVolume(state, randomOf(state).int(20, 60) * state.contract.product.activity, state.lastTicks, 0);
    }
  }

  return { states, drift, shock, relieve, push, jump, quote, quoteOf, addVolume, settle, startDay };

  function jump(productID: string, percent: number): ContractState[] {
    const hit = states.filter((state) => state.contract.product.productID === productID);
    const product = hit[0]?.contract.product.index;
    if (product === undefined) return [];
    jumpFactor[product] = (jumpFactor[product] ?? 0) + Math.log1p(percent / 100);
    for (const state of hit) {
      state.fairTicks *= 1 + percent / 100;
      const ticks = Math.round(state.lastTicks * (1 + percent / 100));
      state.lastTicks = Math.min(state.upperTicks, Math.max(state.lowerTicks, ticks));
      state.bidTicks = state.lastTicks - 1;
      state.askTicks = state.lastTicks;
      state.highTicks = Math.max(state.highTicks, state.lastTicks);
      state.lowTicks = Math.min(state.lowTicks, state.lastTicks);
    }
    return hit;
  }

  function push(productIndex: number, logReturn: number): void {
    pushFactor[productIndex] = (pushFactor[productIndex] ?? 0) + logReturn;
  }
}

export function runningTotals(weights: readonly number[]): Float64Array {
  const totals = new Float64Array(weights.length);
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    sum += weight;
    totals[index] = sum;
  }
  return totals;
}
