import { checkoutOf } from '../reference/checkout';
import type { BuilderFacts } from '../engine/types';
import { failureOf } from '../testing/failures';
import { buildOptions } from './build-options';
import { cachePlace } from './layer-cache';

const CLASSIC: BuilderFacts = {
  platform: 'linux/amd64',
  platforms: ['linux/amd64', 'linux/386'],
  driver: 'docker',
  containerdStore: false,
};
const CONTAINERD = { ...CLASSIC, containerdStore: true };
const REMOTE = { ...CLASSIC, driver: 'remote' };
const REGISTRY = 'registry.example.com/acme';

type Chosen = Parameters<typeof buildOptions>[0];
const on = (branch: string, ci = true, env = {}) =>
  cachePlace(checkoutOf([{ branch, defaultBranch: 'main' }], ci), 'api', REGISTRY, env);
const decide = (
  settings: Chosen,
  facts: BuilderFacts = CONTAINERD,
  platforms: string[] = ['linux/amd64'],
  place = on('x/y'),
) => buildOptions(settings, facts, platforms, place);

describe('what a builder cannot do is said before the build', () => {
  it.each<[string, Chosen, BuilderFacts, string[], string]>([
    ['a platform without emulation', {}, CONTAINERD, ['linux/arm64'], 'PLATFORM_UNSUPPORTED'],
    ['two platforms without containerd', {}, CLASSIC, ['linux/amd64', 'linux/386'], 'PLATFORM_UNSUPPORTED'],
    [
      'two platforms loaded from a remote builder into an engine without containerd',
      {},
      REMOTE,
      ['linux/amd64', 'linux/386'],
      'PLATFORM_UNSUPPORTED',
    ],
    [
      'an SBOM without containerd',
      { attest: { sbom: true } },
      CLASSIC,
      ['linux/amd64'],
      'ATTEST_UNSUPPORTED',
    ],
    [
      'provenance without containerd',
      { attest: { provenance: 'min' }, store: 'registry', registry: REGISTRY },
      CLASSIC,
      ['linux/amd64'],
      'ATTEST_UNSUPPORTED',
    ],
    ['a store without a registry', { store: 'registry' }, CONTAINERD, ['linux/amd64'], 'REGISTRY_MISSING'],
  ])('%s', (_, settings, facts, platforms, code) => {
    expect(failureOf(() => decide(settings, facts, platforms)).code).toBe(code);
  });

  it('and what it can do is done', () => {
    const direct = { store: 'registry', registry: REGISTRY, attest: { sbom: true } } as const;
    expect(decide(direct, REMOTE, ['linux/amd64', 'linux/386'])).toMatchObject({
      store: 'registry',
      request: { attestations: { sbom: true } },
    });
    expect(decide({ attest: { sbom: false } }, CLASSIC).request).toEqual({});
    expect(decide({}, { ...CLASSIC, platforms: [] }, ['linux/arm64']).request).toEqual({});
    expect(decide({}, { ...CLASSIC, platforms: ['linux/arm64'] }, ['linux/arm64/v8']).store).toBe('engine');
  });
});

describe('layers in a registry', () => {
  it('are none unless asked for', () => {
    expect(decide({}).request.layerCache).toBeUndefined();
    expect(
      decide({ cache: false }, CONTAINERD, ['linux/amd64'], on('x', true, { NX_DOCKER_CACHE_REGISTRY: 'c' }))
        .request,
    ).toEqual({});
  });

  it('come from the branch and the default one, and are written by CI', () => {
    expect(decide({ cache: 'registry' }).request.layerCache).toEqual({
      from: [`${REGISTRY}/api:cache-x-y`, `${REGISTRY}/api:cache-main`],
      to: { reference: `${REGISTRY}/api:cache-x-y`, mode: 'max' },
    });
    const atHome = decide({ cache: 'registry' }, CONTAINERD, ['linux/amd64'], on('main', false));
    expect(atHome.request.layerCache).toEqual({ from: [`${REGISTRY}/api:cache-main`] });
  });

  it('are those of the CI system where it keeps them', () => {
    const place = on('main', true, { NX_DOCKER_CACHE_REGISTRY: 'cache.ci:5000' });
    expect(decide({}, CONTAINERD, ['linux/amd64'], place).request.layerCache).toEqual({
      from: ['cache.ci:5000/api:cache-main'],
      to: { reference: 'cache.ci:5000/api:cache-main', mode: 'max' },
    });
  });

  it('go where the settings say', () => {
    const cache: Chosen['cache'] = {
      from: ['x/y:{defaultBranch}'],
      to: 'x/y:{branch}@branch:release/*',
      mode: 'min',
    };
    expect(decide({ cache }).request.layerCache).toEqual({ from: ['x/y:main'] });
    expect(decide({ cache }, CONTAINERD, ['linux/amd64'], on('release/1')).request.layerCache).toEqual({
      from: ['x/y:main'],
      to: { reference: 'x/y:release-1', mode: 'min' },
    });
  });

  it.each(['version', 'date'])('have no {%s}, which is of a push', (name) => {
    const { code, hint } = failureOf(() => decide({ cache: { to: `x/y:{${name}}` } }));
    expect([code, hint]).toEqual(['INVALID_SETTINGS', expect.stringContaining('pr, image, registry.')]);
  });

  it('are not written by a driver that cannot, and that is said', () => {
    const { request, notes } = decide({ cache: 'registry' }, CLASSIC);
    expect(request.layerCache).not.toHaveProperty('to');
    expect(notes.join()).toContain('containerd');
    expect(decide({ cache: 'registry' }, REMOTE).notes).toEqual([]);
  });
});
