import type { PinnedImage } from '../plan/bases';

/** What a FROM line names: with the tag, which says what it is, and the digest, which decides. */
export function fromImage({ reference, digest }: PinnedImage): string {
  return digest === undefined ? reference : `${reference}@${digest}`;
}

/** A line of a build script that makes the step another one on another day, so that packages are renewed. */
export function packagesOf({ reference, packages }: PinnedImage): readonly string[] {
  return packages === undefined ? [] : [`# System packages of ${reference} as of ${packages}.`];
}

/**
 * A Dockerfile with the pins of these images renewed where it has such pins, and nothing else changed: so a renewal
 * reaches a file that somebody edited as well.
 */
export function withPins(text: string, images: readonly PinnedImage[]): string {
  return images.reduce((so, { reference, digest, packages }) => {
    const name = reference.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const from = new RegExp(`^(FROM (?:--platform=\\S+ )?${name})@sha256:[0-9a-f]{64}(?=\\s|$)`, 'gim');
    const day = new RegExp(`^(# System packages of ${name} as of )\\d{4}-\\d\\d-\\d\\d(?=\\.)`, 'gm');
    const fixed = digest === undefined ? so : so.replace(from, (_, start: string) => `${start}@${digest}`);
    return packages === undefined ? fixed : fixed.replace(day, (_, start: string) => `${start}${packages}`);
  }, text);
}
