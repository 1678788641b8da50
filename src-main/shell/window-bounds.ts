/** Remembers where the window stood, so that a desk with several screens finds it there again. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Rectangle, screen } from 'electron';
import { z } from 'zod';

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400),
  height: z.number().int().min(300),
  isMaximized: z.boolean(),
});
export type WindowBounds = z.infer<typeof boundsSchema>;

const fileIn = (dataDir: string): string => join(dataDir, 'window.json');

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Null when nothing was kept, it is not readable, or the screen it was on is gone. */
export function loadWindowBounds(dataDir: string): WindowBounds | null {
  try {
    const bounds = boundsSchema.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
    return screen.getAllDisplays().some((display) => overlaps(display.workArea, bounds)) ? bounds : null;
  } catch {
    return null;
  }
}

/** Written beside and renamed, so that a crash leaves the old file or the new one. Failing is harmless and says nothing. */
export function saveWindowBounds(dataDir: string, bounds: WindowBounds): void {
  try {
    const scratch = `${fileIn(dataDir)}.new`;
    writeFileSync(scratch, JSON.stringify(bounds));
    renameSync(scratch, fileIn(dataDir));
  } catch {
    // The window opens at its usual place next time.
  }
}
