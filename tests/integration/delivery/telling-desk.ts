/** A desk that tells people of its alerts, on a clock that the test moves; it may be killed in between and opened again on the same folder. */
import { expect } from 'vitest';
import type { Condition } from '#engine/watch/condition';
import { type Channel, type DeliverySettings, FIRST_DELIVERY_SETTINGS } from '#shared/desk/delivery/channel';
import type { Notice } from '#shared/desk/delivery/notice';
import { webServer } from '#tests/helpers/notice-servers';
import { condition, type OpenDesk, openDesk, START_MS, TestClock, temporaryFolder } from '#tests/integration/journal/helpers';

export const MINUTE_MS = 60_000;

type Options = { isPerson?: (personId: string) => boolean };

export class TellingDesk {
  readonly #folder = temporaryFolder();
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #options: Options;
  open: OpenDesk;
  /** What was told since the desk was opened last. */
  notices: Notice[] = [];

  constructor(options: Options = {}) {
    this.#options = options;
    this.open = this.#start(new TestClock(START_MS));
  }

  #start(clock: TestClock, options: Options & { mode?: 'live' | 'drill' } = this.#options): OpenDesk {
    const open = openDesk(this.#folder.path, { clock, ...options });
    const notices: Notice[] = [];
    this.notices = notices;
    open.desk.delivery.onNotice = (notice) => notices.push(notice);
    open.desk.delivery.begin();
    return open;
  }

  async stop(): Promise<void> {
    await this.open.desk.delivery.stop();
    await this.open.close();
    for (const close of this.#closers) await close();
    this.#folder.remove();
  }

  get path(): string {
    return this.#folder.path;
  }

  /** The engine was killed: nothing closed, the same folder, so much later. */
  restartAfter(ms: number, mode: 'live' | 'drill' = 'live'): void {
    this.open.store.journalFile.database.close();
    this.open = this.#start(new TestClock(this.open.clock.ms + ms), { ...this.#options, mode });
  }

  pass(ms: number, stepMs = 250): void {
    const { clock, desk } = this.open;
    for (const endMs = clock.ms + ms; clock.ms < endMs; ) {
      clock.ms = Math.min(endMs, clock.ms + stepMs);
      desk.delivery.tick();
    }
  }

  see(transition: Condition['transition'], overrides: Partial<Condition> = {}): void {
    this.open.desk.alerts.onConditions([condition(transition, { atMs: this.open.clock.ms, ...overrides })]);
  }

  configure(settings: Partial<DeliverySettings>, secrets: Record<string, string> = {}) {
    const all = { ...FIRST_DELIVERY_SETTINGS, ...settings };
    return this.open.desk.delivery.requests['delivery.configure']({ settings: all, secrets, reason: 'test' });
  }

  setChannels(channels: Channel[], secrets: Record<string, string> = {}): void {
    expect(this.configure({ channels }, secrets)).toMatchObject({ ok: true });
  }

  ledger() {
    const picture = this.open.desk.delivery.requests['delivery.get']({});
    if (picture instanceof Promise || !picture.ok) throw new Error('no picture');
    return picture.value;
  }

  async acknowledge(): Promise<void> {
    const alertIds = this.open.desk.alerts.openAlerts().map(({ alertId }) => alertId);
    expect(await this.open.desk.requests['alert.acknowledge']({ alertIds, note: 'seen' })).toMatchObject({ ok: true });
  }

  /** A web hook's server, gone with the desk. */
  async web() {
    const server = await webServer();
    this.#closers.push(server.close);
    return server;
  }

  alsoClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }
}

export function channelOf(overrides: Partial<Channel> & Pick<Channel, 'type'>): Channel {
  const base = {
    channelId: 'ops',
    name: 'Operations',
    isEnabled: true,
    roles: ['desk'],
    minSeverity: 'low',
    tellsAllClear: false,
    quietHours: null,
    language: 'en',
  };
  return { ...base, ...overrides } as Channel;
}
