/** Finds the read-only files that ship beside the code: the same walk from a source file, a bundle and a packaged app. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function findResourcesFolder(from: string = import.meta.dirname): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources');
    if (existsSync(join(candidate, 'plans', 'plans.json'))) return candidate;
    if (dirname(folder) === folder) throw new Error(`no resources folder above ${from}: the installation is incomplete`);
  }
}
