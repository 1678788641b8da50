/** The rules' room: which rules are in force now, what they have counted, and a draft's trial; joins the desk that keeps them to the market that runs them. */
import { Worker } from 'node:worker_threads';
import type { MarketCore } from '#engine/core';
import type { HandlersOf } from '#engine/desk/handlers';
import type { Recorder } from '#engine/desk/record';
import { RuleDesk } from '#engine/desk/rules/rule-desk';
import type { DryRunOrder } from '#engine/dry-run';
import type { DataKey } from '#engine/store/data-key';
import { workerFile } from '#engine/store/worker-file';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { RuleLedger } from '#engine/watch/rule-ledger';
import { packOf, type RulePack } from '#engine/watch/rule-schema';
import type { DryRun, RULE_REQUESTS, RulesPicture } from '#shared/contract/rules';
import { type RuleCountedEvent, ruleCountsSchema } from '#shared/desk/rules/counts';
import { silentSettingsOf } from '#shared/desk/rules/silent-settings';
import { type Outcome, refuse } from '#shared/refusal';

export type RuleRequests = HandlersOf<keyof typeof RULE_REQUESTS>;

export type RulesRoomParts = {
  recorder: Recorder;
  /** Asked for only when something is shown or has changed. */
  market: () => {
    book: { tradingDay: string | null };
    core: Pick<MarketCore, 'notJudgedBy'>;
    ledger: RuleLedger;
    applyRules(rules: RulePack): void;
  };
  resolveRecording: (name: string) => Outcome<string>;
  /** Opens what this desk recorded. */
  dataKey: Pick<DataKey, 'keyId' | 'bytes'>;
};

const DRY_RUN_AT_MOST_MS = 15 * 60_000;
/** A kill costs at most the counts of this long. */
const KEEP_EVERY_MS = 60_000;
const NOTHING = { raised: 0, on: 0, shadowRaised: 0, shadowOn: 0, lastAtMs: null, examples: [] };

export class RulesRoom {
  readonly requests: RuleRequests;
  readonly #parts: RulesRoomParts;
  readonly #desk: RuleDesk;
  #packed: { key: string; pack: RulePack } | null = null;
  #isListening = false;
  #keptAtMs = Number.NEGATIVE_INFINITY;
  #worker: Worker | null = null;

  constructor(parts: RulesRoomParts) {
    this.#parts = parts;
    this.#desk = new RuleDesk({
      recorder: parts.recorder,
      bundled: bundledRules(),
      volumeOf: (ruleId) => {
        const volume = this.#isListening ? parts.market().ledger.volumeOf(ruleId) : null;
        return volume === null ? NOTHING : { ...volume, examples: [...volume.examples] };
      },
      notJudgedOf: (rule) => (this.#isListening && rule.watches === 'trading' ? parts.market().core.notJudgedBy(rule.detector) : []),
      day: () => this.#day(),
    });
    this.requests = {
      'rule.get': (payload) => this.#desk.get(payload),
      'rule.save': (payload) => this.#changed(this.#desk.save(payload)),
      'rule.retire': (payload) => this.#changed(this.#desk.retire(payload)),
      'rule.dryRun': (payload) => this.#dryRun(payload),
    };
  }

  /** Those in force on the market's trading day. */
  pack(): RulePack {
    const rules = this.#desk.inForce(this.#day());
    const key = rules.map(({ ruleId, version }) => `${ruleId} ${version}`).join(',');
    if (this.#packed?.key !== key) this.#packed = { key, pack: packOf(rules) };
    return this.#packed.pack;
  }

  /** The market is built: from now on it hears of changes. */
  begin(): void {
    this.#isListening = true;
    const { journal } = this.#parts.recorder;
    const counts = journal.tables.documents.all('ruleCounts').flatMap(({ body }) => {
      const parsed = ruleCountsSchema.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
    if (counts.length === 0) return;
    this.#parts.market().ledger.resume(counts);
    // What was on in shadow is given back to the watch, so that it ends by good data and not by the restart.
    this.#parts.market().applyRules(this.pack());
  }

  /** Once a second: a new trading day may bring other versions into force. */
  tick(): void {
    const before = this.#packed?.pack;
    const pack = this.pack();
    if (pack !== before) this.#parts.market().applyRules(pack);
    const { nowMs } = this.#parts.recorder.context('engine');
    if (nowMs - this.#keptAtMs >= KEEP_EVERY_MS || nowMs < this.#keptAtMs) this.#keepCounts(nowMs);
  }

  /** A disk that cannot be written costs nothing here: the counts are kept with the next try. */
  #keepCounts(nowMs: number): void {
    this.#keptAtMs = nowMs;
    const { ledger } = this.#parts.market();
    const news = ledger.toKeep();
    if (news === null) return;
    const { kept, ...counts } = news;
    const event = { type: 'rule.counted', subject: 'rules', payload: { atMs: nowMs, ...counts } } satisfies RuleCountedEvent & { subject: string };
    const recorded = this.#parts.recorder.record('rule.counted', [event], { actor: 'engine' });
    if (recorded.ok) kept();
  }

  picture(): RulesPicture {
    const { ledger } = this.#parts.market();
    return { ...ledger.since, rules: this.#desk.list() };
  }

  async stop(): Promise<void> {
    if (this.#isListening) this.#keepCounts(this.#parts.recorder.context('engine').nowMs);
    await this.#worker?.terminate();
  }

  /** In force at once: the next message is judged by it. */
  #changed<Answer>(outcome: Outcome<Answer>): Outcome<Answer> {
    if (outcome.ok) this.tick();
    return outcome;
  }

  #day(): string | null {
    return this.#isListening ? this.#parts.market().book.tradingDay : null;
  }

  #dryRun({ rule, file }: Pick<DryRunOrder, 'rule' | 'file'>): Outcome<DryRun> | Promise<Outcome<DryRun>> {
    const [silent] = silentSettingsOf(rule);
    if (silent !== undefined) return refuse('INVALID', silent.message, `rule.${silent.path}`);
    const resolved = this.#parts.resolveRecording(file);
    if (!resolved.ok) return resolved;
    if (this.#worker !== null) return refuse('CONFLICT', 'another dry-run is under way', 'file');
    const { keyId, bytes } = this.#parts.dataKey;
    const order: DryRunOrder = { file: resolved.value, name: file, rule, dataKey: { keyId, bytes } };
    return new Promise((resolve) => {
      const worker = new Worker(workerFile('rule-dry-run', '..'), { workerData: order, execArgv: [] });
      this.#worker = worker;
      const end = (outcome: Outcome<DryRun>): void => {
        clearTimeout(timer);
        this.#worker = null;
        resolve(outcome);
        void worker.terminate();
      };
      const timer = setTimeout(() => end(refuse('FAILED', 'the dry-run took too long', 'file')), DRY_RUN_AT_MOST_MS);
      worker.once('message', (outcome: Outcome<DryRun>) => end(outcome));
      worker.once('error', (error) => end(refuse('FAILED', `the dry-run broke: ${error instanceof Error ? error.message : String(error)}`)));
      worker.once('exit', () => end(refuse('FAILED', 'the dry-run was ended')));
    });
  }
}
