/** Plays random days to a watch that only looks at accounts which left their band, and to one that looks at every account: both must say the same. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Book } from '#engine/book/book';
import { MarketCore } from '#engine/core';
import { bundledRulePack } from '#engine/watch/bundled-rules';
import type { Condition, OpenCondition } from '#engine/watch/condition';
import type { RulePack } from '#engine/watch/rule-schema';
import type { IntakeEvent } from '#shared/feed/intake';
import type { CounterAccount, Quote } from '#shared/feed/items';
import { FIXTURE_START_MS, itemsEvent, makeBookFixture } from '#tests/bench/book-fixture';

/** Every evaluated account is looked at, as if it had no band. */
class UnbandedBook extends Book {
  override setBand(accountIndex: number): void {
    this.openBand(accountIndex);
  }
}

export const fixture = makeBookFixture(7, { instruments: 8, accounts: 12, lots: 150 });

/** Accounts stand near the levels, so that small moves cross them. */
const counters: CounterAccount[] = fixture.accounts.map((account, index) => ({ ...account, preBalance: 3e5 + index * 2e5, deposit: 0 }));

type Step =
  | { kind: 'quotes'; moves: { at: number; move: number; isGone: boolean }[]; waitMs: number }
  | { kind: 'money'; account: number; change: number; isUnknown: boolean; waitMs: number }
  | { kind: 'cut'; waitMs: number };

const waitMs = fc.constantFrom(0, 1, 250, 5_000, 40_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('quotes' as const),
      moves: fc.array(
        fc.record({ at: fc.nat(7), move: fc.integer({ min: -60, max: 60 }), isGone: fc.integer({ min: 0, max: 15 }).map((n) => n === 0) }),
        { maxLength: 6 },
      ),
      waitMs,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('money' as const),
      account: fc.nat(11),
      change: fc.integer({ min: -500_000, max: 500_000 }),
      isUnknown: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      waitMs,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), waitMs }) },
);

type Said = Omit<Condition, 'dimensions'>;

export class Desk {
  readonly book: Book;
  readonly core: MarketCore;
  readonly said: Said[][] = [];
  private current: Said[] = [];

  constructor(book: Book, open: readonly OpenCondition[], rules = bundledRulePack()) {
    this.book = book;
    const onConditions = (conditions: readonly Condition[]) => {
      for (const { dimensions: _, ...rest } of conditions) this.current.push(rest);
    };
    this.core = new MarketCore({ book, rules, open, sink: { onConditions }, sessionOf: () => 'open' });
  }

  /** Within one moment the order of accounts is nobody's business. */
  close(): void {
    this.said.push(this.current.sort((a, b) => `${a.entity}${a.ruleId}`.localeCompare(`${b.entity}${b.ruleId}`)));
    this.current = [];
  }
}

export function play(desk: Desk, steps: readonly Step[]): void {
  const prices = fixture.quotes.map((quote) => quote.lastPrice ?? 0);
  const money = counters.map((counter) => counter.preBalance ?? 0);
  let nowMs = FIXTURE_START_MS;
  const send = (...events: IntakeEvent[]) => {
    desk.core.onMessage(
      events.map((event) => ({ ...event, receivedAtMs: nowMs })),
      nowMs,
    );
    desk.close();
  };
  send(
    ...fixture.events.map((event) =>
      event.type === 'picture' && event.stream === 'accounts' ? itemsEvent('accounts', counters, { type: 'picture' }) : event,
    ),
  );
  for (const one of steps) {
    const untilMs = nowMs + one.waitMs;
    for (nowMs += 250; nowMs <= untilMs; nowMs += 250) {
      desk.core.tick(nowMs);
      desk.close();
    }
    nowMs = untilMs;
    if (one.kind === 'cut') send({ type: 'link', feedId: 'fixture', receivedAtMs: nowMs, state: 'down', reason: 'cut' });
    else if (one.kind === 'money') {
      const { preBalance: _, ...rest } = counters[one.account] as CounterAccount;
      money[one.account] = (money[one.account] ?? 0) + one.change;
      send(itemsEvent('accounts', [one.isUnknown ? rest : { ...rest, preBalance: money[one.account] ?? 0 }]));
    } else {
      const quotes = one.moves.map(({ at, move, isGone }): Quote => {
        const { lastPrice: _, ...quote } = fixture.quotes[at] as Quote;
        prices[at] = (prices[at] ?? 0) + move;
        return isGone ? quote : { ...quote, lastPrice: prices[at] ?? 0 };
      });
      send(itemsEvent('quotes', quotes));
    }
  }
}

const open: OpenCondition[] = [];
const bundled = bundledRulePack();
const row = bundled.rules.find((rule) => rule.kind === 'riskLevel');
if (row === undefined) throw new Error('the bundled rules have no risk level');
for (const index of [0, 3, 5]) {
  const rung = row.thresholds[index % row.thresholds.length];
  if (rung === undefined) continue;
  const reason = {
    ruleId: row.ruleId,
    ruleVersion: 1,
    metric: rung.metric,
    value: 1,
    enterThreshold: rung.enter,
    exitThreshold: rung.exit,
    thresholdCitation: rung.citation,
    thresholdCertainty: rung.certainty,
    observedAtMs: 0,
    params: { level: rung.name },
  };
  const entity = `account:${counters[index]?.accountID ?? ''}`;
  open.push({ ruleId: row.ruleId, kind: row.kind, entity, dimensions: {}, severity: rung.severity, reason, state: 'active' });
}
/** A second rule with delays of its own shares the accounts' bands. */
const two: RulePack = {
  ...bundled,
  rules: [
    ...bundled.rules,
    {
      ...row,
      ruleId: 'second',
      onDelayMs: 600,
      offDelayMs: 0,
      thresholds: row.thresholds.slice(0, 2).map((rung) => ({ ...rung, enter: rung.enter - 0.15, exit: rung.exit - 0.2 })),
    },
  ],
};

/** The rules a banded watch is held to. */
export const BANDED_RULES: readonly (readonly [name: string, rules: RulePack])[] = [
  ['the bundled rules', bundled],
  ['two rules about the same figures', two],
];

/** Throws at the first run of steps after which the two differ; answers how many conditions about risk levels both spoke of. */
export function compareBandedWatch(rules: RulePack, seed: number, numRuns: number): number {
  let spoken = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const banded = new Desk(new Book(), open, rules);
      const full = new Desk(new UnbandedBook(), open, rules);
      play(banded, steps);
      play(full, steps);
      assert.deepEqual(banded.said, full.said);
      spoken += full.said.flat().filter(({ kind }) => kind === 'riskLevel').length;
    }),
    { seed, numRuns },
  );
  return spoken;
}
