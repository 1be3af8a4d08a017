import fc from 'fast-check';
import { buildArgv } from './argv';
import { NO_INPUTS, type BuildInputs, type BuildRequest } from './types';

const REQUEST: BuildRequest = {
  workspaceRoot: '/work space',
  dockerfile: '/work space/apps/api/Dockerfile',
  target: 'runtime',
  tags: [],
  labels: {},
  platforms: [],
  buildArgs: {},
  inputs: NO_INPUTS,
  noCache: false,
  pull: false,
  progress: 'plain',
  extraArgs: [],
};

const given = (inputs: Partial<BuildInputs>): Partial<BuildRequest> => ({
  inputs: { ...NO_INPUTS, ...inputs },
});

const FIRST = ['buildx', 'build', '--file', '/work space/apps/api/Dockerfile', '--target', 'runtime'];
const LAST = ['--progress', 'plain', '--provenance=false', '--load', '/work space'];

describe('buildArgv', () => {
  it.each<[string, Partial<BuildRequest>, string[]]>([
    ['nothing more', {}, []],
    ['tags', { tags: ['api:latest', 'api:ck-1'] }, ['--tag', 'api:latest', '--tag', 'api:ck-1']],
    ['labels, sorted', { labels: { b: '2', a: '1' } }, ['--label=a=1', '--label=b=2']],
    ['platforms', { platforms: ['linux/amd64', 'linux/arm64'] }, ['--platform', 'linux/amd64,linux/arm64']],
    ['build arguments, sorted', { buildArgs: { B: '2', A: '1' } }, ['--build-arg=A=1', '--build-arg=B=2']],
    ['secrets', given({ secretFiles: { ca: '/etc/ssl/ca.pem' } }), ['--secret=id=ca,src=/etc/ssl/ca.pem']],
    ['secrets of the environment', given({ secretVariables: { P: 'TOKEN' } }), ['--secret=id=P,env=TOKEN']],
    ['proxies', given({ argumentVariables: ['HTTP_PROXY'] }), ['--build-arg=HTTP_PROXY']],
    ['none of the client', given({ emptyArguments: ['http_proxy'] }), ['--build-arg=http_proxy=']],
    ['an SSH agent', given({ ssh: true }), ['--ssh=default']],
    [
      'secrets in awkward places',
      given({ secretFiles: { ca: '/a,b/"c"' } }),
      ['--secret=id=ca,"src=/a,b/""c"""'],
    ],
    ['no cache and a fresh base', { noCache: true, pull: true }, ['--no-cache', '--pull']],
  ])('with %s', (_, changes, middle) => {
    expect(buildArgv({ ...REQUEST, ...changes })).toEqual([...FIRST, ...middle, ...LAST]);
  });

  it.each<[string, Partial<BuildRequest>, string[]]>([
    ['straight to the registry', { output: 'registry' }, ['--provenance=false', '--push']],
    [
      'files to a folder',
      { output: { folder: '/a,b' } },
      ['--provenance=false', '--output=type=local,"dest=/a,b"'],
    ],
    ['by a builder of that name', { builder: 'team' }, ['--builder', 'team', '--provenance=false', '--load']],
    [
      'layers from two places',
      { layerCache: { from: ['r/a:x', 'r/a:y'] } },
      [
        '--cache-from=type=registry,ref=r/a:x',
        '--cache-from=type=registry,ref=r/a:y',
        '--provenance=false',
        '--load',
      ],
    ],
    [
      'layers to a place that may refuse them',
      { layerCache: { from: [], to: { reference: 'r/a:x', mode: 'max' } } },
      ['--cache-to=type=registry,ref=r/a:x,mode=max,ignore-error=true', '--provenance=false', '--load'],
    ],
    [
      'layers of the image alone',
      { layerCache: { from: [], to: { reference: 'r/a:x', mode: 'min' } } },
      ['--cache-to=type=registry,ref=r/a:x,mode=min,ignore-error=true', '--provenance=false', '--load'],
    ],
    ['provenance', { attestations: { provenance: 'max' } }, ['--provenance=mode=max', '--load']],
    ['an SBOM', { attestations: { sbom: true } }, ['--provenance=false', '--sbom=true', '--load']],
    ['no SBOM', { attestations: { sbom: false, provenance: 'min' } }, ['--provenance=mode=min', '--load']],
    [
      'an SBOM by an image',
      { attestations: { sbom: 'r/scan:1', provenance: 'max' } },
      ['--provenance=mode=max', '--sbom=generator=r/scan:1', '--load'],
    ],
  ])('goes elsewhere: %s', (_, changes, end) => {
    const argv = buildArgv({ ...REQUEST, ...changes });
    expect(argv).toEqual([...FIRST, '--progress', 'plain', ...end, '/work space']);
  });

  it('puts arguments of the user before the context, so that they can override ours', () => {
    const argv = buildArgv({ ...REQUEST, extraArgs: ['--provenance', 'max'] });
    expect(argv.slice(-4)).toEqual(['--load', '--provenance', 'max', '/work space']);
  });

  it('keeps every hostile value in one argument that cannot be read as an option', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const argv = buildArgv({ ...REQUEST, labels: { l: value }, buildArgs: { A: value } });
        expect(argv).toContain(`--label=l=${value}`);
        expect(argv).toContain(`--build-arg=A=${value}`);
        expect(argv.length).toBe(FIRST.length + 2 + LAST.length);
      }),
    );
  });

  it('does not depend on the order of labels and arguments', () => {
    const one = { ...REQUEST, labels: { x: '1', y: '2' }, ...given({ secretFiles: { s: '/s', t: '/t' } }) };
    const other = { ...REQUEST, labels: { y: '2', x: '1' }, ...given({ secretFiles: { t: '/t', s: '/s' } }) };
    expect(buildArgv(other)).toEqual(buildArgv(one));
  });
});
