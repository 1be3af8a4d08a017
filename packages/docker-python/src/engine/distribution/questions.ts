import { createHash } from 'node:crypto';
import { z } from 'zod';
import { configSchema, isImage, manifestSchema, platformSchema, remoteFacts } from '../manifests';
import type { ImageFacts } from '../types';
import { addressOf, type Address } from './address';
import { NotAnswered } from './not-answered';
import { drain, type Session } from './session';

/** What is asked of a registry. References are complete names. All of them throw NotAnswered. */
export interface Questions {
  /** @returns undefined if there is nothing of that name */
  remoteDigest(reference: string): Promise<string | undefined>;
  /** @returns the image as an engine with containerd's store would describe it; of several platforms the first */
  remoteImage(reference: string): Promise<ImageFacts | undefined>;
  /** Whether all is there that an image consists of, on all of its platforms. */
  isComplete(reference: string): Promise<boolean>;
}

/** Source: the OCI image specification, "Media Types", and Docker's older names of the same documents. */
const ACCEPT = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const digestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const blobSchema = z.object({ digest: digestSchema, size: z.number(), urls: z.array(z.string()).optional() });
const documentSchema = z.union([
  z.object({ manifests: z.array(platformSchema.extend({ digest: digestSchema })) }),
  manifestSchema.extend({ config: blobSchema, layers: z.array(blobSchema) }),
]);

/** A manifest or an index, as it is in the registry. */
interface Document {
  readonly digest: string;
  readonly bytes: number;
  readonly content: z.infer<typeof documentSchema>;
}

/** Questions over HTTP. Source: the OCI distribution specification, "Pull". */
export function questionsOf(ask: Session): Questions {
  const documentAt = async (address: Address, selector: string): Promise<Document | undefined> => {
    const answer = await ask(address, { method: 'GET', path: `manifests/${selector}`, accept: ACCEPT });
    if (answer.status === 404) return drain(answer).then(() => undefined);
    const body = await bodyOf(answer);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    if (selector.startsWith('sha256:') && selector !== digest)
      throw new NotAnswered(`${selector} has another content`);
    return { digest, bytes: body.length, content: read(documentSchema, body) };
  };

  const hasAll = async (address: Address, selector: string): Promise<boolean> => {
    const content = (await documentAt(address, selector))?.content;
    if (!content) return false;
    const parts =
      'manifests' in content
        ? content.manifests.map(({ digest }) => hasAll(address, digest))
        : // Layers with addresses of their own are kept elsewhere.
          [content.config, ...content.layers.filter(({ urls }) => urls === undefined)].map(({ digest }) =>
            exists(address, `blobs/${digest}`),
          );
    return (await Promise.all(parts)).every(Boolean);
  };

  const exists = async (address: Address, path: string): Promise<boolean> => {
    const answer = await ask(address, { method: 'HEAD', path });
    await drain(answer);
    return answer.status !== 404;
  };

  return {
    async remoteDigest(reference) {
      const address = addressOf(reference);
      const path = `manifests/${address.selector}`;
      // Docker Hub counts a GET as a pull.
      const answer = await ask(address, { method: 'HEAD', path, accept: ACCEPT });
      await drain(answer);
      if (answer.status === 404) return undefined;
      return read(digestSchema, JSON.stringify(answer.headers.get('docker-content-digest')));
    },

    async remoteImage(reference) {
      const address = addressOf(reference);
      const found = await documentAt(address, address.selector);
      if (!found) return undefined;
      const first = 'manifests' in found.content ? found.content.manifests.find(isImage) : found;
      const own = first && (first === found ? found : await documentAt(address, first.digest));
      if (!own || 'manifests' in own.content) throw new NotAnswered(`${reference} is no image`);
      const { config } = own.content;
      const answer = await ask(address, { method: 'GET', path: `blobs/${config.digest}` });
      if (answer.status === 404) throw new NotAnswered(`${reference} has no configuration`);
      const description = read(configSchema, await bodyOf(answer));
      return remoteFacts(found.digest, description, own.content, own.bytes);
    },

    isComplete(reference) {
      const address = addressOf(reference);
      return hasAll(address, address.selector);
    },
  };
}

async function bodyOf(answer: Response): Promise<Buffer> {
  try {
    return Buffer.from(await answer.arrayBuffer());
  } catch {
    throw new NotAnswered('an answer that breaks off');
  }
}

function read<S extends z.ZodType>(schema: S, json: Buffer | string): z.infer<S> {
  try {
    return schema.parse(JSON.parse(json.toString()));
  } catch {
    throw new NotAnswered('an answer that is none of a registry');
  }
}
