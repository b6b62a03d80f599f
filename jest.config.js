import { fileURLToPath } from 'node:url';

// Many tests start programs of ours: each compiles what it imports once, and the next finds it here (a start from
// sources takes 1.2 s of processor time instead of 2.8).
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url));

export default {
  roots: ['<rootDir>/packages', '<rootDir>/grafana', '<rootDir>/test', '<rootDir>/tools', '<rootDir>/examples'],
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/'],
  // An ordinary global object: code that computes runs as fast as in a process of its own.
  testEnvironment: '<rootDir>/tools/jest-environment.cjs',
  // Siblings resolve to their sources: a test run needs no build, and a stack trace points at what one edits.
  testEnvironmentOptions: { customExportConditions: ['@nanometer/source', 'node', 'node-addons'] },
  // Properties run new cases each time, unless a run is to be the same as another.
  moduleNameMapper:
    process.env.FAST_CHECK_SEED === undefined ? {} : { '^fast-check$': '<rootDir>/tools/seeded-fast-check.mjs' },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tools/jest-strip-types.cjs' },
  injectGlobals: false,
  coverageProvider: 'v8',
  // The machine's cores, not one fewer: the loopback tests mostly wait.
  maxWorkers: '100%',
  // A worker that has nothing open still takes its heap apart, 0.7 s for 600 MiB after 73 suites; Jest's own 500 ms would call it
  // stuck and kill it.
  workerGracefulExitTimeout: 10_000,
  // A guard against what never ends, not a statement about speed: no test sets its own.
  testTimeout: 600_000,
};
