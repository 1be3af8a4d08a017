import type { ProcessesStage } from '../../plan/types';
import { LAUNCHERS } from '../../plan/processes';
import { HEALTH, healthProgram, PROCESS_TABLE, processTable } from '../health-check';
import { EPOCH, run } from '../instructions';
import { launcher } from '../launcher';
import { shellLine } from '../shell';

/** Small files that make processes of commands, in a layer of their own: a change of them is a tiny layer. */
export function renderProcesses(stage: ProcessesStage): string {
  const launchers = stage.processes.map((process) => ({
    path: `${LAUNCHERS}/${process.name}`,
    text: launcher(process),
  }));
  const files = [
    ...launchers,
    { path: HEALTH, text: healthProgram() },
    { path: PROCESS_TABLE, text: processTable(stage.processes) },
  ];
  return [
    'FROM base AS processes',
    run(
      [],
      [
        'umask 022',
        `mkdir -p /out${LAUNCHERS}`,
        ...files.map(({ path, text }) => `cat > /out${path} <<'FILE'\n${text}\nFILE`),
        shellLine(['chmod', '755', ...launchers.map(({ path }) => `/out${path}`)]),
        // Group 0 may write, which every user of the image belongs to.
        ...stage.writable.map((folder) => shellLine(['install', '-d', '-m', '2775', `/out${folder}`])),
        `find /out -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
  ].join('\n');
}
