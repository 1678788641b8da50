/** A source with its day, a network that loses, doubles and reorders, and the book behind the supervisor that checks what it is promised. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { FeedSupervisor } from '#engine/feeds/supervision/feed-supervisor';
import type { Statement, SupervisionRequest } from '#engine/feeds/supervision/statement';
import { type Effects, noEffects } from '#engine/feeds/supervision/stream-supervisor';
import type { IntakeEvent } from '#shared/feed/intake';
import type { Trade } from '#shared/feed/items';

export const LIMITS = { resendTimeoutMs: 100, snapshotTimeoutMs: 200, maxHeldItems: 40, maxSnapshotItems: 10_000, maxSnapshotAttempts: 3 };

export function trade(number: number): Trade {
  return {
    accountID: 'A1',
    exchangeID: 'SHFE',
    instrumentID: 'au2412',
    tradeID: `T${number}`,
    direction: 'buy',
    offsetFlag: 'open',
    hedgeFlag: 'speculation',
    price: 561,
    volume: 1,
    tradeTimeMs: number,
  };
}

/** A source that keeps its whole day and answers requests; the day may change. */
export class Source {
  tradingDay = '20240506';
  log: Trade[][] = [];
  #next = 0;
  knowsResend = true;

  publish(count: number): Statement {
    const items = Array.from({ length: count }, () => trade(this.#next++));
    this.log.push(items);
    return this.delta(this.log.length);
  }

  delta(sequence: number): Statement {
    return { type: 'data', stream: 'trades', tradingDay: this.tradingDay, sequence, sourceTimeMs: 1, items: this.log[sequence - 1] ?? [] };
  }

  newDay(): Statement[] {
    this.tradingDay = String(Number(this.tradingDay) + 1);
    this.log = [];
    return this.snapshot('newTradingDay');
  }

  snapshot(reason: 'subscribed' | 'requested' | 'newTradingDay'): Statement[] {
    const items = this.log.flat();
    const mark = { stream: 'trades' as const, tradingDay: this.tradingDay, sequence: this.log.length, sourceTimeMs: 1 };
    const half = items.length >> 1;
    return [
      { type: 'snapshotBegin', ...mark, reason },
      { type: 'snapshot', stream: 'trades', items: items.slice(0, half), receivedCount: half },
      { type: 'snapshot', stream: 'trades', items: items.slice(half), receivedCount: items.length - half },
      { type: 'snapshotEnd', ...mark, count: items.length },
    ];
  }

  answer(request: SupervisionRequest): Statement[] {
    if (request.type === 'snapshotRequest') return this.snapshot('requested');
    if (request.type !== 'resend') return [];
    if (!this.knowsResend || request.tradingDay !== this.tradingDay) {
      return [{ type: 'refusal', code: 'RESEND_UNAVAILABLE', message: '', stream: 'trades' }];
    }
    const answer: Statement[] = [];
    for (let sequence = request.fromSequence; sequence <= Math.min(request.toSequence, this.log.length); sequence += 1)
      answer.push(this.delta(sequence));
    return answer;
  }

  subscribed(from: { tradingDay: string; sequence: number } | undefined): Statement[] {
    if (from === undefined || from.tradingDay !== this.tradingDay || from.sequence > this.log.length) return this.snapshot('subscribed');
    return this.log.slice(from.sequence).map((_, index) => this.delta(from.sequence + index + 1));
  }

  heartbeat(): Statement {
    const position = { stream: 'trades' as const, tradingDay: this.tradingDay, sequence: this.log.length };
    return { type: 'heartbeat', sourceTimeMs: 1, tradingDay: this.tradingDay, positions: [position] };
  }
}

/** What the book would hold, with every breach of the promise caught on the way. */
class Sink {
  picture: string[] = [];
  tradingDay: string | null = null;
  sequence = -1;
  openGap = false;

  take(events: readonly IntakeEvent[]): void {
    for (const event of events) {
      if (event.type === 'gap') this.openGap = event.healedBy === null;
      if ((event.type !== 'items' && event.type !== 'picture') || event.stream !== 'trades') continue;
      const ids = event.items.map((item) => item.tradeID);
      if (event.type === 'picture') this.picture = ids;
      else {
        expect(event.tradingDay).toBe(this.tradingDay);
        expect(event.sequence).toBe(this.sequence + 1);
        this.picture.push(...ids);
      }
      this.tradingDay = event.tradingDay;
      this.sequence = event.sequence;
      expect(new Set(this.picture).size).toBe(this.picture.length);
    }
  }
}

export class Rig {
  readonly source = new Source();
  readonly sink = new Sink();
  readonly supervisor = new FeedSupervisor('f', ['trades'], LIMITS);
  readonly network: Statement[] = [];
  nowMs = 0;
  isUp = false;
  requests: SupervisionRequest[] = [];

  act(work: (out: Effects) => void): void {
    const out = noEffects();
    work(out);
    this.sink.take(out.events);
    for (const request of out.requests) {
      this.requests.push(request);
      if (request.type === 'reconnect') this.cut();
      else if (this.isUp) this.network.push(...this.source.answer(request));
    }
  }

  connect(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.supervisor.linkOpened(['trades'], this.nowMs);
    for (const { from } of this.supervisor.subscriptions()) this.network.push(...this.source.subscribed(from));
  }

  cut(): void {
    this.isUp = false;
    this.network.length = 0;
    this.supervisor.linkClosed();
  }

  deliver(statement: Statement): void {
    this.act((out) => this.supervisor.receive(statement, this.nowMs, this.nowMs, out));
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.act((out) => this.supervisor.tick(this.nowMs, out));
  }

  /** A sound network for a while: connected, everything delivered, heartbeats, time passing. */
  settle(): void {
    for (let round = 0; round < 60; round += 1) {
      this.connect();
      for (let statement = this.network.shift(); statement !== undefined; statement = this.network.shift()) this.deliver(statement);
      if (this.isUp) this.deliver(this.source.heartbeat());
      this.pass(60);
    }
  }

  expectWhole(): void {
    expect(this.supervisor.isWhole()).toBe(true);
    expect(this.sink.picture).toEqual(this.source.log.flat().map((item) => item.tradeID));
    expect(this.sink.tradingDay).toBe(this.source.tradingDay);
    expect(this.sink.openGap).toBe(false);
  }
}

export const step = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 0, max: 4 }) }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('deliver' as const), at: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('lose' as const), at: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('double' as const), at: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('swap' as const), at: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'connect' as const, 'heartbeat' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('newDay' as const, 'forget' as const, 'askForPictures' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 250 }) }) },
);

export type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

export function perform(rig: Rig, action: Step): void {
  const { network, source } = rig;
  switch (action.do) {
    case 'publish': {
      const statement = source.publish(action.count);
      if (rig.isUp) network.push(statement);
      return;
    }
    case 'deliver': {
      const [statement] = network.splice(Math.min(action.at, Math.max(0, network.length - 1)), 1);
      if (statement !== undefined) rig.deliver(statement);
      return;
    }
    case 'lose':
      network.splice(action.at, 1);
      return;
    case 'double': {
      const statement = network[action.at];
      if (statement !== undefined) network.splice(action.at, 0, statement);
      return;
    }
    case 'swap': {
      const [one] = network.splice(action.at, 1);
      if (one !== undefined) network.splice(action.at + 1, 0, one);
      return;
    }
    case 'cut':
      rig.cut();
      return;
    case 'connect':
      rig.connect();
      return;
    case 'heartbeat':
      if (rig.isUp) network.push(source.heartbeat());
      return;
    case 'newDay': {
      const statements = source.newDay();
      if (rig.isUp) network.push(...statements);
      return;
    }
    case 'forget':
      source.knowsResend = !source.knowsResend;
      return;
    case 'askForPictures':
      if (rig.isUp) rig.act((out) => rig.supervisor.requestPictures(rig.nowMs, out));
      return;
    default:
      rig.pass(action.ms);
  }
}
