/** UUIDv7s that are the same for the same seed, for journals that must be the same every time. */
import { createRandom } from '#demo/random';

export function seededIds(seed: number): () => string {
  const random = createRandom(seed);
  let count = 0;
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');
  return () => {
    count += 1;
    return `01996b1c-${String(count % 10_000).padStart(4, '0')}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  };
}
