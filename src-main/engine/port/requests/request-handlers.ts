/** Every request of the contract with the part of the engine that answers it. */

import type { DeskRequests } from '#engine/desk/desk';
import type { DrillDesk } from '#engine/desk/drills/drill-desk';
import type { RequestHandlers } from '#engine/desk/handlers';
import type { HandoverDesk } from '#engine/desk/handovers/handover-desk';
import type { NoticeDesk } from '#engine/desk/notices/notice-desk';
import type { PeopleRequests } from '#engine/desk/people/people-desk';
import type { OversightRequests } from '#engine/oversight';
import type { NumbersRequests } from '#engine/port/numbers-view';
import type { EngineRequests } from '#engine/port/requests/engine-requests';
import type { ReferenceRequests } from '#engine/reference-room';
import type { PaperRoom } from '#engine/reports/paper/paper-room';
import type { RuleRequests } from '#engine/rules-room';

/** The desk answers for people, the engine for feeds, recordings, replays and search, the numbers room for what is computed, the people's room for who may; the type checks that nothing is left out. */
export function createRequestHandlers(
  desk: DeskRequests,
  engine: EngineRequests,
  numbers: NumbersRequests,
  people: PeopleRequests,
  rules: RuleRequests,
  reference: ReferenceRequests,
  oversight: OversightRequests,
  notices: NoticeDesk['requests'],
  drills: DrillDesk['requests'],
  papers: PaperRoom['requests'],
  handovers: HandoverDesk['requests'],
): RequestHandlers {
  return { ...desk, ...engine, ...numbers, ...people, ...rules, ...reference, ...oversight, ...notices, ...drills, ...papers, ...handovers };
}
