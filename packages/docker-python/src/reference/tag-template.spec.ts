import fc from 'fast-check';
import { failureOf, onlyOurErrors } from '../testing/failures';
import { checkoutOf, type CheckoutFacts } from './checkout';
import { DEFAULT_TAGS, expandTags, expandTemplate, tagValues } from './tag-template';

const SHA = '0123456789abcdef0123456789abcdef01234567';
const DATE = new Date('2026-01-31T23:30:00Z');

function tagsOf(
  facts: CheckoutFacts,
  templates: readonly string[] = DEFAULT_TAGS,
  ci = true,
): readonly string[] {
  const checkout = checkoutOf([{ sha: SHA, defaultBranch: 'main', ...facts }], ci);
  return expandTags(templates, checkout, tagValues(checkout, { version: '1.2.0+local', date: DATE }));
}

describe('tags where the settings name none', () => {
  it.each<[string, CheckoutFacts, string[]]>([
    ['the default branch', { branch: 'main' }, ['latest']],
    ['a default branch of another name', { branch: 'trunk', defaultBranch: 'trunk' }, ['latest']],
    ['a branch', { branch: 'feature/log in' }, ['branch-feature-log-in']],
    ['a branch that ends like the default one', { branch: 'x/main' }, ['branch-x-main']],
    ['a tag of git', { gitTag: 'v1.4.0' }, ['v1.4.0']],
    ['a tag as nx release makes them', { gitTag: 'api@1.4.0' }, ['api-1.4.0']],
    ['a pull request, whatever its branch is called', { pr: '7', branch: 'main' }, ['pr-7']],
    ['a detached HEAD', {}, ['sha-0123456']],
    ['a branch of a merge queue', { branch: 'gh-readonly-queue/main/pr-7-abc' }, ['sha-0123456']],
  ])('%s', (_, facts, tags) => expect(tagsOf(facts)).toEqual(tags));

  it('never move latest off the default branch', () => {
    const facts = fc.record(
      { branch: fc.string(), gitTag: fc.constantFrom('v1', 'x'), pr: fc.constantFrom('1', '2') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(facts, (at) => {
        onlyOurErrors(() => expect(at.branch !== 'main' && tagsOf(at).includes('latest')).toBe(false));
      }),
    );
  });
});

describe('templates', () => {
  it.each<[string, string | undefined]>([
    ['latest', 'latest'],
    ['{version}', '1.2.0-local'],
    ['{date}-{shortSha}', '20260131-0123456'],
    ['{sha}', SHA],
    ['{branch}', 'release-1.x'],
    ['{defaultBranch}', 'main'],
    ['{gitTag}', undefined],
    ['pr-{pr}', undefined],
    ['x@branch', 'x'],
    ['x@default', undefined],
    ['x@tag', undefined],
    ['x@ci', 'x'],
    ['x@branch:release/*', 'x'],
    ['x@branch:release', undefined],
    ['x@branch:*', 'x'],
    ['x@branch:release/1.x', 'x'],
    ['x@branch:release/1-x', undefined],
  ])('%s', (template, expected) => {
    expect(tagsOf({ branch: 'release/1.x' }, [template])).toEqual(expected === undefined ? [] : [expected]);
  });

  it.each([
    ['{brnch}', 'variable "brnch"', '"branch"'],
    ['x@defualt', 'condition "defualt"', '"default"'],
    ['x@main', 'condition "main"', 'branch:<pattern>'],
    ['{}', 'variable ""', 'There are: branch'],
    // They name the image and have no place in its tag.
    ['{image}', 'variable "image"', 'gitTag, pr, version, date.'],
    ['x-{registry}@tag', 'variable "registry"', 'gitTag, pr, version, date.'],
  ])('%s is wrong', (template, named, hint) => {
    const error = failureOf(() => tagsOf({ branch: 'x' }, [template]));
    expect(error.code).toBe('INVALID_SETTINGS');
    expect(error.message).toContain(named);
    expect(error.hint).toContain(hint);
  });

  it('give no tag twice, and none that a registry would refuse', () => {
    expect(tagsOf({ branch: 'main' }, ['a', 'a@default', 'b'])).toEqual(['a', 'b']);
    expect(failureOf(() => tagsOf({ branch: 'main' }, ['a b'])).code).toBe('INVALID_IMAGE_NAME');
  });

  it('of any kind are a tag, nothing, or an error of ours', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (template, branch) => {
        onlyOurErrors(() => {
          for (const tag of tagsOf({ branch }, [template])) expect(tag).toMatch(/^\w[\w.-]{0,127}$/);
        });
      }),
    );
  });

  it('write caches only from branches of a CI system', () => {
    const at = (facts: CheckoutFacts, ci: boolean): string | undefined => {
      const checkout = checkoutOf([facts], ci);
      return expandTemplate('x@ci', checkout, {});
    };
    expect([at({ branch: 'a' }, true), at({ branch: 'main' }, true)]).toEqual(['x', 'x']);
    expect([at({ branch: 'a' }, false), at({ pr: '1' }, true), at({ gitTag: 'v1' }, true)]).toEqual(
      Array(3).fill(undefined),
    );
  });
});
