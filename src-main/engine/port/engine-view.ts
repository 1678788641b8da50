/** What the port's streams may see of the engine: readers only. The composition root fills it in, live or for a replay. */

import type { BookReader } from '#engine/book/book-reader';
import type { OversightView } from '#engine/oversight';
import type { NumbersView } from '#engine/port/numbers-view';
import type { AlertSendingPicture } from '#shared/contract/alerts';
import type { DrillView, PictureByDrillStream } from '#shared/contract/drills';
import type { PictureByHandoverStream } from '#shared/contract/handovers';
import type { IncidentView, PictureByIncidentStream } from '#shared/contract/incidents';
import type { PictureByNoticeStream } from '#shared/contract/notices';
import type { AuthPicture } from '#shared/contract/people';
import type { ReferenceParams, ReferencePicture } from '#shared/contract/reference-rows';
import type { RulesPicture } from '#shared/contract/rules';
import type { HealthPicture, StatusPicture } from '#shared/contract/streams';
import type { Run } from '#shared/desk/plans/plan';
import type { Reading } from '#shared/desk/plans/run-parts';

export interface EngineView {
  readonly oversight: OversightView;
  book(): BookReader;
  readonly numbers: NumbersView;
  status(nowMs: number): StatusPicture;
  health(nowMs: number): HealthPicture;
  /** What keeps alerts from being sent, and what was told of late. */
  readonly alertSending: { version(): number; picture(nowMs: number): AlertSendingPicture };
  /** Grows with every journal entry. */
  deskVersion(): number;
  /** Every rule with what it has counted. */
  rules(): RulesPicture;
  /** What is in force of contracts, rates and rules, and the desk's own rows. */
  reference(params: ReferenceParams): ReferencePicture;
  /** Who sits here; the version changes with the picture. */
  readonly auth: { version(): string; picture(): AuthPicture };
  /** Runs a person may still act on or has just ended, newest first. */
  runs(): readonly Run[];
  librarySequence(): number;
  run(runId: string): Run | null;
  /** What the desk's sensors say now, always of the live desk. */
  sensors(): Reading[];
  notices(): PictureByNoticeStream['notices'];
  readonly handovers: { version(): string; picture(): PictureByHandoverStream['handovers'] };
  readonly drills: { list(): PictureByDrillStream['drills']; view(drillId: string): DrillView | null };
  readonly incidents: { list(): PictureByIncidentStream['incidents']; one(incidentId: string): IncidentView | null };
}
