import { z } from 'zod';
import { command, duration, envName, port, text } from './values';

/** Settings that say how an image runs and how it is tested, as opposed to how it is made. */

const VERDICTS = ['needs-configuration', 'needs-service'] as const;

const healthCheck = z
  .union([
    z.literal(false),
    z.strictObject({
      path: text
        .regex(/^\//, 'does not start with /')
        .optional()
        .describe(
          'Path that is answered with a status below 400 when all is well. Without it any answer to / will do, or what the program has for this',
        ),
      interval: duration
        .optional()
        .describe(
          'Time from one check to the next. Default: 10s; 60s where a program checks the default process, as for Celery',
        ),
      timeout: duration
        .optional()
        .describe(
          'Time that a check may take: for an answer it waits a second less. Default: 5s; 20s where a program checks one of the processes',
        ),
      startPeriod: duration
        .optional()
        .describe(
          'Failures do not count for so long after the start. Default: 20s; 30s where a program checks one of the processes',
        ),
    }),
  ])
  .describe('The health check of the image; false switches it off');

const smokeTestKeys = z.strictObject({
  path: text
    .regex(/^\//, 'does not start with /')
    .optional()
    .describe('Default: the path of the health check, else /'),
  status: z.int().min(100).max(599).optional().describe('Default: any below 500'),
  body: text.optional().describe('Text that the answer contains'),
  timeout: duration.optional().describe('Time to answer, for a job to end. Default: 30s'),
  env: z.record(envName, z.string()).optional().describe('Environment variables of the test run'),
  envFile: text.optional().describe('File with NAME=value lines, relative to the project'),
  compose: text
    .optional()
    .describe('Compose file, relative to the project, with services that the test needs'),
  script: text
    .optional()
    .describe(
      'Program that tests instead, and gets the image name. Default: docker/smoke-test.sh if it exists',
    ),
  stayUp: duration.optional().describe('How long a process without a port has to stay up. Default: 5s'),
  exitCode: z
    .int()
    .min(0)
    .max(255)
    .optional()
    .describe('For a process that does its work and ends: with which code'),
  accept: z.array(z.enum(VERDICTS)).optional().describe('Verdicts that count as passed'),
  memory: z
    .string()
    .regex(/^\d+[kmg]$/, 'is no amount of memory such as 256m')
    .optional()
    .describe('Memory limit of the test, as in production. Default: none'),
  readOnly: z.boolean().optional().describe('Read-only root file system. Default: true'),
  capabilities: z.enum(['none', 'default']).optional().describe('Default: none'),
  user: z
    .enum(['arbitrary', 'image'])
    .optional()
    .describe('An arbitrary user id, or the one of the image. Default: arbitrary'),
});

const smokeTest = z
  .union([z.literal(false), smokeTestKeys])
  .describe('What nx smoke-test does; false switches it off');

/** Of one process: without what tests the whole image. */
const processSmokeTest = z.union([
  z.literal(false),
  smokeTestKeys.extend({
    script: z
      .never('a script tests the whole image, so it belongs to "smokeTest" beside "processes"')
      .optional(),
  }),
]);

const processName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'is no name of a process: lower-case letters, digits and -');

const processes = z
  .record(
    processName,
    z.union([
      command,
      z.strictObject({
        command,
        port: port.nullable().optional().describe('Port that it listens on; null for none'),
        healthCheck: healthCheck
          .optional()
          .describe(
            'For this process, in place of the setting healthCheck: its path, or false. The times are those of the setting, since an image has one health check',
          ),
        smokeTest: processSmokeTest
          .optional()
          .describe(
            'For this process: keys that stand over those of the setting smokeTest, or false. With keys of its own a process is tested even if it is not the default one',
          ),
      }),
    ]),
  )
  .refine((value) => Object.keys(value).length > 0, 'is empty')
  .describe(
    'All processes of the image by name, beside "command": commands, or objects with a command. "web", else the first, is the default; they replace what would be detected',
  );

/** What a container gets to stop where nobody says otherwise; `docker stop` waits as long. */
export const STOP_TIMEOUT = '10s';

export const runningShape = {
  processes,
  healthCheck,
  smokeTest,
  stopTimeout: duration.describe(
    `Time that the container gets to stop before it is killed. Default: ${STOP_TIMEOUT}`,
  ),
  writable: z
    .array(text)
    .describe(
      'Folders that the application writes, relative to the project or absolute; everything else is read-only',
    ),
} as const;

export type SmokeTestSettings = Exclude<z.infer<typeof smokeTest>, false>;
export type HealthCheckSettings = z.infer<typeof healthCheck>;
