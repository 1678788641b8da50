/**
 * The first step of every npm script: gets the dependencies and Node 24 in place, then runs scripts/commands/<name>.mjs on that Node.
 * It runs on a fresh clone with Node 18, so this file and what it imports use nothing but Node 18's own modules.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { ensureDependencies, ensureNode24 } from './steps/dependencies.mjs';
import { environmentWithLocalTools, repositoryFolder, say } from './steps/process.mjs';

const [command, ...args] = process.argv.slice(2);
const commandsFolder = join(repositoryFolder, 'scripts', 'commands');
const commandFile = join(commandsFolder, `${command}.mjs`);
if (command === undefined || !existsSync(commandFile)) {
  const known = readdirSync(commandsFolder).map((name) => name.replace('.mjs', ''));
  say(`no such command: ${command ?? '(none)'}. Known: ${known.join(', ')}.`);
  process.exit(2);
}

try {
  await ensureDependencies();
  const node = await ensureNode24();
  // Own process group members get Ctrl+C from the terminal themselves; SIGTERM is passed on.
  const child = spawn(node, [commandFile, ...args], { cwd: process.cwd(), stdio: 'inherit', env: environmentWithLocalTools() });
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
