import type { ExecutorContext } from '@nx/devkit';
import { diskFiles } from '../../detection/files';
import { dockerEngine } from '../../engine/docker';
import { DockerPythonError } from '../../errors';
import { planPins, type PinPlan } from '../../pipeline/pin-plan';
import { makePins } from '../../pins/make-pins';
import { readPins } from '../../pins/read-pins';
import { readEnvironment, readOptionSettings } from '../../settings/resolve';
import { withBuildInputs } from '../build-inputs';
import { listOf } from '../../settings/option-text';
import { designQuestion, report } from '../project';
import { changesOf, type PinnedFile } from './changes';
import { moveExtra } from './extra';
import { findings } from './stale-files';
import { refuseUnknown } from './unknown-packages';
import { slicesOf } from './slices';
import { writeFiles } from './write-files';

export interface PinDepsOptions {
  readonly upgrade?: boolean;
  readonly upgradePackage?: string | readonly string[];
  readonly check?: boolean;
  readonly constraint?: string | readonly string[];
  readonly image?: string;
}

/** Makes the pins of a project anew, or says whether they are what they should be. */
export default function pinDeps(
  options: PinDepsOptions,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return report(() => run(options, context));
}

async function run(
  { upgrade = false, upgradePackage, check = false, constraint, image }: PinDepsOptions,
  context: ExecutorContext,
): Promise<void> {
  const names = listOf(upgradePackage, 'upgradePackage');
  if (check && (upgrade || names.length > 0)) throw checkUpgrades();
  const { name, question } = designQuestion(context);
  const wanted = upgrade ? ('all' as const) : names;
  const engine = dockerEngine();
  const { platform } = await engine.probe();
  const options = readOptionSettings(image === undefined ? {} : { base: image }, 'the options of this run');
  const plan = planPins(
    { ...question, overrides: [readEnvironment(process.env), options] },
    { project: name, upgrade: wanted, constraints: listOf(constraint, 'constraint'), platform },
  );
  const files = diskFiles(context.root);
  refuseUnknown(names, [
    ...plan.recipe.outputs.map((path) => readPins(files.read(path) ?? '')),
    readPins((plan.design.settings.settings.extraRequirements ?? []).join('\n')),
  ]);
  const make = ({
    recipe,
    dockerfile,
    ignore,
  }: Pick<PinPlan, 'recipe' | 'dockerfile' | 'ignore'>): ReturnType<typeof makePins> =>
    withBuildInputs(plan.design, context.root, (build) =>
      makePins(engine, { dockerfile, ignore, outputs: recipe.outputs, now: new Date().toISOString(), build }),
    );
  const made = await make(plan);
  const extra = await moveExtra(files, plan, wanted, made, make);
  const changes = [...changesOf(files, plan, made), ...extra.files];
  for (const line of extra.said) process.stdout.write(`${name}: ${line}\n`);
  for (const file of changes) process.stdout.write(`\n${describe(name, file)}\n`);
  const differing = changes.filter(({ differs }) => differs);
  if (check && differing.length > 0) throw outOfDate(name, differing);
  if (check || differing.length === 0) {
    process.stdout.write(`\n${name}: all pins are what they should be\n`);
    return;
  }
  const written = new Map(differing.map(({ path, text }) => [path, text]));
  const slices = await slicesOf(written, context);
  writeFiles(context.root, new Map([...written, ...slices.write]), slices.remove);
  for (const line of [...slices.said, ...findings(context)]) process.stdout.write(`${line}\n`);
}

function describe(name: string, { path, table, differs }: PinnedFile): string {
  if (table.length > 0) return [`${name}: ${path}`, ...table].join('\n');
  return `${name}: ${path}: ${differs ? 'the same pins, other metadata' : 'no pin moves'}`;
}

function checkUpgrades(): DockerPythonError {
  return new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: '--check asks whether the pins are what a run without upgrades gives.',
    hint: 'Leave out --upgrade and --upgrade-package, or --check.',
  });
}

function outOfDate(name: string, files: readonly PinnedFile[]): DockerPythonError {
  const paths = files.map(({ path }) => path).join(', ');
  return new DockerPythonError({
    code: 'PINS_OUT_OF_DATE',
    message: `The pins in ${paths} are not what the requirements of ${name} give now; what would change is above.`,
    hint: `Run "npx nx pin-deps ${name}" and commit the result.`,
  });
}
