/** What a detector found: one finding per rule, customer, contract and trading day, growing with its count instead of being told again. */
import { MOST_EVIDENCE } from '#shared/desk/rules/evidence';
import type { Certainty } from '#shared/feed/items';
import type { Customer, InstrumentState } from './market-state';
import type { DetectorName, ThresholdRow } from './thresholds';

export type Rung = 'none' | 'ignore' | 'warn' | 'ban';
const RUNGS: readonly Rung[] = ['none', 'ignore', 'warn', 'ban'];

/** Exchanges merge a control group, brokers look at accounts: both columns, side by side. */
export type AccountCount = { accountID: string; value: number };

export type Finding = {
  findingId: string;
  detector: DetectorName;
  ruleId: string;
  tradingDay: string;
  customerKind: 'account' | 'group';
  customerID: string;
  exchangeID: string | null;
  instrumentID: string | null;
  rung: Rung;
  metric: string;
  /** Of the customer, all its accounts merged. */
  value: number;
  /** Each account alone; at most `MOST_ACCOUNTS`, the highest first. */
  byAccount: AccountCount[];
  /** Part of what might count that could not be told, such as cancels of which the source does not say whose they were. */
  unknownCount: number;
  thresholds: { ignore: number; warn: number; ban: number };
  /** When each rung was first reached, source time. */
  reachedAtMs: { ignore: number | null; warn: number | null; ban: number | null };
  fromMs: number;
  toMs: number;
  /** Times in which it was at work on rung `warn` or above; the first and the latest of a long row are kept. */
  spells: Spell[];
  factors: Record<string, number>;
  orderSysIDs: string[];
  tradeIDs: string[];
  citation: string;
  certainty: Certainty;
};

/** `raisedAtMs`: when the rule could first say so. */
export type Spell = { fromMs: number; raisedAtMs: number; toMs: number };

/** What became of a finding: it appeared, or reached a higher rung. Counts that merely grow are not told. */
export type FindingChange = { transition: 'raised' | 'worsened'; finding: Finding };

export type Observation = {
  row: ThresholdRow;
  customer: Customer;
  instrument: InstrumentState | null;
  value: number;
  atMs: number;
  /** Since when what is counted has gone on. */
  sinceMs: number;
  /** Asked for only when somebody looks: a count may grow by thousands between. */
  byAccount: () => readonly AccountCount[];
  unknownCount?: number;
  factors?: () => Record<string, number>;
  orderSysID?: string | null;
  tradeID?: string | null;
  /** What was counted before this is the first to be noted. */
  earlier?: { orderSysIDs: readonly string[]; tradeIDs: readonly string[] };
  /** Not above this rung, whatever the value: for what is not certain. */
  highestRung?: Rung;
};

const WARN = RUNGS.indexOf('warn');
const MOST_ACCOUNTS = 20;
const MOST_SPELLS = 64;
/** Spells nearer than this are one. */
const SPELL_GAP_MS = 60_000;
/** Findings of a day that are kept; what comes later is counted, so that a broken feed cannot fill the memory. */
const MOST_FINDINGS_OF_A_DAY = 20_000;

export function rungOf(row: ThresholdRow, value: number): Rung {
  return value >= row.ban ? 'ban' : value >= row.warn ? 'warn' : value >= row.ignore ? 'ignore' : 'none';
}

type Open = { row: ThresholdRow; finding: Finding; byAccount: Observation['byAccount']; factors: Observation['factors'] };
/** By what a finding is about: the instrument, or the rule's own row where it is about all of them. */
type OpenByAbout = Map<InstrumentState | ThresholdRow, Open>;

export class FindingBook {
  readonly #onChange: ((change: FindingChange) => void) | undefined;
  #open = new Map<DetectorName, Map<Customer, OpenByAbout>>();
  #openCount = 0;
  readonly #past: Finding[] = [];
  readonly #mostPast: number;
  #tradingDay = '';
  leftOut = 0;

  constructor(onChange?: (change: FindingChange) => void, mostPast = 100_000) {
    this.#onChange = onChange;
    this.#mostPast = mostPast;
  }

  startDay(tradingDay: string): void {
    for (const finding of this.#today()) this.#past.push(finding);
    if (this.#past.length > this.#mostPast) this.leftOut += this.#past.splice(0, this.#past.length - this.#mostPast).length;
    this.#open = new Map();
    this.#openCount = 0;
    this.#tradingDay = tradingDay;
  }

  /** Takes what a detector measured; below the row's first threshold nothing is kept. */
  observe(seen: Observation): void {
    const { row } = seen;
    const reached = Math.min(RUNGS.indexOf(rungOf(row, seen.value)), RUNGS.indexOf(seen.highestRung ?? 'ban'));
    if (reached === 0) return;
    const abouts = this.#aboutsOf(row.detector, seen.customer);
    let open = abouts.get(seen.instrument ?? row);
    const isNew = open === undefined;
    if (open === undefined) {
      if (this.#openCount >= MOST_FINDINGS_OF_A_DAY) {
        this.leftOut += 1;
        return;
      }
      this.#openCount += 1;
      open = { row, finding: this.#create(seen), byAccount: seen.byAccount, factors: seen.factors };
      abouts.set(seen.instrument ?? row, open);
    }
    const { finding } = open;
    const heldRung = RUNGS.indexOf(finding.rung);
    if (seen.value >= finding.value || reached > heldRung) {
      finding.value = Math.max(finding.value, seen.value);
      open.byAccount = seen.byAccount;
      open.factors = seen.factors;
    }
    // Another row may hold by now: a threshold was changed, or the master row named the product.
    if (open.row !== row) {
      open.row = row;
      finding.ruleId = row.ruleId;
      finding.citation = row.citation;
      finding.certainty = row.certainty;
      finding.thresholds = { ignore: row.ignore, warn: row.warn, ban: row.ban };
    }
    finding.unknownCount = seen.unknownCount ?? 0;
    finding.toMs = Math.max(finding.toMs, seen.atMs);
    if (reached >= WARN) addSpell(finding, seen.sinceMs, seen.atMs);
    keepLast(finding.orderSysIDs, seen.orderSysID);
    keepLast(finding.tradeIDs, seen.tradeID);
    if (reached <= heldRung) return;
    finding.rung = RUNGS[reached] ?? 'none';
    for (const rung of ['ignore', 'warn', 'ban'] as const) {
      if (reached >= RUNGS.indexOf(rung)) finding.reachedAtMs[rung] ??= seen.atMs;
    }
    this.#onChange?.({ transition: isNew ? 'raised' : 'worsened', finding: lookedAt(open) });
  }

  /** Everything found so far, in the order in which it was found. */
  findings(): Finding[] {
    const firstMs = (finding: Finding): number => finding.reachedAtMs.ignore ?? finding.fromMs;
    return [...this.#past, ...this.#today()].sort((a, b) => firstMs(a) - firstMs(b) || (a.findingId < b.findingId ? -1 : 1));
  }

  *#today(): Generator<Finding, void, undefined> {
    for (const byCustomer of this.#open.values()) for (const abouts of byCustomer.values()) for (const open of abouts.values()) yield lookedAt(open);
  }

  #aboutsOf(detector: DetectorName, customer: Customer): OpenByAbout {
    let byCustomer = this.#open.get(detector);
    if (byCustomer === undefined) {
      byCustomer = new Map();
      this.#open.set(detector, byCustomer);
    }
    let abouts = byCustomer.get(customer);
    if (abouts === undefined) {
      abouts = new Map();
      byCustomer.set(customer, abouts);
    }
    return abouts;
  }

  #create(seen: Observation): Finding {
    const { row, customer, instrument } = seen;
    const about = `${instrument?.exchangeID ?? '*'}/${instrument?.instrumentID ?? '*'}`;
    return {
      findingId: `${row.detector}/${this.#tradingDay}/${customer.kind}/${customer.customerID}/${about}/${row.exchangeID}`,
      detector: row.detector,
      ruleId: row.ruleId,
      tradingDay: this.#tradingDay,
      customerKind: customer.kind,
      customerID: customer.customerID,
      exchangeID: instrument?.exchangeID ?? (row.exchangeID === '*' ? null : row.exchangeID),
      instrumentID: instrument?.instrumentID ?? null,
      rung: 'none',
      metric: row.metric,
      value: seen.value,
      byAccount: [],
      unknownCount: 0,
      thresholds: { ignore: row.ignore, warn: row.warn, ban: row.ban },
      reachedAtMs: { ignore: null, warn: null, ban: null },
      fromMs: seen.sinceMs,
      toMs: seen.atMs,
      spells: [],
      factors: {},
      orderSysIDs: [...(seen.earlier?.orderSysIDs ?? [])].slice(-MOST_EVIDENCE),
      tradeIDs: [...(seen.earlier?.tradeIDs ?? [])].slice(-MOST_EVIDENCE),
      citation: row.citation,
      certainty: row.certainty,
    };
  }
}

/** The finding with its account column and factors as they stand. */
function lookedAt({ finding, byAccount, factors }: Open): Finding {
  finding.byAccount = [...byAccount()].sort((a, b) => b.value - a.value || (a.accountID < b.accountID ? -1 : 1)).slice(0, MOST_ACCOUNTS);
  finding.factors = factors?.() ?? {};
  return finding;
}

function addSpell(finding: Finding, fromMs: number, toMs: number): void {
  const { spells } = finding;
  const last = spells.at(-1);
  if (last !== undefined && fromMs - last.toMs <= SPELL_GAP_MS) {
    last.toMs = Math.max(last.toMs, toMs);
    return;
  }
  if (spells.length >= MOST_SPELLS) spells.splice(MOST_SPELLS / 2, 1);
  spells.push({ fromMs, raisedAtMs: toMs, toMs });
}

function keepLast(list: string[], id: string | null | undefined): void {
  if (id === null || id === undefined) return;
  if (list.length >= MOST_EVIDENCE) list.shift();
  list.push(id);
}
