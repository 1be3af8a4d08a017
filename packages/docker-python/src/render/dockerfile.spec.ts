import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { planImage, type PlanContext } from '../plan/plan';
import type { StagePieces } from '../plan/types';
import type { PythonProject } from '../detection/types';
import type { Settings } from '../settings/schema';
import { sampleProject } from '../testing/projects';
import { renderDockerfile } from './dockerfile';
import { env, exec } from './instructions';
import { ownership } from './managed';
import { shellLine, shellWord } from './shell';

const render = (
  project: Partial<PythonProject> = {},
  settings: Settings = {},
  pieces: StagePieces = {},
  development?: PlanContext['development'],
): string => {
  const around = { otherRoots: [], ...(development ? { development } : {}) };
  const installer = { name: 'uv', version: '0.9.0' } as const;
  return renderDockerfile({ ...planImage(sampleProject(project), settings, installer, around), pieces });
};

/** Instructions outside of heredocs, with their continuation lines. */
function instructions(dockerfile: string): string[] {
  const found: string[] = [];
  let end: string | undefined;
  let open = false;
  for (const line of dockerfile.split('\n')) {
    if (end !== undefined) {
      if (line === end) end = undefined;
      continue;
    }
    if (line.startsWith('#') || line.trim() === '') continue;
    if (open) found.push(`${found.pop()!}\n${line}`);
    else found.push(line);
    open = line.endsWith('\\');
    end = /<<'?([A-Z]+)'?/.exec(line)?.[1];
  }
  return found;
}

/** What BuildKit makes of the value of an ENV. Source: the shell lexer of its Dockerfile frontend. */
function envValue(line: string): string {
  const quoted = /^ENV [A-Za-z_]\w*="((?:\\.|[^"\\])*)"$/su.exec(line)?.[1];
  if (quoted === undefined) throw new Error(`no ENV with one quoted value: ${line}`);
  if (/(?<!\\)(\\\\)*\$/.test(quoted)) throw new Error(`a variable would be expanded: ${line}`);
  return quoted.replace(/\\(["$\\])/g, '$1');
}

const word = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('"', "'", '\\', '$', '`', ' ', '!', '*', ';', '&', '{', '}', '\n', 'a', '=', '-'),
  }),
);

describe('the Dockerfile', () => {
  it('is managed, and has a stage for every stage of the plan, the shipped one last', () => {
    const text = render();
    expect(ownership(text)).toBe('managed');
    expect(text.match(/^FROM .+ AS (\w+)$/gm)).toEqual([
      'FROM python:3.13-slim-trixie AS base',
      'FROM scratch AS scripts',
      'FROM base AS stdlib',
      'FROM python:3.13-slim-trixie AS installer',
      'FROM installer AS builder',
      'FROM builder AS lock',
      'FROM builder AS dependencies',
      'FROM base AS linkage',
      'FROM base AS application',
      'FROM base AS processes',
      'FROM base AS runtime',
    ]);
  });

  it('knows no instruction but these, so nothing of a helper program leaks out of its heredoc', () => {
    const names = new Set(instructions(render()).map((line) => line.split(/[ \n]/)[0]));
    expect([...names].sort()).toEqual([
      'CMD',
      'COPY',
      'ENTRYPOINT',
      'ENV',
      'EXPOSE',
      'FROM',
      'HEALTHCHECK',
      'RUN',
      'USER',
      'WORKDIR',
    ]);
  });

  it('ships every part as a linked layer of its own and no build tool', () => {
    const runtime = instructions(render())
      .slice(-20)
      .filter((line) => line.startsWith('COPY --link'));
    expect(runtime).toEqual(
      ['stdlib', 'dependencies', 'application', 'processes'].map(
        (from) => `COPY --link --from=${from} /out /`,
      ),
    );
  });

  it('gives the CA bundle to the steps that use the network, and to no other', () => {
    const steps = render().split('RUN').slice(1);
    for (const step of steps) {
      const script = step.split('\nEOF')[0]!;
      const networked = /apt-get update|pip'? install|uv pip (install|compile)/.test(script);
      expect([script.includes('type=secret,id=ca'), script]).toEqual([networked, script]);
    }
  });

  it('is the same for the same plan', () => {
    expect(render()).toBe(render());
  });

  it.each<[why: string, settings: Settings, pieces: StagePieces]>([
    ['the image has packages', { systemPackages: { runtime: ['libpq5'] } }, {}],
    ['the build has packages', { systemPackages: { build: ['gcc'] } }, {}],
    ["Python is one of the base's packages", { base: 'ubuntu:24.04' }, {}],
    ['an organisation wrote the base', {}, { base: 'FROM python:3.13 AS base' }],
  ])('builds on what is shipped where %s, and else without waiting for it', (_, settings, pieces) => {
    const text = render({}, settings, pieces);
    expect(text).toContain('\nFROM base AS builder\n');
    expect(text).toContain('\nCOPY --link --from=installer /opt/uv /opt/uv\n');
    expect(render()).toContain('\nFROM installer AS builder\n');
    expect(text.includes('FROM base AS installer')).toBe(pieces.base !== undefined);
  });

  it.each<[base: string, settings: Settings, root: boolean]>([
    ['python:3.13-slim-trixie', {}, false],
    ['docker.io/library/python:3.13', {}, false],
    ['python:3.13-slim-trixie', { registryMirror: 'mirror.example.com' }, false],
    ['debian:13', {}, true],
    ['registry.example.com/python:3.13', {}, true],
    ['acme/python@sha256:0', {}, true],
  ])('becomes root in %s %j where it may leave another user: %s', (base, settings, root) => {
    const after = instructions(render({}, { base, ...settings })).flatMap((line, i, all) =>
      /^FROM \S*(python|debian)\S* AS/.test(line) ? [all[i + 1]] : [],
    );
    expect(after.map((line) => line === 'USER 0:0')).toEqual([root, root]);
  });

  it.each(['3.9', '3.10'])('gives the programs what reads TOML, which Python %s does not bring', (value) => {
    const text = render({ python: { value, from: '.python-version' } });
    expect(text).toMatch(/^FROM base AS toml\nRUN <<EOF\n[^]*\nFROM scratch AS scripts\n/m);
    expect(text).toMatch(/^COPY --from=toml \/out \/\n\n# Bytecode/m);
    expect(render()).not.toContain('AS toml');
  });

  it('works in what has the base of what is shipped', () => {
    const dev = (settings: Settings, pieces: StagePieces = {}): string => {
      const text = render({}, settings, pieces, { recipe: sampleProject({}).recipe, pip: 'pip==25.0' });
      return text.slice(text.search(/FROM \w+ AS dev/));
    };
    expect(dev({ systemPackages: { build: ['gcc'] } })).toMatch(/^FROM builder AS dev/);
    expect(dev({}, { builder: 'FROM base AS builder\nRUN mine' })).toMatch(/^FROM builder AS dev/);
    expect(dev({})).toMatch(
      /^FROM base AS dev\nCOPY --link --from=installer \/opt\/uv \/opt\/uv\nENV PATH=\/opt\/uv\/bin/,
    );
  });

  it('exposes no port where there is none', () => {
    expect(render({ processes: { worker: { value: { command: ['work'] }, from: 'x' } } })).not.toContain(
      'EXPOSE',
    );
  });
});

describe('hostile values', () => {
  it('of the environment stay data', () => {
    const value = fc.string({ unit: 'grapheme' }).filter((text) => !/[\u0000-\u001f\u007f]/.test(text));
    fc.assert(
      fc.property(
        fc.oneof(
          value,
          word.filter((text) => !text.includes('\n')),
        ),
        (text) => {
          expect(envValue(env({ A: text }))).toBe(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('of the command stay data: it is a JSON list on one line', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string({ unit: 'binary' })), { minLength: 1 }), (argv) => {
        const line = exec('CMD', argv);
        expect(line).not.toContain('\n');
        expect(JSON.parse(line.replace(/^CMD /, ''))).toEqual(argv);
      }),
      { numRuns: 300 },
    );
  });

  it('of the command change no other line of the file', () => {
    const hostile = ['sh', '-c', 'echo "$HOME"\nRUN evil\nEOF', '\\', '<<EOF'];
    const linesWith = (command: string[]): readonly string[] =>
      instructions(render({ processes: { web: { value: { command, port: 80 }, from: 'x' } } }));
    expect(linesWith(hostile).at(-1)).toBe('CMD ["web"]');
    expect(linesWith(hostile).length).toBe(linesWith(['sh', '-c', 'echo']).length);
  });

  it('of the manifest reach the build steps as single words', () => {
    const text = render({ sourceRoots: ["my src'; rm -rf / #"] });
    expect(text).toContain(`--path '/app/apps/api/my src'\\''; rm -rf / #'`);
  });
});

describe('shellWord', () => {
  it.each([
    ['a', 'a'],
    ['--x=a,b:c@d%e+f./g_h-', '--x=a,b:c@d%e+f./g_h-'],
    ['', "''"],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['$HOME', "'$HOME'"],
    ['~', "'~'"],
    ['a\n', "'a\n'"],
  ])('%j -> %s', (text, quoted) => {
    expect(shellWord(text)).toBe(quoted);
  });

  it('is read back by a shell exactly as it was', () => {
    const argv = fc.array(
      word.filter((text) => !text.includes('\0')),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(argv, (words) => {
        const output = execFileSync('sh', ['-c', `printf '%s\\0' ${shellLine(words)}`], { encoding: 'utf8' });
        expect(output.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });
});
