// biome-ignore-all lint/suspicious/noSelfCompare: x == x is how WASM asks "is a number"
// biome-ignore-all lint/suspicious/noDoubleEquals: AssemblyScript numbers are typed; === and == are one
// The valuation kernel: account sums move by net quantity x price change, and everything can be recomputed in full over flat columns.
//
// Money and prices inside are multiplied by 10,000 (SCALE). Prices with up to four decimals and whole lots then make every product and
// sum a whole number below 2^53, so that sums are exact, never drift, and do not depend on the order or the batching of what arrived.
// NaN is unknown. The host lays the columns out and passes their byte offsets to `bind`; nothing here allocates.

const SCALE: f64 = 10000;

// Instruments.
let price: usize = 0; // f64, scaled; NaN without a price
let slotStart: usize = 0; // i32, first slot of the instrument's holders
let slotCount: usize = 0; // i32, used slots
let movingCount: usize = 0; // i32, holders whose margin follows the latest price
let wideCount: usize = 0; // i32, holders whose quantity is no f32
let instrumentIsMoved: usize = 0; // u8, listed in movedInstruments
let movedInstruments: usize = 0; // i32 list of instruments with a new price and moving margins
// Slots: one per (instrument, account), grouped by instrument, with spare room after each group.
let slotAccount: usize = 0; // i32
let slotK: usize = 0; // f64, net volume x multiplier
let slotC: usize = 0; // f64, scaled signed by-date cost; NaN when the reference is unknown
let slotQuantity: usize = 0; // f32, slotK again in half the room; not used for an instrument that has a quantity it cannot hold
let slotMovingGroup: usize = 0; // i32, the pair's group when its margin follows the latest price, else -1
// Entries: the margin side of the same pairs, by stable number.
let entryInstrument: usize = 0; // i32
let entryGroup: usize = 0; // i32, -1 when the entry is not in use
let entryNext: usize = 0; // i32, next entry of the group or -1
let entryFixed: usize = 0; // 4 x f64, margin that no price moves: company long and short, exchange long and short
let entrySlope: usize = 0; // 4 x f64, the same per scaled latest price
let entryIsMoving: usize = 0; // u8, any slope is not zero
// Groups: one per (account, product) or (account, instrument), by the aggregation method.
let groupAccount: usize = 0; // i32
let groupNext: usize = 0; // i32, next group of the account or -1
let groupHead: usize = 0; // i32, first entry or -1
let groupMethod: usize = 0; // u8: 0 big side, 1 plain sum, 2 unknown
let groupIsDirty: usize = 0; // u8
let groupMargin: usize = 0; // 2 x f64: company, exchange
let dirtyGroups: usize = 0; // i32 list
let groupFixed: usize = 0; // 4 x f64, sum of the entries' fixed sides
let groupSides: usize = 0; // 4 x f64, with the moving ones added
// Accounts.
let profit: usize = 0; // f64, scaled
let unknownCount: usize = 0; // i32, entries without a price or a reference
let accountCost: usize = 0; // f64, sum of the known slotC
let unknownCosts: usize = 0; // i32, how many are not
let accountGroupHead: usize = 0; // i32
let accountInput: usize = 0; // 3 x f64: equity before positions, held back, close profit
let accountRule: usize = 0; // u8: algorithm 0 all 1 onlyLost 2 onlyGain 3 none 255 unknown; +4 when close profit is not included
let base: usize = 0; // f64: equity before positions, or NaN while any position's profit is unknown
let accountIsDirty: usize = 0; // u8, something about it moved since the last evaluation
let accountMarginIsDirty: usize = 0; // u8, implies the one above
let margin: usize = 0;
let exchangeMargin: usize = 0;
let positionProfit: usize = 0;
let balance: usize = 0;
let available: usize = 0;
let degree: usize = 0;
let exchangeDegree: usize = 0;
// What the watch waits for: an account that leaves its band, or whose figures become known or unknown, is listed once until the list is cleared.
// `calmLow` < equity < `calmHigh` says that it cannot have, as its margins stand: the one comparison that nearly every tick ends with.
let bandLow: usize = 0; // 3 x f64: company degree, exchange degree, equity; NaN where the watch last saw an unknown figure
let bandHigh: usize = 0; // 3 x f64; NaN has no upper end
let accountIsCrossed: usize = 0; // u8, listed in crossedAccounts
let crossedAccounts: usize = 0; // i32 list
let calmLow: usize = 0; // f64; NaN: not worked out for these margins and this band
let calmHigh: usize = 0; // f64

let crossedAccountCount: i32 = 0;
let dirtyGroupCount: i32 = 0;
let movedInstrumentCount: i32 = 0;

/** Reads the column offsets from `table` (u32 each), in the order of the declarations above and of the host's layout.ts. */
export function bind(table: usize): void {
  price = load<u32>(table, 0);
  slotStart = load<u32>(table, 4);
  slotCount = load<u32>(table, 8);
  movingCount = load<u32>(table, 12);
  wideCount = load<u32>(table, 16);
  instrumentIsMoved = load<u32>(table, 20);
  movedInstruments = load<u32>(table, 24);
  slotAccount = load<u32>(table, 28);
  slotK = load<u32>(table, 32);
  slotC = load<u32>(table, 36);
  slotQuantity = load<u32>(table, 40);
  slotMovingGroup = load<u32>(table, 44);
  entryInstrument = load<u32>(table, 48);
  entryGroup = load<u32>(table, 52);
  entryNext = load<u32>(table, 56);
  entryFixed = load<u32>(table, 60);
  entrySlope = load<u32>(table, 64);
  entryIsMoving = load<u32>(table, 68);
  groupAccount = load<u32>(table, 72);
  groupNext = load<u32>(table, 76);
  groupHead = load<u32>(table, 80);
  groupMethod = load<u32>(table, 84);
  groupIsDirty = load<u32>(table, 88);
  groupMargin = load<u32>(table, 92);
  dirtyGroups = load<u32>(table, 96);
  groupFixed = load<u32>(table, 100);
  groupSides = load<u32>(table, 104);
  profit = load<u32>(table, 108);
  unknownCount = load<u32>(table, 112);
  accountCost = load<u32>(table, 116);
  unknownCosts = load<u32>(table, 120);
  accountGroupHead = load<u32>(table, 124);
  accountInput = load<u32>(table, 128);
  accountRule = load<u32>(table, 132);
  base = load<u32>(table, 136);
  accountIsDirty = load<u32>(table, 140);
  accountMarginIsDirty = load<u32>(table, 144);
  margin = load<u32>(table, 148);
  exchangeMargin = load<u32>(table, 152);
  positionProfit = load<u32>(table, 156);
  balance = load<u32>(table, 160);
  available = load<u32>(table, 164);
  degree = load<u32>(table, 168);
  exchangeDegree = load<u32>(table, 172);
  bandLow = load<u32>(table, 176);
  bandHigh = load<u32>(table, 180);
  accountIsCrossed = load<u32>(table, 184);
  crossedAccounts = load<u32>(table, 188);
  calmLow = load<u32>(table, 192);
  calmHigh = load<u32>(table, 196);
}

/** Keeps `base` in step with what it is made of: known money, and no unknown position. */
function storeBase(account: usize): void {
  const isUnknown = load<i32>(unknownCount + (account << 2)) > 0;
  store<f64>(base + (account << 3), isUnknown ? NaN : load<f64>(accountInput + account * 24));
}

/** The account's money or positions were set. */
export function touchAccount(account: i32): void {
  storeBase(account);
  store<u8>(accountIsDirty + account, 1);
}

export function touchAccountMargin(account: i32): void {
  store<u8>(accountMarginIsDirty + account, 1);
  touchAccount(account);
}

/** The account's band was set or its margin is another: where its equity may move unseen has to be worked out anew. */
export function touchBand(account: usize): void {
  if (!load<u8>(accountIsCrossed + account)) store<f64>(calmLow + (account << 3), NaN);
}

export function touchGroup(group: i32): void {
  const flag = groupIsDirty + group;
  if (load<u8>(flag)) return;
  store<u8>(flag, 1);
  store<i32>(dirtyGroups + ((<usize>dirtyGroupCount) << 2), group);
  dirtyGroupCount++;
  touchAccountMargin(load<i32>(groupAccount + ((<usize>group) << 2)));
}

/**
 * The holders' sums move by quantity x change. Which instrument comes next nobody knows, so its slots come from far down in the caches: what a tick costs is
 * how many bytes they are. In locals, as a mutable global is loaded anew at each use.
 */
function moveHolders(first: usize, end: usize, change: f64): void {
  const holders = slotAccount;
  const quantities = slotQuantity;
  const sums = profit;
  const flags = accountIsDirty;
  for (let slot = first; slot < end; slot++) {
    const account = <usize>load<i32>(holders + (slot << 2));
    const sum = sums + (account << 3);
    store<f64>(sum, load<f64>(sum) + <f64>load<f32>(quantities + (slot << 2)) * change);
    store<u8>(flags + account, 1);
  }
}

function moveWideHolders(first: usize, end: usize, change: f64): void {
  for (let slot = first; slot < end; slot++) {
    const account = <usize>load<i32>(slotAccount + (slot << 2));
    const sum = profit + (account << 3);
    store<f64>(sum, load<f64>(sum) + load<f64>(slotK + (slot << 3)) * change);
    store<u8>(accountIsDirty + account, 1);
  }
}

/** A new last price (scaled; NaN when it is gone). Walks the instrument's holders once. */
export function tick(instrument: i32, newPrice: f64): void {
  const at = price + ((<usize>instrument) << 3);
  const oldPrice = load<f64>(at);
  store<f64>(at, newPrice);
  const first = <usize>load<i32>(slotStart + ((<usize>instrument) << 2));
  const end = first + <usize>load<i32>(slotCount + ((<usize>instrument) << 2));
  if (oldPrice == oldPrice && newPrice == newPrice) {
    const change = newPrice - oldPrice;
    if (change == 0) return;
    if (load<i32>(wideCount + ((<usize>instrument) << 2)) == 0) moveHolders(first, end, change);
    else moveWideHolders(first, end, change);
  } else if (oldPrice == oldPrice || newPrice == newPrice) {
    const appears = newPrice == newPrice;
    const mark = appears ? newPrice : oldPrice;
    for (let slot = first; slot < end; slot++) {
      const k = load<f64>(slotK + (slot << 3));
      const c = load<f64>(slotC + (slot << 3));
      const account = load<i32>(slotAccount + (slot << 2));
      // A flat net needs no price, though margins on both its sides may; one without a reference stays unknown.
      store<u8>(accountIsDirty + account, 1);
      if (k == 0 || c != c) continue;
      const sum = profit + ((<usize>account) << 3);
      const count = unknownCount + ((<usize>account) << 2);
      const value = k * mark - c;
      store<f64>(sum, appears ? load<f64>(sum) + value : load<f64>(sum) - value);
      store<i32>(count, load<i32>(count) + (appears ? -1 : 1));
      touchAccount(account);
    }
  }
  if (load<i32>(movingCount + ((<usize>instrument) << 2)) > 0) {
    const flag = instrumentIsMoved + instrument;
    store<i32>(movedInstruments + ((<usize>movedInstrumentCount) << 2), instrument);
    movedInstrumentCount += 1 - <i32>load<u8>(flag);
    store<u8>(flag, 1);
  }
}

/** Ticks of a batch in order: `instruments` i32 and `prices` f64 (scaled). */
export function tickMany(instruments: usize, prices: usize, count: i32): void {
  for (let i = 0; i < count; i++) tick(load<i32>(instruments + ((<usize>i) << 2)), load<f64>(prices + ((<usize>i) << 3)));
}

function addContribution(account: i32, k: f64, c: f64, mark: f64, direction: f64, step: i32): void {
  if (k == 0 && c == 0) return;
  const value = k == 0 ? -c : k * mark - c;
  if (value == value) {
    const sum = profit + ((<usize>account) << 3);
    store<f64>(sum, load<f64>(sum) + direction * value);
  } else {
    const count = unknownCount + ((<usize>account) << 2);
    store<i32>(count, load<i32>(count) + step);
  }
}

function isWide(k: f64): i32 {
  return <i32>(<f64>(<f32>k) != k);
}

/** Counts a slot's cost in (`step` 1) or out (-1) of what no price moves. */
function addCost(account: usize, c: f64, step: i32): void {
  if (c == c) {
    const sum = accountCost + (account << 3);
    store<f64>(sum, load<f64>(sum) + c * <f64>step);
  } else {
    const count = unknownCosts + (account << 2);
    store<i32>(count, load<i32>(count) + step);
  }
}

/** Replaces the net quantity and cost of a slot and moves its account's sum by the difference. A quantity with an unknown cost is 0. */
export function setSlot(instrument: i32, slot: i32, k: f64, c: f64): void {
  const account = load<i32>(slotAccount + ((<usize>slot) << 2));
  const kAt = slotK + ((<usize>slot) << 3);
  const cAt = slotC + ((<usize>slot) << 3);
  const mark = load<f64>(price + ((<usize>instrument) << 3));
  const oldK = load<f64>(kAt);
  const oldC = load<f64>(cAt);
  addContribution(account, oldK, oldC, mark, -1, -1);
  addCost(account, oldC, -1);
  store<f64>(kAt, k);
  store<f64>(cAt, c);
  store<f32>(slotQuantity + ((<usize>slot) << 2), <f32>k);
  addContribution(account, k, c, mark, 1, 1);
  addCost(account, c, 1);
  const wideAt = wideCount + ((<usize>instrument) << 2);
  store<i32>(wideAt, load<i32>(wideAt) + isWide(k) - isWide(oldK));
  touchAccount(account);
}

function aggregate(method: u8, long: f64, short: f64): f64 {
  return method == 0 ? max<f64>(long, short) : method == 1 ? long + short : NaN;
}

/** Adds slope x price to four sides; a side without a slope needs no price. */
function addSlopes(sides: usize, slopes: usize, mark: f64): void {
  if (mark == mark) {
    const marks = f64x2.splat(mark);
    v128.store(sides, f64x2.add(v128.load(sides), f64x2.mul(v128.load(slopes), marks)));
    v128.store(sides, f64x2.add(v128.load(sides, 16), f64x2.mul(v128.load(slopes, 16), marks)), 16);
    return;
  }
  for (let side: usize = 0; side < 32; side += 8) {
    if (load<f64>(slopes + side) != 0) store<f64>(sides + side, NaN);
  }
}

/** Margin of a group from its four sides; a group without any has none, whatever its method. */
function storeGroupMargin(group: usize): void {
  const sides = groupSides + (group << 5);
  const long = load<f64>(sides);
  const short = load<f64>(sides, 8);
  const exchangeLong = load<f64>(sides, 16);
  const exchangeShort = load<f64>(sides, 24);
  const at = groupMargin + (group << 4);
  const isEmpty = long == 0 && short == 0 && exchangeLong == 0 && exchangeShort == 0;
  const method = load<u8>(groupMethod + group);
  store<f64>(at, isEmpty ? 0 : aggregate(method, long, short));
  store<f64>(at, isEmpty ? 0 : aggregate(method, exchangeLong, exchangeShort), 8);
}

/** One touched group from its entries: fixed sides first, then the moving ones in the order of their numbers, as the full pass adds them. */
function recomputeGroup(group: i32): void {
  const fixed = groupFixed + ((<usize>group) << 5);
  const sides = groupSides + ((<usize>group) << 5);
  memory.fill(fixed, 0, 32);
  let entry = load<i32>(groupHead + ((<usize>group) << 2));
  while (entry >= 0) {
    const at = entryFixed + ((<usize>entry) << 5);
    v128.store(fixed, f64x2.add(v128.load(fixed), v128.load(at)));
    v128.store(fixed, f64x2.add(v128.load(fixed, 16), v128.load(at, 16)), 16);
    entry = load<i32>(entryNext + ((<usize>entry) << 2));
  }
  v128.store(sides, v128.load(fixed));
  v128.store(sides, v128.load(fixed, 16), 16);
  entry = load<i32>(groupHead + ((<usize>group) << 2));
  while (entry >= 0) {
    if (load<u8>(entryIsMoving + entry)) {
      const mark = load<f64>(price + ((<usize>load<i32>(entryInstrument + ((<usize>entry) << 2))) << 3));
      addSlopes(sides, entrySlope + ((<usize>entry) << 5), mark);
    }
    entry = load<i32>(entryNext + ((<usize>entry) << 2));
  }
  storeGroupMargin(group);
  store<u8>(groupIsDirty + group, 0);
}

function recomputeDirtyGroups(): void {
  for (let i = 0; i < dirtyGroupCount; i++) recomputeGroup(load<i32>(dirtyGroups + ((<usize>i) << 2)));
  dirtyGroupCount = 0;
}

function sumAccountMargin(account: usize): void {
  let company: f64 = 0;
  let exchange: f64 = 0;
  let group = load<i32>(accountGroupHead + (account << 2));
  while (group >= 0) {
    const at = groupMargin + ((<usize>group) << 4);
    company += load<f64>(at);
    exchange += load<f64>(at, 8);
    group = load<i32>(groupNext + ((<usize>group) << 2));
  }
  store<f64>(margin + (account << 3), company);
  store<f64>(exchangeMargin + (account << 3), exchange);
}

/** All moving margins in one pass over the entries, then groups into accounts; the sums come out to the last bit as group by group. */
function sumMovingMargins(entries: i32, groups: i32, accounts: i32): void {
  memory.copy(groupSides, groupFixed, (<usize>groups) << 5);
  for (let entry: usize = 0; entry < <usize>entries; entry++) {
    if (!load<u8>(entryIsMoving + entry)) continue;
    const mark = load<f64>(price + ((<usize>load<i32>(entryInstrument + (entry << 2))) << 3));
    addSlopes(groupSides + ((<usize>load<i32>(entryGroup + (entry << 2))) << 5), entrySlope + (entry << 5), mark);
  }
  memory.fill(margin, 0, (<usize>accounts) << 3);
  memory.fill(exchangeMargin, 0, (<usize>accounts) << 3);
  for (let group: usize = 0; group < <usize>groups; group++) {
    storeGroupMargin(group);
    const at = groupMargin + (group << 4);
    const account = (<usize>load<i32>(groupAccount + (group << 2))) << 3;
    store<f64>(margin + account, load<f64>(margin + account) + load<f64>(at));
    store<f64>(exchangeMargin + account, load<f64>(exchangeMargin + account) + load<f64>(at, 8));
  }
}

/** Equity of two accounts side by side, and whether it is inside their calm ranges. */
function equityOfPair(sums: usize, bases: usize, balances: usize, lows: usize, highs: usize): v128 {
  const money = f64x2.add(v128.load(bases), f64x2.div(f64x2.nearest(v128.load(sums)), f64x2.splat(SCALE)));
  v128.store(balances, money);
  return v128.and(f64x2.gt(money, v128.load(lows)), f64x2.lt(money, v128.load(highs)));
}

/**
 * Equity of every account that moved, and whether it left its band; answers how many moved. Eight accounts at once, in pairs whose divisions overlap: what
 * did not move beside what did is computed again to the same figure, which is cheaper than asking about it. `isEveryMarginNew`: all margins were summed again.
 */
function evaluateAccounts(accounts: i32, isEveryMarginNew: bool): i32 {
  const dirtyFlags = accountIsDirty;
  const marginFlags = accountMarginIsDirty;
  const sums = profit;
  const bases = base;
  const balances = balance;
  const lows = calmLow;
  const highs = calmHigh;
  let moved: i64 = 0;
  for (let first: usize = 0; first < <usize>accounts; first += 8) {
    const dirty = load<i64>(dirtyFlags + first);
    if (dirty == 0) continue;
    moved += popcnt<i64>(dirty);
    const end = min<usize>(first + 8, <usize>accounts);
    if (load<i64>(marginFlags + first) != 0 && !isEveryMarginNew) {
      for (let account = first; account < end; account++) {
        if (!load<u8>(marginFlags + account)) continue;
        sumAccountMargin(account);
        touchBand(account);
      }
    }
    const at = first << 3;
    const calm0 = equityOfPair(sums + at, bases + at, balances + at, lows + at, highs + at);
    const calm1 = equityOfPair(sums + at + 16, bases + at + 16, balances + at + 16, lows + at + 16, highs + at + 16);
    const calm2 = equityOfPair(sums + at + 32, bases + at + 32, balances + at + 32, lows + at + 32, highs + at + 32);
    const calm3 = equityOfPair(sums + at + 48, bases + at + 48, balances + at + 48, lows + at + 48, highs + at + 48);
    if (isEveryMarginNew || !v128.all_true<i64>(v128.and(v128.and(calm0, calm1), v128.and(calm2, calm3)))) {
      for (let account = first; account < end; account++) if (load<u8>(dirtyFlags + account)) judge(account, isEveryMarginNew);
    }
    store<i64>(dirtyFlags + first, 0);
    store<i64>(marginFlags + first, 0);
  }
  return <i32>moved;
}

/** Whether a moved account left its band: lists it if so, else works out how far its equity may move before it has to be asked again. */
function judge(account: usize, isMarginNew: bool): void {
  // Listed until it is taken, whatever it does meanwhile.
  if (load<u8>(accountIsCrossed + account)) return;
  const at = account << 3;
  const money = load<f64>(balance + at);
  const used = load<f64>(margin + at);
  const usedAtExchange = load<f64>(exchangeMargin + at);
  const low = bandLow + account * 24;
  const high = bandHigh + account * 24;
  let isInside: bool;
  // A comparison with NaN is false: unknown equity has no degree either.
  if (money > 0) isInside = isInBands(low, high, used / money, usedAtExchange / money, money);
  else {
    // Margin against exactly no equity is a debt in the making: it counts as just below zero.
    const equity = money == 0 && used > 0 ? -f64.MIN_VALUE : money;
    isInside = isInBands(low, high, degreeWithoutEquity(used, money), degreeWithoutEquity(usedAtExchange, money), equity);
  }
  if (!isInside) {
    store<i32>(crossedAccounts + ((<usize>crossedAccountCount) << 2), <i32>account);
    crossedAccountCount++;
    store<u8>(accountIsCrossed + account, 1);
    store<f64>(calmLow + at, -Infinity);
    store<f64>(calmHigh + at, Infinity);
  } else if (isMarginNew || load<u8>(accountMarginIsDirty + account)) {
    // Margins that follow the price are other ones with the next tick: nothing is worked out for them.
    store<f64>(calmLow + at, NaN);
  } else storeCalm(at, low, high, used, usedAtExchange);
}

/** Where a degree passes a limit is known only as well as a division rounds; between that and the calm range the band itself is asked. */
const ROUNDING: f64 = 1e-12;

/**
 * The range of equity in which an account with these margins stays inside the band that it is inside of now: a degree below `high` is an equity above
 * margin / high, one of at least `low` an equity of at most margin / low. Only above zero, where a degree is a quotient. Unknown margins stay as they are.
 */
function storeCalm(at: usize, low: usize, high: usize, used: f64, usedAtExchange: f64): void {
  // Negative prices can make negative margins, for which more equity is a higher degree: no range for those.
  if (used < 0 || usedAtExchange < 0) {
    store<f64>(calmLow + at, NaN);
    return;
  }
  const above = max<f64>(equityAt(used, load<f64>(high), 0), equityAt(usedAtExchange, load<f64>(high, 8), 0)) * (1 + ROUNDING);
  const below = min<f64>(equityAt(used, load<f64>(low), Infinity), equityAt(usedAtExchange, load<f64>(low, 8), Infinity)) * (1 - ROUNDING);
  const floor = load<f64>(low, 16);
  const ceiling = load<f64>(high, 16);
  store<f64>(calmLow + at, max<f64>(above, floor));
  store<f64>(calmHigh + at, ceiling == ceiling ? min<f64>(below, ceiling) : below);
}

/** The equity at which the degree is `limit`; `otherwise` without a limit above zero, or without margin to be known. */
function equityAt(used: f64, limit: f64, otherwise: f64): f64 {
  return limit > 0 && used == used ? used / limit : otherwise;
}

/**
 * What nobody asks for with every tick: position profit, available and both degrees of every account, from what the last evaluation left. The host asks for
 * it when it reads one of them.
 */
export function settle(accounts: i32): void {
  const sums = profit;
  const unknowns = unknownCount;
  const inputs = accountInput;
  const rules = accountRule;
  const margins = margin;
  const exchangeMargins = exchangeMargin;
  const balances = balance;
  for (let account: usize = 0; account < <usize>accounts; account++) {
    const at = account << 3;
    const pp = load<i32>(unknowns + (account << 2)) > 0 ? NaN : nearest<f64>(load<f64>(sums + at)) / SCALE;
    store<f64>(positionProfit + at, pp);
    const money = load<f64>(balances + at);
    const used = load<f64>(margins + at);
    let free: f64 = NaN;
    const rule = load<u8>(rules + account);
    if (rule != 255) {
      const input = inputs + account * 24;
      const algorithm = rule & 3;
      const excluded = algorithm == 0 ? 0.0 : algorithm == 1 ? max<f64>(pp, 0) : algorithm == 2 ? min<f64>(pp, 0) : pp;
      const closed = (rule & 4) == 0 ? 0.0 : max<f64>(load<f64>(input, 16), 0);
      free = money - used - load<f64>(input, 8) - (excluded + closed);
    }
    store<f64>(available + at, free);
    const hasDegree = money > 0;
    store<f64>(degree + at, hasDegree ? used / money : NaN);
    store<f64>(exchangeDegree + at, hasDegree ? load<f64>(exchangeMargins + at) / money : NaN);
  }
}

function isInBands(low: usize, high: usize, company: f64, exchange: f64, equity: f64): bool {
  return (
    isInBand(company, load<f64>(low), load<f64>(high)) &&
    isInBand(exchange, load<f64>(low, 8), load<f64>(high, 8)) &&
    isInBand(equity, load<f64>(low, 16), load<f64>(high, 16))
  );
}

/** As the watch reads it: without equity any margin is infinitely much of it, no margin is none; unknown stays unknown. */
function degreeWithoutEquity(used: f64, money: f64): f64 {
  if (used != used || money != money) return NaN;
  return used > 0 ? Infinity : 0;
}

/** Whether a figure is where the watch saw it last: low <= value < high, or unknown as it was. */
function isInBand(value: f64, low: f64, high: f64): bool {
  return (value >= low && !(value >= high)) || (value != value && low != low);
}

/** Empties the list of accounts that left their band and returns how many there were; they stay readable until the next evaluation. */
export function takeCrossed(): i32 {
  const count = crossedAccountCount;
  for (let i = 0; i < count; i++) {
    const account = <usize>load<i32>(crossedAccounts + ((<usize>i) << 2));
    store<u8>(accountIsCrossed + account, 0);
    store<f64>(calmLow + (account << 3), NaN);
  }
  crossedAccountCount = 0;
  return count;
}

/**
 * Brings equity and margins of every touched account up to date and looks at their bands; returns how many accounts there were.
 * New prices of instruments with moving margins touch their groups here, once per message however many ticks there were; when that would
 * be a good part of all groups, one pass over everything is cheaper.
 */
export function evaluate(entries: i32, groups: i32, accounts: i32): i32 {
  let holders = 0;
  for (let i = 0; i < movedInstrumentCount; i++) {
    const instrument = <usize>load<i32>(movedInstruments + ((<usize>i) << 2));
    holders += load<i32>(slotCount + (instrument << 2));
    store<u8>(instrumentIsMoved + instrument, 0);
  }
  const isFullPass = holders > entries >> 3;
  if (!isFullPass) {
    for (let i = 0; i < movedInstrumentCount; i++) {
      const instrument = <usize>load<i32>(movedInstruments + ((<usize>i) << 2));
      const first = <usize>load<i32>(slotStart + (instrument << 2));
      const end = first + <usize>load<i32>(slotCount + (instrument << 2));
      for (let slot = first; slot < end; slot++) {
        const group = load<i32>(slotMovingGroup + (slot << 2));
        if (group >= 0) touchGroup(group);
      }
    }
  }
  movedInstrumentCount = 0;
  recomputeDirtyGroups();
  if (isFullPass) sumMovingMargins(entries, groups, accounts);
  return evaluateAccounts(accounts, isFullPass);
}

/**
 * Every profit sum again: quantity x price of each slot, less the costs, which no price moves and which are therefore kept per account. A large book is
 * read from memory: eight bytes a slot instead of twenty are what a full pass costs there.
 */
function sumProfits(instruments: i32, accounts: i32): void {
  const sums = profit;
  const holders = slotAccount;
  for (let account: usize = 0; account < <usize>accounts; account++) {
    const at = account << 3;
    store<f64>(sums + at, 0.0 - load<f64>(accountCost + at));
  }
  memory.copy(unknownCount, unknownCosts, (<usize>accounts) << 2);
  for (let instrument = 0; instrument < instruments; instrument++) {
    const mark = load<f64>(price + ((<usize>instrument) << 3));
    const first = <usize>load<i32>(slotStart + ((<usize>instrument) << 2));
    const end = first + <usize>load<i32>(slotCount + ((<usize>instrument) << 2));
    if (mark != mark) takeOutUnpriced(first, end);
    else if (load<i32>(wideCount + ((<usize>instrument) << 2)) == 0) {
      const quantities = slotQuantity;
      for (let slot = first; slot < end; slot++) {
        const sum = sums + ((<usize>load<i32>(holders + (slot << 2))) << 3);
        store<f64>(sum, load<f64>(sum) + <f64>load<f32>(quantities + (slot << 2)) * mark);
      }
    } else {
      for (let slot = first; slot < end; slot++) {
        const sum = sums + ((<usize>load<i32>(holders + (slot << 2))) << 3);
        store<f64>(sum, load<f64>(sum) + load<f64>(slotK + (slot << 3)) * mark);
      }
    }
  }
}

/** Without a price a slot with a quantity is unknown: its cost is no part of the sum then. */
function takeOutUnpriced(first: usize, end: usize): void {
  for (let slot = first; slot < end; slot++) {
    if (load<f64>(slotK + (slot << 3)) == 0) continue;
    const account = <usize>load<i32>(slotAccount + (slot << 2));
    const sum = profit + (account << 3);
    const unknowns = unknownCount + (account << 2);
    store<f64>(sum, load<f64>(sum) + load<f64>(slotC + (slot << 3)));
    store<i32>(unknowns, load<i32>(unknowns) + 1);
  }
}

/**
 * The whole book: profit of every pair, every margin that follows a price, equity, available and both degrees of every account.
 * Margins at prices that do not move (pre-settlement, open) are kept per group and recomputed only when positions or rates change.
 */
export function revalueAll(instruments: i32, entries: i32, groups: i32, accounts: i32): void {
  sumProfits(instruments, accounts);
  recomputeDirtyGroups();
  let moving = 0;
  for (let instrument = 0; instrument < instruments; instrument++) {
    moving += load<i32>(movingCount + ((<usize>instrument) << 2));
    store<u8>(instrumentIsMoved + instrument, 0);
  }
  movedInstrumentCount = 0;
  if (moving > 0) sumMovingMargins(entries, groups, accounts);
  for (let account: usize = 0; account < <usize>accounts; account++) storeBase(account);
  memory.fill(accountIsDirty, 1, accounts);
  evaluateAccounts(accounts, moving > 0);
  settle(accounts);
}
