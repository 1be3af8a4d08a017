import { parse } from 'yaml';
import { FLASK } from '../../testing/projects';
import { complaint, workspaceTree } from '../../testing/workspace';
import compose from './generator';

const settings = (more: object = {}): string => JSON.stringify({ version: 1, ...more });
const two = () =>
  workspaceTree({
    api: {
      ...FLASK,
      'docker-python.json': settings({
        processes: {
          web: 'gunicorn -b 0.0.0.0:8000 app:app',
          worker: ['python', '-m', 'worker'],
          sync: ['python', 'sync.py'],
          migrate: ['x'],
        },
        writable: ['media'],
        stopTimeout: '30s',
      }),
    },
    shop: {
      ...FLASK,
      'docker-python.json': settings({ command: 'gunicorn -b 0.0.0.0:8000 app:app' }),
      'project.json': JSON.stringify({ name: 'shop', implicitDependencies: ['api'] }),
    },
  });

it('runs every process of every image by name, hardened, and in the order of their dependencies', async () => {
  const tree = two();
  await compose(tree, {});
  const { services, volumes } = parse(tree.read('compose.yaml', 'utf-8')!) as Record<
    string,
    Record<string, object>
  >;
  expect(Object.keys(services!)).toEqual(['api', 'api-worker', 'api-sync', 'shop']);
  expect(services!['api']).toEqual({
    image: 'api:latest',
    ports: ['127.0.0.1:8000:8000'],
    env_file: [{ path: 'apps/api/.env', required: false }],
    restart: 'unless-stopped',
    stop_grace_period: '30s',
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: ['api-data:/app/apps/api/media'],
  });
  expect(services!['api-worker']).toMatchObject({
    command: ['worker'],
    volumes: ['api-data:/app/apps/api/media'],
  });
  // Every Linux has a program of that name.
  expect(services!['api-sync']).toMatchObject({ command: ['/opt/docker-python/bin/sync'] });
  expect(services!['shop']).toMatchObject({
    ports: ['127.0.0.1:8001:8000'],
    depends_on: { api: { condition: 'service_healthy' } },
  });
  expect(Object.keys(volumes!)).toEqual(['api-data']);
});

it('may be written again, but never over what somebody has edited', async () => {
  const tree = two();
  await compose(tree, {});
  await compose(tree, { projects: ['shop'] });
  expect(Object.keys((parse(tree.read('compose.yaml', 'utf-8')!) as { services: object }).services)).toEqual([
    'shop',
  ]);
  tree.write('compose.yaml', `${tree.read('compose.yaml', 'utf-8')}\n# mine\n`);
  expect(await complaint(() => compose(tree, {}))).toMatch(/^FILE_EXISTS: compose\.yaml /);
  await compose(tree, { overwrite: true });
});

it.each(['../compose.yaml', '/etc/compose.yaml', '.'])('does not write to %s', async (file) => {
  expect(await complaint(() => compose(two(), { file }))).toMatch(/^OUTSIDE_WORKSPACE/);
});
