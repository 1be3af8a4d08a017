import { FailedStep } from '../../engine/failed-step';
import { NO_INPUTS } from '../../engine/types';
import { DockerPythonError, formatError } from '../../errors';
import { failureOfAsync } from '../../testing/failures';
import { below, designOf, FLASK } from '../../testing/projects';
import { tempFolder, writeFiles } from '../../testing/temp-folder';
import { explained, type AttemptedBuild } from './failed-build';
import { fileToEdit } from './file-to-edit';

const design = designOf(below('apps/api', FLASK));
const [dockerfile, ignore] = design.managed;
const lineOf = (stage: string): number => {
  const lines = dockerfile.text.split('\n');
  const from = lines.findIndex((line) => line.endsWith(` AS ${stage}`));
  return lines.findIndex((line, i) => i > from && line.startsWith('RUN')) + 1;
};

/** A build of the project, whose Dockerfile is there. */
function requested(): AttemptedBuild['request'] {
  const root = tempFolder();
  writeFiles(root, { [dockerfile.path]: dockerfile.text, [ignore.path]: ignore.text });
  return {
    workspaceRoot: root,
    dockerfile: `${root}/${dockerfile.path}`,
    target: 'runtime',
    labels: { a: 'b' },
    platforms: ['linux/amd64', 'linux/arm64'],
    buildArgs: { FLAVOUR: "it's" },
    inputs: { ...NO_INPUTS, secretFiles: { ca: `${root}/${ignore.path}` } },
    noCache: true,
    pull: true,
    progress: 'plain',
    extraArgs: ['--ulimit=nofile=9'],
  };
}

it('a failing step comes with its place, its words, the file to edit and a command', async () => {
  const request = requested();
  const step = new FailedStep('[dependencies 1/1]', 'dependencies', lineOf('dependencies'), [
    'no such thing',
  ]);
  const error = await failureOfAsync(() =>
    explained({ design, request }, () =>
      Promise.reject(new DockerPythonError({ code: 'BUILD_FAILED', message: 'm', hint: 'h', cause: step })),
    ),
  );
  expect(formatError(error).split('\n')).toEqual([
    'BUILD_FAILED: m',
    '',
    `The step that failed: [dependencies 1/1], line ${step.line} of apps/api/Dockerfile`,
    'It ended with:',
    '    no such thing',
    'The file to edit: apps/api/requirements.txt',
    'A shell just before it, from the root of the workspace; "sh /debug/step.sh" runs the step:',
    expect.stringMatching(
      /^ {4}docker buildx build --file dist\/docker-python\/apps\/api\/debug\.Dockerfile --target dependencies --tag docker-python-debug:api --platform linux\/amd64 '--build-arg=FLAVOUR=it'\\''s' --secret=.* \. \\$/,
    ),
    expect.stringMatching(
      /^ {6}&& docker run --rm -it --volume=.*:\/run\/secrets\/ca:ro --entrypoint=sh docker-python-debug:api$/,
    ),
    '',
    'What to do: h',
  ]);
});

it('of a lock that is not up to date the file is the lock, which nobody edits', async () => {
  const cause = new FailedStep('[lock 1/1]', 'lock', lineOf('lock'), []);
  const stale = new DockerPythonError({ code: 'LOCK_OUT_OF_DATE', message: 'm', hint: 'h', cause });
  const error = await failureOfAsync(() =>
    explained({ design, request: requested() }, () => Promise.reject(stale)),
  );
  expect(error.detail).toContain('The file to lock again: apps/api/requirements.txt');
  expect(error.detail).not.toContain('to edit');
});

it('other failures are as they were', async () => {
  const error = new Error('x');
  await expect(explained({} as never, () => Promise.reject(error))).rejects.toBe(error);
});

describe('the file to edit', () => {
  const withHooks = designOf(
    below('apps/api', {
      ...FLASK,
      'docker/install-system-packages.sh': 'apt-get install x\n',
      'docker/build-code.sh': 'make\n',
    }),
  );
  it.each([
    [design, 'base', 'apps/api/docker-python.json ("base", "python", "systemPackages")'],
    [design, 'lock', 'apps/api/requirements.txt'],
    [design, 'dependencies', 'apps/api/requirements.txt'],
    [design, 'linkage', 'apps/api/docker-python.json ("systemPackages": { "runtime": [...] })'],
    [design, 'application', 'apps/api/requirements.txt'],
    [design, 'stdlib', 'apps/api/docker-python.json'],
    [design, 'installer', 'apps/api/docker-python.json ("base", "python", "installer")'],
    [withHooks, 'builder', 'apps/api/docker/install-system-packages.sh'],
    [withHooks, 'application', 'apps/api/docker/build-code.sh'],
  ])('%#: %s', (of, stage, file) => {
    expect(fileToEdit(of, { stage, log: [] }, true)).toBe(file);
    expect(fileToEdit(of, { stage, log: [] }, false)).toBe('apps/api/Dockerfile');
  });

  it('is the settings where the static files of Django need something', () => {
    const log = ['KeyError', 'Set "collectStatic": { "env": { "A": "..." } }'];
    expect(fileToEdit(design, { stage: 'application', log }, true)).toBe(
      'apps/api/docker-python.json ("collectStatic")',
    );
  });
});
