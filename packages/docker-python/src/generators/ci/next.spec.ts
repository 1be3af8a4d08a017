import { parse } from 'yaml';
import { STEPS } from '../../render/ci/types';
import { made, withSecrets, workspace, type Workflow } from '../../testing/ci-workspace';
import { ciFacts } from './facts';
import type { CiOptions } from './generator';

describe('hosts that images are only pulled from', () => {
  const pulling = () =>
    workspace({
      base: 'quay.io/acme/python:{python}',
      cache: {
        from: ['cache.example.com/{image}:x', '{registry}/{image}:x'],
        to: 'layers.example.com/{image}:x',
      },
      attest: { sbom: 'ghcr.io/acme/scanner' },
    });

  it('have a login that reads in all jobs, numbered after the registries', async () => {
    const { printed, text, tree } = await made({ provider: 'github' }, pulling());
    expect(tree.read(STEPS, 'utf-8')).toContain(
      'registries=(ghcr.io layers.example.com) sources=(cache.example.com quay.io)',
    );
    const { jobs } = parse(text) as Workflow;
    for (const name of ['verify', 'publish', 'release', 'renew', 'audit', 'mend'])
      expect(JSON.stringify(jobs[name])).toContain('secrets.REGISTRY_READ_PASSWORD_4');
    expect(text).not.toContain('REGISTRY_PASSWORD_3');
    expect(printed).toContain(
      'The login of quay.io, which is only pulled from, if it wants one: REGISTRY_READ_USERNAME_4 and REGISTRY_READ_PASSWORD_4',
    );
  });

  it.each<[string, object, readonly string[]]>([
    ['Docker Hub', { base: 'acme/python:3.13-slim-trixie' }, []],
    ['Docker Hub, by its name', { base: 'docker.io/acme/python:3.13-slim-trixie' }, []],
    ['what lets everybody in', { base: 'mcr.microsoft.com/python:3.13-slim-trixie' }, []],
    ['a registry that images go to', { base: 'ghcr.io/acme/python:3.13-slim-trixie' }, []],
    ['a mirror', { registryMirror: 'mirror.example.com:5000/hub' }, ['mirror.example.com:5000']],
  ])('%s', (_, settings, sources) => {
    expect(ciFacts(workspace(settings), { provider: 'github' }).sources).toEqual(sources);
  });

  it('are asked for on GitLab also where they are called as its own, which may be another GitLab', async () => {
    const tree = workspace({ base: 'registry.gitlab.com/acme/python:3.13-slim-trixie' });
    const { printed, text } = await made({ provider: 'gitlab' }, tree);
    expect(printed).toContain('The login of registry.gitlab.com, which is only pulled from');
    expect(text).not.toContain('CI_REGISTRY_USER');
  });
});

it.each<[object, boolean]>([
  [{}, true],
  [{ cache: 'registry' }, false],
  [{ cache: false }, false],
])('says what keeps layers where nobody has decided: %j', async (settings, said) => {
  const { printed } = await made({ provider: 'github' }, workspace(settings));
  expect(printed.includes('"cache": "registry"')).toBe(said);
});

it.each<[CiOptions['provider'], string]>([
  ['github', 'The schedule renews main alone: "Run workflow" on a branch of release/* renews that.'],
  ['gitlab', 'Add a pipeline schedule (weekly) for main, release/*, with'],
  ['circleci', 'Add a schedule trigger (weekly) for main, release/*, with'],
])('%s says what renews each published branch', async (provider, line) => {
  const several = await made({ provider, branches: ['main', 'release/*'] });
  expect(several.printed).toContain(line);
  const one = await made({ provider });
  expect(one.printed).not.toContain('release/*');
  expect(one.printed).not.toContain('alone');
});

describe('secrets of builds', () => {
  it('reach all jobs of GitHub that build or export a slice, and not the one that writes what another has made', async () => {
    const { jobs } = parse((await made({ provider: 'github' }, withSecrets())).text) as Workflow;
    const given = Object.entries(jobs).map(([name, { steps }]) => [
      name,
      ...steps.flatMap(({ env = {} }) =>
        Object.entries(env).filter(([key]) => /ACME|GITHUB_TOKEN|FLAVOUR|NETRC/.test(key)),
      ),
    ]);
    const both = [
      ['ACME_TOKEN', '${{ secrets.ACME_TOKEN }}'],
      ['GITHUB_TOKEN', '${{ secrets.GITHUB_TOKEN }}'],
    ];
    expect(given).toEqual([
      ...['verify', 'publish', 'release', 'renew', 'audit', 'mend'].map((name) => [name, ...both]),
      ['mend-push'],
    ]);
    expect(jobs['verify']!.steps.at(-1)!.env).not.toHaveProperty('REGISTRY_PASSWORD');
  });

  it.each<[CiOptions['provider'], readonly string[]]>([
    ['github', ['ACME_TOKEN']],
    ['gitlab', ['ACME_TOKEN', 'GITHUB_TOKEN']],
    ['circleci', ['ACME_TOKEN', 'GITHUB_TOKEN']],
    ['script', ['ACME_TOKEN', 'GITHUB_TOKEN']],
  ])('are asked for where %s does not give them', async (provider, names) => {
    const { printed } = await made({ provider }, withSecrets());
    expect(printed.match(/(?<=The secret )\w+(?=, for builds)/g)).toEqual(names);
    expect(printed).toContain('The jobs use REGISTRY_PASSWORD themselves');
    expect(printed).toContain('The file ~/.netrc, a secret of builds');
  });

  it.each(['A-B', 'x: y', '${{ github.token }}', ''])(
    'a variable %j is none, and reaches no file',
    async (env) => {
      const tree = workspace({ buildEnv: { X: { secret: { env } } } });
      const { jobs } = parse((await made({ provider: 'github' }, tree)).text) as Workflow;
      const without = parse((await made({ provider: 'github' })).text) as Workflow;
      expect(jobs).toEqual(without.jobs);
    },
  );
});
