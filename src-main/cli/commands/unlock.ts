/** `desk unlock`: opens a desk whose keychain is lost, with the password of anybody who has signed in there, or a recovery code. */
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CliRefusal, EXIT } from '#cli/cli-io';
import { defaultDataDir } from '#cli/commands/doctor';
import { parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';
import { loadAccessData } from '#engine/desk/people/access-data';
import { layOpenBySecret } from '#engine/desk/people/person-ways';
import { findResourcesFolder } from '#engine/resources';
import { fileStamp, unusedPath } from '#engine/store/files';
import { StoreError } from '#engine/store/store-error';

const optionsSchema = z.object({ json: z.boolean().default(false), dataDir: z.string().min(1).optional() });

/** The shell's own: what it had put into the keychain that is lost. Put aside, a working keychain is given a new one at the next start. */
const KEYCHAIN_FILE = 'keychain-key';

export const unlockCommand: CliCommand = {
  name: 'unlock',
  describe(command) {
    command
      .description('open a desk whose keychain is lost, by the password of somebody who has signed in there, or a recovery code; asks for it')
      .option('--data-dir <folder>', 'the desk’s data folder (default: that of the installed app)');
  },
  async run(io, _args, given) {
    const options = parseOptions(optionsSchema, given);
    const dataDir = options.dataDir === undefined ? defaultDataDir(io.environment) : pathFrom(io, options.dataDir);
    if (io.askSecret === undefined) throw new CliRefusal(EXIT.input, 'there is nobody to ask for a password');
    const password = await io.askSecret('Password or recovery code: ');
    if (password === '') throw new CliRefusal(EXIT.input, 'no password was given');
    const personId = await tryLayOpen(dataDir, password, io.nowMs());
    if (personId === null)
      throw new CliRefusal(EXIT.input, 'this is the password of nobody who has signed in at this desk, and no unused recovery code');
    const kept = join(dataDir, KEYCHAIN_FILE);
    if (existsSync(kept)) renameSync(kept, unusedPath(`${kept}.lost-${fileStamp(io.nowMs())}`, ''));
    if (options.json) io.out(JSON.stringify({ ok: true, dataDir, personId }));
    else io.out('the desk opens again; until a keychain takes the key at the next start, the key lies beside the data');
    return EXIT.ok;
  },
};

async function tryLayOpen(dataDir: string, password: string, nowMs: number): Promise<string | null> {
  try {
    return await layOpenBySecret(dataDir, password, loadAccessData(findResourcesFolder()).rules, nowMs);
  } catch (error) {
    if (error instanceof StoreError) throw new CliRefusal(EXIT.input, error.message);
    throw error;
  }
}
