import { served, text, type Described } from './types';

const { gunicorn, uvicorn } = served;

/** Web applications without anything that quotes a command. */
export const WEB: readonly Described[] = [
  {
    name: 'flask in app.py, aliased import',
    files: { 'app.py': 'import flask as f\n\napp = f.Flask(__name__)\n' },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('app:app'), port: 8000, framework: 'flask' },
  },
  {
    name: 'flask mentioned in a string and a comment only, real app elsewhere',
    files: {
      'main.py': '# app = Flask(__name__)\nDOC = """\napp = Flask(__name__)\n"""\n',
      'web.py': text.flask,
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('web:app'), framework: 'flask' },
  },
  {
    name: 'flask factory in a package',
    files: {
      'shop/__init__.py': text.factory,
      'shop/views.py': 'from flask import Blueprint\nbp = Blueprint("x", __name__)\n',
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn("'shop:create_app()'"), framework: 'flask' },
  },
  {
    name: 'an object that a function beside it finishes and returns',
    files: {
      'shop/__init__.py':
        'from flask import Flask\n\napp = Flask(__name__)\n\n\ndef create_app():\n    from .views import bp\n    app.register_blueprint(bp)\n    return app\n',
      'shop/views.py': 'from flask import Blueprint\nbp = Blueprint("x", __name__)\n',
    },
    requires: 'flask gunicorn',
    expect: { asks: 'AMBIGUOUS_COMMAND', about: 'shop:create_app()' },
  },
  {
    name: 'an object that a function beside it has made already',
    files: { 'shop/__init__.py': `${text.factory}\n\napp = create_app()\n` },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('shop:app'), framework: 'flask' },
  },
  {
    name: 'factory with an odd name in a module of its own',
    files: {
      'shop/__init__.py': '',
      'shop/factory.py': text.factory.replace('create_app', 'get_application'),
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn("'shop.factory:get_application()'"), framework: 'flask' },
  },
  {
    name: 'asgi_app factory for uvicorn',
    files: {
      'svc/__init__.py': '',
      'svc/web.py':
        'from fastapi import FastAPI\n\n\ndef asgi_app() -> FastAPI:\n    api = FastAPI()\n    return api\n',
    },
    requires: 'fastapi uvicorn',
    expect: {
      command: 'uvicorn --factory svc.web:asgi_app --host 0.0.0.0 --port 8000',
      framework: 'fastapi',
    },
  },
  {
    name: 'factory that needs an argument, object made by it in run.py',
    files: {
      'shop/__init__.py':
        'from flask import Flask\n\n\ndef create_app(config):\n    app = Flask(__name__)\n    return app\n',
      'run.py':
        'from shop import create_app\n\napp = create_app("prod")\n\nif __name__ == "__main__":\n    app.run(debug=True)\n',
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('run:app'), framework: 'flask' },
  },
  {
    name: 'subclass of the framework class',
    files: {
      'svc/__init__.py': '',
      'svc/base.py': 'from fastapi import FastAPI\n\n\nclass Service(FastAPI):\n    pass\n',
      'svc/main.py': 'from .base import Service\n\napp = Service()\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('svc.main:app'), framework: 'fastapi' },
  },
  {
    name: 'object imported from a module with another name',
    files: {
      'svc/__init__.py': '',
      'svc/bootstrap.py': 'from fastapi import FastAPI\n\nservice = FastAPI()\n',
      'main.py': 'from svc.bootstrap import service as app\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'fastapi' },
  },
  {
    name: 'socket.io around fastapi',
    files: {
      'main.py':
        'import socketio\nfrom fastapi import FastAPI\n\nsio = socketio.AsyncServer()\napi = FastAPI()\napp = socketio.ASGIApp(sio, other_asgi_app=api)\n',
    },
    requires: 'fastapi python-socketio uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'socketio' },
  },
  {
    name: 'application wrapped in middleware',
    files: {
      'app.py':
        'from flask import Flask\nfrom werkzeug.middleware.proxy_fix import ProxyFix\n\nflask_app = Flask(__name__)\napp = ProxyFix(flask_app)\n',
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('app:app'), framework: 'flask' },
  },
  {
    name: 'mounted sub-application',
    files: {
      'main.py':
        'from fastapi import FastAPI\n\nadmin = FastAPI()\nservice = FastAPI()\nservice.mount("/admin", admin)\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:service'), framework: 'fastapi' },
  },
  {
    name: 'main imports the application of another module and mounts it',
    files: {
      'main.py':
        'from fastapi import FastAPI\nfrom api import app as v1\n\napp = FastAPI()\napp.mount("/v1", v1)\n',
      'api.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'fastapi' },
  },
  {
    name: 'server only in an extra',
    files: {
      'pyproject.toml':
        '[project]\nname = "svc"\ndependencies = ["fastapi"]\n\n[project.optional-dependencies]\ndev = ["uvicorn"]\nserver = ["uvicorn[standard]>=0.30"]\n',
      'svc/__init__.py': '',
      'svc/main.py': text.fastapi,
    },
    requires: 'fastapi',
    expect: { command: uvicorn('svc.main:app'), framework: 'fastapi', needs: 'extras server' },
  },
  {
    name: 'server only in a dependency group',
    files: {
      'pyproject.toml':
        '[project]\nname = "svc"\ndependencies = ["flask"]\n\n[dependency-groups]\nprod = ["gunicorn"]\n',
      'app.py': text.flask,
    },
    requires: 'flask',
    expect: { command: gunicorn('app:app'), framework: 'flask', needs: 'groups prod' },
  },
  {
    name: 'server only among development dependencies',
    files: {
      'pyproject.toml':
        '[project]\nname = "svc"\ndependencies = ["fastapi"]\n\n[dependency-groups]\ndev = ["uvicorn"]\n',
      'main.py': text.fastapi,
    },
    requires: 'fastapi',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'Add "uvicorn"' },
  },
  {
    name: 'fastapi with the standard extra',
    files: { 'app/main.py': text.fastapi, 'app/__init__.py': '' },
    requires: 'fastapi[standard]',
    expect: { command: uvicorn('app.main:app'), framework: 'fastapi' },
  },
  {
    name: 'fastapi with gunicorn and uvicorn',
    files: { 'app/main.py': text.fastapi, 'app/__init__.py': '' },
    requires: 'fastapi gunicorn uvicorn',
    expect: { command: uvicorn('app.main:app'), framework: 'fastapi' },
  },
  {
    name: 'asgi application with gunicorn alone',
    files: { 'main.py': text.fastapi },
    requires: 'fastapi gunicorn',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'gunicorn is declared, but does not serve ASGI' },
  },
  {
    name: 'wsgi application with uvicorn alone',
    files: { 'main.py': text.flask },
    requires: 'flask uvicorn',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'Add "gunicorn"' },
  },
  {
    name: 'hypercorn and quart',
    files: { 'app.py': 'from quart import Quart\n\napp = Quart(__name__)\n' },
    requires: 'quart hypercorn',
    expect: { command: 'hypercorn --bind 0.0.0.0:8000 app:app', port: 8000, framework: 'quart' },
  },
  {
    name: 'granian',
    files: { 'main.py': text.fastapi },
    requires: 'fastapi granian',
    port: 9000,
    expect: {
      command: 'granian --interface asgi --host 0.0.0.0 --port 9000 main:app',
      port: 9000,
      framework: 'fastapi',
    },
  },
  {
    name: 'uwsgi',
    files: { 'app.py': text.flask },
    requires: 'flask uwsgi',
    expect: { command: 'uwsgi --http 0.0.0.0:8000 --master --need-app --module app:app', framework: 'flask' },
  },
  {
    name: 'waitress',
    files: { 'app.py': text.flask },
    requires: 'flask waitress',
    expect: { command: 'waitress-serve --listen 0.0.0.0:8000 app:app', framework: 'flask' },
  },
  {
    name: 'sanic brings its own server',
    files: { 'server.py': 'from sanic import Sanic\n\napp = Sanic("x")\n' },
    requires: 'sanic',
    expect: { command: 'sanic server:app --host 0.0.0.0 --port 8000', framework: 'sanic' },
  },
  {
    name: 'litestar',
    files: {
      'app.py':
        'from litestar import Litestar, get\n\n\n@get("/")\nasync def index() -> str:\n    return "x"\n\n\napp = Litestar([index])\n',
    },
    requires: 'litestar[standard]',
    expect: { command: uvicorn('app:app'), framework: 'litestar' },
  },
  {
    name: 'starlette',
    files: {
      'web/__init__.py': '',
      'web/server.py':
        'from starlette.applications import Starlette\nfrom starlette.routing import Route\n\napp: Starlette = Starlette(routes=[])\n',
    },
    requires: 'starlette uvicorn',
    expect: { command: uvicorn('web.server:app'), framework: 'starlette' },
  },
  {
    name: 'dash with its server object',
    files: {
      'app.py':
        'import dash\nfrom dash import html\n\napp = dash.Dash(__name__)\nserver = app.server\napp.layout = html.Div()\n\nif __name__ == "__main__":\n    app.run(debug=True)\n',
    },
    requires: 'dash gunicorn',
    expect: { command: gunicorn('app:server'), framework: 'dash' },
  },
  {
    name: 'falcon',
    files: { 'look/__init__.py': '', 'look/app.py': 'import falcon\n\napp = application = falcon.App()\n' },
    requires: 'falcon gunicorn',
    expect: { command: gunicorn('look.app:app'), framework: 'falcon' },
  },
  {
    name: 'pyramid factory without arguments',
    files: {
      'site_app/__init__.py':
        'from pyramid.config import Configurator\n\n\ndef main(global_config=None, **settings):\n    with Configurator(settings=settings) as config:\n        config.include(".routes")\n    return config.make_wsgi_app()\n',
    },
    requires: 'pyramid gunicorn',
    expect: { command: gunicorn("'site_app:main()'"), framework: 'pyramid' },
  },
  {
    name: 'connexion 3',
    files: {
      'main.py': 'import connexion\n\napp = connexion.AsyncApp(__name__)\napp.add_api("openapi.yaml")\n',
    },
    requires: 'connexion uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'connexion' },
  },
  {
    name: 'fasthtml with star import and tuple',
    files: {
      'main.py':
        'from fasthtml.common import *\n\napp, rt = fast_app()\n\n\n@rt("/")\ndef get():\n    return Div()\n\n\nserve()\n',
    },
    requires: 'python-fasthtml uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'fasthtml' },
  },
  {
    name: 'syntax error in another function',
    files: { 'main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n\ndef broken(:\n    return (\n' },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'fastapi' },
  },
  {
    name: 'application made in a try block',
    files: {
      'main.py':
        'try:\n    from fastapi import FastAPI\nexcept ImportError:\n    raise\nelse:\n    app = FastAPI()\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app'), framework: 'fastapi' },
  },
  {
    name: 'applications in tests and examples do not count',
    files: {
      'tests/main.py': text.fastapi,
      'examples/app.py': text.fastapi,
      'svc/__init__.py': '',
      'svc/entry.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('svc.entry:app'), framework: 'fastapi' },
  },
  {
    name: 'two applications side by side',
    files: { 'public.py': text.fastapi, 'internal.py': text.fastapi },
    requires: 'fastapi uvicorn',
    expect: { asks: 'AMBIGUOUS_COMMAND', about: 'internal:app' },
  },
  {
    name: 'two packages, one named like the project',
    files: {
      'pyproject.toml': '[project]\nname = "acme-orders"\n',
      'acme_orders/__init__.py': '',
      'acme_orders/main.py': text.fastapi,
      'mock_bank/__init__.py': '',
      'mock_bank/main.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('acme_orders.main:app'), framework: 'fastapi' },
  },
  {
    name: 'wsgi.py beside a factory',
    files: {
      'shop/__init__.py': text.factory,
      'wsgi.py': 'from shop import create_app\n\napp = create_app()\n',
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('wsgi:app'), framework: 'flask' },
  },
  {
    name: 'poetry start script that runs uvicorn with reload',
    files: {
      'pyproject.toml': '[tool.poetry]\nname = "svc"\n[tool.poetry.scripts]\nstart = "svc.main:start"\n',
      'svc/__init__.py': '',
      'svc/main.py': `import uvicorn\n${text.fastapi}\n\ndef start():\n    uvicorn.run("svc.main:app", host="127.0.0.1", port=8080, reload=True)\n`,
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('svc.main:app', 8080), port: 8080, framework: 'fastapi' },
  },
  {
    name: 'migration environment beside a factory',
    files: {
      'db/env.py': 'from hello.app import create_app\n\napp = create_app()\n',
      'hello/__init__.py': '',
      'hello/app.py': text.factory,
    },
    requires: 'flask gunicorn alembic',
    expect: { command: gunicorn("'hello.app:create_app()'"), framework: 'flask' },
  },
  {
    name: "a console script that runs Flask's server for development",
    files: {
      'pyproject.toml': '[project]\nname = "finder"\n[project.scripts]\nfinder-run = "finder.web:start_it"\n',
      'finder/__init__.py': '',
      'finder/web.py': `${text.flask}\n\ndef start_it():\n    app.run(host="127.0.0.1", port=8888)\n`,
    },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn('finder.web:app'), port: 8000, framework: 'flask' },
  },
  {
    name: 'a group of commands as console script, application beside it',
    files: {
      'pyproject.toml': '[project]\nname = "hub"\n[project.scripts]\nhub = "hub.cli:entrypoint"\n',
      'hub/__init__.py': '',
      'hub/cli.py':
        'import click\n\n\n@click.group()\ndef hub_cli():\n    pass\n\n\ndef entrypoint():\n    hub_cli()\n',
      'hub/main.py': text.fastapi,
    },
    requires: 'fastapi uvicorn click',
    expect: { command: uvicorn('hub.main:app'), framework: 'fastapi' },
  },
  {
    name: 'a worker script beside the application',
    files: {
      'pyproject.toml':
        '[project]\nname = "svc-http"\n[project.scripts]\nsvc-http-worker = "svc_http.worker:main"\n',
      'svc_http/__init__.py': '',
      'svc_http/worker.py': text.guard,
      'svc_http/app.py': text.flask,
    },
    requires: 'flask gunicorn rq',
    expect: { command: gunicorn('svc_http.app:app'), framework: 'flask' },
  },
];
