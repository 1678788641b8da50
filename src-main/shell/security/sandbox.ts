/** Security checklist 4: every page's process is sandboxed, whatever options a window asks for. */
import { app } from 'electron';

/**
 * Before the app is ready. Chromium refuses its sandbox to root; development and tests in a container then pass --no-sandbox, which an
 * unpackaged app respects and says. Every window keeps `sandbox: true`, so the page's own surface is the same there.
 */
export function enableSandbox(log: (message: string) => void): void {
  if (!app.isPackaged && app.commandLine.hasSwitch('no-sandbox')) log('the operating system sandbox is off (--no-sandbox): development only');
  else app.enableSandbox();
}
