import type { Container } from '../engine/container-types';
import type { Answer } from './probe';

/** Asks at the address that other machines see, so that a server of the loopback interface alone does not answer. */
const PROGRAM = `
import http.client, json, socket, sys, time
port, path = sys.argv[1:]
address = socket.gethostbyname(socket.gethostname())
connection = http.client.HTTPConnection(address, int(port), timeout=5)
connection.connect()
line = connection.sock
connection.request("GET", path, headers={"Host": "127.0.0.1:" + port, "Accept": "*/*", "Connection": "close"})
answer = connection.getresponse()
line.settimeout(1)
body, end = b"", time.monotonic() + 2
try:
    while len(body) < 1 << 20 and time.monotonic() < end:
        part = answer.read1(1 << 16)
        if not part:
            break
        body += part
except (OSError, http.client.HTTPException):
    pass  # a stream without an end is an answer, too
print(json.dumps({"status": answer.status, "body": body.decode("utf-8", "replace")}))
`;

const PATIENCE_MS = 10_000;

/**
 * Asks a server once from within its container: the way where published ports cannot be reached from here, such as from
 * a container that has the engine's socket.
 *
 * @returns undefined if nobody answers there either
 */
export async function getInside(
  container: Pick<Container, 'exec'>,
  port: number,
  path: string,
): Promise<Answer | undefined> {
  const argv = ['python', '-I', '-c', PROGRAM, String(port), path];
  const { exitCode, stdout } = await container.exec(argv, PATIENCE_MS);
  if (exitCode !== 0) return undefined;
  try {
    return JSON.parse(stdout) as Answer;
  } catch {
    return undefined; // the connection to the engine ended too early: Docker's client calls that a success
  }
}
