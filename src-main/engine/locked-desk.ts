/**
 * The engine while the key to its data is locked: it opens no file of the desk and watches nothing; windows are served one picture that says so and one
 * request, the secret that opens it. Wrong tries are slowed down and counted on disk, so that ending the program wins nothing.
 */
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { Clock } from '#engine/clock';
import type { Ask } from '#engine/desk/bus/command-bus';
import { type AccessData, loadAccessData } from '#engine/desk/people/access-data';
import { Keyring } from '#engine/desk/people/keyring';
import { countWays, type FoundWay, findWay } from '#engine/desk/people/person-ways';
import { Secrets } from '#engine/desk/people/secrets';
import type { AlertSource } from '#engine/port/alert-lane';
import type { StreamServers } from '#engine/port/open-stream';
import type { PagePort } from '#engine/port/page-port';
import { PortServer } from '#engine/port/port-server';
import { RefusalLog } from '#engine/port/refusal-log';
import type { StreamGate } from '#engine/port/stream-gate';
import { findResourcesFolder } from '#engine/resources';
import { KeyringFile } from '#engine/store/keyring-file';
import type { Log } from '#engine/store/log';
import type { AuthPicture } from '#shared/contract/people';
import { REQUESTS } from '#shared/contract/requests';
import { afterFailure, judgeThrottle, NOT_THROTTLED } from '#shared/desk/people/throttle';
import { accept, type Outcome, refuse, refuseSchemaIssue } from '#shared/refusal';

export type LockedDeskParts = { dataDir: string; framePaceMs: number; clock: Clock; log: Log };

/** What opened it: goes to the engine that starts now, and into its record. `secret` signs the person in when it is their password. */
export type KeyOpened = FoundWay & { secret: string; lockedAtMs: number; wrongTries: number };

export type LockedDesk = {
  readonly engineId: string;
  readonly startedAtMs: number;
  attachPort(port: PagePort): void;
  /** Resolves once, with what opened the key. */
  readonly opened: Promise<KeyOpened>;
  /** Lets the windows go. */
  stop(): Promise<void>;
};

const NO_ALERTS: AlertSource = { alertSequence: () => 0, alertSnapshot: () => [], alertsAfter: () => [] };

/** Throws a StoreError `keyMissing` when there is no readable key file at all. */
export function openLockedDesk({ dataDir, framePaceMs, clock, log }: LockedDeskParts): LockedDesk {
  const data = loadAccessData(findResourcesFolder());
  const engineId = uuidv7();
  const startedAtMs = clock.nowMs();
  const ways = countWays(dataDir);
  const keyring = new Keyring(new KeyringFile(join(dataDir, 'keyring.json')), startedAtMs);
  const secrets = new Secrets(data.rules, null);
  const refusals = new RefusalLog(log, () => clock.nowMs());
  const { promise: opened, resolve: open } = promiseOf<KeyOpened>();
  let isTrying = false;
  let version = 0;

  function picture(): AuthPicture {
    const { people, codes, hasKeychain } = ways;
    return {
      ...{ isClaimed: true, session: null, locked: null, people: [], names: {}, idleLockMs: null, isFounding: false },
      protection: hasKeychain ? 'keychain' : 'signIn',
      keyLocked: { sinceMs: startedAtMs, why: hasKeychain ? 'keychainLost' : 'signIn', people, codes, isTrying },
    };
  }

  async function tryOpen(secret: string): Promise<Outcome<{ by: FoundWay['by'] }>> {
    if (isTrying) return refuse('CONFLICT', 'another try is being checked', 'tooSoon');
    // A code cannot be guessed: whoever typed nonsense here before keeps nobody out who has one.
    const counted = keyring.findRecoveryCode(secret) === null ? countTry(keyring, data, clock.nowMs()) : accept(keyring.strangers.failures + 1);
    if (!counted.ok) return counted;
    setTrying(true);
    try {
      const found = await findWay(dataDir, secret, secrets, keyring);
      if (found === null) return refuse('FORBIDDEN', 'the name or the secret is wrong', 'secret');
      keyring.updateStrangers(NOT_THROTTLED);
      // Not before the answer is on its way: what opens next lets this window's port go.
      setImmediate(() => open({ ...found, secret, lockedAtMs: startedAtMs, wrongTries: counted.value - 1 }));
      return accept({ by: found.by });
    } finally {
      setTrying(false);
    }
  }

  function setTrying(now: boolean): void {
    isTrying = now;
    version += 1;
  }

  const ask: Ask = async (name, payload) => {
    if (name !== 'desk.openKey') return refuse('UNAVAILABLE', 'the key to this desk’s data is locked');
    const parsed = REQUESTS['desk.openKey'].payload.safeParse(payload);
    if (!parsed.success) return refuseSchemaIssue(parsed.error);
    try {
      return await tryOpen(parsed.data.secret);
    } catch (error) {
      return refuse('FAILED', error instanceof Error ? error.message : String(error));
    }
  };
  const auth = { version: () => version, build: picture };
  const gate: StreamGate = { open: (_servers, kind) => (kind === 'auth' ? auth : 'silent'), alertTest: () => () => false };
  const server = new PortServer({
    engineId,
    startedAtMs,
    // Nothing but the one picture above is ever opened.
    streams: () => ({}) as StreamServers,
    ask,
    gate,
    alerts: () => NO_ALERTS,
    nowMs: () => clock.nowMs(),
    framePaceMs,
    onRefusal: (refusal, about) => refusals.add(refusal, about),
  });
  const timer = setInterval(() => server.flushFrames(), Math.max(10, framePaceMs / 2));
  return {
    engineId,
    startedAtMs,
    attachPort: (port) => void server.attach(port),
    opened,
    async stop() {
      clearInterval(timer);
      server.closeAll();
      await secrets.stop();
    },
  };
}

/** Counted as failed, on disk, before it is checked: one count for all, since nobody says who they are. */
function countTry(keyring: Keyring, { rules }: AccessData, nowMs: number): Outcome<number> {
  const verdict = judgeThrottle(keyring.strangers, nowMs);
  if (verdict.kind === 'wait') {
    const seconds = Math.ceil((verdict.untilMs - nowMs) / 1000);
    const message = verdict.isLockedOut ? `locked out for ${seconds} s` : `wait ${seconds} s`;
    return refuse('CONFLICT', message, verdict.isLockedOut ? 'lockedOut' : 'tooSoon');
  }
  const next = afterFailure(keyring.strangers, rules.throttle.secret, nowMs);
  keyring.updateStrangers(next);
  return accept(next.failures);
}

function promiseOf<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
