/** The shipped heat map layer against ECharts' setOption in one page of the real Electron: same cells, every cell changing, ratios within one run. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron as electron } from '@playwright/test';
import { build } from 'vite';
import { electronExecutable, repositoryFolder } from '#tests/helpers/e2e-desk';
import type { HeatmapBenchCase, HeatmapBenchResult } from './page';

const FRAME_MS = 1000 / 60;
const CASES: (HeatmapBenchCase & { aimTimes: number; aimP95Ms: number })[] = [
  { rows: 50, columns: 200, oursRounds: 120, theirsRounds: 20, aimTimes: 20, aimP95Ms: FRAME_MS / 4 },
  { rows: 200, columns: 500, oursRounds: 80, theirsRounds: 10, aimTimes: 50, aimP95Ms: FRAME_MS },
];

const outFolder = join(repositoryFolder, '.cache', 'bench-heatmap');

/** The page is its own bundle, so that nothing of the bench enters the product's. */
async function buildPage(): Promise<string> {
  const folder = join(repositoryFolder, 'tests', 'bench', 'heatmap');
  mkdirSync(outFolder, { recursive: true });
  await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: outFolder,
      emptyOutDir: false,
      target: 'chrome130',
      minify: true,
      lib: { entry: join(folder, 'page.ts'), formats: ['iife'], name: 'heatmapBench', fileName: () => 'page.js' },
    },
  });
  const page = join(outFolder, 'page.html');
  copyFileSync(join(folder, 'page.html'), page);
  return page;
}

/** Needs what the end-to-end tests need: an Electron named in FLOORWATCH_E2E_ELECTRON and a display. */
export async function run(): Promise<Record<string, unknown>> {
  const pageFile = await buildPage();
  const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const app = await electron.launch({
    executablePath: electronExecutable(),
    args: [join(repositoryFolder, 'tests', 'bench', 'heatmap', 'host'), ...(JSON.parse(process.env.FLOORWATCH_E2E_ARGS ?? '[]') as string[])],
    env: { ...env, FLOORWATCH_BENCH_PAGE: pageFile },
  });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction(() => typeof window.runHeatmapBench === 'function');
    const results: Record<string, unknown>[] = [];
    for (const { aimTimes, aimP95Ms, ...benchCase } of CASES) {
      const result: HeatmapBenchResult = await page.evaluate((each) => window.runHeatmapBench(each), benchCase);
      const timesFaster = result.echarts.medianMs / result.ours.medianMs;
      results.push({
        ...result,
        timesFaster,
        aimTimes,
        aimP95Ms,
        isMet: timesFaster >= aimTimes && result.ours.p95Ms <= aimP95Ms && result.wrongCells === 0,
      });
    }
    const electronVersion = await app.evaluate(() => process.versions.electron);
    return { electronVersion, results };
  } finally {
    await app.close();
  }
}
