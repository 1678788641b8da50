/** From a signal of the watch to the row that a person sees: the built app with its own shell, engine process, page and journal; only the signals are made up. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build, type Plugin } from 'vite';
import { ASKED_FILE, TOLD_FILE, type Told } from '#tests/bench/alerts/signalling-engine';
import { type Asked, PROBE_ENTITY, RULES, STEADY_PER_SECOND } from '#tests/bench/alerts/signals';
import { launchDesk, repositoryFolder, untilReady } from '#tests/helpers/e2e-desk';

const SECONDS = 20;
/** The first seconds compile the page's code and fill the list. */
const WARM_UP_SECONDS = 4;
const LONGEST_WAIT_MS = 300_000;

type WatchedWindow = Window & { painted?: Record<string, number> };

/** Inside the repository, so that resources and modules are found on the way up; beside the app's own files, which stay as they are. */
export const appFolder = join(repositoryFolder, '.cache', 'bench-alerts');

const signallingEngine: Plugin = {
  name: 'signalling-engine',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === '#engine/engine' && importer?.endsWith('engine/main.ts') === true ? join(import.meta.dirname, 'signalling-engine.ts') : null,
};

/** The app as it was built, with the one file of the engine's process built once more. */
export async function buildApp(): Promise<void> {
  rmSync(appFolder, { recursive: true, force: true });
  mkdirSync(appFolder, { recursive: true });
  cpSync(join(repositoryFolder, 'out'), join(appFolder, 'out'), { recursive: true });
  cpSync(join(repositoryFolder, 'package.json'), join(appFolder, 'package.json'));
  await build({
    root: repositoryFolder,
    configFile: false,
    logLevel: 'error',
    plugins: [signallingEngine],
    ssr: { target: 'node' },
    build: {
      ssr: true,
      target: 'node20.18',
      outDir: join(appFolder, 'out', 'main'),
      emptyOutDir: false,
      rollupOptions: {
        input: { engine: join(repositoryFolder, 'src-main', 'engine', 'main.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'bench-[name]-[hash].js' },
      },
    },
  });
}

/** Notes when each probe's row was first painted: in the frame after the one that took it into the document. */
function watchRows(page: Page): Promise<void> {
  return page.evaluate((prefix) => {
    const painted: Record<string, number> = {};
    (window as WatchedWindow).painted = painted;
    const waiting = new Set<string>();
    new MutationObserver(() => {
      for (const row of document.querySelectorAll(`[data-testid="alert-row"][data-severity="critical"][data-entity^="${prefix}"]`)) {
        const entity = row.getAttribute('data-entity') ?? '';
        if (entity in painted || waiting.has(entity)) continue;
        waiting.add(entity);
        // The task that follows a frame's callbacks runs when the frame has been painted.
        requestAnimationFrame(() => setTimeout(() => (painted[entity] = performance.timeOrigin + performance.now())));
      }
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['data-entity'] });
  }, PROBE_ENTITY);
}

/** Rejects when the engine does not end its signals. */
async function appearing(folder: string, file: string): Promise<void> {
  const abort = AbortSignal.timeout(LONGEST_WAIT_MS);
  const changes = watch(folder, { signal: abort });
  if (existsSync(join(folder, file))) return;
  for await (const { filename } of changes) if (filename === file && existsSync(join(folder, file))) return;
}

/** Asks the engine of a desk, and answers what it says when all has been told. */
export async function tellDesk(dataDir: string, what: Asked): Promise<Told> {
  const asked = join(dataDir, ASKED_FILE);
  writeFileSync(`${asked}.partial`, JSON.stringify(what));
  renameSync(`${asked}.partial`, asked);
  await appearing(dataDir, TOLD_FILE);
  return JSON.parse(readFileSync(join(dataDir, TOLD_FILE), 'utf8')) as Told;
}

export async function measurePainted(): Promise<Record<string, unknown>> {
  const desk = await launchDesk({ app: appFolder });
  try {
    const { page, dataDir } = desk;
    await untilReady(page);
    await page.getByTestId('workspace-tab-alerts').click();
    await page.getByTestId('alert-list').waitFor();
    await watchRows(page);
    const { probes: told, processorSeconds, commits } = await tellDesk(dataDir, { kind: 'steady', signals: SECONDS * STEADY_PER_SECOND });
    const last = told.at(-1)?.[0] ?? '';
    await page.waitForFunction((entity) => entity in ((window as WatchedWindow).painted ?? {}), last, { timeout: LONGEST_WAIT_MS });
    const painted = await page.evaluate(() => (window as WatchedWindow).painted ?? {});
    const firstMs = (told[0]?.[1] ?? 0) + WARM_UP_SECONDS * 1000;
    const measured = told.filter(([, dueAtMs]) => dueAtMs >= firstMs);
    const waits = measured.flatMap(([entity, dueAtMs]) => (painted[entity] === undefined ? [] : [painted[entity] - dueAtMs])).sort((a, b) => a - b);
    const at = (share: number): number => Math.round(waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? Number.NaN);
    return {
      value: at(0.99),
      unit: 'ms',
      aim: 'at most 300, the longest at most 1000',
      p50: at(0.5),
      p95: at(0.95),
      max: at(1),
      rows: waits.length,
      // Pushed out of view by later ones before a frame came: nobody could have seen them, and they must be none.
      neverPainted: measured.length - waits.length,
      signalsPerSecond: STEADY_PER_SECOND,
      rules: RULES,
      // For all signals, by the engine alone: says more than the waits do on a machine that others use.
      engineProcessorSeconds: processorSeconds,
      commits,
      pageErrors: desk.pageErrors,
    };
  } finally {
    await desk.quit();
    rmSync(desk.dataDir, { recursive: true, force: true });
  }
}
