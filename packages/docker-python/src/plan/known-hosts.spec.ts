import { memoryFiles } from '../detection/files';
import { failureOf } from '../testing/failures';
import { readKnownHosts } from './known-hosts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn';
const read = (text: string): string | undefined =>
  readKnownHosts(memoryFiles({ 'apps/api/docker/known_hosts': text }), 'apps/api');

it('is nothing where a project has none', () => {
  expect(readKnownHosts(memoryFiles({}), 'apps/api')).toBeUndefined();
});

it.each([
  `git.acme.example ssh-ed25519 ${KEY}\n`,
  `[git.acme.example]:2222,[10.0.0.7]:2222 ecdsa-sha2-nistp256 ${KEY}= a comment\n`,
  `|1|abc=|def= sk-ssh-ed25519@openssh.com ${KEY}`,
  `@cert-authority *.acme.example ssh-rsa ${KEY}\n`,
  '# git.acme.example:22 SSH-2.0-OpenSSH_10.0\n\n',
])('takes %j', (text) => {
  expect(read(text)).toBe(text);
});

it('has no carriage returns, which ssh would take for a part of the key', () => {
  expect(read(`a ssh-rsa ${KEY}\r\n`)).toBe(`a ssh-rsa ${KEY}\n`);
});

it.each(['EOF', `git.acme.example ${KEY}`, '-----BEGIN OPENSSH PRIVATE KEY-----', 'a ssh-rsa short'])(
  'does not take %j, and says where it is',
  (line) => {
    expect(failureOf(() => read(`# fine\n${line}\n`))).toMatchObject({
      code: 'INVALID_HOOK',
      message: 'apps/api/docker/known_hosts, line 2: no host key.',
    });
  },
);
