/** An event as a recording would hold it: what a feed lends for one message is over when a test looks at it. */
import { type IntakeEvent, QuotesInRows } from '#shared/feed/intake';

export function asRecorded(event: IntakeEvent): IntakeEvent {
  return event instanceof QuotesInRows ? event.toJSON() : event;
}
