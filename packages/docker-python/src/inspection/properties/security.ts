import { some, type Property } from './types';

/** They make the interpreter or the loader run something else. */
const RISKY = ['LD_AUDIT', 'PYTHONHOME', 'PYTHONSTARTUP', 'PYTHONINSPECT'];
const SECRET = /(^|_)(PASSWORD|PASSWD|SECRET|SECRET_KEY|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIALS)$/i;
const PASSWORD_IN_URL = /:\/\/[^/?#\s@]*:[^/?#\s@]+@/;

/** By its name, unless it is empty or the path of a file; or an address with a password. */
const isSecret = ([name, value]: readonly [string, string]): boolean =>
  (SECRET.test(name) && value !== '' && !value.startsWith('/')) || PASSWORD_IN_URL.test(value);

/** What an attacker would find. */
export const SECURITY: readonly Property[] = [
  {
    id: 'user',
    title: 'a numeric user that is not root',
    hint: 'USER 10001:0 as the last USER: Kubernetes can verify numbers only.',
    check: ({ config: { user } }) =>
      /^[1-9]\d*(:\d+)?$/.test(user) ? undefined : `USER ${user || 'is not set'}`,
  },
  {
    id: 'read-only-code',
    title: 'the application cannot write its own code',
    hint: 'Leave the code to root (COPY without --chown) and take write permission from others.',
    check: ({ contents }) => some(contents.writable, 'writable: '),
  },
  {
    id: 'home',
    title: 'any user id has a home that it can write',
    hint: 'ENV HOME=/tmp, or a folder of group 0 with mode 775.',
    check: ({ contents }) => (contents.home === '' ? undefined : `HOME is ${contents.home}`),
  },
  {
    id: 'user-name',
    title: 'any user id has a name',
    hint: 'Install libnss-unknown (Debian 12 and later); else set USER and LOGNAME, which help getpass.getuser() but not pwd.',
    check: ({ contents }) => some(contents.nameless, 'pwd.getpwuid() does not know user '),
  },
  {
    id: 'no-setuid',
    title: 'no setuid or setgid files',
    hint: 'find / -xdev -perm /6000 -type f -exec chmod a-s {} + in the build.',
    check: ({ contents }) => some(contents.setuid),
  },
  {
    id: 'safe-environment',
    title: 'no variable that takes over the interpreter',
    hint: 'Remove it from ENV: whoever can write what it names runs code in every process.',
    check: ({ config }) => some(RISKY.filter((name) => config.env[name])),
  },
  {
    id: 'no-secret-files',
    title: 'no file that usually holds secrets',
    hint: 'List it in .dockerignore ("exclude" in docker-python.json), and change what it gives access to if the image has been pushed.',
    check: ({ contents }) => some(contents.secretFiles),
  },
  {
    id: 'no-secrets',
    title: 'no secret in the environment of the image',
    hint: 'Everybody who has the image can read it. Change that secret; pass the new one when the container starts.',
    check: ({ config }) =>
      some(
        Object.entries(config.env)
          .filter(isSecret)
          .map(([name]) => name),
      ),
  },
];
