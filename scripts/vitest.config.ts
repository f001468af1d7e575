import { defineConfig } from 'vitest/config';

// Whatever a test leaves behind on the machine is an error of its file.
const setupFiles = ['scripts/live/unchanged.ts'];
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    globalSetup: 'scripts/live/suite.ts',
    // Live tests share the machine's one switch for LOG and its cores: one file after another.
    projects: [
      {
        test: {
          name: 'pure',
          sequence: { groupOrder: 0 },
          setupFiles,
          include: ['scripts/**/*.test.ts'],
          exclude: [...exclude, '**/*.live.test.ts'],
          maxWorkers: '100%', // usually one core is kept free, which of two is half
          // Some read whole runs and start the command line, on machines that have other work to do too.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'live',
          sequence: { groupOrder: 1 },
          setupFiles,
          include: ['scripts/**/*.live.test.ts'],
          exclude,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
