/** A virtual display for machines without a screen, on a number that is free, ended by its own process id. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { SetupError } from './process.mjs';
import { programExists } from './system-packages.mjs';

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Resolves to { display, stop }. Xvfb itself picks the number and reports it, so two runs never collide. */
export function startVirtualDisplay() {
  return new Promise((resolve, reject) => {
    if (!programExists('Xvfb')) {
      reject(new SetupError('there is no virtual display; run: sudo apt-get install -y xvfb'));
      return;
    }
    const child = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '2560x1600x24', '-nolisten', 'tcp', '-noreset'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let reported = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new SetupError(`Xvfb ended with code ${code}`)));
    child.stdout.on('data', (part) => {
      reported += part;
      const number = /^(\d+)\n/.exec(reported)?.[1];
      if (number !== undefined) resolve({ display: `:${number}`, stop: () => child.kill('SIGTERM') });
    });
  });
}

/** Environment for a child that is to draw there: no Wayland, or Electron would prefer it. */
export function environmentForDisplay(display) {
  const env = { ...process.env, DISPLAY: display };
  delete env.WAYLAND_DISPLAY;
  return env;
}
