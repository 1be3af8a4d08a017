import tseslint from 'typescript-eslint';
import { layers } from './tools/layers.mjs';

export default tseslint.config(
  { ignores: ['dist/**', 'tmp/**', '**/node_modules/**', '.nx/**', 'packages/*/fixtures/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['packages/docker-python/tsconfig.json', 'e2e/tsconfig.json', 'tools/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      // Interfaces here are records of functions; none of them uses `this`.
      '@typescript-eslint/unbound-method': 'off',
      // TypeScript checks these, with better knowledge.
      'no-undef': 'off',
    },
  },
  {
    files: ['packages/docker-python/src/**/*.ts'],
    plugins: { layers },
    rules: { 'layers/rooms': 'error' },
  },
  {
    files: ['**/*.spec.ts', '**/*.e2e.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
