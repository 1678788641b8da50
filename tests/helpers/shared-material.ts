/** Real data that may lie beside the checkout: tests on it run when it is there and say so when it is not. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../shared/data');

export const hasSharedMaterial = existsSync(root);

export function sharedFile(...parts: string[]): string {
  return join(root, ...parts);
}

export function sharedFiles(folder: string): string[] {
  if (!hasSharedMaterial) return [];
  return readdirSync(join(root, folder)).map((name) => join(root, folder, name));
}
