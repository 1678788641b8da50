/** What an engine is made from: what its process or a test hands in. */
import type { Capacity } from '#engine/capacity';
import type { Clock } from '#engine/clock';
import type { AskAuthenticator } from '#engine/desk/people/authenticators';
import type { HashCost } from '#engine/desk/people/secret-worker';
import type { WebSocketTimings } from '#engine/feeds/websocket/websocket-options';
import type { KeyOpened } from '#engine/locked-desk';
import type { PaperPrinter } from '#engine/reports/paper/shell-printer';
import type { Log } from '#engine/store/log';
import type { EngineOptions, EngineReport } from '#shared/contract/shell';

export type EngineParts = {
  options: EngineOptions;
  report?: (report: EngineReport) => void;
  clock?: Clock;
  log?: Log;
  /** Tests reconnect faster than a desk. */
  feedTimings?: Partial<WebSocketTimings>;
  /** Tests fill a smaller desk. */
  capacity?: Partial<Capacity>;
  /** Tests digest secrets at a fixed cost; a desk measures what it can bear. */
  secretCost?: HashCost;
  /** Turns pages into PDF; left out, a PDF is refused and the Word document is offered. */
  printer?: PaperPrinter;
  /** Asks the machine's own authenticator; left out, none is offered. */
  askAuthenticator?: AskAuthenticator;
  /** The secret that opened the key of a desk that had started locked: its way, and whom it signs in. */
  keyOpened?: KeyOpened;
};

/** The same with what was left out filled in, for the rooms that are built from it. */
export type EngineSetting = {
  readonly parts: EngineParts;
  readonly options: EngineOptions;
  readonly engineId: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly resources: string;
};
