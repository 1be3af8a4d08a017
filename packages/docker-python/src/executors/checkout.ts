import type { ExecutorContext } from '@nx/devkit';
import { gitCheckout } from '../engine/git';
import { checkoutOf, namedDefaultBranch, type Checkout } from '../reference/checkout';
import { ciDefaultBranch } from '../pipeline/default-branch';
import { ciCheckout } from '../reference/ci-systems';

/**
 * The branch, for a system that nobody knows; the script of the generator `ci` reads it as well. No setting: what is
 * built, and where it goes, are the same on every branch.
 */
const BRANCH_VARIABLE = 'DOCKER_PYTHON_BRANCH';

/**
 * Where this run happens: from the CI system's variables, else from git. DOCKER_PYTHON_BRANCH names the branch in place
 * of both, and makes none of a tag or a pull request that the CI system names.
 *
 * @param chosen the default branch that the options of the plugin name
 */
export async function readCheckout(context: ExecutorContext, chosen: string | undefined): Promise<Checkout> {
  const ci = ciCheckout(process.env);
  const branch = process.env[BRANCH_VARIABLE] || undefined;
  const git = await gitCheckout(context.root);
  const named = namedDefaultBranch({
    plugin: chosen,
    ci: ciDefaultBranch(process.env),
    remote: git.defaultBranch,
    nx: context.nxJsonConfiguration?.defaultBase,
  });
  return checkoutOf(
    [
      ...(named === undefined ? [] : [{ defaultBranch: named }]),
      { ...ci, ...(branch === undefined ? {} : { branch }) },
      git,
    ],
    ci !== undefined || /^(true|1)$/i.test(process.env['CI'] ?? ''),
  );
}
