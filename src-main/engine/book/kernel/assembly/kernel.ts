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
// Slots: one per (instrument, account), grouped by instrument, with spare room after each group.
let slotAccount: usize = 0; // i32
let slotK: usize = 0; // f64, net volume x multiplier
let slotC: usize = 0; // f64, scaled signed by-date cost; NaN when the reference is unknown
let slotEntry: usize = 0; // i32
// Entries: the margin side of the same pairs, by stable number.
let entryInstrument: usize = 0; // i32
let entryGroup: usize = 0; // i32, -1 when the entry is not in use
let entryNext: usize = 0; // i32, next entry of the group or -1
let entryMargin: usize = 0; // 8 x f64: company long (fixed, per price), company short, exchange long, exchange short
// Groups: one per (account, product) or (account, instrument), by the aggregation method.
let groupAccount: usize = 0; // i32
let groupNext: usize = 0; // i32, next group of the account or -1
let groupHead: usize = 0; // i32, first entry or -1
let groupMethod: usize = 0; // u8: 0 big side, 1 plain sum, 2 unknown
let groupIsDirty: usize = 0; // u8
let groupMargin: usize = 0; // 2 x f64: company, exchange
let dirtyGroups: usize = 0; // i32 list
let groupSides: usize = 0; // 4 x f64, scratch of the full pass
// Accounts.
let profit: usize = 0; // f64, scaled
let unknownCount: usize = 0; // i32, entries without a price or a reference
let accountGroupHead: usize = 0; // i32
let accountInput: usize = 0; // 3 x f64: equity before positions, held back, close profit
let accountRule: usize = 0; // u8: algorithm 0 all 1 onlyLost 2 onlyGain 3 none 255 unknown; +4 when close profit is not included
let accountIsDirty: usize = 0; // u8
let accountMarginIsDirty: usize = 0; // u8
let dirtyAccounts: usize = 0; // i32 list
let margin: usize = 0;
let exchangeMargin: usize = 0;
let positionProfit: usize = 0;
let balance: usize = 0;
let available: usize = 0;
let degree: usize = 0;
let exchangeDegree: usize = 0;

let dirtyAccountCount: i32 = 0;
let dirtyGroupCount: i32 = 0;

/** Reads the 37 column offsets from `table` (u32 each), in the order of the declarations above. */
export function bind(table: usize): void {
  price = load<u32>(table);
  slotStart = load<u32>(table, 4);
  slotCount = load<u32>(table, 8);
  movingCount = load<u32>(table, 12);
  slotAccount = load<u32>(table, 16);
  slotK = load<u32>(table, 20);
  slotC = load<u32>(table, 24);
  slotEntry = load<u32>(table, 28);
  entryInstrument = load<u32>(table, 32);
  entryGroup = load<u32>(table, 36);
  entryNext = load<u32>(table, 40);
  entryMargin = load<u32>(table, 44);
  groupAccount = load<u32>(table, 48);
  groupNext = load<u32>(table, 52);
  groupHead = load<u32>(table, 56);
  groupMethod = load<u32>(table, 60);
  groupIsDirty = load<u32>(table, 64);
  groupMargin = load<u32>(table, 68);
  dirtyGroups = load<u32>(table, 72);
  groupSides = load<u32>(table, 76);
  profit = load<u32>(table, 80);
  unknownCount = load<u32>(table, 84);
  accountGroupHead = load<u32>(table, 88);
  accountInput = load<u32>(table, 92);
  accountRule = load<u32>(table, 96);
  accountIsDirty = load<u32>(table, 100);
  accountMarginIsDirty = load<u32>(table, 104);
  dirtyAccounts = load<u32>(table, 108);
  margin = load<u32>(table, 112);
  exchangeMargin = load<u32>(table, 116);
  positionProfit = load<u32>(table, 120);
  balance = load<u32>(table, 124);
  available = load<u32>(table, 128);
  degree = load<u32>(table, 132);
  exchangeDegree = load<u32>(table, 136);
}

function markAccount(account: i32): void {
  // Without a branch: the list slot is written each time, the count moves only for a first mark.
  const flag = accountIsDirty + account;
  store<i32>(dirtyAccounts + ((<usize>dirtyAccountCount) << 2), account);
  dirtyAccountCount += 1 - <i32>load<u8>(flag);
  store<u8>(flag, 1);
}

export function touchAccount(account: i32): void {
  markAccount(account);
}

export function touchAccountMargin(account: i32): void {
  store<u8>(accountMarginIsDirty + account, 1);
  markAccount(account);
}

export function touchGroup(group: i32): void {
  const flag = groupIsDirty + group;
  if (load<u8>(flag)) return;
  store<u8>(flag, 1);
  store<i32>(dirtyGroups + ((<usize>dirtyGroupCount) << 2), group);
  dirtyGroupCount++;
  touchAccountMargin(load<i32>(groupAccount + ((<usize>group) << 2)));
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
    let count = dirtyAccountCount;
    for (let slot = first; slot < end; slot++) {
      const account = <usize>load<i32>(slotAccount + (slot << 2));
      const sum = profit + (account << 3);
      store<f64>(sum, load<f64>(sum) + load<f64>(slotK + (slot << 3)) * change);
      const flag = accountIsDirty + account;
      store<i32>(dirtyAccounts + ((<usize>count) << 2), <i32>account);
      count += 1 - <i32>load<u8>(flag);
      store<u8>(flag, 1);
    }
    dirtyAccountCount = count;
  } else if (oldPrice == oldPrice || newPrice == newPrice) {
    const appears = newPrice == newPrice;
    const mark = appears ? newPrice : oldPrice;
    for (let slot = first; slot < end; slot++) {
      const k = load<f64>(slotK + (slot << 3));
      const c = load<f64>(slotC + (slot << 3));
      if (k == 0 || c != c) continue; // a flat net needs no price; one without a reference stays unknown
      const account = load<i32>(slotAccount + (slot << 2));
      const sum = profit + ((<usize>account) << 3);
      const count = unknownCount + ((<usize>account) << 2);
      const value = k * mark - c;
      store<f64>(sum, appears ? load<f64>(sum) + value : load<f64>(sum) - value);
      store<i32>(count, load<i32>(count) + (appears ? -1 : 1));
      markAccount(account);
    }
  }
  if (load<i32>(movingCount + ((<usize>instrument) << 2)) > 0) {
    for (let slot = first; slot < end; slot++) {
      const entry = load<i32>(slotEntry + (slot << 2));
      if (isMoving(entry)) touchGroup(load<i32>(entryGroup + ((<usize>entry) << 2)));
    }
  }
}

/** Ticks of a batch in order: `instruments` i32 and `prices` f64 (scaled). */
export function tickMany(instruments: usize, prices: usize, count: i32): void {
  for (let i = 0; i < count; i++) tick(load<i32>(instruments + ((<usize>i) << 2)), load<f64>(prices + ((<usize>i) << 3)));
}

function isMoving(entry: i32): bool {
  const at = entryMargin + ((<usize>entry) << 6);
  // A NaN rate compares unequal to zero and is moving too, which only costs time.
  return load<f64>(at, 8) != 0 || load<f64>(at, 24) != 0 || load<f64>(at, 40) != 0 || load<f64>(at, 56) != 0;
}

export function entryIsMoving(entry: i32): i32 {
  return isMoving(entry) ? 1 : 0;
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

/** Replaces the net quantity and cost of a slot and moves its account's sum by the difference. */
export function setSlot(instrument: i32, slot: i32, k: f64, c: f64): void {
  const account = load<i32>(slotAccount + ((<usize>slot) << 2));
  const kAt = slotK + ((<usize>slot) << 3);
  const cAt = slotC + ((<usize>slot) << 3);
  const mark = load<f64>(price + ((<usize>instrument) << 3));
  addContribution(account, load<f64>(kAt), load<f64>(cAt), mark, -1, -1);
  store<f64>(kAt, k);
  store<f64>(cAt, c);
  addContribution(account, k, c, mark, 1, 1);
  markAccount(account);
}

function sideAt(at: usize, mark: f64): f64 {
  const slope = load<f64>(at, 8);
  return slope == 0 ? load<f64>(at) : load<f64>(at) + slope * mark;
}

function aggregate(method: u8, long: f64, short: f64): f64 {
  return method == 0 ? max<f64>(long, short) : method == 1 ? long + short : NaN;
}

function recomputeGroup(group: i32): void {
  let long: f64 = 0;
  let short: f64 = 0;
  let exchangeLong: f64 = 0;
  let exchangeShort: f64 = 0;
  let entry = load<i32>(groupHead + ((<usize>group) << 2));
  let isEmpty = true;
  while (entry >= 0) {
    const mark = load<f64>(price + ((<usize>load<i32>(entryInstrument + ((<usize>entry) << 2))) << 3));
    const at = entryMargin + ((<usize>entry) << 6);
    const a = sideAt(at, mark);
    const b = sideAt(at + 16, mark);
    const x = sideAt(at + 32, mark);
    const y = sideAt(at + 48, mark);
    if (a != 0 || b != 0 || x != 0 || y != 0) isEmpty = false;
    long += a;
    short += b;
    exchangeLong += x;
    exchangeShort += y;
    entry = load<i32>(entryNext + ((<usize>entry) << 2));
  }
  const method = load<u8>(groupMethod + group);
  const at = groupMargin + ((<usize>group) << 4);
  store<f64>(at, isEmpty ? 0 : aggregate(method, long, short));
  store<f64>(at, isEmpty ? 0 : aggregate(method, exchangeLong, exchangeShort), 8);
  store<u8>(groupIsDirty + group, 0);
}

function sumAccountMargin(account: i32): void {
  let company: f64 = 0;
  let exchange: f64 = 0;
  let group = load<i32>(accountGroupHead + ((<usize>account) << 2));
  while (group >= 0) {
    const at = groupMargin + ((<usize>group) << 4);
    company += load<f64>(at);
    exchange += load<f64>(at, 8);
    group = load<i32>(groupNext + ((<usize>group) << 2));
  }
  store<f64>(margin + ((<usize>account) << 3), company);
  store<f64>(exchangeMargin + ((<usize>account) << 3), exchange);
  store<u8>(accountMarginIsDirty + account, 0);
}

function derive(account: i32): void {
  const at = (<usize>account) << 3;
  const pp = load<i32>(unknownCount + ((<usize>account) << 2)) > 0 ? NaN : nearest<f64>(load<f64>(profit + at)) / SCALE;
  const input = accountInput + <usize>account * 24;
  const money = load<f64>(input) + pp;
  const used = load<f64>(margin + at);
  store<f64>(positionProfit + at, pp);
  store<f64>(balance + at, money);
  const rule = load<u8>(accountRule + account);
  let free: f64 = NaN;
  if (rule != 255) {
    const algorithm = rule & 3;
    const excluded = algorithm == 0 ? 0.0 : algorithm == 1 ? max<f64>(pp, 0) : algorithm == 2 ? min<f64>(pp, 0) : pp;
    const closed = (rule & 4) == 0 ? 0.0 : max<f64>(load<f64>(input, 16), 0);
    free = money - used - load<f64>(input, 8) - (excluded + closed);
  }
  store<f64>(available + at, free);
  // A comparison with NaN is false, so unknown equity has no degree either.
  store<f64>(degree + at, money > 0 ? used / money : NaN);
  store<f64>(exchangeDegree + at, money > 0 ? load<f64>(exchangeMargin + at) / money : NaN);
}

/** Brings every touched account up to date; returns how many there are, listed in `dirtyAccounts` until the next call that marks one. */
export function evaluate(): i32 {
  for (let i = 0; i < dirtyGroupCount; i++) recomputeGroup(load<i32>(dirtyGroups + ((<usize>i) << 2)));
  dirtyGroupCount = 0;
  const count = dirtyAccountCount;
  for (let i = 0; i < count; i++) {
    const account = load<i32>(dirtyAccounts + ((<usize>i) << 2));
    if (load<u8>(accountMarginIsDirty + account)) sumAccountMargin(account);
    derive(account);
    store<u8>(accountIsDirty + account, 0);
  }
  dirtyAccountCount = 0;
  return count;
}

/** Every profit sum again from its slots. */
function sumProfits(instruments: i32, accounts: i32): void {
  memory.fill(profit, 0, (<usize>accounts) << 3);
  memory.fill(unknownCount, 0, (<usize>accounts) << 2);
  for (let instrument = 0; instrument < instruments; instrument++) {
    const mark = load<f64>(price + ((<usize>instrument) << 3));
    const first = <usize>load<i32>(slotStart + ((<usize>instrument) << 2));
    const end = first + <usize>load<i32>(slotCount + ((<usize>instrument) << 2));
    if (mark == mark) {
      for (let slot = first; slot < end; slot++) {
        const account = <usize>load<i32>(slotAccount + (slot << 2));
        const value = load<f64>(slotK + (slot << 3)) * mark - load<f64>(slotC + (slot << 3));
        if (value == value) {
          const sum = profit + (account << 3);
          store<f64>(sum, load<f64>(sum) + value);
        } else {
          const unknowns = unknownCount + (account << 2);
          store<i32>(unknowns, load<i32>(unknowns) + 1);
        }
      }
    } else {
      for (let slot = first; slot < end; slot++) {
        addContribution(load<i32>(slotAccount + (slot << 2)), load<f64>(slotK + (slot << 3)), load<f64>(slotC + (slot << 3)), mark, 1, 1);
      }
    }
  }
}

/** Every side, group and account margin again, in one pass over the entries. */
function sumMargins(entries: i32, groups: i32, accounts: i32): void {
  memory.fill(groupSides, 0, (<usize>groups) << 5);
  for (let entry = 0; entry < entries; entry++) {
    const group = load<i32>(entryGroup + ((<usize>entry) << 2));
    if (group < 0) continue;
    const mark = load<f64>(price + ((<usize>load<i32>(entryInstrument + ((<usize>entry) << 2))) << 3));
    const at = entryMargin + ((<usize>entry) << 6);
    const sides = groupSides + ((<usize>group) << 5);
    store<f64>(sides, load<f64>(sides) + sideAt(at, mark));
    store<f64>(sides, load<f64>(sides, 8) + sideAt(at + 16, mark), 8);
    store<f64>(sides, load<f64>(sides, 16) + sideAt(at + 32, mark), 16);
    store<f64>(sides, load<f64>(sides, 24) + sideAt(at + 48, mark), 24);
  }
  memory.fill(margin, 0, (<usize>accounts) << 3);
  memory.fill(exchangeMargin, 0, (<usize>accounts) << 3);
  for (let group = 0; group < groups; group++) {
    const sides = groupSides + ((<usize>group) << 5);
    const long = load<f64>(sides);
    const short = load<f64>(sides, 8);
    const exchangeLong = load<f64>(sides, 16);
    const exchangeShort = load<f64>(sides, 24);
    const at = groupMargin + ((<usize>group) << 4);
    const account = (<usize>load<i32>(groupAccount + ((<usize>group) << 2))) << 3;
    const method = load<u8>(groupMethod + group);
    const isEmpty = long == 0 && short == 0 && exchangeLong == 0 && exchangeShort == 0;
    const company = isEmpty ? 0 : aggregate(method, long, short);
    const exchange = isEmpty ? 0 : aggregate(method, exchangeLong, exchangeShort);
    store<f64>(at, company);
    store<f64>(at, exchange, 8);
    store<f64>(margin + account, load<f64>(margin + account) + company);
    store<f64>(exchangeMargin + account, load<f64>(exchangeMargin + account) + exchange);
    store<u8>(groupIsDirty + group, 0);
  }
}

/** The whole book in full: P&L of every pair, margin of every side, equity, available and both degrees of every account. */
export function revalueAll(instruments: i32, entries: i32, groups: i32, accounts: i32): void {
  sumProfits(instruments, accounts);
  sumMargins(entries, groups, accounts);
  for (let account = 0; account < accounts; account++) {
    derive(account);
    store<u8>(accountIsDirty + account, 0);
    store<u8>(accountMarginIsDirty + account, 0);
  }
  dirtyAccountCount = 0;
  dirtyGroupCount = 0;
}
