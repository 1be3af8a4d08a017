import { z } from 'zod';
import { buildEnvironmentShape, indexUrl } from './build-environment';
import { imageEnv } from './build-variables';
import { runningShape } from './running';
import { shippingShape } from './shipping';
import { TARGET_NAMES, type TargetKind } from './targets';
import { SETTINGS_VERSION } from './version';
import { command, envName, port, text } from './values';

/**
 * The contract with users: what may stand in `docker-python.json`, in the plugin's `defaults` in nx.json and
 * on the command line. Defaults are not written here: what is absent is detected or derived.
 */

const MANAGERS = ['uv', 'poetry', 'pdm', 'pylock', 'pipenv', 'pip', 'hatch', 'flit', 'setuptools'] as const;

const INSTALLERS = ['uv', 'pip'] as const;

const FAMILIES = ['debian', 'ubuntu', 'rhel', 'alpine'] as const;

/** One complete entry of a requirements list: pinned, with hashes. Its markers are checked by the installer. */
const EXTRA_REQUIREMENT =
  /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?==[A-Za-z0-9.!+_-]+( ?; ?[\w .'"<>=!()]+?)?( --hash=sha256:[0-9a-f]{64})+$/;

/** Debian and RPM package names, with an optional version: `libpq5`, `libstdc++6=14.2.0-19`. */
const systemPackage = z
  .string()
  .regex(/^[a-z0-9A-Z][a-zA-Z0-9+._:-]*(=[a-zA-Z0-9.+:~-]+)?$/, 'is no name of a system package');

const pattern = text.describe(
  'A glob with * ** and ?, relative to the project, or starting with {projectRoot} or {workspaceRoot}',
);

export const settingsShape = {
  image: text.describe('Repository name of the image; default: the name of the Nx project'),
  labels: z.record(text, z.string()).describe('Further labels of the image'),
  platforms: z
    .array(z.string().regex(/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, 'is no platform such as linux/amd64'))
    .min(1)
    .describe('Platforms to build for; default: that of the engine'),
  python: z
    .string()
    .regex(/^3\.\d{1,2}$/, 'is no Python version such as 3.13')
    .describe('Python version; default: what the project says'),
  base: z
    .union([
      text,
      z.strictObject({
        image: text.describe('The base image; {python} stands for the Python version'),
        family: z.enum(FAMILIES).describe('The family of its distribution'),
      }),
    ])
    .describe(
      'Base image; {python} stands for the Python version. Default: python:{python}-slim-trixie. For an image whose name does not tell its family: { "image": ..., "family": ... }',
    ),
  install: z
    .enum(['auto', 'in-place', 'package'])
    .describe(
      'How the project itself is installed: its tree in place, or as a wheel. Default: auto, in place unless code has to be compiled',
    ),
  manager: z.enum(MANAGERS).describe('Package manager, where detection cannot or should not decide'),
  requirements: z
    .string()
    .regex(
      /^(?:requirements\/[\w.-]+|(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]+)?)\.(?:txt|in)$/i,
      'is no list such as requirements-web.txt or requirements/web.txt',
    )
    .describe(
      'The list that pip installs from, relative to the project, where there are several; every other file is then none of the image',
    ),
  installer: z
    .union([
      z.enum(INSTALLERS),
      z.strictObject({
        name: z.enum(INSTALLERS).describe('Which one installs'),
        version: z
          .string()
          .regex(/^\d+(\.\d+)+$/, 'is no version such as 26.3')
          .optional()
          .describe('Its version. Default: one that the plugin names'),
        source: indexUrl
          .optional()
          .describe('The index of packages that it comes from. Default: that of the build'),
      }),
    ])
    .describe(
      'What installs the dependencies: uv, or pip (22.3 or later); { "name": ..., "version": ..., "source": ... } pins one and says which index has it. Default: uv',
    ),
  extras: z.array(text).describe('Extras (optional dependencies) that belong to the production image'),
  groups: z.array(text).describe('Dependency groups that belong to the production image'),
  extraRequirements: z
    .array(z.string().regex(EXTRA_REQUIREMENT, 'is not of the form name==version --hash=sha256:...'))
    .describe(
      "Requirements beyond those of the project, each pinned with its hashes; the project's own pins win",
    ),
  systemPackages: z
    .strictObject({
      build: z.array(systemPackage).optional().describe('Needed to build dependencies; not in the image'),
      runtime: z.array(systemPackage).optional().describe('Needed to run; in the image'),
      infer: z
        .boolean()
        .optional()
        .describe('Whether known needs of the dependencies are added; default: true'),
      optionalLibraries: z
        .array(text)
        .optional()
        .describe('Shared libraries that may be missing, such as "libmysqlclient.so.21"'),
    })
    .describe('Packages of the operating system'),
  collectStatic: z
    .union([
      z.literal(false),
      z.strictObject({
        env: z
          .record(envName, z.string())
          .optional()
          .describe('Variables that the settings of Django need for it'),
      }),
    ])
    .describe(
      "Django's collectstatic during the build: false, or variables that the settings need for it. Default: if it is configured",
    ),
  include: z.array(pattern).describe('Files that belong to the image beyond those of the project'),
  exclude: z
    .array(text)
    .describe(
      'Files of the project that do not belong to the image; "!<pattern>" switches a default exclusion off',
    ),
  artifacts: z
    .array(
      z.strictObject({
        target: z
          .string()
          .regex(/^[^\s:]+(:[^\s:]+)*$/, 'is no target such as web:build')
          .describe('The target that makes it: "web:build", or "generate" of the project itself'),
        from: text.describe('File or folder that it makes, from the workspace on or after {projectRoot}/'),
        to: text.optional().describe('Its place in the project; default: where it lies'),
      }),
    )
    .describe('Outputs of other targets that go into the image, also where git ignores them'),
  command,
  port: port.describe('Port that the process listens on'),
  ...runningShape,
  ...shippingShape,
  ...buildEnvironmentShape,
  env: imageEnv.describe('Environment variables of the running container; no secrets'),
  buildInfo: z
    .boolean()
    .describe(
      'Whether the container has version information as JSON in DOCKER_PYTHON_BUILD_INFO: title, version, and the commit that first built this image. Default: false; the labels have it anyway',
    ),
  caBundle: z
    .union([z.literal('auto'), z.literal(false), text])
    .describe(
      'Certificates for build steps behind a TLS-inspecting proxy: auto, a PEM file, or false. Never in the image',
    ),
  extraBuildArgs: z.array(text).describe('Further arguments for `docker buildx build`'),
} as const;

/** Every key optional: in nx.json, in docker-python.json, on the command line. */
export const settingsSchema = z.strictObject(settingsShape).partial();

/** The file docker-python.json. */
export const settingsFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(SETTINGS_VERSION),
    ...settingsSchema.shape,
  })
  .describe('Settings of docker-python for one Python project: only what differs from what is detected');

/** Options of the plugin in nx.json. */
export const pluginOptionsSchema = z.strictObject({
  targets: z
    .strictObject(
      Object.fromEntries(
        Object.entries(TARGET_NAMES).map(([kind, name]) => [
          kind,
          text.optional().describe(`Default: ${name}`),
        ]),
      ) as Record<TargetKind, z.ZodOptional<typeof text>>,
    )
    .optional()
    .describe('Names of the inferred targets'),
  createProjects: z
    .boolean()
    .optional()
    .describe(
      'Whether Python roots with settings, and the libraries that they need, become Nx projects where no project.json or package.json names them. Default: true',
    ),
  templates: text
    .optional()
    .describe('Folder with templates that stand for single pieces of what is rendered, from the workspace'),
  defaultBranch: text
    .optional()
    .describe(
      'The default branch, which latest belongs to. Default: what the CI system, git or nx.json says',
    ),
  defaults: settingsSchema.optional().describe('Settings of all projects that do not say otherwise'),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsFile = z.infer<typeof settingsFileSchema>;
export type PluginOptions = z.infer<typeof pluginOptionsSchema>;
