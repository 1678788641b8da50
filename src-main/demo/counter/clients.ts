/** Draws the broker's clients: departments, accounts with their counter settings, control groups, rate overrides and the books they begin with. */
import type { AccountMaster, ControlGroup, MarginRate, ReferenceItem } from '#shared/feed/items';
import clientTables from '../data/clients.json';
import { shiftTradingDay } from '../market/calendar';
import { type Contract, priceOf } from '../market/catalogue';
import { CITATION, PRODUCTS } from '../market/market-data';
import { type ContractState, runningTotals } from '../market/prices';
import type { Random } from '../random';
import { addYesterdayLot, type Client, type DemoHedge, ensureSlice } from './book';
import type { RateBook } from './rates';
import { valueClient } from './valuation';

export type Roster = {
  clients: Client[];
  controlGroups: ControlGroup[];
  /** Departments, accounts, control groups and the rate rows of groups and investors. */
  reference: ReferenceItem[];
  /** Clients that the labelled misbehaviour is played by: in a control group, or alone. */
  actorGroups: Client[][];
  soloActors: Client[];
};

/** Order arrivals per archetype, relative to each other. */
export const INTENSITY: Readonly<Record<string, number>> = Object.fromEntries([
  ...clientTables.archetypes.map((row): [string, number] => [row.name, row.intensity]),
  ['actor', 0.5],
]);

const WATCHED_CONTRACTS = 6;
const PRECIOUS_SHARE = 0.35;

function drawName(random: Random, isPerson: boolean): string {
  const { first, second, kind, surname, given } = clientTables.nameParts;
  return isPerson ? `${random.pick(surname)}${random.pick(given)}` : `${random.pick(first)}${random.pick(second)}${random.pick(kind)}`;
}

function drawMaster(index: number, random: Random): AccountMaster {
  const departments = clientTables.departments.filter((row) => row.parentID !== undefined);
  const department = departments[index % departments.length];
  if (department === undefined) throw new RangeError('the demonstration has no departments');
  const isPerson = department.departmentID === 'D08' || random.chance(0.25);
  const settings = random.next();
  return {
    kind: 'accountMaster',
    accountID: `8${department.departmentID.slice(1)}${String(Math.floor(index / departments.length) + 1).padStart(5, '0')}`,
    accountName: drawName(random, isPerson),
    departmentID: department.departmentID,
    investorGroupID: department.departmentID === 'D07' ? 'G-INST' : isPerson && random.chance(0.5) ? 'G-RETAIL' : 'G-STD',
    currencyID: 'CNY',
    marginPriceType: settings < 0.8 ? 'open' : settings < 0.95 ? 'preSettlement' : 'latest',
    algorithm: random.chance(0.88) ? 'onlyLost' : random.chance(0.7) ? 'all' : 'none',
    availIncludeCloseProfit: random.chance(0.85) ? 'include' : 'notInclude',
  };
}

function watchlistOf(departmentID: string, contracts: readonly Contract[], random: Random): Contract[] {
  const sectors = (clientTables.departmentSectors as Record<string, string[]>)[departmentID] ?? [];
  const home = contracts.filter((contract) => sectors.includes(contract.product.sector));
  const list = new Set<Contract>();
  // A precious-metals house: wherever a client is at home, gold or silver may be the first thing it looks at.
  const precious = contracts.filter((contract) => contract.product.sector === 'precious');
  if (random.chance(PRECIOUS_SHARE)) list.add(random.pick(precious));
  for (let tries = 0; list.size < WATCHED_CONTRACTS && tries < 60; tries += 1) {
    list.add(random.chance(0.85) && home.length > 0 ? random.pick(home) : random.pick(contracts));
  }
  return [...list];
}

function drawDegree(random: Random): number {
  const bands = clientTables.degrees;
  const band = bands[random.pickWeighted(runningTotals(bands.map((row) => row.share)))];
  return band === undefined ? 0.4 : random.range(band.from, band.to);
}

function drawArchetype(random: Random): string {
  const rows = clientTables.archetypes;
  return rows[random.pickWeighted(runningTotals(rows.map((row) => row.share)))]?.name ?? 'swing';
}

/** Rate rows of a client group or of a single client: two relative ones per group, a few absolute ones for hand-picked clients. */
function overrideRows(clients: readonly Client[], tradingDay: string, random: Random): MarginRate[] {
  const since = shiftTradingDay(tradingDay, -120);
  const rows: MarginRate[] = [];
  const push = (
    product: (typeof PRODUCTS)[number],
    range: 'group' | 'investor',
    id: string,
    hedgeFlag: DemoHedge,
    ratio: number,
    isRelative: boolean,
  ) => {
    const rounded = Math.round(ratio * 1e4) / 1e4;
    rows.push({
      kind: 'marginRate',
      layer: 'company',
      investorRange: range,
      investorID: id,
      exchangeID: product.exchangeID,
      productID: product.productID,
      hedgeFlag,
      isRelative,
      longMarginRatioByMoney: rounded,
      longMarginRatioByVolume: 0,
      shortMarginRatioByMoney: rounded,
      shortMarginRatioByVolume: 0,
      effectiveFrom: since,
      citation: CITATION,
      certainty: 'demonstration',
    });
  };
  for (const group of clientTables.groups) {
    if (group.marginAddend === null) continue;
    for (const product of PRODUCTS) {
      if (product.sector === 'bond' || product.isQuiet) continue;
      push(product, 'group', group.investorGroupID, 'speculation', group.marginAddend, true);
      push(product, 'group', group.investorGroupID, 'hedge', group.marginAddend, true);
    }
  }
  const special = clients.filter(() => random.chance(0.03)).slice(0, 40);
  for (const client of special) {
    const product = client.watchlist[0]?.product;
    if (product !== undefined)
      push(product, 'investor', client.master.accountID, 'speculation', product.margin + random.pick([0.02, 0.06, 0.08]), false);
  }
  return rows;
}

function drawGroups(clients: Client[], random: Random): { controlGroups: ControlGroup[]; actorGroups: Client[][]; soloActors: Client[] } {
  const pool = clients.filter((client) => client.master.departmentID !== 'D06');
  const order = pool.map((client) => ({ client, key: random.next() })).sort((a, b) => a.key - b.key || a.client.index - b.client.index);
  const controlGroups: ControlGroup[] = [];
  const actorGroups: Client[][] = [];
  const groupCount = Math.max(2, Math.min(60, Math.round(clients.length / 25)));
  let next = 0;
  for (let group = 0; group < groupCount && next + 3 < order.length; group += 1) {
    const members = order.slice(next, next + random.int(2, 3)).map((row) => row.client);
    next += members.length;
    const controlGroupID = `CG${String(group + 1).padStart(3, '0')}`;
    for (const member of members) member.master.controlGroupID = controlGroupID;
    controlGroups.push({
      kind: 'controlGroup',
      controlGroupID,
      controlGroupName: `${members[0]?.master.accountName ?? ''}实际控制组`,
      accountIDs: members.map((member) => member.master.accountID),
    });
    // Half of the groups behave: a detector that flags every control group is not a detector.
    if (group % 2 === 0) actorGroups.push(members);
  }
  const soloActors = order.slice(next, next + Math.max(3, Math.min(24, Math.round(clients.length / 20)))).map((row) => row.client);
  for (const actor of [...actorGroups.flat(), ...soloActors]) actor.archetype = 'actor';
  return { controlGroups, actorGroups, soloActors };
}

export function drawRoster(count: number, contracts: readonly Contract[], tradingDay: string, random: Random): Roster {
  const clients: Client[] = [];
  for (let index = 0; index < count; index += 1) {
    const master = drawMaster(index, random);
    clients.push({
      index,
      master,
      archetype: drawArchetype(random),
      targetDegree: drawDegree(random),
      watchlist: watchlistOf(master.departmentID, contracts, random),
      slices: [],
      orders: new Set(),
      preBalanceCents: 0,
      depositCents: 0,
      withdrawCents: 0,
      closeProfitCents: 0,
      commissionCents: 0,
      preMargin: 0,
      hasTradedToday: false,
    });
  }
  const { controlGroups, actorGroups, soloActors } = drawGroups(clients, random);
  for (const actor of [...actorGroups.flat(), ...soloActors]) actor.targetDegree = random.range(0.04, 0.15);
  const reference: ReferenceItem[] = [
    ...clientTables.departments.map((row) => ({
      kind: 'department' as const,
      departmentID: row.departmentID,
      departmentName: row.name,
      ...(row.parentID === undefined ? {} : { parentID: row.parentID }),
    })),
    ...clients.map((client) => client.master),
    ...controlGroups,
    ...overrideRows(clients, tradingDay, random),
  ];
  return { clients, controlGroups, reference, actorGroups, soloActors };
}

/** CNY: people hold hundreds of thousands, firms millions, institutions and the labelled actors tens of millions. */
function drawEquity(client: Client, random: Random): number {
  if (client.archetype === 'actor') return Math.exp(random.range(Math.log(4e7), Math.log(1.5e8)));
  const { investorGroupID, departmentID } = client.master;
  if (investorGroupID === 'G-INST') return Math.exp(Math.log(4e7) + 0.9 * random.normal());
  if (departmentID === 'D08' || investorGroupID === 'G-RETAIL') return Math.exp(Math.log(4.5e5) + 0.8 * random.normal());
  return Math.exp(Math.log(5e6) + 1 * random.normal());
}

/**
 * Gives a client the lots the day begins with, then sets yesterday's balance so that the degree comes out as drawn: the spread of risk is
 * designed, the arithmetic is the counter's.
 */
export function drawBook(client: Client, states: readonly ContractState[], rates: RateBook, tradingDay: string, random: Random): void {
  const equity = Math.max(5e4, drawEquity(client, random));
  const degree = client.targetDegree;
  const hedge: DemoHedge = client.archetype === 'hedger' ? 'hedge' : 'speculation';
  const budget = equity * degree;
  const perLot = (contract: Contract): number => {
    const state = states[contract.index];
    return state === undefined
      ? Number.POSITIVE_INFINITY
      : ((state.preSettlementTicks * contract.tickCents) / 100) * rates.sideRate(client, contract, hedge, 'long', 'company');
  };
  const affordable = client.watchlist.filter((contract) => perLot(contract) <= budget);
  const cheapest = [...client.watchlist].sort((a, b) => perLot(a) - perLot(b))[0];
  const chosen =
    affordable.length > 0 ? affordable.slice(0, random.int(1, client.archetype === 'hedger' ? 2 : 4)) : cheapest === undefined ? [] : [cheapest];
  for (const [rank, contract] of chosen.entries()) {
    const state = states[contract.index];
    if (state === undefined) continue;
    const room = Math.floor(contract.product.positionLimit * 0.6);
    const lots = Math.max(1, Math.min(room, Math.floor(budget / chosen.length / perLot(contract))));
    const isLong = random.chance(0.58);
    addLots(client, contract, isLong, hedge, lots, state, tradingDay, random, rank);
    // Spread traders hold the other month the other way; big-side margin then charges one of the two.
    const sibling = states.find((other) => other.contract.product === contract.product && other.contract !== contract);
    if (client.archetype === 'arbitrageur' && sibling !== undefined) {
      addLots(client, sibling.contract, !isLong, hedge, Math.max(1, Math.round(lots * random.range(0.7, 1))), sibling, tradingDay, random, rank + 10);
    }
  }
  const value = valueClient(client, states, rates);
  const isUnder = client.targetDegree > 1.25;
  const balance = isUnder ? -random.range(0.02, 0.12) * value.currMargin : value.currMargin / degree;
  client.preBalanceCents = Math.round(balance * 100) - value.positionProfitCents;
  client.preMargin = Math.round(value.currMargin * random.range(0.97, 1.03) * 100) / 100;
}

function addLots(
  client: Client,
  contract: Contract,
  isLong: boolean,
  hedge: DemoHedge,
  lots: number,
  state: ContractState,
  tradingDay: string,
  random: Random,
  rank: number,
): void {
  const slice = ensureSlice(client, contract, isLong ? 'long' : 'short', hedge);
  const pieces = Math.min(lots, random.int(1, 3));
  let left = lots;
  for (let piece = 0; piece < pieces; piece += 1) {
    const volume = piece === pieces - 1 ? left : Math.max(1, Math.floor(left / (pieces - piece)));
    left -= volume;
    const daysAgo = pieces - piece + random.int(0, 6);
    addYesterdayLot(slice, {
      tradeID: `Y${String(client.index).padStart(5, '0')}${String(rank).padStart(2, '0')}${piece}`,
      openDate: shiftTradingDay(tradingDay, -daysAgo),
      openTicks: Math.max(1, Math.round(state.preSettlementTicks * (1 + 0.012 * Math.sqrt(daysAgo) * random.normal()))),
      volume,
      closeVolume: 0,
      isToday: false,
    });
  }
  slice.lots.sort((a, b) => (a.openDate < b.openDate ? -1 : a.openDate > b.openDate ? 1 : 0));
}

/** Price of one lot's margin at the company rate, CNY; clients size their orders with it. */
export function marginPerLot(client: Client, state: ContractState, hedge: DemoHedge, rates: RateBook): number {
  const { contract } = state;
  return priceOf(contract, state.lastTicks) * contract.product.multiplier * rates.sideRate(client, contract, hedge, 'long', 'company');
}
