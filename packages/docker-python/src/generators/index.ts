/** The generators, to be called from generators of one's own: `import { setup } from 'docker-python/generators'`. */
export { default as ci } from './ci/generator';
export type { CiOptions } from './ci/facts';
export { default as compose, type ComposeOptions } from './compose/generator';
export { default as example, type ExampleOptions } from './example/generator';
export { default as init } from './init/generator';
export { default as refresh, type RefreshOptions } from './refresh/generator';
export { default as setup, type SetupOptions } from './setup/generator';
export { default as sync } from './sync/generator';
