import { FRAMEWORK_DISTRIBUTIONS } from './applications';
import type { ProjectView } from './types';

/** Frameworks that are built on others: a lock file has those, too, without anybody having asked for them. */
const BUILT_ON: Readonly<Record<string, readonly string[]>> = {
  fastapi: ['starlette', 'aiohttp', 'tornado'],
  dash: ['flask'],
  gradio: ['fastapi', 'starlette', 'aiohttp'],
  streamlit: ['tornado', 'starlette'],
  django: ['starlette', 'aiohttp', 'tornado'],
  flask: ['aiohttp', 'tornado'],
};

/** The framework that the requirements name, if it is exactly one. */
export function declaredFramework(view: ProjectView): string | undefined {
  const declared = Object.keys(FRAMEWORK_DISTRIBUTIONS).filter((name) => view.declares(name));
  const below = new Set(declared.flatMap((name) => BUILT_ON[name] ?? []));
  const top = declared.filter((name) => !below.has(name));
  return top.length === 1 ? FRAMEWORK_DISTRIBUTIONS[top[0]!] : undefined;
}
