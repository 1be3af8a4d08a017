const unit = require('../packages/docker-python/jest.config.cjs');

/** One workspace, one engine: files run one after the other, since they measure what a build does. */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.e2e.ts'],
  testTimeout: 600_000,
  setupFilesAfterEnv: ['<rootDir>/harness/retry.cjs'],
  maxWorkers: 1,
  transform: unit.transform,
  transformIgnorePatterns: unit.transformIgnorePatterns,
};
