/** Runs one bench file in a process of its own, so that no bench warms or burdens another; its answer is the last line, as JSON. */
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const { run } = await import(pathToFileURL(process.argv[2]).href);
process.stdout.write(`\n${JSON.stringify(await run())}\n`);
process.exit(0);
