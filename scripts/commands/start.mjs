/** `npm start`: sets up what is missing, builds what changed, opens the desk; `--screenshot FILE` draws it on a virtual display instead. */
import { resolve } from 'node:path';
import process from 'node:process';
import { ensureBuild } from '../steps/build.mjs';
import { hasDisplay } from '../steps/display.mjs';
import { ensureElectron } from '../steps/electron-runtime.mjs';
import { repositoryFolder, run, SetupError, say } from '../steps/process.mjs';
import { takeScreenshot } from '../steps/screenshot.mjs';
import { ensureSystemPackages } from '../steps/system-packages.mjs';

async function start(args) {
  const at = args.indexOf('--screenshot');
  const screenshotFile = at === -1 ? null : args[at + 1];
  if (screenshotFile === undefined) throw new SetupError('--screenshot needs a file: npm start -- --screenshot desk.png');
  if (screenshotFile === null && !hasDisplay()) {
    throw new SetupError(
      'this machine has no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open here.\n' +
        '  To see the desk, run: npm start -- --screenshot desk.png\n' +
        '  To work without a screen, run: npm run -s desk -- --help',
    );
  }
  await ensureSystemPackages({ needsVirtualDisplay: !hasDisplay() });
  const runtime = await ensureElectron();
  await ensureBuild();
  say(`running on ${runtime.description}`);
  if (screenshotFile !== null) {
    args.splice(at, 2);
    const file = resolve(process.env.INIT_CWD ?? process.cwd(), screenshotFile);
    await takeScreenshot(runtime, file, args);
    say(`wrote ${file}`);
    return 0;
  }
  const { code } = await run(runtime.executable, [repositoryFolder, ...runtime.args, ...args], { env: { ...process.env, ...runtime.env } });
  return code;
}

try {
  process.exitCode = await start(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
