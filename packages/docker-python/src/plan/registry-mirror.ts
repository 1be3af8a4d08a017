import type { BaseImage } from './bases';

/**
 * An image of Docker Hub by the name that a mirror has it under; an image of another registry as it is.
 * Source: how Docker completes names (`python` is `docker.io/library/python`), and how Harbor, Artifactory, Nexus and
 * ECR name what they cache.
 *
 * @param mirror registry, perhaps with a path: `mirror.example.com/dockerhub`
 */
export function mirrored(reference: string, mirror: string | undefined): string {
  if (mirror === undefined) return reference;
  const [first = '', ...rest] = reference.split('/');
  const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  if (hasRegistry && !/^(index\.)?docker\.io$/.test(first)) return reference;
  const name = hasRegistry ? rest.join('/') : reference;
  return `${mirror.replace(/\/$/, '')}/${name.includes('/') ? name : `library/${name}`}`;
}

/** A base from a mirror. What it is made of is told by its own name. */
export function fromMirror(image: BaseImage, mirror: string | undefined): BaseImage {
  return { ...image, reference: mirrored(image.reference, mirror) };
}
