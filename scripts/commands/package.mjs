/** `npm run package -- [--to FOLDER] [--archive]`: builds the app that is installed, with its fuses set, and says what they read back as. */
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { PACKAGED_FUSES } from '../../src-main/shell/security/fuses.ts';
import { ensureBuild } from '../steps/build.mjs';
import { ensureElectron } from '../steps/electron-runtime.mjs';
import { packageApp } from '../steps/package-app.mjs';
import { repositoryFolder, run, SetupError, say } from '../steps/process.mjs';

async function makePackage() {
  const { values } = parseArgs({ options: { to: { type: 'string' }, archive: { type: 'boolean' } } });
  const asked = values.to ?? join(repositoryFolder, 'dist', `floorwatch-${process.platform}-${process.arch}`);
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), asked);
  const runtime = await ensureElectron();
  await ensureBuild();
  mkdirSync(dirname(folder), { recursive: true });
  say(`packaging on ${runtime.description}...`);
  const { executable } = await packageApp({ folder, runtime, fuses: PACKAGED_FUSES });
  const wire = await getCurrentFuseWire(executable);
  for (const [name, isOn] of Object.entries(PACKAGED_FUSES)) {
    if (wire[FuseV1Options[name]] !== (isOn ? FuseState.ENABLE : FuseState.DISABLE)) throw new SetupError(`the fuse ${name} did not take`);
  }
  say(
    `fuses read back: ${Object.entries(PACKAGED_FUSES)
      .map(([name, isOn]) => `${name}=${isOn ? 'on' : 'off'}`)
      .join(' ')}`,
  );
  if (runtime.env.FLOORWATCH_SQLITE_MODULE !== undefined) {
    say('this runtime’s SQLite is one that a packaged desk refuses: this package shows that packaging works, and opens no desk');
  }
  if (values.archive) {
    const archive = `${folder}.tar.gz`;
    if (existsSync(archive)) throw new SetupError(`${archive} is there already: move it away first`);
    const { code } = await run('tar', ['-czf', archive, '-C', dirname(folder), basename(folder)]);
    if (code !== 0) throw new SetupError('tar could not write the archive');
    say(`wrote ${archive}`);
  }
  say(`wrote ${executable}`);
}

try {
  await makePackage();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
