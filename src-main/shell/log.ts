/** The shell's log file, which also keeps what the engine and the demonstration print: one line per entry, two files of bounded size. */
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const MAX_BYTES = 5 * 1024 * 1024;

export type Log = {
  write(from: 'shell' | 'engine' | 'demo' | 'drill', message: string): void;
};

/** At start a full file becomes the previous one, so at most twice MAX_BYTES and one session are kept. */
export function openLog(dataDir: string, echo: boolean): Log {
  const folder = join(dataDir, 'logs');
  const file = join(folder, 'shell.log');
  let stream: WriteStream | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    if (existsSync(file) && statSync(file).size > MAX_BYTES) renameSync(file, join(folder, 'shell.previous.log'));
    stream = createWriteStream(file, { flags: 'a' });
    // A full disk must not end the shell: the window and the engine matter more than the log.
    stream.on('error', () => {
      stream = null;
    });
  } catch {
    stream = null;
  }
  return {
    write(from, message) {
      const line = `${new Date().toISOString()} ${from} ${printable(message)}\n`;
      stream?.write(line);
      if (echo) process.stderr.write(line);
    },
  };
}

/**
 * One entry stays one entry, whatever is in it: further lines are indented, and what could steer a terminal or turn text around (escape
 * sequences, carriage returns, bidirectional marks) is spelled out.
 */
export function printable(message: string): string {
  const spelled = message
    .trimEnd()
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return spelled.replaceAll('\n', '\n    ');
}
