import { served, text, type Described } from './types';

const settings = 'ROOT_URLCONF = "shop.urls"\nWSGI_APPLICATION = "shop.wsgi.application"\n';
const asgiSettings = `${settings}ASGI_APPLICATION = "shop.asgi.application"\n`;

/** Django in the shapes it comes in. */
export const DJANGO: readonly Described[] = [
  {
    name: 'plain startproject',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': settings,
      'shop/wsgi.py': text.wsgi,
      'shop/asgi.py': text.asgi,
    },
    requires: 'django gunicorn',
    expect: { command: served.gunicorn('shop.wsgi:application'), port: 8000, framework: 'django' },
  },
  {
    name: 'channels with daphne',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': asgiSettings,
      'shop/wsgi.py': text.wsgi,
      'shop/asgi.py': text.asgi,
    },
    requires: 'django channels daphne gunicorn',
    expect: { command: 'daphne --bind 0.0.0.0 --port 8000 shop.asgi:application', framework: 'django' },
  },
  {
    name: 'both applications named, only gunicorn',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': asgiSettings,
      'shop/wsgi.py': text.wsgi,
      'shop/asgi.py': text.asgi,
    },
    requires: 'django gunicorn',
    expect: { command: served.gunicorn('shop.wsgi:application'), framework: 'django' },
  },
  {
    name: 'settings package, local settings in manage.py',
    files: {
      'manage.py': text.manage.replace('shop.settings', 'config.settings.local'),
      'config/__init__.py': '',
      'config/settings/__init__.py': '',
      'config/settings/base.py': 'WSGI_APPLICATION = "config.wsgi.application"\n',
      'config/settings/local.py': 'from .base import *\n\nDEBUG = True\n',
      'config/settings/production.py': 'from .base import *\n',
      'config/wsgi.py': text.wsgi,
    },
    requires: 'django gunicorn',
    expect: { command: served.gunicorn('config.wsgi:application'), framework: 'django' },
  },
  {
    name: 'manage.py in a folder',
    files: {
      'backend/manage.py': text.manage,
      'backend/shop/__init__.py': '',
      'backend/shop/settings.py': settings,
      'backend/shop/wsgi.py': text.wsgi,
    },
    requires: 'django gunicorn',
    expect: { command: served.gunicorn('shop.wsgi:application'), framework: 'django', roots: 'backend' },
  },
  {
    name: 'src with manage.py',
    files: {
      'src/manage.py': text.manage,
      'src/shop/__init__.py': '',
      'src/shop/settings.py': settings,
      'src/shop/wsgi.py': text.wsgi,
    },
    requires: 'django uwsgi',
    expect: {
      command: 'uwsgi --http 0.0.0.0:8000 --master --need-app --module shop.wsgi:application',
      framework: 'django',
      roots: 'src',
    },
  },
  {
    name: 'settings without an application, wsgi.py beside them',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': 'DEBUG = False\n',
      'shop/wsgi.py': text.wsgi,
    },
    requires: 'django gunicorn',
    expect: { command: served.gunicorn('shop.wsgi:application'), framework: 'django' },
  },
  {
    name: 'a manage.py that is not of Django',
    files: {
      'manage.py':
        'from flask.cli import FlaskGroup\nfrom web import create_app\n\ncli = FlaskGroup(create_app=create_app)\n\nif __name__ == "__main__":\n    cli()\n',
      'web/__init__.py': text.factory,
    },
    requires: 'flask gunicorn',
    expect: { command: served.gunicorn("'web:create_app()'"), framework: 'flask' },
  },
  {
    name: 'django without a server',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': settings,
      'shop/wsgi.py': text.wsgi,
    },
    requires: 'django',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'Add "gunicorn"' },
  },
  {
    name: 'django Dockerfile with runserver only',
    files: {
      Dockerfile: 'FROM python:3.12\nCMD ["python", "manage.py", "runserver", "0.0.0.0:8000"]\n',
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': settings,
      'shop/wsgi.py': text.wsgi,
    },
    requires: 'django gunicorn',
    expect: { command: served.gunicorn('shop.wsgi:application'), framework: 'django' },
  },
  {
    name: 'asgi as a package, celery beside it',
    files: {
      'manage.py': text.manage,
      'shop/__init__.py': '',
      'shop/settings.py': 'DEBUG = False\n',
      'shop/asgi/__init__.py':
        'import os\nfrom .handler import get_asgi_application\nfrom .health import health_check\n\napplication = get_asgi_application()\napplication = health_check(application, "/health/")\n',
      'shop/celeryconf.py': 'from celery import Celery\n\napp = Celery("shop")\n',
    },
    requires: 'django uvicorn celery',
    expect: { command: served.uvicorn('shop.asgi:application'), framework: 'django' },
  },
  {
    name: 'celery in a Django project whose application is out of sight',
    files: {
      'shop/__init__.py': '',
      'shop/celery.py': 'from celery import Celery\n\napp = Celery("shop")\n',
    },
    requires: 'django gunicorn celery',
    expect: { asks: 'COMMAND_NOT_FOUND', about: 'No start command' },
  },
];
