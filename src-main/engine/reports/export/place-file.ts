/** Puts a finished file into the folder of what leaves the desk: whole or not at all, and never over another. */
import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type FilePlace = { folder: string; file: string; exists: (path: string) => boolean };
export type PlacedFile = { file: string; path: string; sha256: string; bytes: number };

/** Written beside its place and then renamed. An existing file of that name gets a number, it is not replaced. Throws when the disk refuses. */
export async function placeFile(content: Uint8Array, extension: string, { folder, file: wanted, exists }: FilePlace): Promise<PlacedFile> {
  await mkdir(folder, { recursive: true });
  const stem = wanted.endsWith(`.${extension}`) ? wanted.slice(0, -extension.length - 1) : wanted;
  let file = `${stem}.${extension}`;
  for (let number = 2; exists(join(folder, file)); number++) file = `${stem} (${number}).${extension}`;
  const path = join(folder, file);
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
  return { file, path, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}
