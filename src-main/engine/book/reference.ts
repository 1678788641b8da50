/** Reference data of all feeds by business key, and the rates in force resolved once per distinct question. */
import type { OwnRow } from '#shared/desk/reference-rows/own-row';
import { type MergedInstrument, mergeInstrument } from '#shared/desk/reference-rows/precedence';
import type { ItemsEvent } from '#shared/feed/intake';
import type {
  AccountMaster,
  Calendar,
  CommissionRate,
  ControlGroup,
  Department,
  HedgeFlag,
  MarginRate,
  PositionLimit,
  ReferenceItem,
  Session,
} from '#shared/feed/items';
import type { RefusedItem } from '#shared/feed/refused';
import type { Known } from '#shared/market/known';
import type { MarginRatePair } from '#shared/market/margin';
import { marginRateOf, type RateQuery, selectCommissionRate, selectMarginRateRow } from '#shared/market/rates';
import type { Reason } from '#shared/market/reason';
import { KeyedItems, keep } from './keyed-items';
import { OwnRows } from './own-rows';
import { CONFLICTING_KINDS, referenceKey, SIDE_RULE_KINDS } from './reference-key';
import { type Refusal, refusalOf } from './refusals';
import { refusedRow } from './refused-rows';
import { SideRules } from './sides/side-rules';

/** Marks the second of two different rows about one thing in one message: both stay, and what depends on them is unknown. */
const SECOND = '#second';
/** Stands for the text of an item that was refused. */
const REFUSED = '#refused';

export type ReferenceChange = {
  instruments: boolean;
  accounts: boolean;
  rates: boolean;
  aggregations: boolean;
};

export class ReferenceBook {
  /** What the feeds say; see `own` for what stands beside it. */
  readonly items = new KeyedItems<ReferenceItem>();
  /** What the desk supplied itself. */
  readonly own = new OwnRows();
  /** How sides make a margin. */
  readonly sides = new SideRules(this.own);
  readonly departments = new Map<string, Department>();
  readonly controlGroups = new Map<string, ControlGroup>();
  readonly sessions = new Map<string, Session>();
  readonly masters = new Map<string, AccountMaster>();
  #calendars = new Map<string, Calendar[]>();
  #groupOfAccount = new Map<string, string>();
  #rates = new Map<string, MarginRate[]>();
  #investorsWithRates = new Set<string>();
  #rateCache = new Map<string, Known<MarginRatePair>>();
  readonly commissionRates: CommissionRate[] = [];
  readonly positionLimits: PositionLimit[] = [];
  /** Instruments, accounts and control groups whose last master data was refused, by key. */
  readonly #refused = new Map<string, Refusal>();

  /** Merges or replaces and reports what kind of things changed. */
  apply(event: ItemsEvent<'reference'>): ReferenceChange {
    const change: ReferenceChange = { instruments: false, accounts: false, rates: false, aggregations: false };
    const seen = new Map<string, string>();
    const note = (item: ReferenceItem): void => {
      if (item.kind === 'instrument') change.instruments = true;
      else if (item.kind === 'accountMaster' || item.kind === 'controlGroup' || item.kind === 'department') change.accounts = true;
      else if (item.kind === 'marginRate') change.rates = true;
      else if (SIDE_RULE_KINDS.has(item.kind)) change.aggregations = true;
    };
    for (const item of event.items) {
      const key = referenceKey(item);
      const text = JSON.stringify(item);
      const earlier = seen.get(key);
      const isSecond = earlier !== undefined && earlier !== text && CONFLICTING_KINDS.has(item.kind);
      seen.set(key, text);
      if (isSecond) seen.set(key + SECOND, text);
      else if (earlier === undefined) this.items.byKey.delete(key + SECOND);
      this.items.put(keep(event, isSecond ? key + SECOND : key, item));
      this.#refused.delete(key);
      note(item);
    }
    if (event.type === 'picture') this.#forgetRefusals(event.feedId, change);
    for (const item of event.refused ?? []) this.#refuse(event, item, seen, change);
    if (event.type === 'picture') for (const kept of this.items.retain(event.feedId, (key) => seen.has(key))) note(kept.item);
    this.#index();
    return change;
  }

  /** Other rows of the desk's own from now on. */
  setOwn(rows: readonly OwnRow[]): void {
    this.own.set(rows);
    this.#index();
  }

  /** Every contract on a day, field by field from the feed and from the desk's own row. */
  *contracts(day: string): Iterable<MergedInstrument> {
    for (const { item } of this.items.byKey.values()) {
      if (item.kind !== 'instrument') continue;
      const merged = mergeInstrument(item, this.own.contractOn(item.exchangeID, item.instrumentID, day));
      if (merged !== null) yield merged;
    }
    for (const { exchangeID, instrumentID, row } of this.own.contractsOn(day)) {
      if (this.items.byKey.has(`instrument|${exchangeID}|${instrumentID}`)) continue;
      const merged = mergeInstrument(null, row);
      if (merged !== null) yield merged;
    }
  }

  /** One contract on a day, with what of it is the desk's own. */
  contract(exchangeID: string, instrumentID: string, day: string): MergedInstrument | null {
    const said = this.items.byKey.get(`instrument|${exchangeID}|${instrumentID}`)?.item;
    return mergeInstrument(said?.kind === 'instrument' ? said : null, this.own.contractOn(exchangeID, instrumentID, day));
  }

  /** What a refused item was about is not known any more; what it does not say, nobody can take back. */
  #refuse(event: ItemsEvent<'reference'>, refused: RefusedItem, seen: Map<string, string>, change: ReferenceChange): void {
    const { about } = refused;
    const row = refusedRow(refused);
    if (row !== null) {
      const key = referenceKey(row);
      seen.set(key, REFUSED);
      this.items.byKey.delete(key + SECOND);
      this.items.put(keep(event, key, row));
      if (row.kind === 'marginRate') change.rates = true;
      else if (SIDE_RULE_KINDS.has(row.kind)) change.aggregations = true;
    } else if (about.kind === 'instrument' && about.exchangeID !== undefined && about.instrumentID !== undefined) {
      const key = `instrument|${about.exchangeID}|${about.instrumentID}`;
      this.items.byKey.delete(key);
      this.#refused.set(key, refusalOf(event.feedId, refused, 'referenceRefused', `${about.exchangeID}.${about.instrumentID}`));
      change.instruments = true;
    } else if (about.kind === 'accountMaster' && about.accountID !== undefined) {
      const key = `account|${about.accountID}`;
      // Whose account it is still holds, so that it stays in sight; how it is computed does not.
      const before = this.items.byKey.get(key);
      if (before !== undefined) seen.set(key, REFUSED);
      this.#refused.set(key, refusalOf(event.feedId, refused, 'referenceRefused', about.accountID));
      change.accounts = true;
    } else if (about.kind === 'controlGroup' && about.controlGroupID !== undefined) {
      const key = `controlGroup|${about.controlGroupID}`;
      // Its last members stay together, so that they stay in sight as a group; nothing is summed over them, since others may have joined or left.
      if (this.items.byKey.has(key)) seen.set(key, REFUSED);
      this.#refused.set(key, refusalOf(event.feedId, refused, 'groupRefused', about.controlGroupID));
      change.accounts = true;
    } else if (about.kind === 'session' && about.sessionID !== undefined) this.items.byKey.delete(`session|${about.sessionID}`);
    else if (about.kind === 'calendar' && about.exchangeID !== undefined) this.items.byKey.delete(`calendar|${about.exchangeID}|${about.from ?? ''}`);
  }

  #forgetRefusals(feedId: string, change: ReferenceChange): void {
    for (const [key, refusal] of this.#refused) {
      if (refusal.feedId !== feedId) continue;
      this.#refused.delete(key);
      if (refusal.item.about.kind === 'instrument') change.instruments = true;
      else change.accounts = true;
    }
  }

  /** Of instruments, accounts and control groups; a refused row is among the rows. */
  refusals(): Iterable<Refusal> {
    return this.#refused.values();
  }

  /** Why nothing of an account can be computed: its master data was refused. */
  accountRefusal(accountID: string): Refusal | null {
    return this.#refused.get(`account|${accountID}`) ?? null;
  }

  /** Why nothing can be said of a control group as a whole: who belongs to it was refused. */
  groupRefusal(controlGroupID: string): Reason | null {
    return this.#refused.get(`controlGroup|${controlGroupID}`)?.reason ?? null;
  }

  /** Of the control groups whose members were refused: how many, and the first one's reason. */
  refusedGroups(): { count: number; firstReason: Reason | null } {
    let count = 0;
    let firstReason: Reason | null = null;
    for (const [key, { reason }] of this.#refused) {
      if (!key.startsWith('controlGroup|')) continue;
      count += 1;
      firstReason ??= reason;
    }
    return { count, firstReason };
  }

  #index(): void {
    this.departments.clear();
    this.controlGroups.clear();
    this.sessions.clear();
    this.masters.clear();
    this.#calendars = new Map();
    this.#groupOfAccount = new Map();
    this.#rates = new Map();
    this.sides.clear();
    this.#investorsWithRates = new Set();
    this.commissionRates.length = 0;
    this.positionLimits.length = 0;
    this.forgetResolved();
    for (const accountID of this.own.investors()) this.#investorsWithRates.add(accountID);
    for (const { item } of this.items.byKey.values()) this.#indexOne(item);
  }

  #indexOne(item: ReferenceItem): void {
    switch (item.kind) {
      case 'department':
        this.departments.set(item.departmentID, item);
        break;
      case 'controlGroup':
        this.controlGroups.set(item.controlGroupID, item);
        for (const accountID of item.accountIDs) this.#groupOfAccount.set(accountID, item.controlGroupID);
        break;
      case 'session':
        this.sessions.set(item.sessionID, item);
        break;
      case 'calendar': {
        const list = this.#calendars.get(item.exchangeID);
        if (list) list.push(item);
        else this.#calendars.set(item.exchangeID, [item]);
        break;
      }
      case 'accountMaster':
        this.masters.set(item.accountID, item);
        break;
      case 'marginRate': {
        const list = this.#rates.get(item.exchangeID);
        if (list) list.push(item);
        else this.#rates.set(item.exchangeID, [item]);
        if (item.investorRange === 'investor' && item.investorID !== undefined) this.#investorsWithRates.add(item.investorID);
        break;
      }
      case 'marginAggregation':
      case 'bigSideExclusion':
      case 'combinationMargin':
        this.sides.add(item);
        break;
      case 'commissionRate':
        this.commissionRates.push(item);
        break;
      case 'positionLimit':
        this.positionLimits.push(item);
        break;
      case 'instrument':
        break;
    }
  }

  /** After a change of trading day: what is in force is asked again. */
  forgetResolved(): void {
    this.own.forget();
    this.#rateCache.clear();
    this.sides.forget();
  }

  controlGroupOf(accountID: string): string | null {
    return this.#groupOfAccount.get(accountID) ?? this.masters.get(accountID)?.controlGroupID ?? null;
  }

  /** The exchange's calendar row that covers the most recent days. */
  calendarOf(exchangeID: string, date?: string): Calendar | null {
    const rows = this.#calendars.get(exchangeID) ?? [];
    return rows.find((row) => date !== undefined && row.from <= date && date <= row.to) ?? rows[rows.length - 1] ?? null;
  }

  marginRate(
    layer: 'exchange' | 'company',
    accountID: string,
    instrument: { exchangeID: string; productID: string; instrumentID: string },
    hedgeFlag: HedgeFlag,
    tradingDay: string,
  ): Known<MarginRatePair> {
    const investorGroupID = this.masters.get(accountID)?.investorGroupID;
    const asker = this.#investorsWithRates.has(accountID) ? `=${accountID}` : `~${investorGroupID ?? ''}`;
    const key = `${layer}|${instrument.exchangeID}|${instrument.instrumentID}|${hedgeFlag}|${asker}`;
    let rate = this.#rateCache.get(key);
    if (rate === undefined) {
      const { exchangeID, productID, instrumentID } = instrument;
      const query = { layer, exchangeID, productID, instrumentID, hedgeFlag, accountID, investorGroupID, tradingDay };
      rate = marginRateOf(query, (each) => this.#marginRow(each));
      // An investor row that names another instrument must not answer for this group's others: the key holds the account for those with own rows.
      this.#rateCache.set(key, rate);
    }
    return rate;
  }

  /** The row itself, for showing where a rate came from; not cached. */
  marginRateRow(
    layer: 'exchange' | 'company',
    accountID: string,
    { exchangeID, productID, instrumentID }: { exchangeID: string; productID: string; instrumentID: string },
    hedgeFlag: HedgeFlag,
    tradingDay: string,
  ): Known<MarginRate> {
    const investorGroupID = this.masters.get(accountID)?.investorGroupID;
    return this.#marginRow({ layer, exchangeID, productID, instrumentID, hedgeFlag, accountID, investorGroupID, tradingDay });
  }

  #marginRow(query: RateQuery): Known<MarginRate> {
    const { exchangeID, tradingDay } = query;
    return this.own.choose('marginRate', exchangeID, this.#rates.get(exchangeID) ?? [], tradingDay, (rows) => selectMarginRateRow(rows, query));
  }

  /** What the feed alone would answer, for holding the desk's own rows against it. */
  saidMarginRow(query: RateQuery): Known<MarginRate> {
    return selectMarginRateRow(this.#rates.get(query.exchangeID) ?? [], query);
  }

  commissionRate(
    accountID: string,
    { exchangeID, productID, instrumentID }: { exchangeID: string; productID: string; instrumentID: string },
    tradingDay: string,
  ): Known<CommissionRate> {
    const investorGroupID = this.masters.get(accountID)?.investorGroupID;
    const query = { exchangeID, productID, instrumentID, accountID, investorGroupID, tradingDay };
    return this.own.choose('commissionRate', '', this.commissionRates, tradingDay, (rows) => selectCommissionRate(rows, query));
  }
}
