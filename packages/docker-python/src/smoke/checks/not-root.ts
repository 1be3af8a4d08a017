import { broken, type Check } from './types';

/** A numeric user that is not root: only then can Kubernetes enforce `runAsNonRoot`. */
export const notRoot: Check = {
  name: 'not root',
  applies: () => true,
  run({ image: { user } }) {
    const [name] = user.split(':');
    if (/^[1-9]\d*$/.test(name!)) return Promise.resolve({ note: `not root (${user})` });
    const root = /^(0+|root)?$/.test(name!);
    return Promise.resolve(
      broken(
        root
          ? `The image runs as root (USER ${user || 'is not set'}).`
          : `The image runs as "${user}", whose number only the image knows.`,
        'Write "USER 10001:0" as the last USER of its Dockerfile, or let docker-python manage it: nx g docker-python:setup --overwrite.',
      ),
    );
  },
};
