import { z } from 'zod';
import type { ProcessRunner } from './process';

/** A program, and the arguments that every call of it begins with. */
export type Program = readonly [program: string, ...argv: string[]];

export const THROUGH_DOCKER: Program = ['docker', 'buildx'];

/**
 * How to call buildx without the client in between, which asks every plugin for its name before it starts the right one:
 * more than half of what a short question to a registry costs. Source: buildx, "Installing", as a stand-alone program.
 */
export async function buildxProgram(start: ProcessRunner): Promise<Program> {
  const argv = ['info', '--format', '{{json .ClientInfo.Plugins}}'];
  const { stdout } = await start('docker', argv, { output: 'capture', lasting: 'yes' });
  const path = pluginsSchema.safeParse(stdout).data?.find(({ Name }) => Name === 'buildx')?.Path;
  return path === undefined ? THROUGH_DOCKER : [path];
}

const pluginsSchema = z
  .string()
  .transform((text, { addIssue }): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      addIssue('is no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(z.object({ Name: z.string(), Path: z.string().min(1).optional() })));
