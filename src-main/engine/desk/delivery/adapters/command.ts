/** Starts a program of the firm's own for each notice: directly, never by a shell, with the facts as JSON on its standard input. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { type AttemptOptions, type AttemptOutcome, failed, type OutgoingMessage } from '#engine/desk/delivery/adapter';
import type { Channel } from '#shared/desk/delivery/channel';

type Command = Extract<Channel, { type: 'command' }>;
const MOST_OUTPUT = 500;
/** What a program needs to run at all; nothing else of the desk's environment is handed on. */
const HANDED_ON = ['PATH', 'HOME', 'LANG', 'TZ', 'SystemRoot', 'TEMP', 'TMP', 'USERPROFILE'];

export function runCommand(channel: Command, message: OutgoingMessage, { secret, timeoutMs }: AttemptOptions): Promise<AttemptOutcome> {
  const env: Record<string, string> = { FLOORWATCH_DELIVERY: message.deliveryId, ...(secret === null ? {} : { FLOORWATCH_SECRET: secret }) };
  for (const name of HANDED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return new Promise((resolve) => {
    const child = spawn(channel.path, channel.args, { shell: false, windowsHide: true, env, stdio: ['pipe', 'ignore', 'pipe'] });
    let output = '';
    let hasTimedOut = false;
    const timer = setTimeout(() => {
      hasTimedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (part: string) => {
      if (output.length < MOST_OUTPUT) output += part;
    });
    // A program that does not read its input is not thereby at fault.
    child.stdin.on('error', () => undefined);
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(failed('programMissing', error.message, error.code === 'ENOENT' || error.code === 'EACCES'));
    });
    child.on('close', (exitCode, killedBy) => {
      clearTimeout(timer);
      if (hasTimedOut) resolve(failed('timedOut', `ended after ${timeoutMs} ms`));
      else if (exitCode === 0) resolve({ ok: true, detail: 'exit code 0' });
      else resolve(failed('programFailed', `exit code ${exitCode ?? killedBy}: ${output.trim()}`));
    });
    child.stdin.end(JSON.stringify({ ...message.body, subject: message.subject, text: message.text }));
  });
}
