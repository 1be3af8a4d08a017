const unit = require('../packages/docker-python/jest.config.cjs');

/**
 * Two files at a time: each has workspaces, names of images and a registry of its own, and what they share, the engine
 * and its layers, is made for it. Two keep both processors of a small machine busy.
 */
module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/**/*.e2e.ts'],
  testTimeout: 600_000,
  globalSetup: '<rootDir>/harness/prepare.ts',
  setupFilesAfterEnv: ['<rootDir>/harness/retry.cjs'],
  maxWorkers: 2,
  transform: unit.transform,
  transformIgnorePatterns: unit.transformIgnorePatterns,
};
