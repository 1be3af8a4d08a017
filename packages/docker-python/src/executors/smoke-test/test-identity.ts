import { posix, join } from 'node:path';
import type { ImageRecord } from '../../record/image-record';
import { testRecordPath, writeTestRecord } from '../../record/test-record';
import { testTag, type ContentKey } from '../../reference/content-key';
import type { Tag } from '../../reference/image-name';
import type { Settings } from '../../settings/schema';
import { SAMPLE_FILES } from '../../smoke/env-samples';
import { TEST_FILES } from '../../smoke/test-files';
import { exchangeFile, readIfPresent } from '../files';
import type { ProjectInQuestion } from '../project';

/** Settings that a test reads; the target of the smoke test has the same as inputs. */
const TEST_SETTINGS = ['smokeTest', 'healthCheck', 'stopTimeout', 'processes', 'writable'] as const;

/**
 * The tag that says that an image has passed the test that this project has now: another image, other settings of the
 * test or another script are another test.
 */
export function testTagOf(contentKey: string, project: ProjectInQuestion): Tag {
  const { settings } = project.design.settings;
  const files = filesOf(settings).flatMap((name) => [posix.join(project.root, name), name]);
  const contents = [...new Set(files)].flatMap((path): [string, string][] => {
    const text = readIfPresent(join(project.workspaceRoot, path));
    return text === undefined ? [] : [[path, text.replaceAll('\r\n', '\n')]];
  });
  const chosen = TEST_SETTINGS.map((key): [string, string] => [key, JSON.stringify(settings[key] ?? null)]);
  return testTag(contentKey as ContentKey, [...contents, ...chosen]);
}

/** Remembers that an image has passed its whole test. */
export function keepTestRecord(record: ImageRecord, tag: Tag, project: ProjectInQuestion): void {
  const { contentKey, imageId, manifestDigest } = record;
  const digest = manifestDigest === undefined ? {} : { manifestDigest };
  exchangeFile(
    join(project.workspaceRoot, testRecordPath(project.root)),
    writeTestRecord({ version: 1, contentKey, imageId, ...digest, testTag: tag }),
  );
}

function filesOf(settings: Settings): readonly string[] {
  const named = [settings, ...Object.values(settings.processes ?? {})].flatMap((owner) => {
    const test = typeof owner === 'object' && 'smokeTest' in owner ? owner.smokeTest : undefined;
    return test === false || test === undefined ? [] : [test.script, test.compose, test.envFile];
  });
  return [...TEST_FILES, ...SAMPLE_FILES, ...named.filter((name) => name !== undefined)];
}
