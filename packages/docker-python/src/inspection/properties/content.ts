import { some, type Property } from './types';

/** What is in an image, and what has no business there. */
export const CONTENT: readonly Property[] = [
  {
    id: 'no-compilers',
    title: 'no compiler, headers, make',
    hint: 'Build in a stage of its own and copy the virtualenv out of it.',
    check: ({ contents }) => some(contents.compilers),
  },
  {
    id: 'glibc',
    title: 'the C library that wheels are built for',
    hint: 'Use a base with glibc (Debian, Ubuntu, RHEL): few packages have wheels for musl, and those run slower.',
    check: ({ contents }) => (contents.libc === '' ? 'the C library is not glibc' : undefined),
  },
  {
    id: 'interpreter',
    title: 'python leads to an interpreter of this image',
    hint: 'Make the virtualenv with the interpreter of the image that it ends up in, at the same path.',
    check: ({ contents }) => some(contents.dangling, 'leads nowhere: '),
  },
  {
    id: 'no-package-managers',
    title: 'no package manager at run time',
    hint: 'Install in a build stage. Those of the base: python -m pip uninstall -y pip, as the last step that needs it.',
    check: ({ contents }) => some(contents.packageManagers),
  },
  {
    id: 'no-leftovers',
    title: 'no package lists, .git, caches, wheels',
    hint: 'Remove them in the same RUN that makes them, or give that RUN a cache mount; list .git in .dockerignore.',
    check: ({ contents }) => some(contents.leftovers),
  },
  {
    id: 'no-editable',
    title: 'no editable installs',
    hint: 'Install without --editable: the source tree of the build is not in the image.',
    check: ({ contents }) => some(contents.editable),
  },
  {
    id: 'libraries',
    title: 'every shared library finds what it needs',
    hint: 'Install the system package that has the library ("systemPackages" in docker-python.json).',
    check: ({ contents }) => some(contents.unresolved, 'not found: '),
  },
  {
    id: 'dependencies',
    title: 'no package lacks one that it requires',
    hint: 'Lock again and install from the lock; "pip check" in the build finds this early.',
    check: ({ contents }) => some(contents.inconsistent),
  },
  {
    id: 'time-zones',
    title: 'time zones are known',
    hint: 'Add the system package tzdata, or the Python package of that name.',
    check: ({ contents }) => (contents.timeZones ? undefined : 'Europe/Berlin is unknown'),
  },
];
