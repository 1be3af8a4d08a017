import { tempFolder, writeFiles } from '../testing/temp-folder';
import { findProxies } from './proxies';

const root = tempFolder();
writeFiles(root, {
  'client/config.json': JSON.stringify({
    proxies: {
      default: { httpProxy: 'http://of-client', noProxy: 'local' },
      'tcp://elsewhere:1': { httpsProxy: 'http://of-engine' },
    },
  }),
  'broken/config.json': '{',
});
const NOWHERE = { DOCKER_CONFIG: `${root}/nowhere` };
const CLIENT = { DOCKER_CONFIG: `${root}/client` };
const both = (name: string): readonly string[] => [name, name.toLowerCase()];

it.each([
  ['nothing', NOWHERE, {}, [], []],
  ['one that is empty', { ...NOWHERE, HTTP_PROXY: '' }, {}, [], []],
  [
    'capitals or not',
    { ...NOWHERE, HTTPS_PROXY: 'http://a', no_proxy: 'b' },
    { HTTPS_PROXY: 'http://a', NO_PROXY: 'b' },
    ['HTTPS_PROXY', 'no_proxy'],
    [],
  ],
  [
    'the client, where the environment has none',
    { ...CLIENT, NO_PROXY: 'mine' },
    { HTTP_PROXY: 'http://of-client', NO_PROXY: 'mine' },
    ['NO_PROXY'],
    [...both('HTTP_PROXY'), ...both('NO_PROXY')],
  ],
  [
    'the client, for this engine',
    { ...CLIENT, DOCKER_HOST: 'tcp://elsewhere:1' },
    { HTTPS_PROXY: 'http://of-engine' },
    [],
    both('HTTPS_PROXY'),
  ],
  ['a client whose configuration is broken', { DOCKER_CONFIG: `${root}/broken` }, {}, [], []],
])('proxies of %s', (_, env, values, ofEnvironment, ofClient) => {
  expect(findProxies(env)).toEqual({ values, ofEnvironment, ofClient });
});
