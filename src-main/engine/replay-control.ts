/** Starts, steers and ends the one replay a desk can show at a time. */
import type { Clock } from '#engine/clock';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import type { RecordingSeal } from '#engine/feeds/recording/recording-seal';
import { ReplaySession } from '#engine/replay-session';
import type { RulePack } from '#engine/watch/rule-schema';
import type { RequestPayload } from '#shared/contract/requests';
import { accept, type Outcome, refuse } from '#shared/refusal';

export type ReplayControlParts = {
  clock: Clock;
  /** Those in force when the replay begins. */
  rules: () => RulePack;
  /** From a name a page gave to a file it may replay. */
  resolve: (name: string) => Outcome<string>;
  seal: RecordingSeal;
  onAlerts: () => void;
  /** The recording could not be read on. */
  onFault: (error: unknown) => void;
  /** The pictures on screen come from another book from now on. */
  onSwitched: () => void;
};

export class ReplayControl {
  private readonly parts: ReplayControlParts;
  private session: ReplaySession | null = null;
  /** Grows with every wish; one that is no longer the newest when its file is open is not fulfilled. */
  private wishes = 0;

  constructor(parts: ReplayControlParts) {
    this.parts = parts;
  }

  /** The replay on screen, finished or not; null when the desk shows its live feeds. */
  get current(): ReplaySession | null {
    return this.session;
  }

  async start({ file, speed }: RequestPayload<'replay.start'>): Promise<Outcome<Record<string, never>>> {
    const resolved = this.parts.resolve(file);
    if (!resolved.ok) return resolved;
    this.wishes += 1;
    const wish = this.wishes;
    const opened = await RecordingReader.open(resolved.value, {}, this.parts.seal);
    if (!opened.ok) return opened;
    // Two that begin together would leave one playing that nobody sees or can stop.
    if (wish === this.wishes) await this.session?.feed.stop();
    if (wish !== this.wishes) return refuse('CONFLICT', 'another replay was asked for, or the replay was ended, while this one was being opened');
    const { clock, rules, onAlerts } = this.parts;
    this.session = new ReplaySession({ reader: opened.value, speed, clock, rules: rules(), onAlerts });
    this.session.play().catch((error: unknown) => this.parts.onFault(error));
    this.parts.onSwitched();
    return accept({});
  }

  async control({ action, speed }: RequestPayload<'replay.control'>): Promise<Outcome<Record<string, never>>> {
    const { session } = this;
    if (session === null) return refuse('CONFLICT', 'no replay is running');
    switch (action) {
      case 'pause':
        session.feed.pause();
        break;
      case 'resume':
        session.feed.resume();
        break;
      case 'speed':
        if (speed !== undefined) session.feed.setSpeed(speed);
        break;
      case 'stop':
        await this.stop();
    }
    return accept({});
  }

  async stop(): Promise<void> {
    this.wishes += 1;
    const { session } = this;
    if (session === null) return;
    this.session = null;
    await session.feed.stop();
    this.parts.onSwitched();
  }
}
