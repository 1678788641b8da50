/** `desk doctor`: looks at what the desk stands on, says what is wrong and what to do about it. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT } from '#cli/cli-io';
import { checkClock, checkDataFolder, checkDisk, checkFeed, checkRuntime, checkSqlite, type Finding } from '#cli/doctor/checks';
import { feedUrlOption, parseOptions, pathFrom } from '#cli/options';
import type { CliCommand } from '#cli/program';

const optionsSchema = z.object({
  json: z.boolean().default(false),
  dataDir: z.string().min(1).optional(),
  url: z.array(feedUrlOption).max(8).default([]),
});

export const doctorCommand: CliCommand = {
  name: 'doctor',
  describe(command) {
    command
      .description('check runtime, SQLite, disk, clock, data folder and feeds; say what is wrong and what to do')
      .option('--data-dir <folder>', 'the desk’s data folder (default: that of the installed app)')
      .option('--url <address>', 'a feed to reach; may be given several times', (value: string, before: string[] = []) => [...before, value]);
  },
  async run(io, _args, given) {
    const options = parseOptions(optionsSchema, given);
    const dataDir = options.dataDir === undefined ? defaultDataDir(io.environment) : pathFrom(io, options.dataDir);
    const sqliteModule = io.environment.FLOORWATCH_SQLITE_MODULE ?? null;
    const findings: Finding[] = [checkRuntime(process.versions), checkSqlite(sqliteModule), ...checkDataFolder(dataDir), checkDisk(dataDir)];
    findings.push(checkClock(io.nowMs(), dataDir));
    for (const url of options.url) findings.push(await checkFeed(url));
    const isInOrder = findings.every((finding) => finding.state !== 'problem');
    if (options.json) io.out(JSON.stringify({ ok: isInOrder, dataDir, findings }));
    else {
      for (const finding of findings) {
        const mark = finding.state === 'ok' ? 'ok     ' : finding.state === 'warning' ? 'WARNING' : 'PROBLEM';
        io.out(`${mark}  ${finding.check}: ${finding.detail}`);
        if (finding.advice !== null) io.out(`         -> ${finding.advice}`);
      }
      io.out(isInOrder ? 'the desk can run here' : 'the desk cannot run properly here: see above');
    }
    return isInOrder ? EXIT.ok : EXIT.findings;
  },
};

/** Where the installed app keeps its data: Electron's appData folder of each system. */
export function defaultDataDir(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment.FLOORWATCH_DATA_DIR !== undefined) return environment.FLOORWATCH_DATA_DIR;
  if (process.platform === 'win32') return join(environment.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Floorwatch');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Floorwatch');
  return join(environment.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Floorwatch');
}
