/** `npm run -s desk -- ARGS`: the headless engine on Node 24; builds first when sources changed and adds nothing to the output. */
import { join } from 'node:path';
import process from 'node:process';
import { ensureBuild } from '../steps/build.mjs';
import { repositoryFolder, run, say } from '../steps/process.mjs';

try {
  await ensureBuild({ quiet: true });
  const { code } = await run(process.execPath, [join(repositoryFolder, 'out', 'main', 'desk.js'), ...process.argv.slice(2)], {
    output: 'stdout',
    // npm runs scripts in the repository; file names are meant from where the user stands.
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  process.exitCode = code;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
