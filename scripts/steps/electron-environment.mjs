/** The environment in which tests, benches and proofs start the built app: which Electron, its arguments, and a display. */
import process from 'node:process';
import { ensureBuild } from './build.mjs';
import { environmentForDisplay, startVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { environmentWithLocalTools, say } from './process.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** Sets up what is missing, then resolves to what `work(env)` resolves to; the display lasts as long as that. */
export async function withElectronEnvironment(work) {
  await ensureSystemPackages({ needsVirtualDisplay: true });
  const runtime = await ensureElectron();
  await ensureBuild();
  say(`running on ${runtime.description}`);
  const virtual = process.platform === 'linux' ? await startVirtualDisplay() : null;
  try {
    return await work({
      ...environmentWithLocalTools(),
      ...(virtual === null ? {} : environmentForDisplay(virtual.display)),
      ...runtime.env,
      FLOORWATCH_E2E_ELECTRON: runtime.executable,
      FLOORWATCH_E2E_ARGS: JSON.stringify(runtime.args),
    });
  } finally {
    virtual?.stop();
  }
}
