import type { ProjectView } from './types';

/** What says which port a process serves: the evidence itself, if the number stands there; else an EXPOSE; else nothing. */
export function portSource(view: ProjectView, port: number, from: string): string {
  const path = /(\S+?)(?::\d+)?$/.exec(from)?.[1] ?? '';
  const text = view.tree.read(path.startsWith(`${view.root}/`) ? path.slice(view.root.length + 1) : path);
  const said = view.port !== port && text?.split(/\D+/).includes(String(port));
  return said ? from : agreedPort(view, port);
}

/** What says it where a server is told the port: the setting, else an EXPOSE, else nothing. */
export function agreedPort(view: ProjectView, port: number): string {
  if (view.port === port) return 'the setting "port"';
  const exposed = view.exposedPort();
  return exposed?.value === port ? exposed.from : 'no file says it; the default';
}
