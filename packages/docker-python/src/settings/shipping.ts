/** Settings that say where an image goes: tags, builders, caches of layers, attestations. */
export const shippingShape = {} as const;
