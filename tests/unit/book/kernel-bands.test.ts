/** The kernel asks an account's band only where its equity left the range it worked out before: whatever happens, nobody who left a band may be overlooked. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUP_METHOD, Kernel } from '#engine/book/kernel/kernel';
import { seededRandom } from '#tests/bench/book-fixture';

const INSTRUMENTS = 5;
/** Not a multiple of eight: the last flags are those of accounts that are not there. */
const ACCOUNTS = 11;

type Figures = { company: number; exchange: number; equity: number };
type Band = { low: number[]; high: number[] };

/** Margin over equity as the watch reads it. */
function degree(margin: number, equity: number): number {
  if (Number.isNaN(margin) || Number.isNaN(equity)) return Number.NaN;
  return equity > 0 ? margin / equity : margin > 0 ? Number.POSITIVE_INFINITY : 0;
}

function figuresOf(kernel: Kernel, account: number): Figures {
  const { balance, margin, exchangeMargin } = kernel.columns;
  const money = balance[account] ?? Number.NaN;
  const used = margin[account] ?? Number.NaN;
  const equity = money === 0 && used > 0 ? -Number.MIN_VALUE : money;
  return { company: degree(used, money), exchange: degree(exchangeMargin[account] ?? Number.NaN, money), equity };
}

function isInside({ company, exchange, equity }: Figures, { low, high }: Band): boolean {
  return [company, exchange, equity].every((value, place) => {
    const from = low[place] ?? Number.NaN;
    return (value >= from && !(value >= (high[place] ?? Number.NaN))) || (Number.isNaN(value) && Number.isNaN(from));
  });
}

function isSame(a: Figures, b: Figures): boolean {
  return Object.is(a.company, b.company) && Object.is(a.exchange, b.exchange) && Object.is(a.equity, b.equity);
}

function smallKernel(random: () => number): Kernel {
  const kernel = new Kernel();
  for (let instrument = 0; instrument < INSTRUMENTS; instrument++) kernel.addInstrument();
  for (let account = 0; account < ACCOUNTS; account++) {
    kernel.addAccount();
    kernel.setAccount(account, Math.round((random() - 0.2) * 1e5), 0, 0, 0);
    const group = kernel.addGroup(account, GROUP_METHOD.bigSide);
    for (let instrument = 0; instrument < INSTRUMENTS; instrument++) if (random() < 0.7) kernel.addEntry(instrument, account, group);
  }
  return kernel;
}

function placeEntry(kernel: Kernel, random: () => number): void {
  const isMoving = random() < 0.3;
  const isUnknown = random() < 0.1;
  const side = (): number => (random() < 0.05 ? Number.NaN : Math.round(random() * 1e4));
  const fixed = isMoving ? [0, 0, 0, 0] : [side(), side(), side(), side()];
  const slopes = isMoving ? [random() / 100, random() / 100, random() / 100, random() / 100] : [0, 0, 0, 0];
  const quantity = isUnknown ? 0 : Math.round((random() - 0.5) * 40);
  kernel.setEntry(Math.floor(random() * kernel.entryCount), quantity, isUnknown ? Number.NaN : quantity * 1000 * 10_000, fixed, slopes);
}

/** Around where the figures are, as the watch sets it, or anywhere. */
function someBand(figures: Figures, random: () => number): Band {
  const values = [figures.company, figures.exchange, figures.equity];
  const low = values.map((value) => {
    if (Number.isNaN(value)) return random() < 0.8 ? Number.NaN : Number.NEGATIVE_INFINITY;
    return random() < 0.3 ? Number.NEGATIVE_INFINITY : value - Math.abs(value) * random() * 0.2;
  });
  const high = values.map((value) => (Number.isNaN(value) || random() < 0.3 ? Number.NaN : value + Math.abs(value) * random() * 0.2));
  return { low, high };
}

function act(kernel: Kernel, random: () => number): void {
  const kind = random();
  if (kind < 0.6) {
    const price = random() < 0.06 ? Number.NaN : 1000 + Math.round((random() - (random() < 0.1 ? 8 : 0.5)) * 200);
    kernel.setPrice(Math.floor(random() * INSTRUMENTS), price);
  } else if (kind < 0.75) placeEntry(kernel, random);
  else if (kind < 0.85) {
    const money = random() < 0.1 ? Number.NaN : Math.round((random() - 0.2) * 1e5);
    kernel.setAccount(Math.floor(random() * ACCOUNTS), money, 0, 0, 0);
  } else {
    kernel.queuePrice(Math.floor(random() * INSTRUMENTS), 1000 + Math.round((random() - 0.5) * 100));
    kernel.flushPrices();
  }
}

describe('bands', () => {
  test('list every account whose figures moved and are outside, and none that stayed inside', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const random = seededRandom(seed);
        const kernel = smallKernel(random);
        for (let entry = 0; entry < kernel.entryCount * 2; entry++) placeEntry(kernel, random);
        for (let instrument = 0; instrument < INSTRUMENTS; instrument++) kernel.setPrice(instrument, 1000);
        kernel.evaluate();
        kernel.takeCrossed();
        const open = { low: [Infinity, Infinity, Infinity], high: [-Infinity, -Infinity, -Infinity] };
        const bands: Band[] = Array.from({ length: ACCOUNTS }, () => open);
        let before = Array.from({ length: ACCOUNTS }, (_, account) => figuresOf(kernel, account));
        const mustBeListed = new Set<number>();
        const mayBeListed = new Set<number>();
        for (let step = 0; step < 120; step++) {
          for (let acts = Math.floor(random() * 4); acts >= 0; acts--) act(kernel, random);
          kernel.evaluate();
          const now = before.map((_, account) => figuresOf(kernel, account));
          now.forEach((figures, account) => {
            const band = bands[account] ?? open;
            if (isInside(figures, band)) return;
            mayBeListed.add(account);
            if (!isSame(figures, before[account] ?? figures)) mustBeListed.add(account);
          });
          before = now;
          if (random() < 0.3) continue;
          const listed = [...kernel.takeCrossed()];
          const isRight = new Set(listed).size === listed.length && listed.every((account) => mayBeListed.has(account));
          if (!isRight || [...mustBeListed].some((account) => !listed.includes(account))) {
            expect({ step, listed: listed.sort() }).toEqual({ step, listed: [...mustBeListed].sort(), orAlso: [...mayBeListed].sort() });
          }
          mustBeListed.clear();
          mayBeListed.clear();
          for (const account of listed) {
            if (random() < 0.1) {
              bands[account] = open;
              kernel.openBand(account);
              continue;
            }
            const band = someBand(now[account] ?? { company: 0, exchange: 0, equity: 0 }, random);
            bands[account] = band;
            kernel.setBand(account, band.low, band.high);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a quantity that half the room cannot hold is counted to the last unit all the same', () => {
    const kernel = smallKernel(seededRandom(2));
    kernel.setAccount(0, 0, 0, 0, 0);
    const quantity = 2 ** 24 + 1;
    kernel.setEntry(0, quantity, quantity * 1000 * 10_000, [0, 0, 0, 0]);
    for (const price of [1000, 1001, 1003]) kernel.setPrice(0, price);
    kernel.evaluate();
    expect(kernel.columns.positionProfit[0]).toBe(quantity * 3);
    kernel.revalueAll();
    expect(kernel.columns.positionProfit[0]).toBe(quantity * 3);
    kernel.setEntry(0, 7, 7 * 1000 * 10_000, [0, 0, 0, 0]);
    kernel.setPrice(0, 1004);
    kernel.revalueAll();
    expect(kernel.columns.positionProfit[0]).toBe(28);
  });

  test('an evaluation leaves figures that nobody read to the reader, who gets those of now', () => {
    const kernel = smallKernel(seededRandom(1));
    kernel.setEntry(0, 10, 10 * 1000 * 10_000, [500, 0, 400, 0]);
    kernel.setAccount(0, 10_000, 0, 0, 0);
    kernel.setPrice(0, 1000);
    for (let price = 1001; price < 1010; price++) {
      kernel.setPrice(0, price);
      kernel.evaluate();
    }
    const { positionProfit, balance, degree: degrees, available } = kernel.columns;
    expect([positionProfit[0], balance[0], degrees[0], available[0]]).toEqual([90, 10_090, 500 / 10_090, 9590]);
    kernel.setPrice(0, 1000);
    kernel.evaluate();
    expect(kernel.columns.positionProfit[0]).toBe(0);
  });
});
