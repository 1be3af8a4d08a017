import { DockerPythonError } from '../errors';
import { LIST_SEPARATORS, SETTINGS_ENVIRONMENT } from './environment';
import { optionValue } from './option-text';
import { parseJson, parseWith } from './parse';
import {
  settingsFileSchema,
  settingsSchema,
  pluginOptionsSchema,
  type PluginOptions,
  type Settings,
} from './schema';
import { checkVersion } from './version';

/** One place that settings come from, weakest first in a list of them. */
export interface SettingsSource {
  readonly from: string;
  readonly settings: Settings;
}

/** The merged settings and, for every key, where its value came from. */
export interface ResolvedSettings {
  readonly settings: Settings;
  readonly sources: Readonly<Partial<Record<keyof Settings, string>>>;
}

/** Keys whose values are merged instead of replaced: a project adds labels to those of the workspace. */
const MERGED_KEYS = ['labels', 'env', 'buildEnv'] as const;

/**
 * Merges settings, the later source winning.
 * Order of the product: nx.json plugin options, docker-python.json, environment, command line.
 */
export function resolveSettings(sources: readonly SettingsSource[]): ResolvedSettings {
  const settings: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const source of sources) {
    for (const [key, value] of Object.entries(source.settings)) {
      if (value === undefined) continue;
      const before = settings[key];
      const merge = (MERGED_KEYS as readonly string[]).includes(key) && typeof before === 'object';
      settings[key] = merge ? { ...before, ...(value as object) } : value;
      origins[key] = merge ? `${origins[key]} and ${source.from}` : source.from;
    }
  }
  return { settings: settings, sources: origins };
}

/**
 * The settings of docker-python.json.
 *
 * @param text content of the file
 * @param path its workspace-relative path, for messages
 */
export function readSettingsFile(text: string, path: string): SettingsSource {
  const value = parseJson(text, path);
  checkVersion(value, path);
  const { $schema: _schema, version: _version, ...settings } = parseWith(settingsFileSchema, value, path);
  return { from: path, settings };
}

/** The options of the plugin in nx.json; `undefined` stands for a plugin registered by its bare name. */
export function readPluginOptions(options: unknown): PluginOptions {
  return parseWith(pluginOptionsSchema, options ?? {}, 'the options of "docker-python" in nx.json');
}

/** Settings given as options of an executor or generator. */
export function readOptionSettings(options: Readonly<Record<string, unknown>>, from: string): SettingsSource {
  const known = Object.entries(options).flatMap(([key, value]) => {
    if (!Object.hasOwn(settingsSchema.shape, key) || value === undefined) return [];
    const schema = settingsSchema.shape[key as keyof Settings];
    return [[key, key === 'python' ? pythonOption(value, from) : optionValue(schema, value, key)]];
  });
  return { from, settings: parseWith(settingsSchema, Object.fromEntries(known), from) };
}

/**
 * Nx reads `--python=3.11` as a number, quoted or not: 3.10 arrives as 3.1 (measured with Nx 24). `python3.10` stays
 * a text.
 */
function pythonOption(value: unknown, from: string): unknown {
  if (typeof value === 'string') return value.replace(/^python(?=\d)/, '');
  if (typeof value !== 'number' || /^3\.(?:\d\d|[6-9])$/.test(String(value))) {
    return typeof value === 'number' ? String(value) : value;
  }
  throw new DockerPythonError({
    code: 'INVALID_SETTINGS',
    message: `${from}: "python" is ${value}. Nx reads it as a number, so that 3.10 and 3.1 are the same.`,
    hint: `Write --python=python${/^3\.\d$/.test(String(value)) ? `${value}0` : '3.13'}, or "python" in docker-python.json.`,
  });
}

/**
 * Settings from the environment.
 *
 * @param env the process environment; read by the caller
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): SettingsSource {
  const entries = Object.entries(SETTINGS_ENVIRONMENT).flatMap(([variable, key]) => {
    const value = env[variable];
    if (value === undefined || value.trim() === '') return [];
    if (key === 'image' || key === 'store') return [[key, value]];
    const list = value.trim().split(LIST_SEPARATORS[key]);
    return [[key, key === 'registry' && list.length === 1 ? value : list]];
  });
  return {
    from: 'the environment',
    settings: parseWith(settingsSchema, Object.fromEntries(entries), 'the environment'),
  };
}
