import { listBody, listed } from './list-body';

const body = (exported: string, python = '3.13'): string => listBody(exported, undefined, python);

describe('the body of a slice', () => {
  it('is sorted by name, with a hash a line, and ends with a line end', () => {
    expect(
      body(
        '# from somewhere\r\nflask==3 \\\r\n    --hash=sha256:bb \\\r\n    --hash=sha256:aa\r\n    # via x\r\nblinker==1 --hash=sha256:cc\r\n',
      ),
    ).toBe(
      'blinker==1 \\\n    --hash=sha256:cc\nflask==3 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n',
    );
  });

  it.each([
    ['a==1 ; sys_platform == "win32"', ''],
    ['a==1;python_version<"3.12"', ''],
    ["a==1 ; python_full_version >= '3.11'", 'a==1\n'],
    ['a==1 ; python_version >= "3.11" and python_version < "4.0"', 'a==1\n'],
    ["a==1 ; platform_machine == 'x86_64'", "a==1 ; platform_machine == 'x86_64'\n"],
    ["a==1 ; python_full_version >= '3.13.2'", "a==1 ; python_full_version >= '3.13.2'\n"],
    ["a==1 ; '3.12' <= python_version", 'a==1\n'],
    ["a==1 ; '3.12' > python_version", ''],
    [
      'a @ git+https://git.invalid/a@0f;x#subdirectory=b',
      'a @ git+https://git.invalid/a@0f;x#subdirectory=b\n',
    ],
    ["a @ https://files.invalid/a.zip ; sys_platform == 'linux'", 'a @ https://files.invalid/a.zip\n'],
    [
      'b==1\n--index-url https://index.invalid/simple\na==1',
      '--index-url https://index.invalid/simple\na==1\nb==1\n',
    ],
    ['', ''],
  ])('keeps what a Linux image with Python 3.13 installs: %s', (exported, expected) => {
    expect(body(exported)).toBe(expected);
  });

  const pylock = (packages: readonly string[]): string =>
    ['lock-version = "1.0"', 'created-by = "uv"', 'requires-python = ">=3.9"', ''].join('\n') +
    packages.map((text) => `\n[[packages]]\n${text}`).join('');

  it('is a pylock.toml where indexes count: without the range of the lock, without what is not installed', () => {
    const exported = pylock([
      'name = "torch"\nversion = "2.0+cpu"\nmarker = "sys_platform == \'linux\'"\nindex = "https://cpu.invalid/"\nwheels = [\n    { url = "https://cpu.invalid/torch.whl", hashes = { sha256 = "aa" } },\n]\n',
      'name = "torch"\nversion = "2.0"\nmarker = "sys_platform == \'darwin\'"\nwheels = []\n',
      'name = "idna"\nversion = "3"\nwheels = []\n',
    ]);
    expect(listBody(exported, 'pylock', '3.13')).toBe(
      'lock-version = "1.0"\ncreated-by = "docker-python"\n\n[[packages]]\nname = "idna"\nversion = "3"\nwheels = []\n\n[[packages]]\nname = "torch"\nversion = "2.0+cpu"\nindex = "https://cpu.invalid/"\nwheels = [\n    { url = "https://cpu.invalid/torch.whl", hashes = { sha256 = "aa" } },\n]\n',
    );
  });

  it('is the same when it is made again', () => {
    const once = body("b==1 ; platform_machine == 'x' --hash=sha256:aa\na @ https://files.invalid/a.zip\n");
    expect(body(once)).toBe(once);
  });

  it('names its packages', () => {
    expect([...listed('a==1 \\\n    --hash=sha256:aa\nb-c @ https://h.invalid/b.zip\n')]).toEqual([
      ['a', '1'],
      ['b-c', 'https://h.invalid/b.zip'],
    ]);
    expect([...listed(pylock(['name = "a"\nversion = "1"\n']))]).toEqual([['a', '1']]);
  });
});
