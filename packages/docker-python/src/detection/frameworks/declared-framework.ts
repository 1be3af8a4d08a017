import { FRAMEWORK_DISTRIBUTIONS } from './applications';
import type { ProjectView } from './types';

/** The framework that the requirements name, if it is exactly one. */
export function declaredFramework(view: ProjectView): string | undefined {
  const declared = Object.keys(FRAMEWORK_DISTRIBUTIONS).filter((name) => view.declares(name));
  return declared.length === 1 ? FRAMEWORK_DISTRIBUTIONS[declared[0]!] : undefined;
}
