import { memoryFiles } from '../detection/files';
import { distributionName, type PythonProject } from '../detection/types';
import { designImage, type DesignQuestion, type ImageDesign } from '../pipeline/design-image';

const HASH = `--hash=sha256:${'0'.repeat(64)}`;

/** Files of a small Flask service with a complete list of requirements. */
export const FLASK: Readonly<Record<string, string>> = {
  'requirements.txt': `flask==3.1.0 ${HASH}\ngunicorn==23.0.0 ${HASH}\n`,
  '.python-version': '3.13\n',
  'app.py': 'from flask import Flask\n\napp = Flask(__name__)\n',
};

/** The same files below a folder. */
export function below(root: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [root === '.' ? path : `${root}/${path}`, text]),
  );
}

/** A project as detection describes it, for rooms that do not detect. */
export function sampleProject(changes: Partial<PythonProject> = {}): PythonProject {
  const root = changes.root ?? 'apps/api';
  const lock = root === '.' ? 'requirements.txt' : `${root}/requirements.txt`;
  return {
    root,
    distribution: { value: distributionName('api'), from: 'the name of its folder' },
    python: { value: '3.13', from: '.python-version' },
    manager: { value: 'pip', from: lock },
    lock: { value: lock, from: lock },
    requirements: [],
    recipe: {
      tools: [],
      files: [lock],
      commands: [['python', '{scripts}/requirements.py', 'list', '{output}', 'requirements.txt']],
      network: false,
      hashed: true,
    },
    localPackages: [],
    findings: [],
    sourceRoots: ['.'],
    processes: { web: { value: { command: ['gunicorn', 'app:app'], port: 8000 }, from: 'app.py' } },
    ...changes,
  };
}

/** The design of a workspace in memory. */
export function designOf(
  files: Readonly<Record<string, string>>,
  root = 'apps/api',
  more: Partial<DesignQuestion> = {},
): ImageDesign {
  return designImage({ files: memoryFiles(files), root, otherRoots: [root], ...more });
}
