import { z } from 'zod';
import type { ImageFacts } from './types';

/** Documents of the OCI image specification, and Docker's older ones of the same form: what is read of them. */
export const platformSchema = z.object({
  digest: z.string(),
  platform: z.object({ os: z.string() }).optional(),
});

/** "Image Configuration". */
export const configSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  rootfs: z.object({ diff_ids: z.array(z.string()) }),
});

/** "Image Manifest". */
export const manifestSchema = z.object({
  config: z.object({ size: z.number() }),
  layers: z.array(z.object({ size: z.number() })),
});

/** A statement about an image has a platform `unknown`: an attestation. */
export function isImage({ platform }: z.infer<typeof platformSchema>): boolean {
  return platform?.os !== undefined && platform.os !== 'unknown';
}

/**
 * An image of a registry as an engine with containerd's store would describe it; the size is that of the layers, the
 * configuration and the manifest.
 *
 * @param digest of the image, or of the index that it is in
 */
export function remoteFacts(
  digest: string,
  { os, architecture, variant, rootfs }: z.infer<typeof configSchema>,
  { config, layers }: z.infer<typeof manifestSchema>,
  manifestBytes: number,
): ImageFacts {
  return {
    imageId: digest,
    manifestDigest: digest,
    platform: [os, architecture, variant].filter(Boolean).join('/'),
    layers: rootfs.diff_ids,
    size: layers.reduce((sum, { size }) => sum + size, 0) + config.size + manifestBytes,
  };
}
