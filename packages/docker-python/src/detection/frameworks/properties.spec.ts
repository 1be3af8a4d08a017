import fc from 'fast-check';
import { DockerPythonError } from '../../errors';
import { memoryFiles } from '../files';
import { detectSourceRoots } from '../source-roots';
import { distributionName } from '../types';
import { detectProcesses } from '.';

const REQUIREMENTS = [
  'flask',
  'fastapi',
  'django',
  'gunicorn',
  'uvicorn',
  'celery',
  'streamlit',
  'gradio',
  'arq',
  'rq',
  'grpcio',
].map((name) => ({ name: distributionName(name) }));

/** Pieces of real files in any order are nastier than random characters, so both are tried. */
const PIECES = [
  '\n',
  ' ',
  '    ',
  'app',
  ' = ',
  'Flask(__name__)',
  'import flask\n',
  'from flask import Flask\n',
  'from . import *\n',
  'from .main import app\n',
  'def create_app():\n',
  '    return app\n',
  'class A(A):\n',
  'if __name__ == "__main__":\n',
  '(',
  ')',
  '[',
  '{',
  '"""',
  "'",
  '\\',
  '\u0000',
  '\ud800',
  '$PORT',
  '${X:-',
  '}',
  '&&',
  'exec ',
  'gunicorn ',
  'app:app',
  'web: ',
  'CMD ',
  '["',
  '", "',
  '"]',
  'FROM x\n',
  'ENTRYPOINT ',
  './run.sh',
  '"$@"',
  'case $1 in\n',
  ';;\n',
  '__proto__',
  'constructor',
  '--bind',
  ' :',
  '99999',
  'python ',
  '-m ',
  'main.py',
  'WSGI_APPLICATION = "a.b"\n',
  '.'.repeat(50),
  '[tool.poe.tasks]\n',
  'start = ',
  'a.'.repeat(200),
];
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((words) => words.join('')),
);
const NAMES = [
  'main.py',
  'app.py',
  'manage.py',
  'wsgi.py',
  'run.sh',
  'Procfile',
  'Dockerfile',
  'pyproject.toml',
  'setup.cfg',
  'gunicorn.conf.py',
  'shop/__init__.py',
  'shop/main.py',
  'shop/__main__.py',
  'src/main.py',
  'locustfile.py',
];
const project = fc.dictionary(fc.constantFrom(...NAMES), text, { maxKeys: 8 });

function outcome(files: Readonly<Record<string, string>>): unknown {
  const source = memoryFiles(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`a b/${path}`, content])),
  );
  try {
    const sourceRoots = detectSourceRoots(source, 'a b');
    return detectProcesses({ files: source, root: 'a b', sourceRoots, requirements: REQUIREMENTS }).processes;
  } catch (error) {
    if (error instanceof DockerPythonError) return error.code;
    throw error;
  }
}

describe('detection of start commands', () => {
  it('answers or asks, whatever the files contain', () => {
    fc.assert(
      fc.property(project, (files) => {
        const found = outcome(files);
        if (typeof found === 'string') return;
        for (const { value } of Object.values(
          found as Record<string, { value: { command: string[]; port?: number } }>,
        )) {
          expect(value.command.length).toBeGreaterThan(0);
          expect(value.command.every((word) => typeof word === 'string')).toBe(true);
          if (value.port !== undefined) expect(value.port).toBeGreaterThan(0);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['brackets', '('.repeat(95_000)],
    ['nested calls', `app = ${'f('.repeat(33_000)}`],
    ['attributes', `import flask\napp = flask${'.a'.repeat(45_000)}`],
    ['nested blocks', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n')],
    ['functions', 'def create_app():\n    return create_app()\n'.repeat(2_000)],
    ['assignments', Array.from({ length: 7_000 }, (_, i) => `a${i} = a${i + 1}`).join('\n')],
    ['imports', `from flask import ${'x, '.repeat(33_000)}\n`],
    ['quotes', `flask ${`"'`.repeat(45_000)}`],
    ['assignments in a shell', `${'A=$A '.repeat(16_000)}`],
    ['continuations', '\\\n'.repeat(45_000)],
    ['blanks', ` ${'\t '.repeat(45_000)}x`],
  ])('does not hang on %s', (_, hostile) => {
    const started = performance.now();
    for (const suffix of ['', '\nimport flask\n']) {
      outcome({
        'main.py': hostile + suffix,
        'app.py': hostile,
        Procfile: `web: ${hostile}`,
        Dockerfile: `FROM x\nENV ${hostile}\nCMD ${hostile}`,
        'shop/__init__.py': hostile,
        'setup.cfg': hostile,
        'pyproject.toml': '[tool.poe.tasks]',
      });
    }
    // Far above what it takes on a busy machine: this is about hanging, not about speed.
    expect(performance.now() - started).toBeLessThan(60_000);
  }, 90_000);

  it('follows circles to their end', () => {
    const files = {
      'main.py': 'from app import app\nfrom app import *\n',
      'app.py':
        'from main import app\nfrom main import *\n\n\ndef create_app():\n    return make()\n\n\ndef make():\n    return create_app()\n\n\nclass A(A):\n    pass\n\n\nweb = A()\n',
      Dockerfile: 'FROM b AS a\nFROM a AS b\nENTRYPOINT ["./run.sh"]\n',
      'run.sh': '#!/bin/sh\nexec ./run.sh\n',
    };
    expect(outcome(files)).toBe('COMMAND_NOT_FOUND');
  });
});
