/** Notices an engine that hangs: its port stands, but nothing comes through it. A picture that stopped must not look like a calm market. */

/** Status pictures come twice a second; this long without a word is worth a question. */
const QUIET_MS = 3000;
/** The question is the cheapest there is; an engine that owes the answer this long does not work. */
const ANSWER_WITHIN_MS = 2000;

export type WatchedEngine = {
  /** When anything last came through the port; null while there is none. */
  heardAtMs: number | null;
  /** Asks for any answer at all. A window that is hidden draws no frames and is sent none, so quiet alone proves nothing. */
  ask(): void;
};

export type SilenceWatch = {
  /** Called every second. Answers since when the engine is silent, or null. */
  look(nowMs: number): number | null;
};

export function createSilenceWatch(engine: WatchedEngine): SilenceWatch {
  let askedAtMs: number | null = null;
  return {
    look(nowMs) {
      const { heardAtMs } = engine;
      if (heardAtMs === null || nowMs - heardAtMs < QUIET_MS || (askedAtMs !== null && heardAtMs > askedAtMs)) {
        askedAtMs = null;
        return null;
      }
      if (askedAtMs === null) {
        askedAtMs = nowMs;
        engine.ask();
      }
      return nowMs - askedAtMs >= ANSWER_WITHIN_MS ? heardAtMs : null;
    },
  };
}
