/** The worker that digests and judges secrets: by design each takes some hundred milliseconds and tens of MiB, which the thread that computes risk does not have. */
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { argon2id, argon2Verify } from 'hash-wasm';

export type HashCost = { memoryKiB: number; iterations: number; parallelism: number };

export type SecretAnswers = {
  hash: string;
  verify: boolean;
  derive: Uint8Array;
  judge: { guessesLog10: number; reasons: string[] };
  measure: number;
};
export type SecretOrder =
  /** A PHC string with a fresh salt. */
  | { t: 'hash'; secret: string; cost: HashCost }
  | { t: 'verify'; secret: string; phc: string }
  /** 32 bytes for wrapping keys, by a salt of its own: what is stored to check the password says nothing about them. */
  | { t: 'derive'; secret: string; salt: Uint8Array; cost: HashCost }
  | { t: 'judge'; secret: string; words: string[] }
  /** How long one digest takes on this machine, in milliseconds. */
  | { t: 'measure'; cost: HashCost };
export type SecretMessage = { id: number; order: SecretOrder };
export type SecretReport = { id: number; answer: SecretAnswers[keyof SecretAnswers] } | { id: number; fault: string };

const SALT_BYTES = 16;
const HASH_BYTES = 32;

function settings(secret: string, salt: Uint8Array, { memoryKiB, iterations, parallelism }: HashCost) {
  return { password: secret, salt, memorySize: memoryKiB, iterations, parallelism, hashLength: HASH_BYTES };
}

let estimator: ZxcvbnFactory | null = null;

/** The person's own names count as guesses; what the estimator found is told by its own codes, which the page's language files know. */
function judge(secret: string, words: string[]): SecretAnswers['judge'] {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
  const { guessesLog10, sequence } = estimator.check(secret, words);
  return { guessesLog10, reasons: [...new Set(sequence.map(({ pattern }) => String(pattern)))].filter((pattern) => pattern !== 'bruteforce') };
}

async function take(order: SecretOrder): Promise<SecretAnswers[keyof SecretAnswers]> {
  switch (order.t) {
    case 'hash':
      return argon2id({ ...settings(order.secret, randomBytes(SALT_BYTES), order.cost), outputType: 'encoded' });
    case 'verify':
      return argon2Verify({ password: order.secret, hash: order.phc });
    case 'derive':
      return argon2id({ ...settings(order.secret, order.salt, order.cost), outputType: 'binary' });
    case 'judge':
      return judge(order.secret, order.words);
    case 'measure': {
      const begunMs = performance.now();
      await argon2id({ ...settings('measure', randomBytes(SALT_BYTES), order.cost), outputType: 'binary' });
      return performance.now() - begunMs;
    }
  }
}

/** One after another: two digests at once would need the memory of both. */
let last: Promise<void> = Promise.resolve();
parentPort?.on('message', ({ id, order }: SecretMessage) => {
  last = last.then(async () => {
    let report: SecretReport;
    try {
      report = { id, answer: await take(order) };
    } catch (error) {
      report = { id, fault: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(report);
  });
});
