import { processesOf } from './processes';

const split = ({ value }: { value: string | readonly string[] }): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : value;

it('reads commands in every form, and ports where they are said', () => {
  const settings = {
    port: 9000,
    processes: {
      web: ['gunicorn', 'api:app'],
      worker: 'celery -A api worker',
      admin: { command: 'python admin.py', port: 9100 },
      silent: { command: 'x', port: null },
    },
  };
  const sources = { processes: 'apps/api/docker-python.json' };
  expect(processesOf({ settings, sources }, split)).toEqual({
    web: {
      from: '"processes" in apps/api/docker-python.json',
      value: { command: ['gunicorn', 'api:app'], port: 9000 },
    },
    worker: {
      from: '"processes" in apps/api/docker-python.json',
      value: { command: ['celery', '-A', 'api', 'worker'] },
    },
    admin: {
      from: '"processes" in apps/api/docker-python.json',
      value: { command: ['python', 'admin.py'], port: 9100 },
    },
    silent: { from: '"processes" in apps/api/docker-python.json', value: { command: ['x'] } },
  });
  expect(processesOf({ settings: {}, sources: {} }, split)).toBeUndefined();
});
