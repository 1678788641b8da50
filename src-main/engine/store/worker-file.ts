/** Finds a worker's own file, in the built bundle and in the source tree, so that both run the same code. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `name` is the build entry's: `out/main/<name>.js`, or `<name>.ts` in `folder` (from this file's), which Node 24 runs as it is. */
export function workerFile(name: string, folder = '.'): string {
  const candidates = [`./${name}.js`, `../${name}.js`, `${folder}/${name}.ts`].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) throw new Error(`the worker ${name} was not built`);
  return found;
}
