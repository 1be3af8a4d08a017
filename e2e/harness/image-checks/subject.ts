import { readConfig } from '../../../packages/docker-python/src/engine/image-config';
import { dockerContainers } from '../../../packages/docker-python/src/engine/containers';
import { surveyImage } from '../../../packages/docker-python/src/inspection/survey';
import { attempt } from '../../../tools/shell';
import { toolRunner } from '../../../tools/workspace/process-runner';
import { docker } from '../docker';
import { observe, type Expected } from './observe';
import type { Subject } from './types';

const LABELS = { 'docker-python.test': '1' };

const engine = {
  ...dockerContainers(toolRunner),
  config: async (reference: string) => readConfig(await docker('image', 'inspect', reference)),
};

/** An image as the checks see it. */
export function subject(image: string, expected: Expected): Subject {
  return {
    image,
    survey: once(async () => {
      const survey = await surveyImage(engine, image, LABELS);
      if (!survey) throw new Error(`there is no image ${image}`);
      return survey;
    }),
    observe: once(() => observe(image, expected)),
    development: expected.development ?? [],
    crash: once(async () => {
      const program = `import ctypes, platform; from importlib.metadata import distributions as d; print(platform.python_version()); print(*sorted({i.name.lower() for i in d()})); ctypes.string_at(0)`;
      return attempt('docker', ['run', '--rm', image, 'python', '-uc', program]);
    }),
  };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}
