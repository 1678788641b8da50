/** A rule's draft over a recording, in a watch of its own: how often it would have spoken, when, and about what. */
import { systemClock } from '#engine/clock';
import { RecordingReader } from '#engine/feeds/recording/recording-reader';
import { ReplaySession } from '#engine/replay-session';
import type { DataKey } from '#engine/store/data-key';
import { SealedStreams } from '#engine/store/sealed-stream';
import { bundledRules } from '#engine/watch/bundled-rules';
import type { Condition } from '#engine/watch/condition';
import { exampleOf } from '#engine/watch/rule-ledger';
import { packOf } from '#engine/watch/rule-schema';
import type { DryRun, RuleExample } from '#shared/contract/rules';
import type { Rule } from '#shared/desk/rules/rule';
import { accept, type Outcome, refuse } from '#shared/refusal';

/** `dataKey` opens a recording that this desk sealed; the run is in a thread of its own, so it gets the key and not what was made of it. */
export type DryRunOrder = { file: string; name: string; rule: Rule; dataKey?: Pick<DataKey, 'keyId' | 'bytes'> };

const HOUR_MS = 3_600_000;
/** The first ones show what it would be like, the last ones what stays. */
const MOST_EXAMPLES = 60;
const MOST_HOURS = 72;

export async function dryRun({ file, name, rule, dataKey }: DryRunOrder): Promise<Outcome<DryRun>> {
  const opened = await RecordingReader.open(file, {}, dataKey === undefined ? undefined : new SealedStreams(dataKey));
  if (!opened.ok) return opened;
  const tally = new DryTally();
  // The age of data is judged as live; the rule that says so counts in shadow, unless it is the draft itself.
  const essential = bundledRules().filter(({ ruleId }) => ruleId === 'feed-stale' && ruleId !== rule.ruleId);
  const rules = packOf([{ ...rule, mode: 'live' }, ...essential.map((one): Rule => ({ ...one, mode: 'shadow' }))]);
  const session = new ReplaySession({ reader: opened.value, speed: 'max', clock: systemClock, rules, sink: tally });
  try {
    await session.play();
  } catch (error) {
    return refuse('FAILED', `the recording could not be replayed: ${error instanceof Error ? error.message : String(error)}`, 'file');
  }
  const { firstMs, lastMs } = session.time;
  return accept({
    file: name,
    events: session.core.eventCount,
    fromMs: firstMs,
    toMs: lastMs,
    ...tally.result(firstMs, lastMs),
    refusedLines: opened.value.refusedLines,
  });
}

class DryTally {
  raised = 0;
  readonly #on = new Set<string>();
  readonly #entities = new Set<string>();
  readonly #bySeverity: Record<string, number> = {};
  readonly #perHour = new Map<number, number>();
  readonly #first: RuleExample[] = [];
  readonly #last: RuleExample[] = [];

  onConditions(conditions: readonly Condition[]): void {
    for (const condition of conditions) {
      const key = JSON.stringify([condition.entity, condition.dimensions]);
      if (condition.transition === 'cleared') this.#on.delete(key);
      if (condition.transition !== 'raised') continue;
      this.#on.add(key);
      this.#entities.add(condition.entity);
      this.raised += 1;
      this.#bySeverity[condition.severity] = (this.#bySeverity[condition.severity] ?? 0) + 1;
      const hourMs = Math.floor(condition.atMs / HOUR_MS) * HOUR_MS;
      this.#perHour.set(hourMs, (this.#perHour.get(hourMs) ?? 0) + 1);
      if (this.#first.length < MOST_EXAMPLES / 2) this.#first.push(exampleOf(condition));
      else {
        this.#last.push(exampleOf(condition));
        if (this.#last.length > MOST_EXAMPLES / 2) this.#last.shift();
      }
    }
  }

  result(fromMs: number | null, toMs: number | null): Pick<DryRun, 'raised' | 'stillOn' | 'entities' | 'bySeverity' | 'perHour' | 'examples'> {
    const perHour: DryRun['perHour'] = [];
    for (
      let at = Math.floor((fromMs ?? 0) / HOUR_MS) * HOUR_MS;
      fromMs !== null && at <= (toMs ?? fromMs) && perHour.length < MOST_HOURS;
      at += HOUR_MS
    )
      perHour.push({ fromMs: at, raised: this.#perHour.get(at) ?? 0 });
    const { raised } = this;
    return {
      raised,
      stillOn: this.#on.size,
      entities: this.#entities.size,
      bySeverity: this.#bySeverity,
      perHour,
      examples: [...this.#first, ...this.#last],
    };
  }
}
