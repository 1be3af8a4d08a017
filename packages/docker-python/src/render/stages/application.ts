import { isBelow } from '../../plan/paths';
import type { ApplicationStage } from '../../plan/types';
import type { BuildEnvironment } from '../../plan/build-environment';
import { networkStep } from '../build-environment';
import { run } from '../instructions';
import { shellLine, shellWord } from '../shell';
import { APART, buildWheel, METADATA, renderStep, stepMounts, WHEEL } from './application-steps';
import { VENV } from './dependencies';
import { CHECKED } from './linkage';
import { SOURCES } from './lock';
import { SCRIPTS } from './scripts';

/** What becomes the layer of static files. */
export const STATIC_FILES = '/static';

/** The project's code at its place, importable, with metadata and bytecode. */
export function renderApplication(
  stage: ApplicationStage,
  python: string,
  environment: BuildEnvironment,
): string {
  const steps = stage.steps.flatMap((step) => [...renderStep(step)]);
  const built = stage.packaged ? buildWheel(stage.place, stage.gitVersion?.version) : [];
  const working = steps.length + built.length > 0;
  const mounts = [
    ...mounted(stage).map((tree) => `type=bind,source=${tree},target=${sourceOf(tree)}`),
    `type=bind,from=scripts,target=${SCRIPTS}`,
    `type=bind,from=linkage,source=${CHECKED},target=/run/checked`,
  ];
  const begin = ['export PYTHONHASHSEED=0', place(stage)];
  return [
    `FROM ${working ? 'builder' : 'base'} AS application`,
    // The working directory of the steps, and of what they start.
    ...(working ? [`WORKDIR ${stage.place}`] : []),
    working
      ? networkStep(
          environment,
          [...mounts, ...stage.steps.flatMap(stepMounts), ...WORK_MOUNTS, ...stage.needs.map(mountLayer)],
          [
            ...begin,
            ...stage.needs.map(addLayer),
            ...workingEnvironment(stage),
            ...steps,
            ...built,
            'cd /',
            finish(stage, python),
          ],
        )
      : run(mounts, [...begin, finish(stage, python)]),
  ].join('\n');
}

/** Dependencies at hand, and writable: what is written there is gone after the step. */
const WORK_MOUNTS = [
  `type=bind,from=dependencies,source=/out${VENV},target=${VENV},rw`,
  'type=cache,id=uv,target=/root/.cache/uv',
];

function sourceOf(tree: string): string {
  return tree === '.' ? SOURCES : `${SOURCES}/${tree}`;
}

function placeOf(tree: string): string {
  return tree === '.' ? '/app' : `/app/${tree}`;
}

/** What has to be mounted: an artifact below a tree is there already. */
function mounted({ trees, artifacts }: ApplicationStage): readonly string[] {
  const apart = artifacts.map(({ from }) => from);
  return [...trees, ...apart.filter((from) => !trees.some((tree) => isBelow(from, tree)))];
}

function place({ trees, artifacts, leaveOut, place: folder }: ApplicationStage): string {
  return [
    `python ${SCRIPTS}/application.py place`,
    ...trees.map((tree) => shellLine(['--tree', `${sourceOf(tree)}:${placeOf(tree)}`])),
    ...artifacts.map(({ from, place: to }) => shellLine(['--tree', `${sourceOf(from)}:${to}`])),
    ...leaveOut.map((file) => shellLine(['--without', `${folder}/${file}`])),
  ].join(' \\\n  ');
}

function finish(stage: ApplicationStage, python: string): string {
  const tops = stage.packaged ? stage.packaged.keep : stage.trees.map(placeOf);
  return [
    `/usr/local/bin/python ${SCRIPTS}/application.py finish --out /out`,
    shellLine(['--project', stage.place, '--distribution', stage.distribution]),
    shellLine(['--site', `${VENV}/lib/python${python}/site-packages`]),
    shellLine(['--bin', `${VENV}/bin`, '--python', `${VENV}/bin/python`]),
    ...tops.map((top) => shellLine(['--top', top])),
    ...(stage.packaged
      ? [`--wheel ${WHEEL}`]
      : stage.importPath.map((folder) => shellLine(['--path', folder]))),
    ...(stage.steps.some(({ kind }) => kind === 'extensions') ? [`--metadata ${METADATA}`] : []),
    ...(stage.gitVersion && !stage.packaged ? [shellLine(['--git-version', stage.gitVersion.version])] : []),
    ...(stage.gitVersion?.file && !stage.packaged
      ? [shellLine(['--git-version-file', stage.gitVersion.file])]
      : []),
    ...(stage.versionFile ? [shellLine(['--version-from', stage.versionFile])] : []),
    ...(stage.steps.some(({ kind }) => kind === 'static-files')
      ? [`--apart ${STATIC_FILES} --apart-list ${APART}`]
      : []),
  ].join(' \\\n  ');
}

function mountLayer(stage: string): string {
  return `type=bind,from=${stage},source=/out,target=/run/${stage}`;
}

function addLayer(stage: string): string {
  return `cp -a /run/${stage}/. /`;
}

function workingEnvironment({ importPath }: ApplicationStage): readonly string[] {
  return [
    `export PATH=${VENV}/bin:$PATH VIRTUAL_ENV=${VENV} PYTHONDONTWRITEBYTECODE=1`,
    `export PYTHONPATH=${importPath.map(shellWord).join(':')}`,
  ];
}
