/**
 * Files of a project without dependencies that prints its name and ends.
 *
 * @param more instead of these, or beside them
 */
export function pythonJob(
  name: string,
  more: Readonly<Record<string, string>> = {},
  root = `jobs/${name}`,
): Record<string, string> {
  const files = {
    'project.json': JSON.stringify({ name }),
    'requirements.txt': '',
    '.python-version': '3.13\n',
    'main.py': `print("${name}")\n`,
    'docker-python.json': '{ "version": 1, "command": ["python", "main.py"] }\n',
    ...more,
  };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text]));
}
