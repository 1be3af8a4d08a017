import { served, text, type Described } from './types';

/** Projects without a web application object: dashboards, workers, bots, scripts, packages. */
export const PROGRAMS: readonly Described[] = [
  {
    name: 'streamlit with pages',
    files: {
      'Home.py': 'import streamlit as st\n\nst.title("x")\n',
      'pages/1_Map.py': 'import streamlit as st\n\nst.map()\n',
      'charts.py': 'import streamlit as st\n\n\ndef chart():\n    st.line_chart()\n',
    },
    requires: 'streamlit',
    expect: {
      command: 'streamlit run Home.py --server.port 8501 --server.address 0.0.0.0 --server.headless true',
      port: 8501,
      framework: 'streamlit',
    },
  },
  {
    name: 'streamlit, several scripts',
    files: {
      'sales.py': 'import streamlit as st\n\nst.title("x")\n',
      'stock.py': 'import streamlit as st\n\nst.title("y")\n',
    },
    requires: 'streamlit',
    expect: { asks: 'AMBIGUOUS_COMMAND', about: 'stock.py' },
  },
  {
    name: 'gradio at the root',
    files: {
      'app.py':
        'import gradio as gr\n\nwith gr.Blocks() as demo:\n    gr.Textbox()\n\nif __name__ == "__main__":\n    demo.launch()\n',
    },
    requires: 'gradio',
    expect: {
      command: 'env GRADIO_SERVER_NAME=0.0.0.0 GRADIO_SERVER_PORT=7860 python app.py',
      port: 7860,
      framework: 'gradio',
    },
  },
  {
    name: 'chainlit',
    files: {
      'app.py':
        'import chainlit as cl\n\n\n@cl.on_message\nasync def on_message(message: cl.Message):\n    pass\n',
    },
    requires: 'chainlit',
    expect: {
      command: 'chainlit run app.py --host 0.0.0.0 --port 8000 --headless',
      port: 8000,
      framework: 'chainlit',
    },
  },
  {
    name: 'tornado, started by a function of another module',
    files: {
      'run.py':
        'import asyncio\n\nfrom clock.server import main\n\nif __name__ == "__main__":\n    asyncio.run(main())\n',
      'clock/__init__.py': '',
      'clock/server.py':
        'import os\nimport tornado.web\nfrom clock import settings\n\n\nasync def main():\n    app = tornado.web.Application([])\n    app.listen(int(os.environ.get("PORT", 8765)))\n',
    },
    requires: 'tornado',
    expect: { command: 'python run.py', port: 8765, framework: 'tornado' },
  },
  {
    name: 'two modules whose start functions call each other',
    files: {
      'main.py':
        'from ring import start\n\n\ndef main():\n    start()\n\n\nif __name__ == "__main__":\n    main()\n',
      'ring.py': 'import main\n\n\ndef start():\n    main.main()\n',
    },
    requires: '',
    expect: { command: 'python main.py' },
  },
  {
    name: 'celery worker alone',
    files: {
      'jobs/__init__.py': '',
      'jobs/celery_app.py': 'from celery import Celery\n\ncelery = Celery("jobs", broker="redis://")\n',
    },
    requires: 'celery redis',
    expect: { command: 'celery --app jobs.celery_app:celery worker --loglevel INFO', framework: 'celery' },
  },
  {
    name: 'arq worker alone',
    files: {
      'worker/__init__.py': '',
      'worker/main.py': 'async def job(ctx):\n    pass\n\n\nclass WorkerSettings:\n    functions = [job]\n',
    },
    requires: 'arq',
    expect: { command: 'arq worker.main.WorkerSettings', framework: 'arq' },
  },
  {
    name: 'dramatiq worker alone',
    files: {
      'tasks_app.py':
        'import dramatiq\nfrom dramatiq.brokers.redis import RedisBroker\n\nbroker = RedisBroker()\ndramatiq.set_broker(broker)\n',
    },
    requires: 'dramatiq',
    expect: { command: 'dramatiq tasks_app', framework: 'dramatiq' },
  },
  {
    name: 'rq worker alone',
    files: { 'queue_jobs.py': 'from rq import Queue\n\nqueue = Queue()\n\n\ndef job():\n    pass\n' },
    requires: 'rq',
    expect: { command: 'rq worker', framework: 'rq' },
  },
  {
    name: 'lone locustfile',
    files: { 'locustfile.py': 'from locust import HttpUser\n\n\nclass User(HttpUser):\n    pass\n' },
    requires: 'locust',
    expect: { command: 'locust --locustfile locustfile.py --web-port 8089', port: 8089, framework: 'locust' },
  },
  {
    name: 'gRPC server',
    files: {
      'server.py':
        'from concurrent import futures\nimport grpc\n\n\ndef serve():\n    server = grpc.server(futures.ThreadPoolExecutor())\n    server.add_insecure_port("[::]:50052")\n    server.start()\n\n\nif __name__ == "__main__":\n    serve()\n',
    },
    requires: 'grpcio',
    expect: { command: 'python server.py', port: 50052, framework: 'grpc' },
  },
  {
    name: 'aiohttp has a script, no object',
    files: {
      'main.py':
        'from aiohttp import web\n\n\nasync def init():\n    app = web.Application()\n    return app\n\n\nif __name__ == "__main__":\n    web.run_app(init(), port=8081)\n',
    },
    requires: 'aiohttp',
    expect: { command: 'python main.py', port: 8081, framework: 'aiohttp' },
  },
  {
    name: 'tornado',
    files: {
      'app.py':
        'import asyncio\nimport tornado.web\n\n\ndef make_app():\n    return tornado.web.Application([])\n\n\nasync def main():\n    app = make_app()\n    app.listen(8888)\n    await asyncio.Event().wait()\n\n\nif __name__ == "__main__":\n    asyncio.run(main())\n',
    },
    requires: 'tornado',
    expect: { command: 'python app.py', port: 8888, framework: 'tornado' },
  },
  {
    name: 'package with __main__',
    files: {
      'harvester/__init__.py': '',
      'harvester/__main__.py': 'from .core import main\n\nmain()\n',
      'harvester/core.py': 'def main():\n    pass\n',
    },
    requires: 'requests',
    expect: { command: 'python -m harvester' },
  },
  {
    name: 'bot at the root',
    files: { 'bot.py': text.guard, 'helpers.py': 'x = 1\n', 'import_data.py': text.guard },
    requires: 'discord.py',
    expect: { command: 'python bot.py' },
  },
  {
    name: 'script named like the project',
    files: { 'main.py': text.guard, 'price_watch.py': text.guard },
    folder: 'price-watch',
    requires: 'httpx',
    expect: { command: 'python price_watch.py' },
  },
  {
    name: 'script without a guard',
    files: {
      'main.py':
        'from telegram.ext import Application\n\napplication = Application.builder().token("x").build()\napplication.run_polling()\n',
    },
    requires: 'python-telegram-bot',
    expect: { command: 'python main.py' },
  },
  {
    name: 'one level down',
    files: { 'bot/main.py': text.guard, 'bot/cogs/admin.py': 'x = 1\n', 'README.md': '' },
    requires: 'discord.py',
    expect: { command: 'python bot/main.py' },
  },
  {
    name: 'several scripts, none stands out',
    files: { 'fetch.py': text.guard, 'publish.py': text.guard },
    requires: 'httpx',
    expect: { asks: 'AMBIGUOUS_COMMAND', about: 'python publish.py' },
  },
  {
    name: 'console script named like the project',
    files: {
      'pyproject.toml':
        '[project]\nname = "acme-agent"\n[project.scripts]\nacme-agent = "acme_agent.cli:main"\n',
      'src/acme_agent/__init__.py': '',
      'src/acme_agent/cli.py': 'def main():\n    pass\n',
    },
    requires: 'click',
    expect: { command: 'acme-agent', roots: 'src' },
  },
  {
    name: 'console script in a package that has a manage.py of its own',
    files: {
      'pyproject.toml':
        '[project]\nname = "shelf"\n[project.scripts]\nshelf-server = "shelf.__main__:main"\n',
      'shelf/__init__.py': '',
      'shelf/__main__.py': 'from .manage import update\n\n\ndef main():\n    update()\n',
      'shelf/manage.py': 'import cache\n\n\ndef update():\n    pass\n',
      'shelf/cache.py': '',
    },
    requires: '',
    expect: { command: 'shelf-server' },
  },
  {
    name: 'bogus console script',
    files: {
      'pyproject.toml': '[project]\nname = "svc"\n[project.scripts]\nsvc = "svc.cli:main"\n',
      'main.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: served.uvicorn('main:app'), framework: 'fastapi' },
  },
  {
    name: 'a port that the program computes, and one that the Dockerfile exposes',
    files: {
      'main.py':
        'from aiohttp import web\n\nfrom settings import config\n\napp = web.Application()\n\nif __name__ == "__main__":\n    web.run_app(app, host=config.host, port=int(config.port))\n',
      'settings.py': 'config = load()\n',
      Dockerfile: 'FROM python:3.12\nEXPOSE 8081\nCMD ["sh", "-c", "a | b"]\n',
    },
    requires: 'aiohttp',
    expect: { command: 'python main.py', port: 8081, framework: 'aiohttp' },
  },
  {
    name: 'several console scripts and nothing else',
    files: {
      'pyproject.toml':
        '[project]\nname = "kit"\n[project.scripts]\nfetch = "kit_tools.a:main"\npush = "kit_tools.a:push"\n',
      'kit_tools/__init__.py': '',
      'kit_tools/a.py': 'def main():\n    pass\n\n\ndef push():\n    pass\n',
    },
    requires: 'click',
    expect: { asks: 'AMBIGUOUS_COMMAND', about: 'fetch' },
  },
  {
    name: 'a library',
    files: {
      'shared/__init__.py': 'from .money import Money\n',
      'shared/money.py': 'class Money:\n    pass\n',
    },
    requires: 'pydantic',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'No start command' },
  },
  {
    name: 'a web framework, but no application',
    files: { 'routes.py': 'from fastapi import APIRouter\n\nrouter = APIRouter()\n' },
    requires: 'fastapi uvicorn',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'No start command' },
  },
];
