import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { docker } from './docker';

/** Files over plain HTTP, reachable from this machine and from containers and build steps of its engine. */
export interface FileServer {
  /** `http://172.17.0.1:40000`, without a slash at the end. */
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  close(): void;
}

/**
 * Serves files from memory on the address that the engine's own network has on this machine.
 *
 * @param files path to content; one that ends with a slash is a page
 */
export async function serveFiles(files: ReadonlyMap<string, Buffer>): Promise<FileServer> {
  const host = await docker('network', 'inspect', 'bridge', '--format={{(index .IPAM.Config 0).Gateway}}');
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0]!);
    asked.push(path);
    const content = files.get(path);
    response.statusCode = content === undefined ? 404 : 200;
    if (path.endsWith('/')) response.setHeader('content-type', 'text/html');
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, asked, close: () => server.close() };
}

const WHEEL = `
import base64, io, sys, zipfile
name, version, text = sys.argv[1:]
info = f"{name}-{version}.dist-info"
files = {
    f"{name}.py": text,
    f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
files[f"{info}/RECORD"] = "".join(f"{path},,\\n" for path in [*files, f"{info}/RECORD"])
out = io.BytesIO()
with zipfile.ZipFile(out, "w") as archive:
    for path, content in files.items():
        archive.writestr(zipfile.ZipInfo(path), content)
print(base64.b64encode(out.getvalue()).decode())
`;

/** A wheel with one module. */
export async function wheelOf(name: string, version: string, text: string): Promise<Buffer> {
  const image = 'python:3.13-slim-trixie';
  return Buffer.from(
    await docker('run', '--rm', image, 'python', '-c', WHEEL, name, version, text),
    'base64',
  );
}
