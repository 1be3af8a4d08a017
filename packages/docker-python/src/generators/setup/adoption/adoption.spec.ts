import fc from 'fast-check';
import { below, designOf, FLASK } from '../../../testing/projects';
import { compareDockerfile, differenceLines } from './compare';
import { readDockerfile, type DockerfileFacts } from './read-dockerfile';

const WORKSPACE = [
  'apps/api',
  'apps/api/app.py',
  'apps/api/tests',
  'apps/api/static',
  'apps/api/requirements.txt',
  'apps/api/requirements/docker.txt',
  'apps/api/requirements/dev.txt',
  'libs/shared',
  'config',
  'README.md',
];
const read = (text: string): DockerfileFacts =>
  readDockerfile(text, 'apps/api', (path) => WORKSPACE.includes(path));

const OLD = `ARG PY=3.12
FROM python:\${PY}-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libmagic1=5.44 \\
    ffmpeg && rm -rf /x
COPY ["libs/shared", "/libs/shared"]
RUN --mount=type=bind,source=config,target=/c --mount=type=cache,target=/k pip install /libs/shared
FROM build
ENV LOG_LEVEL=info PYTHONPATH=/x
ENV OLD style
COPY --from=build /x /x
COPY --chown=app app.py tests ./
ADD https://example.com/x /x
USER app
EXPOSE 5000/tcp 9000
HEALTHCHECK CMD curl localhost
CMD ["gunicorn", "app:app"]
`;

describe('a Dockerfile is read', () => {
  it('with all stages', () => {
    expect(read(OLD)).toEqual({
      base: 'python:3.12-slim',
      user: 'app',
      ports: ['5000/tcp', '9000'],
      command: 'gunicorn app:app',
      healthCheck: true,
      stages: 2,
      staticEnv: {},
      env: ['LOG_LEVEL', 'PYTHONPATH', 'OLD'],
      packages: ['ffmpeg', 'gcc', 'libmagic1'],
      copied: ['apps/api/app.py', 'apps/api/tests', 'config', 'libs/shared'],
      lists: [],
      volumes: [],
    });
  });

  it.each<[string, Partial<DockerfileFacts>]>([
    ['FROM a\nCOPY . .', { copied: ['.'] }],
    ['FROM a\nCOPY apps/api/ /app', { copied: ['apps/api'] }],
    ['FROM a\nCOPY static/*.css /s', { copied: ['apps/api/static'] }],
    ['FROM a\nCOPY ../.. /s', { copied: ['.'] }],
    ['FROM a\nENTRYPOINT ["tini"]\nCMD python app.py', { command: 'tini python app.py' }],
    ['FROM a\nHEALTHCHECK NONE', { healthCheck: false }],
    [
      'FROM a\nRUN pip install -r /src/requirements.txt -r requirements/dev.txt && rm -r requirements/docker.txt',
      { lists: ['apps/api/requirements.txt', 'apps/api/requirements/dev.txt'] },
    ],
    [
      'FROM a\nRUN venv/bin/pip install --no-cache-dir --requirement=./requirements/docker.txt',
      { lists: ['apps/api/requirements/docker.txt'] },
    ],
    [
      'FROM a\nENV DATA=/var/lib/api\nVOLUME $DATA /cache/\nVOLUME ["/x", "$UNKNOWN", "/app", "/"]',
      { volumes: ['/var/lib/api', '/cache', '/x'] },
    ],
    ['FROM a\nRUN uv pip sync -r gone.txt; pip install -r $LIST', { lists: [] }],
    ['FROM a\nRUN apk add --no-cache xx yy && echo z', { packages: ['xx', 'yy'] }],
    ['FROM --platform=linux/amd64 a AS b\nFROM b AS c\nFROM c', { base: 'a', stages: 3 }],
    ['', { base: '', stages: 0 }],
  ])('%j', (text, facts) => {
    expect(read(text)).toMatchObject(facts);
  });

  it('whatever it is', () => {
    const word = fc.constantFrom(
      'FROM ',
      'COPY ',
      'RUN ',
      '--mount=',
      'type=bind,',
      '[',
      '"',
      '\\\n',
      '\n',
      'a',
      ' ',
      '..',
      '<<X',
      'ENV ',
      '=',
      '$',
    );
    fc.assert(fc.property(fc.array(word, { maxLength: 40 }), (words) => void read(words.join(''))));
  });
});

describe('what the managed one would change', () => {
  const library = {
    'libs/shared/pyproject.toml':
      '[project]\nname = "shared"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
  };
  const design = designOf({
    ...below('apps/api', {
      ...FLASK,
      'requirements.txt': '-e ../../libs/shared\nflask==3.1.0\ngunicorn==23.0.0\n',
    }),
    ...library,
    'libs/shared/shared.py': '',
  });
  const told = (text: string): string =>
    differenceLines(compareDockerfile(read(text), design))
      .join('\n')
      .replace(/\s+/g, ' ');

  it.each([
    [OLD, 'base image python:3.12-slim -> python:3.13-slim-trixie'],
    [OLD, 'user app -> 10001:0'],
    [OLD, 'ports 5000/tcp, 9000 -> 8000'],
    [OLD, 'health check yes (as it is)'],
    [OLD, 'variable LOG_LEVEL, OLD would be gone'],
    [OLD, 'system package ffmpeg, libmagic1 would be gone'],
    [
      'FROM a\nRUN pip install -r requirements/docker.txt',
      'requirements apps/api/requirements/docker.txt -> apps/api/requirements.txt (the Dockerfile; if the image needs the former, set "requirements": "requirements/docker.txt")',
    ],
    [OLD, 'copied apps/api/tests would not be sent (a default exclusion'],
    [OLD, 'copied config would not be sent (nothing that Nx knows of'],
    ['FROM a\nCOPY . .', 'copied the whole context -> the files of the project'],
    ['FROM a\nVOLUME /data', 'volumes /data (they become "writable" in docker-python.json)'],
    ['FROM a\nENV A=1 B=2', 'variable A, B would be gone'],
    ['FROM a\nCOPY app.py .', 'stages 1 -> several'],
    ['FROM a\nCOPY app.py .', 'library libs/shared would be in the image'],
    ['FROM a\nCOPY app.py .', 'user root, if the base says nothing else -> 10001:0'],
  ])('%#: %j', (text, line) => {
    expect(told(text)).toContain(line);
  });

  it.each(['PYTHONPATH would', 'gcc would', 'libs/shared would', 'app.py would'])(
    'nothing is said of what is no loss: %s',
    (line) => {
      expect(told(OLD)).not.toContain(line);
    },
  );

  it('nothing is said of the list that was chosen, nor of one for development', () => {
    const text = 'FROM a\nRUN pip install -r requirements.txt\nRUN pip install -r requirements/dev.txt';
    expect(told(text)).not.toContain('requirements apps');
  });
});
