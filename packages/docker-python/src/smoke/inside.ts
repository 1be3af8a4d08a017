import type { Container } from '../engine/container-types';
import type { Answer } from './probe';

/** Asks at the address that other machines see, so that a server of the loopback interface alone does not answer. */
const PROGRAM = `
import http.client, json, socket, sys
port, path = sys.argv[1:]
address = socket.gethostbyname(socket.gethostname())
connection = http.client.HTTPConnection(address, int(port), timeout=5)
connection.request("GET", path, headers={"Host": "127.0.0.1:" + port, "Accept": "*/*", "Connection": "close"})
answer = connection.getresponse()
print(json.dumps({"status": answer.status, "body": answer.read(1 << 20).decode("utf-8", "replace")}))
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
