import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { docker } from './docker';

/** A record of the OSV database, as far as scanners read it. Source: the OSV schema, https://ossf.github.io/osv-schema. */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly affected: readonly {
    readonly package: { readonly name: string; readonly ecosystem: 'PyPI'; readonly purl: string };
    readonly ranges: readonly {
      readonly type: 'ECOSYSTEM';
      readonly events: readonly Readonly<Record<string, string>>[];
    }[];
    readonly versions: readonly string[];
  }[];
  readonly [field: string]: unknown;
}

/** A small copy of a database of vulnerabilities on this machine, which answers as api.osv.dev does. */
export interface AdvisoryDatabase {
  /** As steps of a build reach it. */
  readonly address: string;
  readonly questions: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a database. Builds reach this machine by the gateway of the engine's bridge. At `/v1/once` it answers each
 * question once, and fails afterwards.
 */
export async function advisoryDatabase(advisories: readonly Advisory[]): Promise<AdvisoryDatabase> {
  const questions: string[] = [];
  const answeredOnce = new Set<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const asked = JSON.parse(body || '{}') as { package?: { name: string }; version?: string };
      const question = `${asked.package?.name} ${asked.version}`;
      questions.push(question);
      const vulns = advisories.filter(({ affected }) =>
        affected.some(
          (entry) =>
            entry.package.name === asked.package?.name && entry.versions.includes(asked.version ?? ''),
        ),
      );
      const answers =
        request.url === '/v1/query' || (request.url === '/v1/once' && !answeredOnce.has(question));
      const found = answers && request.method === 'POST';
      if (request.url === '/v1/once') answeredOnce.add(question);
      response.writeHead(found ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify(vulns.length > 0 ? { vulns } : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const gateway = await docker('network', 'inspect', 'bridge', '--format={{(index .IPAM.Config 0).Gateway}}');
  return {
    address: `http://${gateway}:${(server.address() as AddressInfo).port}`,
    questions,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
