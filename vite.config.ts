import { builtinModules } from 'node:module';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// One configuration, three programs: the page (client), Electron's main side and its workers (main), and the bridge (preload).
// The targets are the oldest runtime the app is tried on: Electron 25 (Node 18, Chrome 114).

const clientOnly = (plugins: unknown): Plugin[] =>
  ([plugins] as unknown[]).flat().map((p) => ({ ...(p as Plugin), applyToEnvironment: (e) => e.name === 'client' }));

const native = ['electron', 'serialport', /^@duckdb\//, '@tensorflow/tfjs-node'];

const node = (outDir: string, input: Record<string, string>) => ({
  consumer: 'server' as const,
  resolve: { noExternal: true as const, external: [] },
  build: {
    outDir,
    emptyOutDir: false,
    target: 'node18',
    minify: false,
    sourcemap: true,
    rollupOptions: {
      input,
      external: [...native, ...builtinModules, /^node:/],
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
    },
  },
});

export default defineConfig({
  base: './',
  plugins: [
    clientOnly(svelte()),
    clientOnly(
      paraglideVitePlugin({
        project: './renderer/project.inlang',
        outdir: './renderer/paraglide',
        strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
      }),
    ),
  ],
  environments: {
    client: {
      build: {
        outDir: 'dist',
        emptyOutDir: false,
        assetsDir: 'renderer/assets',
        target: 'chrome114',
        rollupOptions: { input: 'renderer/index.html', checks: { pluginTimings: false } },
      },
    },
    main: node('dist/main', {
      index: 'main/index.ts',
      engine: 'main/engine/process.ts',
      cli: 'main/cli/index.ts',
      emulator: 'device/emulator/worker.ts',
      trainer: 'main/engine/trainer-worker.ts',
    }),
    preload: node('dist/main', { preload: 'main/preload.ts' }),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name in { client: 1, main: 1, preload: 1 }) await builder.build(environment);
      }
    },
  },
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: ['test/build.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/build.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'acceptance',
          include: ['test/acceptance/**/*.test.ts'],
          globalSetup: ['test/build.ts'],
          testTimeout: 900_000,
        },
      },
    ],
  },
});
