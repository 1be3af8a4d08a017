import { DockerPythonError, nearestName } from '../../errors';
import type { DependencyFacts, ManagerName, Sourced } from '../types';
import { pip } from './pip';
import type { ManagerQuestion, PackageManager } from './types';
import { uv } from './uv';

/** Every package manager. */
export const MANAGERS: readonly PackageManager[] = [uv, pip];

export function chooseManager(question: ManagerQuestion, override?: Sourced<ManagerName>): DependencyFacts {
  const pick = MANAGERS.flatMap((manager) => {
    const by = manager.lock(question);
    return by === undefined ? [] : [{ manager, by }];
  }).concat(
    MANAGERS.flatMap((manager) => {
      const by = manager.manifest(question);
      return by === undefined ? [] : [{ manager, by }];
    }),
  )[0];
  if (!pick) throw new DockerPythonError({ code: 'NOT_A_PYTHON_PROJECT', message: '', hint: '' });
  return pick.manager.facts(question, pick.by);
}
