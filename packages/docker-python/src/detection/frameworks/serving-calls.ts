import { resolveOrigin, type FunctionFacts, type Value } from '../python-source';
import { isPort } from './dockerfile-text';
import type { ProjectView } from './types';

/** What a script does when it is started, as far as its calls say. */
export interface ScriptFacts {
  /** It opens a port: a server's run function is called. */
  readonly serves: boolean;
  readonly port?: number;
  /** It is a server for development: `app.run()` of Flask. */
  readonly development?: boolean;
  /** The address is one that nobody outside of a container can reach. */
  readonly loopback: boolean;
  /** The application it hands to uvicorn, when that is written as text: `api.main:app`. */
  readonly application?: string;
}

/** Calls that serve, by canonical path or by the end of it: where the port is, and the port if none is given. */
const SERVING: readonly {
  readonly call: RegExp;
  readonly standard?: number;
  readonly position?: number;
  readonly open?: boolean;
  readonly development?: boolean;
}[] = [
  { call: /^uvicorn\.run\(\)$/, standard: 8000 },
  { call: /^hypercorn\..*\.serve\(\)/ },
  { call: /^waitress\.serve\(\)$/, standard: 8080, open: true },
  { call: /^aiohttp\.web\.(run_app|_run_app)\(\)$/, standard: 8080, open: true },
  { call: /^aiohttp\.web\.TCPSite\(\)/, position: 2 },
  { call: /^tornado\..*\.(listen|bind)\(\)$/, position: 0, open: true },
  { call: /^cherrypy\.(quickstart|engine\.start)\(\)$/, standard: 8080 },
  { call: /^bottle\.run\(\)$/, standard: 8080 },
  { call: /^nicegui\.ui\.run\(\)$/, standard: 8080, open: true },
  { call: /^gradio\..*\.launch\(\)$/, standard: 7860 },
  { call: /^(flask|apiflask|quart|dash)\..*\.(run|run_server)\(\)$/, standard: 5000, development: true },
  { call: /^(sanic|robyn|connexion)\..*\.(run|start)\(\)$/ },
  { call: /\.(run_app|serve_forever|add_insecure_port|add_secure_port)\(\)$/, position: 0, open: true },
  { call: /^(http\.server|socketserver|wsgiref\.simple_server)\./ },
];

/** A script that opens no port. */
export const SILENT: ScriptFacts = { serves: false, loopback: false };

/** A call, and where it stands. */
export interface StartCall {
  readonly call: Value;
  /** The function that it stands in, if any. */
  readonly func?: FunctionFacts;
}

/** The first of some calls that opens a port. */
export function servingCall(view: ProjectView, file: string, calls: readonly StartCall[]): ScriptFacts {
  let result = SILENT;
  for (const { call, func } of calls) {
    const path =
      call.path === undefined
        ? undefined
        : (resolveOrigin(view.tree, file, call.path, () => true, func)?.path ?? call.path);
    const entry =
      path === undefined
        ? undefined
        : SERVING.find(
            (known) => known.call.test(path) || (call.path !== path && known.call.test(call.path!)),
          );
    if (!entry) continue;
    // A port that is computed is not the server's own: then what a Dockerfile exposes is better evidence.
    const computed = (call.keywords ?? {})['port'] !== undefined;
    const port =
      portOf(call, entry.position) ??
      (computed ? (view.exposedPort()?.value ?? entry.standard) : entry.standard);
    const host = call.keywords?.['host'] ?? call.keywords?.['server_name'] ?? call.keywords?.['address'];
    const application = path === 'uvicorn.run()' ? call.args?.[0]?.text : undefined;
    result = {
      serves: true,
      loopback: host === undefined ? !entry.open : /^(localhost|127\.)/.test(host.text ?? ''),
      ...(port !== undefined && isPort(port) ? { port } : {}),
      ...(application === undefined ? {} : { application }),
      ...(entry.development ? { development: true } : {}),
    };
    break;
  }
  return result;
}

function portOf({ keywords, args }: Value, position: number | undefined): number | undefined {
  const named =
    keywords?.['port'] ??
    keywords?.['server_port'] ??
    (position === undefined ? undefined : args?.[position]);
  if (named?.number !== undefined) return named.number;
  const tail = /:(\d+)$/.exec(named?.text ?? '')?.[1];
  if (tail !== undefined) return Number(tail);
  // `port=int(os.environ.get("PORT", 8080))`
  const fallback = (value: Value | undefined, depth: number): number | undefined =>
    value === undefined || depth > 3
      ? undefined
      : (value.number ??
        (/^\d+$/.test(value.text ?? '')
          ? Number(value.text)
          : value.args?.map((arg) => fallback(arg, depth + 1)).findLast((number) => number !== undefined)));
  return fallback(named, 0);
}
