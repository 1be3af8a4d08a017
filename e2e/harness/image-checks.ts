import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../../tools/shell';
import { get } from '../../packages/docker-python/src/smoke/probe';
import { docker } from './docker';

/**
 * IMAGE-CHECKLIST as programs: each row looks at an image and says what is wrong, or nothing. Rows about builds
 * (caching, reproducibility, mutations of lock files) are measured in the tests of builds.
 */
export interface ImageCheck {
  /** Row of the checklist. */
  readonly row: number;
  readonly property: string;
  /** A Dockerfile step that spoils exactly this in an image that is fine. */
  readonly spoil: string;
  /** @returns what is wrong, empty if nothing is */
  run(image: string, port: number): Promise<string>;
}

interface Config {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Entrypoint: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
}

async function config(image: string): Promise<Config> {
  return (JSON.parse(await docker('image', 'inspect', image)) as { Config: Config }[])[0]!.Config;
}

/** What a shell in the image prints, as its own user, with `options` of docker run before the image. */
function shell(image: string, script: string, ...options: string[]): Promise<string> {
  return docker(
    'run',
    '--rm',
    '--label=docker-python.test=1',
    ...options,
    '--entrypoint=sh',
    image,
    '-c',
    script,
  );
}

/** Runs work beside a container of the image that serves its port. */
async function serving(
  image: string,
  port: number,
  options: readonly string[],
  work: (id: string, address: string) => Promise<string>,
): Promise<string> {
  const id = await docker(
    'run',
    '--detach',
    '--label=docker-python.test=1',
    `--publish=127.0.0.1::${port}`,
    ...options,
    image,
  );
  try {
    const address = (await docker('port', id, `${port}/tcp`)).split('\n')[0]!;
    for (let tries = 0; tries < 150; tries++) {
      if (await get(`http://${address}/`, 2_000)) return await work(id, address);
      await sleep(100);
    }
    return `does not answer: ${(await attempt('docker', ['logs', '--tail=5', id])).output}`;
  } catch (error) {
    return String(error);
  } finally {
    await attempt('docker', ['rm', '--force', '--volumes', id]);
  }
}

const none = (found: string): string => found.trim();
const HARDENED = ['--read-only', '--tmpfs=/tmp', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

const python = (code: string): string => `python -c '${code}'`;

export const IMAGE_CHECKS: readonly ImageCheck[] = [
  {
    row: 1,
    property: 'no compiler, headers, make',
    spoil: 'USER 0\nRUN touch /usr/bin/gcc && chmod +x /usr/bin/gcc',
    run: async (image) =>
      none(
        await shell(
          image,
          'for p in gcc cc g++ make ld; do command -v $p; done; ls /usr/include/*.h 2>/dev/null | head -1; true',
        ),
      ),
  },
  {
    row: 2,
    property: 'glibc base',
    spoil: `ENV PYTHONPATH=/tmp/x\nUSER 0\nRUN mkdir -p /tmp/x && echo 'def libc_ver(): return ("", "")' > /tmp/x/platform.py`,
    run: async (image) =>
      (await shell(image, python('import platform; print(platform.libc_ver()[0])'))) === 'glibc'
        ? ''
        : 'no glibc',
  },
  {
    row: 4,
    property: 'python resolves inside of the image',
    spoil: 'USER 0\nRUN rm /opt/venv/bin/python && ln -s /nowhere/python /opt/venv/bin/python',
    run: async (image) =>
      none(
        await shell(
          image,
          'command -v python | grep -qx /opt/venv/bin/python || echo "python is $(command -v python)"; test -x "$(readlink -f /opt/venv/bin/python)" || echo dangling',
        ),
      ),
  },
  {
    row: 5,
    property: 'no package manager at run time',
    spoil: 'USER 0\nRUN touch /usr/local/bin/uv && chmod +x /usr/local/bin/uv',
    run: async (image) =>
      none(
        await shell(
          image,
          'for p in uv poetry pdm pipenv; do command -v $p; done; ls /opt/venv/bin/pip* 2>/dev/null; true',
        ),
      ),
  },
  {
    row: 6,
    property: 'no setuid or setgid files',
    spoil: 'USER 0\nRUN cp /bin/cat /bin/dog && chmod u+s /bin/dog',
    run: async (image) =>
      none(await shell(image, 'find / -xdev -perm /6000 -type f 2>/dev/null; true', '--user=0')),
  },
  {
    row: 7,
    property: 'no apt lists, .git, caches, wheels',
    spoil: 'USER 0\nRUN mkdir -p /root/.cache && echo x > /root/.cache/x && touch /opt/x.whl',
    run: async (image) =>
      none(
        await shell(
          image,
          'ls /var/lib/apt/lists 2>/dev/null; find / -xdev \\( -name .git -o -name "*.whl" -o -path "/root/.cache/*" \\) -not -path "/proc/*" -not -path "*/ensurepip/*" 2>/dev/null; true',
          '--user=0',
        ),
      ),
  },
  {
    row: 9,
    property: 'no editable installs; one path file at most',
    spoil: 'USER 0\nRUN touch /opt/venv/lib/$(ls /opt/venv/lib)/site-packages/__editable__x.pth',
    run: async (image) =>
      none(await shell(image, 'find /opt/venv -name "__editable__*" -o -name "*.egg-link"')),
  },
  {
    row: 10,
    property: 'every shared library resolves',
    spoil:
      'USER 0\nRUN rm -f $(ldd /usr/local/bin/python* | grep -o "/[^ ]*libz[^ ]*" | head -1) /lib/*/libexpat.so* /usr/lib/*/libexpat.so* /lib/*/libz.so*',
    run: async (image) =>
      none(
        await shell(
          image,
          'find / -xdev -name "*.so*" -type f \\( -path "/opt/*" -o -path "*/python3*" \\) -exec ldd {} + 2>/dev/null | grep "not found" | sort -u | head -3; true',
        ),
      ),
  },
  {
    row: 11,
    property: 'dependencies consistent',
    spoil: `USER 0\nRUN cd /opt/venv/lib/*/site-packages && rm -rf $(ls -d [a-z]*.dist-info | grep -v -i -E "^(gunicorn|flask|uvicorn|fastapi|django)-" | head -1)`,
    run: async (image) =>
      none(
        await shell(
          image,
          `python - <<'X'
import importlib.metadata as m, re
have = {re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower() for d in m.distributions()}
for d in m.distributions():
    for r in d.requires or []:
        name, _, marker = r.partition(";")
        if marker: continue
        name = re.sub(r"[-_.]+", "-", re.match(r"[\\w.-]+", name.strip()).group()).lower()
        if name not in have: print(d.metadata["Name"], "needs", name)
X`,
        ),
      ),
  },
  {
    row: 26,
    property: 'bytecode is hash-based',
    spoil: 'USER 0\nRUN python -m compileall -q -f --invalidation-mode timestamp /app',
    run: async (image) =>
      none(
        await shell(
          image,
          `python - <<'X'
import pathlib
bad = [str(p) for root in ("/app", "/opt/venv") for p in pathlib.Path(root).rglob("*.pyc") if not p.read_bytes()[4] & 1]
print("\\n".join(bad[:3]))
X`,
        ),
      ),
  },
  {
    row: 27,
    property: 'no file time before 1980, nothing of this build',
    spoil: 'USER 0\nRUN touch -d 1979-01-01 /app/x',
    run: async (image) =>
      none(
        await shell(
          image,
          'find /app /opt \\( -not -newermt 1979-12-31 -o -newermt 2020-01-01 \\) 2>/dev/null | head -3',
        ),
      ),
  },
  {
    row: 28,
    property: 'bytecode for application and dependencies',
    spoil: 'USER 0\nRUN find /app -name "*.pyc" -delete',
    run: async (image) =>
      none(
        await shell(
          image,
          `python - <<'X'
import importlib.util, pathlib
bad = []
for root in ("/app", "/opt/venv/lib"):
    for p in pathlib.Path(root).rglob("*.py"):
        if "test" in str(p) or pathlib.Path(importlib.util.cache_from_source(str(p))).exists(): continue
        try: compile(p.read_bytes(), str(p), "exec")
        except Exception: continue
        bad.append(str(p))
print("\\n".join(bad[:3]))
X`,
        ),
      ),
  },
  {
    row: 29,
    property: 'PYTHONUNBUFFERED, PYTHONFAULTHANDLER',
    spoil: 'ENV PYTHONUNBUFFERED=',
    run: async (image) => {
      const { Env } = await config(image);
      return ['PYTHONUNBUFFERED=1', 'PYTHONFAULTHANDLER=1'].filter((entry) => !Env.includes(entry)).join();
    },
  },
  {
    row: 30,
    property: 'a segmentation fault prints a Python traceback',
    spoil: 'ENV PYTHONFAULTHANDLER=',
    async run(image) {
      const { output } = await attempt('docker', [
        'run',
        '--rm',
        '--entrypoint=python',
        image,
        '-c',
        'import ctypes; ctypes.string_at(0)',
      ]);
      return /Fatal Python error: Segmentation fault[\s\S]*line 1 in <module>/.test(output)
        ? ''
        : output.slice(-200) || 'silent';
    },
  },
  {
    row: 31,
    property: 'stops in time, not by SIGKILL',
    spoil:
      'ENTRYPOINT ["tini", "--", "sh", "-c", "trap \'\' TERM; \\"$@\\" & while true; do sleep 1; done", "sh"]\nCMD ["web"]',
    run: (image, port) =>
      serving(image, port, ['--stop-timeout=9'], async (id) => {
        const began = performance.now();
        await docker('stop', id);
        const seconds = (performance.now() - began) / 1000;
        const code = await docker('inspect', '--format={{.State.ExitCode}}', id);
        // Two seconds on an idle machine; this one is shared.
        return code !== '137' && seconds < 6 ? '' : `${seconds.toFixed(1)} s, exit code ${code}`;
      }),
  },
  {
    row: 32,
    property: 'tini is PID 1',
    // A new entrypoint forgets the command that was inherited.
    spoil: 'ENTRYPOINT ["sh", "-c", "\\"$@\\"; true", "sh"]\nCMD ["web"]',
    run: (image, port) =>
      serving(image, port, [], async (id) => {
        const name = await docker('exec', id, 'cat', '/proc/1/comm');
        return name === 'tini' ? '' : `PID 1 is ${name}`;
      }),
  },
  {
    row: 37,
    property: 'listens on 0.0.0.0:$PORT',
    spoil: 'USER 0\nRUN sed -i "s/export PORT=.*/export PORT=8000/" /opt/docker-python/bin/*',
    run: (image) => serving(image, 9123, ['--env=PORT=9123'], () => Promise.resolve('')),
  },
  {
    row: 38,
    property: 'arguments replace the command',
    spoil: 'ENTRYPOINT ["tini", "--", "echo"]',
    run: async (image) =>
      (await docker('run', '--rm', image, 'python', '-V')).startsWith('Python 3.') ? '' : 'they do not',
  },
  {
    row: 39,
    property: 'health check goes green without curl or wget',
    spoil: 'HEALTHCHECK --interval=1s CMD ["curl", "-f", "http://localhost/"]',
    run: (image, port) =>
      serving(
        image,
        port,
        ['--health-interval=300ms', '--health-start-period=1ms', '--health-retries=1000'],
        async (id) => {
          for (let tries = 0; tries < 40; tries++) {
            if ((await docker('inspect', '--format={{.State.Health.Status}}', id)) === 'healthy') return '';
            await sleep(250);
          }
          return docker('inspect', '--format={{(index .State.Health.Log 0).Output}}', id);
        },
      ),
  },
  {
    row: 40,
    property: 'time zones work',
    spoil: 'USER 0\nRUN rm -rf /usr/share/zoneinfo && find / -xdev -type d -name tzdata -exec rm -rf {} +',
    run: async (image) =>
      (
        await attempt('docker', [
          'run',
          '--rm',
          '--entrypoint=python',
          image,
          '-c',
          'import zoneinfo; zoneinfo.ZoneInfo("Europe/Berlin")',
        ])
      ).ok
        ? ''
        : 'Europe/Berlin is unknown',
  },
  {
    row: 41,
    property: 'no database migration at start',
    spoil: 'ENTRYPOINT ["tini", "--", "sh", "-c", "python manage.py migrate; exec \\"$@\\"", "sh"]',
    async run(image) {
      const { Entrypoint, Cmd } = await config(image);
      return /migrate|upgrade head/.exec([...(Entrypoint ?? []), ...(Cmd ?? [])].join(' '))?.[0] ?? '';
    },
  },
  {
    row: 42,
    property: 'numeric non-root user',
    spoil: 'USER app',
    async run(image) {
      const { User } = await config(image);
      return /^[1-9]\d*(:\d+)?$/.test(User) ? '' : `USER ${User}`;
    },
  },
  {
    row: 43,
    property: 'the application cannot write its own code',
    spoil: 'USER 0\nRUN chmod -R a+w /app\nUSER 10001:0',
    run: async (image) =>
      none(await shell(image, 'find /app /opt/venv -writable -not -type l 2>/dev/null | head -3')),
  },
  {
    row: 44,
    property: 'runs under an arbitrary user id, with a name and a home',
    spoil: 'ENV HOME=/root USER= LOGNAME=\nUSER 0\nRUN chmod -R g-rwx,o-rwx /app\nUSER 10001:0',
    run: async (image, port) =>
      (await serving(image, port, ['--user=54321:0'], () => Promise.resolve(''))) ||
      none(
        await shell(
          image,
          `${python('import getpass; getpass.getuser()')} 2>&1; test -w "$HOME" || echo "HOME $HOME"`,
          '--user=54321:0',
        ),
      ),
  },
  {
    row: 45,
    property: 'runs read-only, without capabilities and new privileges',
    spoil: 'ENTRYPOINT ["tini", "--", "sh", "-c", "touch /var/tmp/x && exec \\"$@\\"", "sh"]\nCMD ["web"]',
    run: (image, port) => serving(image, port, HARDENED, () => Promise.resolve('')),
  },
  {
    row: 49,
    property: 'labels of the OCI specification',
    spoil: 'LABEL org.opencontainers.image.revision=',
    async run(image) {
      const labels = (await config(image)).Labels ?? {};
      return ['title', 'revision', 'base.name']
        .filter((name) => !labels[`org.opencontainers.image.${name}`])
        .join();
    },
  },
];
