import { removedModule, type RemovedModule } from './removed-modules';
import type { Judgement } from './types';

/** One line of output and what it means. Groups of the pattern are at hand for the words. */
export interface OutputRule {
  readonly pattern: RegExp;
  readonly verdict: Judgement['verdict'];
  readonly cause: (match: RegExpExecArray, before: readonly string[]) => string;
  readonly hint: (match: RegExpExecArray, before: readonly string[]) => string;
}

const variable = (name: string): string =>
  `Give it a value for the test: "smokeTest": { "env": { "${name}": "..." } } in docker-python.json, or write one into .env.example.`;
const service =
  'Start what it needs beside the test: "smokeTest": { "compose": "docker/smoke-test.compose.yml" }; or say that this is enough: "accept": ["needs-service"].';
const dependency = (name: string): string =>
  `If "${name}" is a dependency, add it and lock again; if it is the project's own, check the command and "include" in docker-python.json.`;

/** What to do where Python itself has dropped a module. */
function withoutModule({ since, distribution }: RemovedModule): string {
  const older = `3.${Number(since.split('.')[1]) - 1}`;
  const still =
    distribution === undefined ? '' : `; or add ${distribution}, which still has it, and lock again`;
  return `The traceback above names what imports it. Take a newer version of that package, or an older Python: "python": "${older}" in docker-python.json${still}.`;
}

/** `DATABASE_URL`: what people call variables. */
const NAME = '([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)';

const config = (pattern: RegExp): OutputRule => ({
  pattern,
  verdict: 'needs-configuration',
  cause: ([, name]) => `It needs the configuration ${name!.toUpperCase()}.`,
  hint: ([, name]) => variable(name!.toUpperCase()),
});

/** What has to be writable for a path: the folder of a file, and a folder that could not be made itself. */
function folderOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') && path.includes('/') ? path.slice(0, -name.length - 1) : path;
}

/** The image's own fault: no environment could mend it. */
const BROKEN: readonly OutputRule[] = [
  {
    pattern:
      /(lib[\w.+-]+\.so[\d.]*): cannot open shared object file|no library called "([\w.+-]+)" was found|cannot load library '?([^\s':]+)/,
    verdict: 'broken-image',
    cause: ([, ...names]) => `The shared library ${names.find(Boolean)} is missing.`,
    hint: () =>
      'Add the Debian package that has it: "systemPackages": { "runtime": ["..."] } in docker-python.json (apt-file search finds it).',
  },
  {
    pattern: /version `(GLIBC\w*_[\d.]+)' not found/,
    verdict: 'broken-image',
    cause: ([, name]) => `A binary needs ${name}, which the base image does not have.`,
    hint: () => 'Choose a newer base image ("base"), or a wheel that was built for an older system.',
  },
  {
    pattern: /(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?/,
    verdict: 'broken-image',
    cause: ([, name]) => {
      const gone = removedModule(name!);
      return gone === undefined
        ? `The module "${name}" is not in the image.`
        : `The module "${name}" is not in the image: Python ${gone.since} and later do not have it any more.`;
    },
    hint: ([, name]) => {
      const gone = removedModule(name!);
      return gone === undefined ? dependency(name!) : withoutModule(gone);
    },
  },
  {
    pattern:
      /Error loading ASGI app\. Could not import module "([\w.]+)"|Failed to parse '([\w.:]+)' as an attribute|Could not find module [`'"]?([\w.]+)/,
    verdict: 'broken-image',
    cause: ([, ...names]) =>
      `The command names the module "${names.find(Boolean)}", which cannot be imported.`,
    hint: () => 'Correct "command" in docker-python.json; nx diagnose shows what is detected without it.',
  },
  {
    pattern:
      /Failed to find attribute '(\w+)' in '([\w.]+)'|Attribute "(\w+)" not found in module "([\w.]+)"/,
    verdict: 'broken-image',
    cause: ([, a, m, b, n]) =>
      `The command names "${a ?? b}" of the module "${m ?? n}", which has no such thing.`,
    hint: () => 'Correct "command" in docker-python.json: module:object.',
  },
  {
    pattern:
      /exec:? (?:"|')?([\w./-]+)(?:"|')?:? (?:failed: No such file|not found|executable file not found)|exec: ([\w./-]+): not found/,
    verdict: 'broken-image',
    cause: ([, a, b]) => `The program "${a ?? b}" is not in the image.`,
    hint: ([, a, b]) => dependency(a ?? b!),
  },
  {
    pattern:
      /(?:PermissionError: \[Errno 13\] Permission denied|\[Errno 30\] Read-only file system): '([^']+)'/,
    verdict: 'broken-image',
    cause: ([, path]) => `It writes ${path}, which is read-only in production.`,
    hint: ([, path]) =>
      /^[^/]*\.[^/]*$/.test(path!)
        ? `Beside its code nothing can be written. Give ${path} a folder of its own, "data/${path}", and declare that: "writable": ["data"] in docker-python.json; or write to /tmp.`
        : `Declare the folder: "writable": [${JSON.stringify(folderOf(path!))}] in docker-python.json, unless that is code; or write to /tmp.`,
  },
  {
    pattern:
      /sqlite3\.OperationalError\W+(?:unable to open database file|attempt to write a readonly database)/,
    verdict: 'broken-image',
    cause: () => 'It opens an SQLite database in a folder that is read-only in production, or not there.',
    hint: () =>
      'Declare the folder of the database: "writable": ["..."] in docker-python.json; or keep it in /tmp, or on a volume.',
  },
  {
    pattern: /Perhaps out of memory\?|^MemoryError\b|Cannot allocate memory/,
    verdict: 'broken-image',
    cause: () => 'It ran out of memory.',
    hint: () => 'Give the container more memory, or fewer workers: WEB_CONCURRENCY.',
  },
  {
    pattern: /^(SyntaxError|IndentationError|TabError|NameError): (.+)/,
    verdict: 'broken-image',
    cause: ([, kind, text]) => `Its code fails while it is loaded: ${kind}: ${text}.`,
    hint: () =>
      'The traceback above names file and line. A newer syntax than this Python knows? See "python" in docker-python.json.',
  },
  {
    pattern: /ImportError: (cannot import name .+)/,
    verdict: 'broken-image',
    cause: ([, text]) => `An import fails: ${text}.`,
    hint: () => 'Versions of two packages do not fit; check the lock file.',
  },
];

/** Works, but has not been told something. */
const CONFIGURATION: readonly OutputRule[] = [
  config(/UndefinedValueError: (\w+) not found/),
  config(/ImproperlyConfigured: (?:Set|The|Requested setting) '?(\w+)'? (?:environment variable|setting)/),
  config(/EnvError: Environment variable "(\w+)"/),
  config(new RegExp(`^KeyError: '${NAME}'$`)),
  {
    pattern:
      /\bField required \[type=missing|^\s+field required \(type=value_error\.missing\)|\bField required$/,
    verdict: 'needs-configuration',
    cause: (_, before) => `It needs the configuration ${(before.at(-1) ?? '').trim().toUpperCase()}.`,
    hint: (_, before) => variable((before.at(-1) ?? '').trim().toUpperCase()),
  },
  config(
    new RegExp(
      `(?:not set|missing|required|must be set|undefined|not defined|not found|[Nn]o value)[^A-Z]{0,40}\\b${NAME}_?\\b`,
    ),
  ),
  config(
    new RegExp(
      `\\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\\b.*(?:not set|is missing|missing|required|must be set|must be specified|undefined|not defined|not found|empty|environment)`,
    ),
  ),
  {
    // SQLAlchemy, 1.x and 2.x, that was given None where a URL belongs.
    pattern:
      /'NoneType' object has no attribute '_instantiate_plugins'|Expected string or URL object, got None/,
    verdict: 'needs-configuration',
    cause: () => 'It needs the URL of its database: SQLAlchemy was given none.',
    hint: () =>
      'The traceback above names the line. ' +
      variable('DATABASE_URL').replace('value', 'value, by the name that is read there,'),
  },
  {
    pattern: /FileNotFoundError: .*'([^']+\.(?:ya?ml|toml|json|ini|cfg|conf|env|pem|key|crt))'/,
    verdict: 'needs-configuration',
    cause: ([, file]) => `It needs the configuration file ${file}.`,
    hint: ([, file]) =>
      `If ${file} belongs to the image, add it to "include"; if it is mounted in production, test with a script, docker/smoke-test.sh.`,
  },
  {
    pattern: /(InvalidToken|LoginFailure|AuthenticationError|Unauthorized)\b/,
    verdict: 'needs-configuration',
    cause: ([, kind]) => `It needs valid credentials: it stopped with ${kind}.`,
    hint: () =>
      'Give the test credentials with "smokeTest": { "env": ... }, or "accept": ["needs-configuration"].',
  },
];

/** Names of services by what their clients print. */
const SERVICES: readonly [RegExp, string][] = [
  [/psycopg|postgres|asyncpg|port 5432|:5432/i, 'PostgreSQL'],
  [/mysql|mariadb|pymysql|:3306/i, 'MySQL'],
  [/redis|:6379/i, 'Redis'],
  [/mongo|:27017/i, 'MongoDB'],
  [/amqp|rabbit|kombu|pika|:5672/i, 'RabbitMQ'],
  [/kafka|NoBrokersAvailable|:9092/i, 'Kafka'],
  [/elasticsearch|opensearch|:9200/i, 'Elasticsearch'],
];

const needsService = (pattern: RegExp): OutputRule => ({
  pattern,
  verdict: 'needs-service',
  cause: (match, before) => {
    const text = [...before.slice(-12), match.input].join('\n');
    const [, name] =
      SERVICES.find(([sign]) => sign.test(match.input)) ?? SERVICES.find(([sign]) => sign.test(text)) ?? [];
    return `It needs a service that does not answer${name ? `: ${name}` : ''} (${match.input.trim().slice(0, 160).replace(/\.+$/, '')}).`;
  },
  hint: () => service,
});

/** Works, but somebody whom it calls is not there. */
const SERVICE: readonly OutputRule[] = [
  needsService(/Connection refused|ConnectionRefusedError|Cannot assign requested address|Errno 111/),
  needsService(
    /gaierror|Name or service not known|Temporary failure in name resolution|could not translate host name|No address associated with hostname|getaddrinfo failed/,
  ),
  needsService(
    /ServerSelectionTimeoutError|NoBrokersAvailable|could not connect to server|Can't connect to (?:MySQL )?server|connection to server at .* failed/,
  ),
  needsService(
    /\b(?:[\w.]+\.)?OperationalError\b|redis\.exceptions\.(?:Connection|Timeout)Error|\bConnectTimeout\b|ConnectionError: Error \d* ?connecting/,
  ),
  needsService(/Network is unreachable|No route to host/),
];

/** In the order in which one line is asked: a name of a variable in a connection error is not what is missing. */
export const OUTPUT_RULES: readonly OutputRule[] = [...BROKEN, ...SERVICE, ...CONFIGURATION];
