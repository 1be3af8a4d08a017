import { served, text, type Described } from './types';

const app = { 'app.py': text.flask };

/** Projects that say themselves how they are started: Dockerfile, Procfile, entry script, task, configuration. */
export const QUOTED: readonly Described[] = [
  {
    name: 'CMD in exec form',
    files: {
      ...app,
      Dockerfile:
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 5000\nCMD ["gunicorn", "-w", "4", "-b", "0.0.0.0:5000", "app:app"]\n',
    },
    requires: 'flask gunicorn',
    expect: { command: 'gunicorn -w 4 -b 0.0.0.0:5000 app:app', port: 5000, framework: 'flask' },
  },
  {
    name: 'a program of its own, whose argument is an address',
    files: {
      'pyproject.toml':
        '[project]\nname = "calendar-hub"\n[project.scripts]\ncalendar-hub = "hub.cli:main"\n',
      'hub/__init__.py': '',
      'hub/cli.py': 'def main():\n    pass\n',
      Dockerfile:
        'FROM python:3.12\nENTRYPOINT ["/venv/bin/calendar-hub"]\nCMD ["--hosts", "0.0.0.0:5232,[::]:5232"]\n',
    },
    requires: '',
    expect: { command: "calendar-hub --hosts '0.0.0.0:5232,[::]:5232'", port: 5232 },
  },
  {
    name: 'a program of its own whose subcommand listens on loopback unless it is told otherwise',
    files: {
      'pyproject.toml': '[project]\nname = "tables"\n[project.scripts]\ntables = "tables.cli:cli"\n',
      'tables/__init__.py': '',
      'tables/cli.py':
        'import click\n\n\n@click.group(cls=DefaultGroup, default="serve")\ndef cli():\n    pass\n\n\n@cli.command()\n@click.option("-h", "--host", default="127.0.0.1")\n@click.option("-p", "--port", default=8001)\ndef serve(host, port):\n    pass\n',
      Dockerfile: 'FROM python:3.12\nEXPOSE 8001\nCMD ["tables"]\n',
    },
    requires: 'click',
    expect: { asks: 'COMMAND_NOT_FOUND', about: '["tables","serve","--host","0.0.0.0"], "port": 8001' },
  },
  {
    name: 'the same program, told where to listen',
    files: {
      'pyproject.toml': '[project]\nname = "tables"\n[project.scripts]\ntables = "tables.cli:cli"\n',
      'tables/__init__.py': '',
      'tables/cli.py':
        'import click\n\n\n@click.command()\n@click.option("-h", "--host", default="127.0.0.1")\ndef cli(host):\n    pass\n',
      Dockerfile: 'FROM python:3.12\nEXPOSE 8001\nCMD ["tables", "-h", "0.0.0.0"]\n',
    },
    requires: 'click',
    expect: { command: 'tables -h 0.0.0.0', port: 8001 },
  },
  {
    name: 'a program of its own with an option of argparse for the address',
    files: {
      'pyproject.toml': '[project]\nname = "tables"\n[project.scripts]\ntables = "tables.cli:main"\n',
      'tables/__init__.py': '',
      'tables/cli.py':
        'import argparse\n\nimport uvicorn\n\nfrom .web import app\n\n\ndef main():\n    parser = argparse.ArgumentParser()\n    parser.add_argument("--host", default="localhost")\n    args = parser.parse_args()\n    uvicorn.run(app, host=args.host, port=9000)\n',
      'tables/web.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: 'tables --host 0.0.0.0', port: 9000, framework: 'fastapi' },
  },
  {
    name: 'gunicorn whose configuration computes its address',
    files: {
      ...app,
      Procfile: 'web: gunicorn --config conf/gunicorn.py app:app\n',
      'conf/gunicorn.py': 'import os\n\nbind = ["[::]:{}".format(os.environ.get("PORT", 5006))]\n',
    },
    requires: 'flask gunicorn',
    expect: {
      command: 'gunicorn --bind 0.0.0.0:8000 --config conf/gunicorn.py app:app',
      port: 8000,
      framework: 'flask',
    },
  },
  {
    name: 'CMD in shell form with variables and a default',
    files: {
      ...app,
      Dockerfile:
        'FROM python:3.12\nENV WORKERS=3\nCMD exec gunicorn --bind :$PORT --workers $WORKERS --threads ${THREADS:-8} app:app\n',
    },
    requires: 'flask gunicorn',
    port: 8080,
    expect: {
      command: 'gunicorn --bind :8080 --workers 3 --threads 8 app:app',
      port: 8080,
      framework: 'flask',
    },
  },
  {
    name: 'uvicorn without host, by uv run',
    files: {
      'main.py': text.fastapi,
      Dockerfile:
        'FROM python:3.12\nEXPOSE 8080\nCMD ["uv", "run", "--no-dev", "uvicorn", "main:app", "--port", "8080"]\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: 'uvicorn main:app --port 8080 --host 0.0.0.0', port: 8080, framework: 'fastapi' },
  },
  {
    name: 'program of a virtualenv, absolute paths',
    files: {
      'main.py': text.fastapi,
      'logging.ini': '',
      Dockerfile:
        'FROM python:3.12\nWORKDIR /code\nCMD ["/code/.venv/bin/uvicorn", "main:app", "--host", "0.0.0.0", "--log-config", "/code/logging.ini"]\n',
    },
    requires: 'fastapi uvicorn',
    expect: {
      command: 'uvicorn main:app --host 0.0.0.0 --log-config logging.ini --port 8000',
      port: 8000,
      framework: 'fastapi',
    },
  },
  {
    name: 'entry script with a migration',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/wsgi.py': text.wsgi,
      'shop/settings.py': '',
      'docker/entrypoint.sh':
        '#!/bin/sh\nset -e\n\n# wait\nuntil nc -z db 5432; do\n  sleep 1\ndone\n\npython manage.py migrate --noinput\npython manage.py collectstatic --noinput\nexec gunicorn shop.wsgi:application \\\n  --bind "0.0.0.0:${PORT:-8001}" \\\n  --workers 2\n',
      Dockerfile:
        'FROM python:3.12\nCOPY docker/entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n',
    },
    requires: 'django gunicorn',
    expect: {
      command: 'gunicorn shop.wsgi:application --bind 0.0.0.0:8001 --workers 2',
      port: 8001,
      framework: 'django',
      others: { migrate: 'python manage.py migrate --noinput' },
    },
  },
  {
    name: 'entry script that execs its arguments',
    files: {
      ...app,
      'entrypoint.sh': '#!/usr/bin/env bash\nset -euo pipefail\nflask db upgrade\nexec "$@"\n',
      Dockerfile:
        'FROM python:3.12\nCOPY . /app\nENTRYPOINT ["/app/entrypoint.sh"]\nCMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]\n',
    },
    requires: 'flask gunicorn flask-migrate',
    expect: {
      command: 'gunicorn --bind 0.0.0.0:8000 app:app',
      framework: 'flask',
      others: { migrate: 'flask db upgrade' },
    },
  },
  {
    name: 'entry script with a branch per process',
    files: {
      ...app,
      'run.sh':
        '#!/bin/bash\ncase "$1" in\n  web)\n    exec gunicorn -b 0.0.0.0:8000 app:app\n    ;;\n  worker)\n    exec celery -A app worker\n    ;;\nesac\n',
      Dockerfile: 'FROM python:3.12\nENTRYPOINT ["./run.sh"]\nCMD ["web"]\n',
    },
    requires: 'flask gunicorn celery',
    expect: { command: 'gunicorn -b 0.0.0.0:8000 app:app', framework: 'flask' },
  },
  {
    name: 'tini before the command, last stage built on an earlier one',
    files: {
      'bot/__init__.py': '',
      'bot/__main__.py': text.guard,
      Dockerfile:
        'FROM python:3.12 AS base\nENTRYPOINT ["tini", "--"]\nFROM node:20 AS ui\nCMD ["npm", "start"]\nFROM base AS final\nCMD ["python", "-m", "bot"]\n',
    },
    requires: 'discord.py',
    expect: { command: 'python -m bot' },
  },
  {
    name: 'migration and server in one CMD',
    files: {
      'main.py': text.fastapi,
      Dockerfile: 'FROM python:3.12\nCMD alembic upgrade head && uvicorn main:app --host 0.0.0.0 --port 80\n',
    },
    requires: 'fastapi uvicorn alembic',
    expect: {
      command: 'uvicorn main:app --host 0.0.0.0 --port 80',
      port: 80,
      framework: 'fastapi',
      others: { migrate: 'alembic upgrade head' },
    },
  },
  {
    name: 'a Dockerfile of ours is no evidence',
    files: {
      ...app,
      Dockerfile: '# Managed by docker-python. sha256:1\nFROM python:3.12\nCMD ["gunicorn", "old:app"]\n',
    },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('app:app'), framework: 'flask' },
  },
  {
    name: 'a supervisor',
    files: {
      ...app,
      Dockerfile: 'FROM python:3.12\nCMD ["/usr/bin/supervisord", "-c", "/etc/supervisord.conf"]\n',
    },
    requires: 'flask gunicorn',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'supervisord runs several programs' },
  },
  {
    name: 'Dockerfile that names a module that is gone',
    files: { ...app, Dockerfile: 'FROM python:3.12\nCMD ["gunicorn", "server:app"]\n' },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('app:app'), framework: 'flask' },
  },
  {
    name: 'Dockerfile with reload, EXPOSE gives the port',
    files: {
      'main.py': text.fastapi,
      Dockerfile: 'FROM python:3.12\nEXPOSE 8888\nCMD uvicorn main:app --reload --host 0.0.0.0\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: served.uvicorn('main:app', 8888), port: 8888, framework: 'fastapi' },
  },
  {
    name: 'Procfile with worker, beat and release',
    files: {
      'shop/__init__.py': text.factory,
      'shop/tasks.py': 'from celery import Celery\n\ncelery = Celery("shop")\n',
      Procfile:
        'web: gunicorn "shop:create_app()" --log-file -\nworker: celery -A shop.tasks worker\nbeat: celery -A shop.tasks beat\nrelease: flask db upgrade\n',
    },
    requires: 'flask gunicorn celery',
    expect: {
      command: "gunicorn --bind 0.0.0.0:8000 'shop:create_app()' --log-file -",
      port: 8000,
      framework: 'flask',
      others: {
        worker: 'celery -A shop.tasks worker',
        beat: 'celery -A shop.tasks beat',
        release: 'flask db upgrade',
      },
    },
  },
  {
    name: 'Procfile with $PORT and an assignment',
    files: {
      'main.py': text.fastapi,
      Procfile: 'web: LOG=1 uvicorn main:app --host=0.0.0.0 --port=${PORT:-5000}\n',
    },
    requires: 'fastapi uvicorn',
    expect: {
      command: 'env LOG=1 uvicorn main:app --host=0.0.0.0 --port=5000',
      port: 5000,
      framework: 'fastapi',
    },
  },
  {
    name: 'stale Procfile',
    files: { ...app, Procfile: 'web: gunicorn hello:app --log-file=-\n' },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('app:app'), framework: 'flask' },
  },
  {
    name: 'Procfile with a worker only',
    files: { 'bot.py': text.guard, Procfile: 'worker: python bot.py\n' },
    requires: 'python-telegram-bot',
    expect: { command: 'python bot.py' },
  },
  {
    name: 'Procfile that needs a shell',
    files: { ...app, Procfile: 'web: gunicorn app:app 2>&1 | tee log\n' },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('app:app'), framework: 'flask' },
  },
  {
    name: 'gunicorn configuration with wsgi_app',
    files: {
      'shop/__init__.py': '',
      'shop/site.py': text.flask,
      'gunicorn.conf.py': 'wsgi_app = "shop.site:app"\nbind = "0.0.0.0:8088"\nworkers = 2\n',
    },
    requires: 'flask gunicorn',
    expect: { command: 'gunicorn --config gunicorn.conf.py', port: 8088, framework: 'flask' },
  },
  {
    name: 'gunicorn configuration that names no application',
    files: { ...app, 'gunicorn.conf.py': 'workers = 2\nbind = f"0.0.0.0:{PORT}"\n' },
    requires: 'flask gunicorn',
    expect: {
      command: 'gunicorn --config gunicorn.conf.py --bind 0.0.0.0:8000 app:app',
      port: 8000,
      framework: 'flask',
    },
  },
  {
    name: 'gunicorn configuration that listens where nobody outside hears it',
    files: { ...app, 'gunicorn.conf.py': 'bind = "127.0.0.1:9000"\n' },
    requires: 'flask gunicorn',
    expect: {
      command: 'gunicorn --config gunicorn.conf.py --bind 0.0.0.0:9000 app:app',
      port: 9000,
      framework: 'flask',
    },
  },
  {
    name: 'gunicorn configuration beside the one that setup wrote',
    files: { ...app, 'gunicorn.conf.py': 'workers = 2\n', 'docker/gunicorn.conf.py': '' },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('app:app'), port: 8000, framework: 'flask' },
  },
  {
    name: 'gunicorn configuration of a project that another server runs',
    files: { 'app.py': text.fastapi, 'gunicorn.conf.py': 'workers = 2\n' },
    requires: 'fastapi uvicorn',
    expect: { command: served.uvicorn('app:app'), port: 8000, framework: 'fastapi' },
  },
  {
    name: 'poe task',
    files: {
      'pyproject.toml':
        '[tool.poe.tasks]\ntest = "pytest"\nserve = { cmd = "uvicorn svc.http:api --port 8100" }\n',
      'svc/__init__.py': '',
      'svc/http.py': 'from fastapi import FastAPI\n\napi = FastAPI()\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: 'uvicorn svc.http:api --port 8100 --host 0.0.0.0', port: 8100, framework: 'fastapi' },
  },
  {
    name: 'PDM task for development is no start',
    files: {
      'pyproject.toml': '[tool.pdm.scripts]\nstart = "uvicorn main:app --reload"\n',
      'main.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: served.uvicorn('main:app'), framework: 'fastapi' },
  },
  {
    name: 'a server in the Dockerfile that nobody declares, beside one that the project has',
    files: {
      ...app,
      Dockerfile:
        'FROM python:3.12\nRUN pip install uwsgi\nCMD ["uwsgi", "--module", "app:app", "--http", ":80"]\n',
    },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('app:app'), framework: 'flask' },
  },
  {
    name: 'script in the Dockerfile, server declared nowhere',
    files: {
      ...app,
      Dockerfile: 'FROM python:3.12\nRUN pip install gunicorn\nCMD ["gunicorn", "app:app"]\n',
    },
    requires: 'flask',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'Add "gunicorn"' },
  },
  {
    name: 'configuration of gunicorn as a module, factory in CMD',
    files: {
      'hello/__init__.py': '',
      'hello/app.py': text.factory,
      'config/gunicorn.py': 'bind = "0.0.0.0:8000"\n',
      Dockerfile:
        'FROM python:3.12\nEXPOSE 8000\nCMD ["gunicorn", "-c", "python:config.gunicorn", "hello.app:create_app()"]\n',
    },
    requires: 'flask gunicorn',
    expect: {
      command: "gunicorn -c python:config.gunicorn 'hello.app:create_app()'",
      port: 8000,
      framework: 'flask',
    },
  },
  {
    name: 'uwsgi with its own configuration',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': '',
      'shop/wsgi.py': text.wsgi,
      'etc/uwsgi.ini': '[uwsgi]\nhttp-socket = :8000\n',
      Dockerfile: 'FROM python:3.12\nEXPOSE 8000\nCMD ["uwsgi", "/code/etc/uwsgi.ini"]\n',
    },
    requires: 'django uwsgi',
    expect: { command: 'uwsgi etc/uwsgi.ini', port: 8000, framework: 'django' },
  },
];
