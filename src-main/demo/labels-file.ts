/** Writes the labels of the played misbehaviour beside the feed: the feed itself must not give the answers away. */
import { renameSync, writeFileSync } from 'node:fs';
import type { Broker } from './broker';

type LabelsFile = { update(): void };

/** Rewrites `file` whenever an episode begins or ends; a reader never sees half of it. */
export function createLabelsFile(file: string, broker: Broker, seed: number): LabelsFile {
  let written = -1;
  return {
    update: () => {
      if (broker.labelRevision === written) return;
      written = broker.labelRevision;
      const partial = `${file}.partial`;
      writeFileSync(partial, `${JSON.stringify({ seed, tradingDay: broker.tradingDay, labels: broker.labels }, null, 2)}\n`);
      renameSync(partial, file);
    },
  };
}
