/** A desk on a real folder and its pages, for tests about people: claims it, makes people with roles, and signs them in as they would themselves. */

import type { Clock } from '#engine/clock';
import type { Engine } from '#engine/engine';
import type { EngineParts } from '#engine/engine-parts';
import type { EngineOptions } from '#shared/contract/shell';
import type { StreamKind } from '#shared/contract/streams';
import type { Reach, RoleName } from '#shared/desk/people/person';
import type { StoredEntry } from '#shared/journal/entry';
import type { Outcome } from '#shared/refusal';
import { createTestDesk, type TestDesk } from '#tests/integration/engine/desk';
import { PageClient } from '#tests/integration/engine/page-client';

export const ADMIN = { login: 'boss', displayName: 'Bo Shen', secret: 'umbra-corvid-41-lantern' };
export const SECRET = 'quartz-vessel-77-meadow';

export function worked<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value;
}

/** The machine's clock, put forward or back by a test. */
class MovedClock implements Clock {
  byMs = 0;

  nowMs(): number {
    return Date.now() + this.byMs;
  }

  monotonicMs(): number {
    return performance.now();
  }
}

export class PeopleRoom {
  readonly desk: TestDesk = createTestDesk();
  readonly recorded: StoredEntry[] = [];
  readonly clock = new MovedClock();
  /** What else the engine is started with. */
  more: Partial<Omit<EngineParts, 'options'>> = {};
  options: Partial<EngineOptions> = {};
  recoveryCodes: string[] = [];
  adminId = '';
  #engine: Engine | null = null;
  #page: PageClient | null = null;

  get engine(): Engine {
    if (this.#engine === null) throw new Error('the desk was not started');
    return this.#engine;
  }

  get page(): PageClient {
    if (this.#page === null) throw new Error('the desk was not started');
    return this.#page;
  }

  async start(demoUrl: string | null = null): Promise<void> {
    this.#engine = await this.desk.start(demoUrl, {}, { clock: this.clock, ...this.more }, this.options);
    this.#engine.desk.onAppended((entries) => void this.recorded.push(...entries));
    this.#page = new PageClient(this.#engine);
  }

  async restart(demoUrl: string | null = null): Promise<void> {
    await this.engine.stop();
    await this.start(demoUrl);
  }

  async claim(): Promise<void> {
    const claimed = worked(await this.page.request('people.claim', ADMIN));
    this.recoveryCodes = claimed.recoveryCodes;
    this.adminId = claimed.personId;
  }

  signIn(login: string, secret: string) {
    return this.page.request('auth.signIn', { login, secret });
  }

  /** Makes a person, lets them choose their password, and leaves the administrator signed in. */
  async person(login: string, roles: readonly RoleName[], reach: Reach = 'firm'): Promise<string> {
    worked(await this.signIn(ADMIN.login, ADMIN.secret));
    const made = worked(await this.page.request('people.create', { login, displayName: `The ${login}` }));
    for (const role of roles) {
      worked(await this.page.request('role.grant', { personId: made.personId, role, reach, reason: 'joins the desk' }));
    }
    worked(await this.page.request('auth.redeem', { login, code: made.oneTime.code, secret: SECRET }));
    worked(await this.signIn(ADMIN.login, ADMIN.secret));
    return made.personId;
  }

  /** Subscribes and answers the refusal's code, or `open`: asked and answered in order with a request behind it, so nothing is waited for. */
  async subscribeOnce(kind: StreamKind, params: unknown): Promise<string> {
    const id = this.page.subscribeRaw(kind, params);
    await this.page.request('settings.get', {});
    const refusal = this.page.refusals.get(id);
    this.page.unsubscribe(id);
    return refusal?.code ?? 'open';
  }

  async end(): Promise<void> {
    this.#page?.close();
    await this.desk.end();
  }

  /** What the journal says, newest last: type, actor and payload. */
  entries(type: string): { actor: string; session: string; payload: Record<string, unknown> }[] {
    return this.recorded
      .filter((entry) => entry.type === type)
      .map(({ actor, session, payload }) => ({ actor, session, payload: JSON.parse(payload) as Record<string, unknown> }));
  }
}
