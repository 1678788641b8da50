/** Writes refusals into the journal without letting a page that sends nonsense fill the disk: the first of a kind at once, its likes as a count. */
import type { Recorder } from '#engine/desk/record';
import type { CommandEvent } from '#shared/desk/people/events';
import type { Refusal } from '#shared/refusal';

export type Channel = CommandEvent['payload']['channel'];

/** Alike: same person, same request, same code. One entry for the first, one more with the count when this has passed. */
const WINDOW_MS = 60_000;
/** Kinds kept apart at a time; what comes beyond is one kind of its own, so that random names cost nothing. */
const MAX_KINDS = 64;
const BEYOND = 'many';

type Kind = { request: string; refusal: Refusal; channel: Channel; sinceMs: number; count: number; hasPerson: boolean };

export class RefusalRecord {
  readonly #recorder: Recorder;
  readonly #nowMs: () => number;
  readonly #kinds = new Map<string, Kind>();

  constructor(recorder: Recorder, nowMs: () => number) {
    this.#recorder = recorder;
    this.#nowMs = nowMs;
  }

  /** `actor` is null while nobody is signed in. Must be called while acting as that person. */
  add(request: string, refusal: Refusal, channel: Channel, actor: string | null): void {
    const nowMs = this.#nowMs();
    const key = `${actor ?? ''}|${channel}|${request}|${refusal.code}`;
    const known = this.#kinds.get(key);
    if (known !== undefined && Math.abs(nowMs - known.sinceMs) < WINDOW_MS) {
      known.count += 1;
      return;
    }
    if (known !== undefined) this.#close(key, known);
    if (this.#kinds.size >= MAX_KINDS) this.flush();
    if (this.#kinds.size >= MAX_KINDS && request !== BEYOND) {
      this.add(BEYOND, refusal, channel, actor);
      return;
    }
    const kind = { request, refusal, channel, sinceMs: nowMs, count: 0, hasPerson: actor !== null };
    this.#kinds.set(key, kind);
    this.#write(kind, 1);
  }

  /** Called now and then, and at the end: writes the counts whose window has passed. */
  flush(isEnding = false): void {
    const nowMs = this.#nowMs();
    for (const [key, kind] of this.#kinds) if (isEnding || Math.abs(nowMs - kind.sinceMs) >= WINDOW_MS) this.#close(key, kind);
  }

  #close(key: string, kind: Kind): void {
    this.#kinds.delete(key);
    if (kind.count > 0) this.#write(kind, kind.count);
  }

  #write({ request, refusal, channel, hasPerson }: Kind, count: number): void {
    const event: CommandEvent = {
      type: 'command.refused',
      subject: `command:${request}`.slice(0, 200),
      payload: { request: request.slice(0, 80), code: refusal.code, message: refusal.message.slice(0, 300), channel, count, atMs: this.#nowMs() },
    };
    // Its outcome is in the log and in the journal's state: a refusal that cannot be written down stays a refusal.
    this.#recorder.record('command.refused', [event], { actor: hasPerson ? 'person' : 'engine' });
  }
}
