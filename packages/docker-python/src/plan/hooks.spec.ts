import { memoryFiles } from '../detection/files';
import { failureOf } from '../testing/failures';
import { sampleProject } from '../testing/projects';
import { findHooks, hookFindings } from './hooks';
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
      'apps/api/docker/entrypoint.sh': 'exec "$@"',
      'docker/build-code.sh': 'x',
      'apps/api/docker/other.sh': 'x',
    });
    expect(Object.keys(findHooks(files, 'apps/api'))).toEqual(['entrypoint']);
  });

  it.each([
    ['#!/bin/sh\nset -e\nexec "$@"\n', true],
    ['#!/usr/bin/env bash\nexec gosu app "${@}"\n', true],
    ['#!/usr/bin/env python3\nimport os\n', true],
    ['#!/bin/sh\n# exec "$@"\nexec gunicorn app:app\n', false],
    ['#!/usr/bin/env bash\npython app.py\n', false],
    ['python app.py\n', false],
    ['#!/bin/sh\nexec python manage.py "$@"\n', false],
    ['#!/bin/bash\nCMD=( "${@}" )\nexec server "${CMD[@]}"\n', false],
    ['#!/bin/bash\nfunction run() {\n  gosu app "$@"\n}\nrun mkdir /data\nexec server "$*"\n', false],
    ['#!/bin/bash\nmain() {\n  exec "$@"\n}\nmain "$@"\n', true],
    ['#!/bin/sh\nif [ "$1" = web ]; then\n  exec tini -- "$@"\nfi\nsh -c "$*"\n', true],
    ['#!/bin/sh\nexec /usr/bin/env PYTHONPATH=. "$@"\n', true],
  ])('an entrypoint hands over to its arguments: %j', (text, isHook) => {
    const files = memoryFiles({ 'docker/entrypoint.sh': text });
    expect('entrypoint' in findHooks(files, '.')).toBe(isHook);
    expect(hookFindings(files, '.').map(({ code }) => code)).toEqual(isHook ? [] : ['ENTRYPOINT_NOT_USED']);
  });

  it('an entrypoint that another image uses too is used, with a finding', () => {
    const script = { 'a/docker/entrypoint.sh': '#!/bin/sh\nexec "$@"\n' };
    const dockerfile = 'FROM python:3.13\nCOPY . /srv\nENTRYPOINT ["/srv/docker/entrypoint.sh"]\n';
    const codes = (text: string): readonly string[] =>
      hookFindings(memoryFiles({ ...script, 'a/Dockerfile': text }), 'a').map(({ code }) => code);
    expect(codes(dockerfile)).toEqual(['ENTRYPOINT_OF_ANOTHER_IMAGE']);
    expect(codes(`# Managed by docker-python\n${dockerfile}`)).toEqual([]);
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
