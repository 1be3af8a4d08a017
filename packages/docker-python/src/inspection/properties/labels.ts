import { some, type Property } from './types';

/** Source: the OCI image specification, "Pre-Defined Annotation Keys". */
const WANTED = ['title', 'revision', 'base.name'];

/** Where an image comes from. */
export const LABELS: readonly Property[] = [
  {
    id: 'labels',
    title: 'labels say what it is, of which commit, on which base',
    hint: `LABEL ${WANTED.map((name) => `org.opencontainers.image.${name}=...`).join(' ')}`,
    check: ({ config }) =>
      some(
        WANTED.filter((name) => !config.labels[`org.opencontainers.image.${name}`]),
        'missing: ',
      ),
  },
];
