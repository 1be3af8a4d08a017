import { DockerPythonError } from '../../errors';
import { quoteArgv } from '../argv';
import { detectProject } from '../detect';
import { memoryFiles } from '../files';
import { detectProcesses } from '../frameworks';
import { detectSourceRoots } from '../source-roots';
import { distributionName, type Requirement } from '../types';
import { CORPUS, type Described } from '.';
import { MANAGED, type Managed } from './managers';

/** What the corpus reached when it was last improved; a change of detection must not fall below it. */
const RIGHT_AT_LEAST = CORPUS.length;

type Outcome = 'right' | 'asked' | 'wrong';

function requirementsOf(line: string): readonly Requirement[] {
  return line.split(' ').flatMap((word) => {
    const match = /^([\w.-]+)(?:\[([\w,]+)\])?(?:==(.+))?$/.exec(word);
    return match
      ? [
          {
            name: distributionName(match[1]!),
            ...(match[2] ? { extras: match[2].split(',') } : {}),
            ...(match[3] ? { version: match[3] } : {}),
          },
        ]
      : [];
  });
}

/** Everything that is compared, as plain data. */
function detect({ files, requires, folder = 'api', port }: Described): Record<string, unknown> {
  const root = `apps/${folder}`;
  const source = memoryFiles(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text])),
  );
  const roots = detectSourceRoots(source, root);
  try {
    const facts = detectProcesses({
      files: source,
      root,
      sourceRoots: roots,
      requirements: requirementsOf(requires),
      ...(port === undefined ? {} : { port }),
    });
    const [first, ...others] = Object.entries(facts.processes);
    return {
      command: quoteArgv(first![1].value.command),
      port: first![1].value.port,
      framework: facts.framework?.value,
      roots: roots.join(' '),
      others: Object.fromEntries(others.map(([name, process]) => [name, quoteArgv(process.value.command)])),
      needs: Object.entries((facts.needs?.value ?? {}) as Readonly<Record<string, readonly string[]>>)
        .map(([kind, names]) => `${kind} ${names.join(' ')}`)
        .join(),
    };
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    return { asks: error.code, about: `${error.message}\n${error.hint}`, roots: roots.join(' ') };
  }
}

function judge({ expect: expected }: Described, found: Record<string, unknown>): Outcome {
  if ('asks' in expected) {
    return found['asks'] === expected.asks && String(found['about']).includes(expected.about)
      ? 'right'
      : found['asks'] === undefined
        ? 'wrong'
        : 'asked';
  }
  if (found['asks'] !== undefined) return 'asked';
  const wanted = { roots: '.', needs: '', ...expected, others: JSON.stringify(expected.others ?? {}) };
  const got = { ...found, others: JSON.stringify(found['others']) } as Record<string, unknown>;
  return Object.entries(wanted).every(([key, value]) => got[key] === value) ? 'right' : 'wrong';
}

describe('the corpus of described projects', () => {
  const results = CORPUS.map((project) => {
    const found = detect(project);
    return { project, found, outcome: judge(project, found) };
  });
  const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;

  it('has no project twice, and at least sixty', () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThanOrEqual(60);
  });

  it.each(results)('$project.name', ({ project, found, outcome }) => {
    if (outcome !== 'right') expect({ name: project.name, ...found }).toEqual(project.expect);
  });

  it('is answered right, or asked about', () => {
    process.stdout.write(
      `start commands: ${count('right')} right, ${count('asked')} asked, ${count('wrong')} wrong of ${CORPUS.length}\n`,
    );
    expect(count('wrong')).toBe(0);
    expect(count('right')).toBeGreaterThanOrEqual(RIGHT_AT_LEAST);
  });
});

/** Manager, Python and command of a project, all three from its files. */
function detectManaged({ files }: Managed): Record<string, unknown> {
  const source = memoryFiles(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`apps/api/${path}`, text])),
  );
  try {
    const { manager, python, processes } = detectProject(source, 'apps/api');
    return {
      manager: manager.value,
      python: python.value,
      command: quoteArgv(processes['web']!.value.command),
    };
  } catch (error) {
    if (!(error instanceof DockerPythonError)) throw error;
    return { asks: error.code, about: `${error.message}\n${error.hint}` };
  }
}

describe('the corpus of managers and Pythons', () => {
  const COMMAND = 'gunicorn --config docker/gunicorn.conf.py app:app';
  const results = MANAGED.map((project) => {
    const found = detectManaged(project);
    const expected = project.expect;
    const right =
      'asks' in expected
        ? found['asks'] === expected.asks && String(found['about']).includes(expected.about)
        : found['manager'] === expected.manager &&
          found['python'] === expected.python &&
          found['command'] === COMMAND;
    const outcome: Outcome = right ? 'right' : found['asks'] === undefined ? 'wrong' : 'asked';
    return { project, found, outcome };
  });

  it.each(results)('$project.name', ({ project, found, outcome }) => {
    if (outcome !== 'right') expect({ name: project.name, ...found }).toEqual(project.expect);
  });

  it('is answered right', () => {
    const count = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
    process.stdout.write(
      `managers and Pythons: ${count('right')} right, ${count('asked')} asked, ${count('wrong')} wrong of ${MANAGED.length}\n`,
    );
    expect(count('wrong')).toBe(0);
    expect(count('right')).toBe(MANAGED.length);
  });
});
