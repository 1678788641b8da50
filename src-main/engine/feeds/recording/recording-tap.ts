/** Lets a recording listen to a feed's events on their way to the core; one that starts in the middle of a day begins with who is speaking. */
import type { IntakeEvent, LinkEvent, WelcomeEvent } from '#shared/feed/intake';
import type { FeedSink } from '../feed';

type Listener = { append(events: readonly IntakeEvent[]): void };

export class RecordingTap implements FeedSink {
  readonly #next: FeedSink;
  readonly #welcomes = new Map<string, WelcomeEvent>();
  readonly #links = new Map<string, LinkEvent>();
  #listener: Listener | null = null;

  constructor(next: FeedSink) {
    this.#next = next;
  }

  /** From now on the listener hears everything, after `known`, which no feed will repeat. The caller then asks the feeds for their pictures (`Feed.requestPictures`). */
  startRecording(listener: Listener, known: readonly IntakeEvent[] = []): void {
    const opening: IntakeEvent[] = [];
    for (const [feedId, link] of this.#links) {
      const welcome = this.#welcomes.get(feedId);
      if (welcome !== undefined) opening.push(welcome);
      opening.push(link);
    }
    listener.append([...opening, ...known]);
    this.#listener = listener;
  }

  stopRecording(): void {
    this.#listener = null;
  }

  onEvents(events: readonly IntakeEvent[]): void {
    for (const event of events) {
      if (event.type === 'link') this.#links.set(event.feedId, event);
      else if (event.type === 'welcome') this.#welcomes.set(event.feedId, event);
    }
    // First, so that the recording holds what the core was given and not what it made of it.
    this.#listener?.append(events);
    this.#next.onEvents(events);
  }

  onDeadLetter(letter: Parameters<FeedSink['onDeadLetter']>[0]): void {
    this.#next.onDeadLetter(letter);
  }
}
