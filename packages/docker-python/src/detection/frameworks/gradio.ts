import { filesNamed, ENTRY_STEMS, otherFiles } from './search';
import type { Framework, ProjectView } from './types';

const STANDARD_PORT = 7860;

/** A script at the root that makes a Gradio interface and launches it. Its address comes from the environment. */
export const gradio: Framework = {
  name: 'Gradio script',
  looksFor: 'a Gradio script at the root',
  candidates(view) {
    if (!view.declares('gradio')) return [];
    const files = [
      ...filesNamed(view, [...ENTRY_STEMS, ...view.names, 'demo', 'gradio_app', 'webui', 'ui', 'gui']),
      ...otherFiles(view),
    ];
    const file = files.find(
      ({ path, depth }) => depth === 0 && !path.endsWith('__init__.py') && launches(view, path),
    );
    if (!file) return [];
    const port = view.portOr(STANDARD_PORT);
    const command = ['env', 'GRADIO_SERVER_NAME=0.0.0.0', `GRADIO_SERVER_PORT=${port}`, 'python', file.path];
    return [{ command, port, framework: 'gradio', process: 'web', from: view.tree.label(file.path) }];
  },
};

function launches(view: ProjectView, path: string): boolean {
  if (!(view.tree.read(path) ?? '').includes('gradio')) return false;
  const facts = view.tree.facts(path);
  const calls = [
    ...(facts?.calls ?? []),
    ...(facts?.mainGuard?.calls ?? []),
    ...(facts?.functions ?? []).flatMap((func) => func.calls),
  ];
  return (
    calls.some(({ path: callee }) => /\.launch\(\)$/.test(callee ?? '')) &&
    [...(facts?.imports.values() ?? [])].some(
      ({ module }) => module === 'gradio' || module.startsWith('gradio.'),
    )
  );
}
