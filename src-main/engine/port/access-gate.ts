/** Lets a window see what the person at the desk may see: the function of each stream, and only the accounts they reach. Whole-firm people pass untouched. */
import { approvalTest } from '#engine/desk/approvals/approval-reach';
import type { BookReach } from '#engine/desk/bus/book-reach';
import { type Caller, functionsNeeded, type PeopleOfBus } from '#engine/desk/bus/command-bus';
import type { OpenStream, StreamServers } from '#engine/port/open-stream';
import { openStream, type StreamGate } from '#engine/port/stream-gate';
import { STREAM_ACCESS } from '#shared/contract/access';
import type { AccessRule } from '#shared/contract/access-rule';
import type { PictureByStream, StreamKind } from '#shared/contract/streams';
import { type Alert, severitySchema } from '#shared/desk/alerts/alert';
import { meetReach } from '#shared/desk/people/permissions';
import type { PartReach, Reach } from '#shared/desk/people/person';
import { type Refusal, refuse } from '#shared/refusal';

export type AccessGateParts = {
  people: Pick<PeopleOfBus, 'atDesk'>;
  reach: BookReach;
  /** Open alerts, for the counts of a person who sees a part of them. */
  openAlerts: () => readonly Alert[];
};

type Pictures = PictureByStream;
/** How a picture is held to a reach where its parameters cannot do it. */
type Narrow = { [Kind in StreamKind]?: (picture: Pictures[Kind], params: unknown, reach: PartReach) => Pictures[Kind] };

export class AccessGate implements StreamGate {
  readonly #parts: AccessGateParts;
  readonly #narrow: Narrow;

  constructor(parts: AccessGateParts) {
    this.#parts = parts;
    this.#narrow = {
      status: (picture, _params, reach) => ({ ...picture, unacknowledged: this.#unacknowledged(reach) }),
      health: (picture) => ({ ...picture, deadLetters: picture.deadLetters.map((letter) => ({ ...letter, sample: '' })) }),
      account: (picture, params, reach) =>
        this.#parts.reach.isAccountWithin((params as { accountID: string }).accountID, reach)
          ? picture
          : { ...picture, row: null, figures: [], counterAsOfMs: null },
      entityNames: (picture, _params, reach) => {
        const isVisible = this.#parts.reach.entityTest(reach);
        return { names: Object.fromEntries(Object.entries(picture.names).filter(([entity]) => isVisible(entity))) };
      },
      notices: (picture, _params, reach) => {
        const isWithin = this.#parts.reach.accountTest(reach);
        const within = <Of extends { accountID: string }>(rows: Of[]): Of[] => rows.filter(({ accountID }) => isWithin(accountID));
        return { ...picture, candidates: within(picture.candidates), notices: within(picture.notices) };
      },
      runs: (picture, _params, reach) => {
        const isVisible = this.#parts.reach.runTest(reach);
        return { ...picture, runs: picture.runs.filter(({ runId }) => isVisible(runId)) };
      },
      run: (picture, params, reach) => (this.#parts.reach.isRunWithin((params as { runId: string }).runId, reach) ? picture : { run: null }),
      incidents: (picture, _params, reach) => {
        const isVisible = this.#parts.reach.incidentTest(reach);
        return { ...picture, incidents: picture.incidents.filter(({ incidentId }) => isVisible(incidentId)) };
      },
      incident: (picture, params, reach) =>
        this.#parts.reach.isIncidentWithin((params as { incidentId: string }).incidentId, reach) ? picture : { view: null },
      scenarios: (picture, _params, reach) => {
        const isVisible = this.#parts.reach.scenarioTest(reach);
        return { ...picture, scenarios: picture.scenarios.filter(({ scenario }) => isVisible(scenario)) };
      },
      worklists: (picture, _params, reach) => {
        const isWithin = this.#parts.reach.accountTest(reach);
        return { ...picture, worklists: picture.worklists.filter(({ accountID }) => isWithin(accountID)) };
      },
    };
  }

  open(servers: StreamServers, kind: StreamKind, params: unknown): OpenStream | 'silent' | Refusal {
    const rule = STREAM_ACCESS[kind] as AccessRule<unknown>;
    const caller = this.#parts.people.atDesk();
    if (rule.needs === 'anyone') {
      const reach = caller?.permissions.get('alert.view');
      return reach === undefined || reach === 'firm' ? openStream(servers, kind, params) : this.#openWithin(servers, kind, params, reach);
    }
    if (caller === null || caller.isLocked) return 'silent';
    let reach: Reach = 'firm';
    for (const needed of functionsNeeded(rule, params)) {
      const own = caller.permissions.get(needed);
      if (own === undefined) return refuse('FORBIDDEN', `${kind} needs the function ${needed}`);
      reach = meetReach(reach, own);
    }
    if (kind === 'approvals') return this.#openApprovals(servers, caller);
    if (reach === 'firm') return openStream(servers, kind, params);
    if (rule.reach === undefined) return refuse('FORBIDDEN', 'is only for people who work with the whole firm');
    return rule.reach === 'free' ? openStream(servers, kind, params) : this.#openWithin(servers, kind, params, reach);
  }

  alertTest(): ((alert: Alert) => boolean) | null {
    const caller = this.#parts.people.atDesk();
    const reach = caller === null || caller.isLocked ? undefined : caller.permissions.get('alert.view');
    if (reach === undefined) return () => false;
    if (reach === 'firm') return null;
    const isVisible = this.#parts.reach.entityTest(reach);
    return ({ entity }) => isVisible(entity);
  }

  /** By its scope where the stream has one, else by taking out of the picture what is not in reach. */
  #openWithin(servers: StreamServers, kind: StreamKind, params: unknown, within: PartReach): OpenStream {
    const scope = (params as { scope?: object }).scope;
    const stream = openStream(servers, kind, scope === undefined ? params : { ...(params as object), scope: { ...scope, within } });
    const narrow = this.#narrow[kind] as ((picture: unknown, params: unknown, reach: PartReach) => Pictures[StreamKind]) | undefined;
    if (narrow === undefined) return stream;
    return { version: (nowMs) => stream.version(nowMs), build: (nowMs) => narrow(stream.build(nowMs), params, within) };
  }

  /** Everybody may follow what they asked for; of the rest they see what lies within their reach. */
  #openApprovals(servers: StreamServers, caller: Caller): OpenStream {
    const stream = openStream(servers, 'approvals', {}) as OpenStream<'approvals'>;
    const isVisible = approvalTest(caller, this.#parts.reach);
    if (isVisible === null) return stream;
    const narrowed = (picture: Pictures['approvals']): Pictures['approvals'] => ({ ...picture, approvals: picture.approvals.filter(isVisible) });
    return { version: (nowMs) => stream.version(nowMs), build: (nowMs) => narrowed(stream.build(nowMs)) };
  }

  #unacknowledged(reach: PartReach): Pictures['status']['unacknowledged'] {
    const isVisible = this.#parts.reach.entityTest(reach);
    const counts = Object.fromEntries(severitySchema.options.map((severity) => [severity, 0])) as Pictures['status']['unacknowledged'];
    for (const alert of this.#parts.openAlerts()) {
      if (alert.human === 'unacknowledged' && isVisible(alert.entity)) counts[alert.severity] += 1;
    }
    return counts;
  }
}
