import type { TargetConfiguration } from '@nx/devkit';

const technologies = ['python', 'container'];

/** Never cached: what an index or a database says is no input. */
export const pinDepsTarget: TargetConfiguration = {
  executor: 'docker-python:pin-deps',
  cache: false,
  metadata: {
    description: 'Makes the pins of dependencies anew, with hashes, in the Python of the image',
    technologies,
  },
};

export const auditTarget: TargetConfiguration = {
  executor: 'docker-python:audit',
  cache: false,
  metadata: { description: 'Says which pins have known vulnerabilities', technologies },
};
