import { z } from 'zod';
import { text } from './values';

/** Settings that say where an image goes: tags, builders, caches of layers, attestations. */

const template = text.describe(
  'A tag with {branch} {defaultBranch} {sha} {shortSha} {gitTag} {pr} {version} {date}; after an @ the condition under which it is set',
);

export const shippingShape = {
  registry: z
    .union([text, z.array(text).min(1)])
    .describe(
      'Registry and namespace that the image belongs to: registry.example.com/acme. Of a list the first one names the image, and push sends it to all',
    ),
  tags: z
    .array(template)
    .describe(
      'Tags that push sets: templates, each with a condition after an @ if it has one. Default: latest@default, branch-{branch}@branch, {gitTag}@tag, pr-{pr}@pr, sha-{shortSha}@detached',
    ),
  builder: text.describe('Name of the buildx builder that builds; default: the current one'),
  store: z
    .enum(['engine', 'registry'])
    .describe(
      'Where a built image goes: into the engine, or straight to the registry, as ck-<content key>. Default: engine',
    ),
  cache: z
    .union([
      z.literal(false),
      z.literal('registry'),
      z.strictObject({
        from: z.array(text).optional().describe('References that layers are read from; templates as in tags'),
        to: text
          .optional()
          .describe('The one that they are written to, with a condition after an @ if it has one'),
        mode: z
          .enum(['max', 'min'])
          .optional()
          .describe('Layers of all stages, or of the image alone. Default: max'),
      }),
    ])
    .describe('Layers of builds in a registry: "registry" for the usual places, or places of your own'),
  attest: z
    .strictObject({
      sbom: z
        .union([z.boolean(), text])
        .optional()
        .describe('A list of what is in the image; a text names the image that makes it'),
      provenance: z.enum(['min', 'max']).optional().describe('How the image was built'),
    })
    .describe('Attestations that are pushed with the image'),
} as const;

export type CacheSetting = z.infer<typeof shippingShape.cache>;
export type AttestSetting = z.infer<typeof shippingShape.attest>;
