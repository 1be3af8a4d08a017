import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, run } from '../../tools/shell';
import { docker } from './docker';
import { IDENTITY } from './workspace';

/** A server that gives out one repository to who has the key, and an agent that has it. */
export interface GitServer {
  readonly port: number;
  /** The server's key, as `known_hosts` has it after the name of the host. */
  readonly hostKey: string;
  /** Of the agent. */
  readonly socket: string;
  /** What nobody else may see. */
  readonly privateKey: string;
  stop(): Promise<void>;
}

const IMAGE = 'e2e-git-server';
const LABEL = '--label=docker-python.test=1';

/** Debian's OpenSSH, with a user who may do nothing but fetch. */
const DOCKERFILE = `FROM python:3.13-slim-trixie
USER 0:0
RUN --mount=type=secret,id=ca,target=/run/ca <<EOF
set -eu
echo 'Acquire::https::CaInfo "/run/ca";' > /etc/apt/apt.conf.d/99-ca
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends openssh-server git
git config --system safe.directory '*'
useradd --create-home --password '*' --shell /usr/bin/git-shell git
mkdir -p /run/sshd
EOF
`;

/** Where the repository of the server is, for an address after the name of the host. */
export const REPOSITORY = '/srv/repository.git';

/**
 * Server and agent are containers, with OpenSSH from Debian: nothing of it has to be on the machine.
 *
 * @param files of the repository, which has the one tag `v1`
 */
export async function startGitServer(files: Readonly<Record<string, string>>): Promise<GitServer> {
  const folder = mkdtempSync(join(tmpdir(), 'docker-python-git-'));
  const containers: string[] = [];
  const stop = async (): Promise<void> => {
    if (containers.length > 0) await attempt('docker', ['rm', '--force', '--volumes', ...containers]);
    await attempt('docker', ['rmi', IMAGE]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await buildImage(folder);
    await makeRepository(folder, files);
    const { uid, gid } = userInfo();
    const mine = ['--user', `${uid}:${gid}`, '--volume', `${folder}:/keys`, LABEL];
    await docker(
      'run',
      '--rm',
      ...mine,
      IMAGE,
      'ssh-keygen',
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-f',
      '/keys/id',
    );
    containers.push(
      await docker('run', '--detach', ...mine, IMAGE, 'ssh-agent', '-D', '-a', '/keys/agent'),
      await docker(
        ...[
          'run',
          '--detach',
          '--publish=22',
          LABEL,
          '--volume',
          `${folder}/repository.git:${REPOSITORY}:ro`,
        ],
        ...['--volume', `${folder}/id.pub:/keys.pub:ro`, IMAGE],
        ...['/usr/sbin/sshd', '-D', '-e', '-o', 'AuthorizedKeysFile=/keys.pub', '-o', 'StrictModes=no'],
      ),
    );
    const [agent, server] = containers as [string, string];
    await giveKey(agent);
    const [type, key] = (await docker('exec', server, 'cat', '/etc/ssh/ssh_host_ed25519_key.pub')).split(' ');
    const address = (await docker('port', server, '22/tcp')).split('\n')[0]!;
    return {
      port: Number(address.split(':').pop()),
      hostKey: `${type} ${key}`,
      socket: join(folder, 'agent'),
      privateKey: readFileSync(join(folder, 'id'), 'utf8'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function giveKey(agent: string): Promise<void> {
  const add = ['exec', '--env=SSH_AUTH_SOCK=/keys/agent', agent, 'ssh-add', '-q', '/keys/id'];
  for (let tries = 0; tries < 50; tries++) {
    if ((await attempt('docker', add)).ok) return;
    await sleep(200);
  }
  throw new Error(`the SSH agent does not answer: ${(await attempt('docker', ['logs', agent])).output}`);
}

async function buildImage(folder: string): Promise<void> {
  const context = join(folder, 'context');
  mkdirSync(context);
  writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
  const ca = process.env['SSL_CERT_FILE'] ?? '/etc/ssl/certs/ca-certificates.crt';
  const options = [`--secret=id=ca,src=${ca}`, '--provenance=false', '--load', `--tag=${IMAGE}`];
  await docker('buildx', 'build', '--quiet', ...options, context);
}

async function makeRepository(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const work = join(folder, 'work');
  mkdirSync(work);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(work, path), text);
  const git = (...argv: string[]): Promise<string> => run('git', ['-C', work, ...IDENTITY, ...argv]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=start');
  await git('tag', 'v1');
  await git('clone', '--quiet', '--bare', '.', '../repository.git');
  // The user of the server has to get there.
  chmodSync(folder, 0o755);
}
