/** execa is published as ES modules only; jest loads CommonJS, so those packages are compiled like our own code. */
const esmOnly = [
  'execa',
  '@sindresorhus/merge-streams',
  'figures',
  'get-stream',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'is-unicode-supported',
  'npm-run-path',
  'path-key',
  'parse-ms',
  'pretty-ms',
  'strip-final-newline',
  'unicorn-magic',
  'yoctocolors',
  '@sec-ant/readable-stream',
];

module.exports = {
  rootDir: __dirname,
  testEnvironment: 'node',
  // Of a machine that does other things beside, such as end-to-end tests.
  testTimeout: 30_000,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  // Its exports name a file for `import` only, which jest does not look for in CommonJS.
  moduleNameMapper: { '^unicorn-magic$': '<rootDir>/../../node_modules/unicorn-magic/node.js' },
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`node_modules/(?!(${esmOnly.join('|')})/)`],
};
