/** Of a condition that stands for many: which of them people have been told of, so that a further one is news and one that flickers is told once. */
import { crc32 } from 'node:zlib';

/** So many are known again one by one after a restart; of more only how many they were. */
const MOST_MARKS = 256;

/** What was told before a restart, as the alert's record keeps it: how many, and the marks of as many as it has room for. */
export type ToldBefore = { count: number; marks: string | undefined };

type ToldDelays = {
  /** A further one counts once it has lasted this long. */
  onDelayMs: number;
  /** Further ones are told together, at most this often. */
  tellAgainAfterMs: number;
  /** One that has been right for so long is a further one when it comes again. */
  forgetAfterMs: number;
};

export class ToldMembers {
  private readonly delays: ToldDelays;
  /** When each was last seen to belong. */
  private readonly told = new Map<string, number>();
  /** Since when each that nobody was told of belongs. */
  private waiting = new Map<string, number>();
  private lastToldMs = Number.NEGATIVE_INFINITY;
  /** Told before a restart and not seen since. */
  private restoredMarks = new Set<string>();
  /** The same of those without a mark: as many that last are taken for them. */
  private restoredCredit = 0;
  private restoredSinceMs: number | null = null;

  constructor(delays: ToldDelays) {
    this.delays = delays;
  }

  restore({ count, marks = '' }: ToldBefore): void {
    this.restoredMarks = new Set(marks.split(' ').filter((mark) => mark !== ''));
    this.restoredCredit = Math.max(0, count - this.restoredMarks.size);
  }

  /** By which those that were told are known again after a restart; short, as they are written into the record with every telling. */
  marks(): string {
    const marks = new Set(this.restoredMarks);
    for (const member of this.told.keys()) {
      if (marks.size >= MOST_MARKS) break;
      marks.add(markOf(member));
    }
    return [...marks].join(' ');
  }

  /** The condition begins: all of them are told now. */
  begin(members: Iterable<string>, nowMs: number): void {
    this.end();
    for (const member of members) this.told.set(member, nowMs);
    this.lastToldMs = nowMs;
  }

  end(): void {
    this.told.clear();
    this.waiting = new Map();
    this.forgetRestored();
  }

  /** While the condition is on: those that are further ones now and have to be told; they count as told from here on. */
  further(members: readonly string[], nowMs: number): string[] {
    this.restoredSinceMs ??= nowMs;
    if (nowMs - this.restoredSinceMs >= this.delays.forgetAfterMs) this.forgetRestored();
    const waiting = new Map<string, number>();
    for (const member of members) {
      if (this.told.has(member)) this.told.set(member, nowMs);
      else waiting.set(member, this.waiting.get(member) ?? nowMs);
    }
    this.waiting = waiting;
    for (const [member, lastMs] of this.told) if (nowMs - lastMs >= this.delays.forgetAfterMs) this.told.delete(member);
    if (nowMs - this.lastToldMs < this.delays.tellAgainAfterMs) return [];
    const lasting = [...waiting].flatMap(([member, sinceMs]) => (nowMs - sinceMs >= this.delays.onDelayMs ? [member] : []));
    for (const member of lasting) {
      waiting.delete(member);
      this.told.set(member, nowMs);
    }
    const further = lasting.filter((member) => !this.wasTold(member));
    if (further.length > 0) this.lastToldMs = nowMs;
    return further;
  }

  /** Before the restart. Each mark and each of those without one stands for one member. */
  private wasTold(member: string): boolean {
    if (this.restoredMarks.delete(markOf(member))) return true;
    if (this.restoredCredit === 0) return false;
    this.restoredCredit -= 1;
    return true;
  }

  private forgetRestored(): void {
    this.restoredMarks.clear();
    this.restoredCredit = 0;
  }
}

/** Two ids that differ in four characters in a row or fewer never share one (CRC-32). */
function markOf(member: string): string {
  return crc32(member).toString(36);
}
