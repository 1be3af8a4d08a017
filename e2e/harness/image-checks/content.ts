import { property } from './properties';
import type { ImageCheck } from './types';

const SITE = '/opt/venv/lib/*/site-packages';

/** Rows 1 to 12: what is in the image. */
export const CONTENT: readonly ImageCheck[] = [
  property(1, 'no-compilers', 'USER 0\nRUN touch /usr/bin/gcc && chmod +x /usr/bin/gcc'),
  property(
    2,
    'glibc',
    `USER 0\nRUN echo 'import os; os.confstr = lambda name: ""' > $(echo ${SITE})/sitecustomize.py`,
  ),
  property(4, 'interpreter', 'USER 0\nRUN rm /opt/venv/bin/python && ln -s /nowhere /opt/venv/bin/python'),
  property(5, 'no-package-managers', 'USER 0\nRUN touch /usr/local/bin/uv && chmod +x /usr/local/bin/uv'),
  property(6, 'no-setuid', 'USER 0\nRUN cp /bin/cat /bin/dog && chmod u+s /bin/dog'),
  property(7, 'no-leftovers', 'USER 0\nRUN mkdir -p /root/.cache && touch /root/.cache/x'),
  property(8, 'no-secret-files', 'USER 0\nRUN touch /app/apps/e2e-checklist/.env'),
  property(9, 'no-editable', `USER 0\nRUN touch $(echo ${SITE})/__editable__x.pth`),
  property(
    10,
    'libraries',
    // A module of the application that needs a library which is not there.
    `USER 0\nRUN cp $(find / -xdev -name 'libexpat.so.1*' -type f | head -1) native.so && sed -i 's/libc.so.6/libX.so.6/' native.so`,
  ),
  property(
    11,
    'dependencies',
    `USER 0\nRUN cd /opt/venv/lib/*/site-packages && rm -r [mM]arkup[sS]afe*.dist-info`,
  ),
  {
    row: 12,
    property: 'nothing that only developers need',
    spoil: `USER 0\nRUN folder=$(echo ${SITE})/pytest-8.0.dist-info; mkdir $folder && printf 'Metadata-Version: 2.1\\nName: pytest\\nVersion: 8.0\\n' > $folder/METADATA`,
    exempt: ({ development }) =>
      Promise.resolve(development.length === 0 ? 'declares no development dependencies' : undefined),
    async run({ development, crash }) {
      const [, distributions = ''] = (await crash()).stdout.split('\n');
      if (distributions === '') return 'it does not say what it has';
      return development.filter((name) => distributions.split(' ').includes(name)).join(', ');
    },
  },
  property(
    40,
    'time-zones',
    'USER 0\nRUN rm -rf /usr/share/zoneinfo && find / -xdev -type d -name tzdata -exec rm -rf {} +',
  ),
];
