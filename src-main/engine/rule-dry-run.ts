/** The worker in which a draft of a rule is run over a recording: a day of replay must not cost the live desk anything. */
import { parentPort, workerData } from 'node:worker_threads';
import { type DryRunOrder, dryRun } from '#engine/dry-run';

void dryRun(workerData as DryRunOrder).then((outcome) => parentPort?.postMessage(outcome));
