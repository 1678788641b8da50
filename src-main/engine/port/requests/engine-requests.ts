/** The requests that are about the machine and not about people's decisions: feeds, recordings, replays, search. */

import type { BookReader } from '#engine/book/book-reader';
import type { DeskRequestName } from '#engine/desk/desk';
import type { RequestHandlers } from '#engine/desk/handlers';
import type { PeopleRequests } from '#engine/desk/people/people-desk';
import type { OversightRequests } from '#engine/oversight';
import type { ReferenceRequests } from '#engine/reference-room';
import type { RuleRequests } from '#engine/rules-room';
import type { DRILL_REQUESTS } from '#shared/contract/drills';
import type { HANDOVER_REQUESTS } from '#shared/contract/handovers';
import type { NOTICE_REQUESTS } from '#shared/contract/notices';
import type { NumbersRequestName } from '#shared/contract/numbers';
import type { PAPER_REQUESTS } from '#shared/contract/paper';
import type { RequestAnswer, RequestName, RequestPayload } from '#shared/contract/requests';
import type { Plan } from '#shared/desk/plans/plan';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type EngineRequests = Omit<
  RequestHandlers,
  | DeskRequestName
  | NumbersRequestName
  | keyof PeopleRequests
  | keyof RuleRequests
  | keyof ReferenceRequests
  | keyof OversightRequests
  | keyof typeof NOTICE_REQUESTS
  | keyof typeof DRILL_REQUESTS
  | keyof typeof PAPER_REQUESTS
  | keyof typeof HANDOVER_REQUESTS
>;

type Maybe<Name extends RequestName> = Outcome<RequestAnswer<Name>> | Promise<Outcome<RequestAnswer<Name>>>;

/** What the composition root offers behind these requests. */
export type EngineControls = {
  feeds: {
    test(payload: RequestPayload<'feed.test'>): Maybe<'feed.test'>;
    pause(feedId: string, reason: string): Outcome<Record<string, never>>;
    resume(feedId: string): Outcome<Record<string, never>>;
    reconnect(feedId: string): Outcome<Record<string, never>>;
  };
  recordings: {
    start(name: string | null): Maybe<'recording.start'>;
    stop(): Maybe<'recording.stop'>;
    list(): Maybe<'recording.list'>;
    export(payload: RequestPayload<'recording.export'>): Maybe<'recording.export'>;
  };
  replays: {
    start(payload: RequestPayload<'replay.start'>): Maybe<'replay.start'>;
    control(payload: RequestPayload<'replay.control'>): Maybe<'replay.control'>;
  };
  book: () => BookReader;
  plans: () => readonly Plan[];
};

export function createEngineRequests(controls: EngineControls): EngineRequests {
  const { feeds, recordings, replays } = controls;
  return {
    'feed.test': (payload) => feeds.test(payload),
    'feed.pause': ({ feedId, reason }) => feeds.pause(feedId, reason),
    'feed.resume': ({ feedId }) => feeds.resume(feedId),
    'feed.reconnect': ({ feedId }) => feeds.reconnect(feedId),
    'recording.start': ({ name }) => recordings.start(name ?? null),
    'recording.stop': () => recordings.stop(),
    'recording.list': () => recordings.list(),
    'recording.export': (payload) => recordings.export(payload),
    'replay.start': (payload) => replays.start(payload),
    'replay.control': (payload) => {
      if (payload.action === 'speed' && payload.speed === undefined) return refuse('INVALID', 'speed: is needed to change the speed', 'speed');
      return replays.control(payload);
    },
    search: ({ text, limit }) => {
      const wanted = text.trim().toLowerCase();
      const plans = controls
        .plans()
        .filter((plan) => wanted !== '' && `${plan.id} ${plan.title} ${plan.title_zh}`.toLowerCase().includes(wanted))
        .map((plan) => ({ kind: 'plan' as const, key: plan.id, label: plan.title_zh, sublabel: plan.title }));
      return accept({ hits: [...controls.book().search(text, limit), ...plans].slice(0, limit) });
    },
  };
}
