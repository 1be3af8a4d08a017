import { DockerPythonError } from '../errors';
import { imageProcesses, processesOf, serverLeftOut } from './processes';

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

describe('beside what is there without "processes"', () => {
  const sources = { processes: 'docker-python.json', command: 'docker-python.json' };
  const detected = { web: { from: 'app.py', value: { command: ['gunicorn', 'app:app'], port: 8000 } } };
  const migrate = { processes: { migrate: ['flask', 'db', 'upgrade'] } };
  const names = (settings: Parameters<typeof processesOf>[0]['settings']): readonly string[] =>
    Object.keys(imageProcesses({ settings, sources }, detected, split));

  it('a command stays, first, unless there is another "web"', () => {
    expect(names({ ...migrate, command: ['gunicorn', 'app:app'] })).toEqual(['web', 'migrate']);
    expect(names({ processes: { web: 'x' }, command: ['gunicorn', 'app:app'] })).toEqual(['web']);
    expect(names(migrate)).toEqual(['migrate']);
    expect(names({})).toEqual(['web']);
  });

  it('a server that is left out is said', () => {
    const found = (settings: typeof migrate & { command?: string[] }, detect = () => detected) =>
      serverLeftOut(imageProcesses({ settings, sources }, detected, split), { settings, sources }, detect);
    expect(found(migrate)).toEqual([
      {
        code: 'server-left-out',
        message: expect.stringContaining('(gunicorn app:app): the image starts migrate by default') as string,
        hint: expect.stringContaining('Add "web": ["gunicorn","app:app"]') as string,
      },
    ]);
    expect(found({ ...migrate, command: ['x'] })).toEqual([]);
    const nothing = (): never => {
      throw new DockerPythonError({ code: 'COMMAND_NOT_FOUND', message: 'm', hint: 'h' });
    };
    expect(found(migrate, nothing)).toEqual([]);
  });
});
