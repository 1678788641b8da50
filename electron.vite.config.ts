import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** Targets are those of the oldest runtime the product must run on, the registry runtime (docs/decisions). */
export default defineConfig({
  main: {
    build: {
      target: 'node20.18',
      rollupOptions: {
        input: {
          main: resolve(root, 'src-main/shell/main.ts'),
          engine: resolve(root, 'src-main/engine/main.ts'),
          'cache-writer': resolve(root, 'src-main/engine/store/cache-writer.ts'),
          'backup-checker': resolve(root, 'src-main/engine/store/backup-checker.ts'),
          'secret-worker': resolve(root, 'src-main/engine/desk/people/secret-worker.ts'),
          'rule-dry-run': resolve(root, 'src-main/engine/rule-dry-run.ts'),
          demo: resolve(root, 'src-main/demo/main.ts'),
          desk: resolve(root, 'src-main/cli/desk.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      rollupOptions: { input: { preload: resolve(root, 'src-main/preload/preload.ts') }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: resolve(root, 'src-renderer'),
    plugins: [react()],
    build: { target: 'chrome130', rollupOptions: { input: resolve(root, 'src-renderer/index.html') } },
  },
});
