import { memoryFiles } from '../detection/files';
import { failureOf } from '../testing/failures';
import { sampleProject } from '../testing/projects';
import { findHooks } from './hooks';
import { planImage } from './plan';

const UV = { name: 'uv', version: '0.9.0' } as const;

describe('hooks', () => {
  it.each([
    ['#!/bin/bash\necho', ['/bin/bash']],
    ['#!/usr/bin/env bash\n', ['/usr/bin/env', 'bash']],
    ['#! /bin/sh -eu \n', ['/bin/sh', '-eu']],
    ['#!/bin/sh', ['/bin/sh']],
    ['echo', ['sh']],
    ['', ['sh']],
    ['# !/bin/bash', ['sh']],
  ])('run by what their first line says: %j', (text, interpreter) => {
    expect(findHooks(memoryFiles({ 'docker/build-code.sh': text }), '.').buildCode).toEqual({
      path: 'docker/build-code.sh',
      interpreter,
      readsList: false,
    });
  });

  it('are found by name, in their project', () => {
    const files = memoryFiles({
      'apps/api/docker/entrypoint.sh': 'x',
      'docker/build-code.sh': 'x',
      'apps/api/docker/other.sh': 'x',
    });
    expect(Object.keys(findHooks(files, 'apps/api'))).toEqual(['entrypoint']);
  });

  it('with Windows line ends are refused by path', () => {
    const files = memoryFiles({ 'apps/api/docker/entrypoint.sh': '#!/bin/sh\r\nexec "$@"\r\n' });
    expect(failureOf(() => findHooks(files, 'apps/api'))).toMatchObject({
      code: 'INVALID_HOOK',
      message: expect.stringContaining('apps/api/docker/entrypoint.sh'),
    });
  });

  it('of the build stay out of the image, the entrypoint is run below tini', () => {
    const files = memoryFiles({
      'apps/api/docker/entrypoint.sh': 'exec "$@"',
      'apps/api/docker/build-code.sh': 'x',
      'apps/api/docker/install-dependencies.sh': 'x',
    });
    const plan = planImage(sampleProject(), {}, UV, { otherRoots: [], hooks: findHooks(files, 'apps/api') });
    expect(plan.runtime.entrypoint).toEqual(['tini', '--', 'sh', '/app/apps/api/docker/entrypoint.sh']);
    expect(plan.stages.map(({ name }) => name)).not.toContain('lock');
    const application = plan.stages.find((stage) => stage.name === 'application')!;
    expect(application.leaveOut).toEqual(
      expect.arrayContaining(['docker/build-code.sh', 'docker/install-dependencies.sh']),
    );
    expect(application.steps).toMatchObject([
      { kind: 'hook', script: { path: 'apps/api/docker/build-code.sh' } },
    ]);
  });
});
