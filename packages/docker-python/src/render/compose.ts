import { managed } from './managed';

/** One service of a compose file: a process of an image. */
export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** Absent for the default process. */
  readonly command?: readonly string[];
  readonly port?: { readonly host: number; readonly container: number };
  /** Absolute folders that it writes; each becomes a volume. */
  readonly writable: readonly string[];
  /** Name of these volumes; services with the same name share them, as the processes of one project do. */
  readonly volume: string;
  readonly dependsOn: readonly { readonly service: string; readonly healthy: boolean }[];
  /** Relative to the compose file; may be absent. */
  readonly envFile: string;
  readonly stopGracePeriod?: string;
}

/**
 * A compose file that uses images by name, as hardened as production. The health check comes with each image.
 * Every value is a JSON string, which is YAML, too. Source: the Compose Specification; YAML 1.2, 1.3.
 *
 * @param command that makes this file again
 */
export function renderCompose(services: readonly ComposeService[], command: string): string {
  const volumes = new Set(
    services.flatMap(({ volume, writable }) => writable.map((_, i) => volumeName(volume, i))),
  );
  return managed(
    [
      'services:',
      ...services.flatMap(renderService),
      ...(volumes.size > 0 ? ['', 'volumes:', ...[...volumes].map((name) => `  ${name}: {}`)] : []),
      '',
    ].join('\n'),
    `Change docker-python.json instead, then run: ${command}`,
  );
}

function renderService(service: ComposeService): readonly string[] {
  const { name, image, command, port, writable, volume, dependsOn, envFile, stopGracePeriod } = service;
  return [
    '',
    `  ${name}:`,
    `    image: ${JSON.stringify(image)}`,
    ...(command ? [`    command: ${JSON.stringify(command)}`] : []),
    ...(port ? [`    ports: [${JSON.stringify(`127.0.0.1:${port.host}:${port.container}`)}]`] : []),
    '    env_file:',
    `      - path: ${JSON.stringify(envFile)}`,
    '        required: false',
    ...(dependsOn.length > 0
      ? [
          '    depends_on:',
          ...dependsOn.flatMap(({ service: other, healthy }) => [
            `      ${other}:`,
            `        condition: ${healthy ? 'service_healthy' : 'service_started'}`,
          ]),
        ]
      : []),
    '    restart: unless-stopped',
    ...(stopGracePeriod ? [`    stop_grace_period: ${stopGracePeriod}`] : []),
    '    read_only: true',
    '    tmpfs: ["/tmp"]',
    '    cap_drop: ["ALL"]',
    '    security_opt: ["no-new-privileges:true"]',
    ...(writable.length > 0
      ? [
          '    volumes:',
          ...writable.map((folder, i) => `      - ${JSON.stringify(`${volumeName(volume, i)}:${folder}`)}`),
        ]
      : []),
  ];
}

function volumeName(name: string, index: number): string {
  return index === 0 ? `${name}-data` : `${name}-data-${index + 1}`;
}
