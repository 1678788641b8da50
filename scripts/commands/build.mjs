/** `npm run build`: the kernel, then the app into out/. */
import process from 'node:process';
import { ensureBuild } from '../steps/build.mjs';
import { say } from '../steps/process.mjs';

try {
  await ensureBuild({ force: true });
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
