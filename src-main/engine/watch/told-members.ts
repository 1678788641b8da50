/** Of a condition that stands for many: which of them people have been told of, so that a further one is news and one that flickers is told once. */

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
  /** After a restart only their number is known: as many are taken for those that were told. */
  private restoredCount: number | null = null;

  constructor(delays: ToldDelays) {
    this.delays = delays;
  }

  restore(count: number): void {
    this.restoredCount = count;
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
    this.restoredCount = null;
  }

  /** While the condition is on: those that are further ones now and have to be told; they count as told from here on. */
  further(members: readonly string[], nowMs: number): string[] {
    if (this.restoredCount !== null && members.length <= this.restoredCount) this.begin(members, Number.NEGATIVE_INFINITY);
    const waiting = new Map<string, number>();
    for (const member of members) {
      if (this.told.has(member)) this.told.set(member, nowMs);
      else waiting.set(member, this.waiting.get(member) ?? nowMs);
    }
    this.waiting = waiting;
    for (const [member, lastMs] of this.told) if (nowMs - lastMs >= this.delays.forgetAfterMs) this.told.delete(member);
    if (nowMs - this.lastToldMs < this.delays.tellAgainAfterMs) return [];
    const further = [...waiting].flatMap(([member, sinceMs]) => (nowMs - sinceMs >= this.delays.onDelayMs ? [member] : []));
    if (further.length === 0) return [];
    for (const member of further) {
      waiting.delete(member);
      this.told.set(member, nowMs);
    }
    this.restoredCount = null;
    this.lastToldMs = nowMs;
    return further;
  }
}
