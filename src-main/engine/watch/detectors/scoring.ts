/** Holds findings against a labels file: what share of the played misbehaviour was found, what share of the findings was right, and how soon. */
import { z } from 'zod';
import type { Finding, Spell } from './finding';
import { type DetectorName, findRow, type ThresholdRow } from './thresholds';

const labelSchema = z.object({
  kind: z.string().min(1).max(64),
  tradingDay: z.string().regex(/^\d{8}$/, 'must be YYYYMMDD'),
  fromMs: z.number(),
  toMs: z.number(),
  isFinished: z.boolean(),
  /** The market closed on it before its programme was over. */
  isCutShort: z.boolean().default(false),
  accountIDs: z.array(z.string()).min(1),
  controlGroupID: z.string().nullable(),
  exchangeID: z.string(),
  instrumentID: z.string(),
  orders: z.number().int().min(0),
  cancels: z.number().int().min(0),
  trades: z.number().int().min(0),
  lotsOpened: z.number().int().min(0),
});
export const labelsFileSchema = z.object({ labels: z.array(labelSchema).max(100_000) });
export type MisbehaviourLabel = z.infer<typeof labelSchema>;

type Expectation =
  /** A count with a limit: right is who reached the limit by what the labels say, whatever was played. */
  | { basis: 'counted'; detector: DetectorName; countOf(label: MisbehaviourLabel): number; rung: 'warn' | 'ban' }
  /** A pattern: right is a finding while one of `kinds` was played; one of `related` meets the rule's definition too and is neither right nor wrong. */
  | { basis: 'pattern'; detector: DetectorName; kinds: readonly string[]; related: readonly string[]; rung: 'warn' | 'ban' };

const EXPECTATIONS: readonly Expectation[] = [
  {
    basis: 'counted',
    detector: 'selfTrade',
    countOf: (label) => (label.kind === 'selfTrade' || label.kind === 'washTrade' ? label.trades : 0),
    rung: 'ban',
  },
  { basis: 'counted', detector: 'frequentCancel', countOf: (label) => label.cancels, rung: 'ban' },
  { basis: 'counted', detector: 'largeCancel', countOf: (label) => (label.kind === 'largeCancel' ? label.cancels : 0), rung: 'ban' },
  { basis: 'counted', detector: 'limitPriceCancel', countOf: (label) => (label.kind === 'limitPriceCancel' ? label.cancels : 0), rung: 'ban' },
  { basis: 'counted', detector: 'intradayOpenLimit', countOf: (label) => label.lotsOpened, rung: 'ban' },
  // The first tier that costs anything; the dearest one is ten times as far.
  { basis: 'counted', detector: 'messageFee', countOf: (label) => label.orders + label.cancels, rung: 'warn' },
  { basis: 'pattern', detector: 'securitiesHighFrequency', kinds: ['securitiesHighFrequency'], related: [], rung: 'ban' },
  {
    basis: 'pattern',
    detector: 'programReport',
    kinds: ['quoteStuffing', 'runawayAlgo', 'programReport'],
    related: ['orderRate', 'messageFee'],
    rung: 'ban',
  },
  {
    basis: 'pattern',
    detector: 'orderRate',
    kinds: ['quoteStuffing', 'orderRate', 'securitiesHighFrequency'],
    related: ['runawayAlgo'],
    rung: 'warn',
  },
  { basis: 'pattern', detector: 'spoofing', kinds: ['spoofing'], related: ['layering'], rung: 'warn' },
  { basis: 'pattern', detector: 'layering', kinds: ['layering'], related: ['spoofing'], rung: 'warn' },
  { basis: 'pattern', detector: 'momentumIgnition', kinds: ['momentumIgnition'], related: ['ramping'], rung: 'warn' },
  {
    basis: 'pattern',
    detector: 'markingTheClose',
    kinds: ['markingTheClose'],
    related: ['ramping', 'momentumIgnition', 'runawayAlgo'],
    rung: 'warn',
  },
  { basis: 'pattern', detector: 'washTrade', kinds: ['washTrade'], related: ['selfTrade'], rung: 'warn' },
  { basis: 'pattern', detector: 'quoteStuffing', kinds: ['quoteStuffing'], related: ['messageFee', 'securitiesHighFrequency'], rung: 'warn' },
  { basis: 'pattern', detector: 'ramping', kinds: ['ramping'], related: ['markingTheClose', 'momentumIgnition'], rung: 'warn' },
  { basis: 'pattern', detector: 'fatFinger', kinds: ['fatFinger'], related: [], rung: 'warn' },
  { basis: 'pattern', detector: 'runawayAlgo', kinds: ['runawayAlgo'], related: [], rung: 'warn' },
];

/** Raw counts, so that several recordings add up before anything is divided. */
export type Tally = {
  detector: DetectorName;
  basis: Expectation['basis'];
  expected: number;
  found: number;
  right: number;
  related: number;
  wrong: number;
  delaysMs: number[];
  missed: string[];
  wrongOnes: string[];
};
export type Score = Omit<Tally, 'delaysMs'> & {
  recall: number | null;
  precision: number | null;
  /** As `precision`, with related findings held against it. */
  strictPrecision: number | null;
  delaySeconds: { median: number; most: number } | null;
};

/** `isHeldWhole` is false where the recording begins after the label does, or ends before it. */
type HeldLabel = MisbehaviourLabel & { isHeldWhole: boolean };

/** A finding may trail the last act by as much. */
const GRACE_MS = 5000;

const customerOf = (label: MisbehaviourLabel): string => label.controlGroupID ?? label.accountIDs[0] ?? '';
const nameOf = (label: MisbehaviourLabel): string =>
  `${label.kind} ${customerOf(label)} ${label.instrumentID} ${new Date(label.fromMs).toISOString()}`;
const keyOf = (tradingDay: string, customerID: string, exchangeID: string | null, instrumentID: string | null): string =>
  [tradingDay, customerID, exchangeID, instrumentID].join(' ');
const keyOfLabel = (label: MisbehaviourLabel): string => keyOf(label.tradingDay, customerOf(label), label.exchangeID, label.instrumentID);
const keyOfFinding = (finding: Finding): string => keyOf(finding.tradingDay, finding.customerID, finding.exchangeID, finding.instrumentID);

function isAbout(finding: Finding, label: MisbehaviourLabel): boolean {
  if (finding.tradingDay !== label.tradingDay || finding.customerID !== customerOf(label)) return false;
  return finding.instrumentID === null || (finding.instrumentID === label.instrumentID && finding.exchangeID === label.exchangeID);
}

const meets = (spell: Spell, label: MisbehaviourLabel): boolean => spell.fromMs <= label.toMs + GRACE_MS && spell.toMs >= label.fromMs;

function newTally({ detector, basis }: Expectation): Tally {
  return { detector, basis, expected: 0, found: 0, right: 0, related: 0, wrong: 0, delaysMs: [], missed: [], wrongOnes: [] };
}

const isTold = (finding: Finding, rung: 'warn' | 'ban'): boolean => finding.rung === 'ban' || finding.rung === rung;

function tallyCounted(
  expectation: Extract<Expectation, { basis: 'counted' }>,
  findings: readonly Finding[],
  labels: readonly HeldLabel[],
  rows: readonly ThresholdRow[],
): Tally {
  const tally = newTally(expectation);
  const sums = new Map<string, { label: MisbehaviourLabel; count: number }>();
  const inDoubt = new Set<string>();
  for (const label of labels) {
    const count = expectation.countOf(label);
    if (!label.isHeldWhole && count > 0) inDoubt.add(keyOfLabel(label));
    const sum = sums.get(keyOfLabel(label)) ?? { label, count: 0 };
    // How many of a label's acts a recording holds that lies across it is not known.
    if (label.isHeldWhole) sum.count += count;
    sums.set(keyOfLabel(label), sum);
  }
  const breaches = new Map(findings.filter((finding) => isTold(finding, expectation.rung)).map((finding) => [keyOfFinding(finding), finding]));
  for (const [key, { label, count }] of sums) {
    // Products are named by the letters that their contracts begin with.
    const productID = /^[A-Za-z]+/.exec(label.instrumentID)?.[0] ?? null;
    const subject = { exchangeID: label.exchangeID, productID, instrumentID: label.instrumentID };
    const { row } = findRow(rows, expectation.detector, subject, label.tradingDay);
    if (row === null || count < row[expectation.rung]) continue;
    tally.expected += 1;
    const finding = breaches.get(key);
    if (finding === undefined) tally.missed.push(nameOf(label));
    else {
      tally.found += 1;
      tally.right += 1;
      tally.delaysMs.push(Math.max(0, (finding.reachedAtMs[expectation.rung] ?? finding.toMs) - label.fromMs));
      breaches.delete(key);
    }
  }
  for (const [key, finding] of breaches) {
    // Labelled acts and others together may reach the limit: then the count is not wrong, but the labels cannot confirm it.
    if ((sums.get(key)?.count ?? 0) > 0 || inDoubt.has(key)) tally.related += 1;
    else {
      tally.wrong += 1;
      tally.wrongOnes.push(finding.findingId);
    }
  }
  return tally;
}

function tallyPattern(expectation: Extract<Expectation, { basis: 'pattern' }>, findings: readonly Finding[], labels: readonly HeldLabel[]): Tally {
  const tally = newTally(expectation);
  const own = labels.filter((label) => expectation.kinds.includes(label.kind));
  const related = labels.filter((label) => expectation.related.includes(label.kind));
  const told = findings.filter((finding) => isTold(finding, expectation.rung));
  for (const label of own) {
    if (!label.isFinished || label.isCutShort || !label.isHeldWhole) continue;
    tally.expected += 1;
    const spells = told.filter((finding) => isAbout(finding, label)).flatMap((finding) => finding.spells.filter((spell) => meets(spell, label)));
    if (spells.length === 0) tally.missed.push(nameOf(label));
    else {
      tally.found += 1;
      tally.delaysMs.push(Math.max(0, Math.min(...spells.map((spell) => spell.raisedAtMs)) - label.fromMs));
    }
  }
  for (const finding of told) {
    for (const spell of finding.spells) {
      const fits = (label: MisbehaviourLabel): boolean => isAbout(finding, label) && meets(spell, label);
      if (own.some(fits)) tally.right += 1;
      else if (related.some(fits)) tally.related += 1;
      else {
        tally.wrong += 1;
        tally.wrongOnes.push(`${finding.findingId} ${new Date(spell.raisedAtMs).toISOString()}`);
      }
    }
  }
  return tally;
}

/**
 * One tally per detector that the labels can judge. Labels outside `fromMs` to `toMs` (what the recording holds) are left out; of one that lies partly inside
 * nothing is expected, and what was found of it is not wrong.
 */
export function tallyFindings(
  findings: readonly Finding[],
  labels: readonly MisbehaviourLabel[],
  rows: readonly ThresholdRow[],
  held: { fromMs: number; toMs: number },
): Tally[] {
  const within = labels
    .filter((label) => label.toMs >= held.fromMs && label.fromMs <= held.toMs)
    .map((label): HeldLabel => ({ ...label, isHeldWhole: label.fromMs >= held.fromMs && label.toMs <= held.toMs }));
  return EXPECTATIONS.map((expectation) => {
    const own = findings.filter((finding) => finding.detector === expectation.detector);
    return expectation.basis === 'counted' ? tallyCounted(expectation, own, within, rows) : tallyPattern(expectation, own, within);
  });
}

export function addTallies(tallies: readonly Tally[]): Tally[] {
  const sums = new Map<DetectorName, Tally>();
  for (const tally of tallies) {
    const sum = sums.get(tally.detector);
    if (sum === undefined) {
      sums.set(tally.detector, { ...tally, delaysMs: [...tally.delaysMs], missed: [...tally.missed], wrongOnes: [...tally.wrongOnes] });
      continue;
    }
    for (const key of ['expected', 'found', 'right', 'related', 'wrong'] as const) sum[key] += tally[key];
    sum.delaysMs.push(...tally.delaysMs);
    sum.missed.push(...tally.missed);
    sum.wrongOnes.push(...tally.wrongOnes);
  }
  return [...sums.values()];
}

/** Shares are null where there is nothing to divide by: nothing was expected, nothing was found. */
export function scoreOf(tally: Tally): Score {
  const { delaysMs, ...counts } = tally;
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  const sorted = [...delaysMs].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const most = sorted.at(-1);
  return {
    ...counts,
    recall: share(tally.found, tally.expected),
    precision: share(tally.right, tally.right + tally.wrong),
    strictPrecision: share(tally.right, tally.right + tally.related + tally.wrong),
    delaySeconds: middle === undefined || most === undefined ? null : { median: middle / 1000, most: most / 1000 },
  };
}
