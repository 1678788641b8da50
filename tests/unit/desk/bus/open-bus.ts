/** A command bus at which somebody sits who may do everything: for tests of what comes before and after it. */

import { type Caller, CommandBus } from '#engine/desk/bus/command-bus';
import { RefusalRecord } from '#engine/desk/bus/refusal-record';
import type { RequestHandlers } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import { FUNCTION_NAMES } from '#shared/desk/people/functions';
import type { JournalEvent } from '#shared/journal/entry';
import { accept } from '#shared/refusal';
import { WHOLE_FIRM } from '#tests/helpers/whole-firm';

export const EVERYTHING: Caller = {
  acting: { actor: 'p-tester', sessionId: 's' },
  permissions: new Map(FUNCTION_NAMES.map((name) => [name, 'firm'])),
  isLocked: false,
};

/** Keeps what would be written, and writes nothing. */
export function listeningRecorder(recorded: JournalEvent[]): Recorder {
  return {
    record: (_request: string, events: JournalEvent[]) => {
      recorded.push(...events);
      return accept([]);
    },
  } as unknown as Recorder;
}

export function openBus(handlers: RequestHandlers, onFault: (name: string) => void, caller: () => Caller | null = () => EVERYTHING): CommandBus {
  return new CommandBus({
    handlers: () => handlers,
    people: {
      atDesk: caller,
      local: () => EVERYTHING,
      permissionsOf: () => caller()?.permissions ?? new Map(),
      isApprovalWaived: () => true,
      humanOf: (personId) => personId,
    },
    approvals: () => null,
    reach: { ...WHOLE_FIRM, isAccountWithin: () => false, isDepartmentWithin: () => false, isGroupWithin: () => false },
    refusals: new RefusalRecord(listeningRecorder([]), () => 0),
    onFault,
  });
}
