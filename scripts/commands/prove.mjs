/** `npm run prove NAME [ARGS]`: a long proof of tests/prove that the tests only sample: hours of load, hundreds of kills. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withElectronEnvironment } from '../steps/electron-environment.mjs';
import { repositoryFolder, run, SetupError, say } from '../steps/process.mjs';

const proofFolder = join(repositoryFolder, 'tests', 'prove');

try {
  const [name, ...args] = process.argv.slice(2);
  const known = readdirSync(proofFolder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
  const file = join(proofFolder, `${name}.ts`);
  if (name === undefined || !existsSync(file)) throw new SetupError(`npm run prove NAME, where NAME is one of: ${known.join(', ')}`);
  const hooks = join(repositoryFolder, 'scripts', 'steps', 'typescript-imports.mjs');
  const { code } = await withElectronEnvironment((env) =>
    run(process.execPath, ['--import', hooks, file, ...args], { output: 'stdout', cwd: process.env.INIT_CWD ?? process.cwd(), env }),
  );
  process.exitCode = code;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
