import { served, text, type Described } from './types';

const { gunicorn, uvicorn } = served;
const main = 'from fastapi import FastAPI\n';

/** Where modules are: `src` as a layout and as a package, folders that are on the path, nested packages. */
export const LAYOUTS: readonly Described[] = [
  {
    name: 'src as a package, said by imports',
    files: {
      'src/main.py': `${main}from src.db import engine\n\napp = FastAPI()\n`,
      'src/db.py': 'engine = 1\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('src.main:app') },
  },
  {
    name: 'src as a package, said by __init__',
    files: { 'src/__init__.py': '', 'src/main.py': text.fastapi },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('src.main:app') },
  },
  {
    name: 'src as a folder on the path',
    files: {
      'src/main.py': `${main}from db import engine\n\napp = FastAPI()\n`,
      'src/db.py': 'engine = 1\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app'), roots: 'src' },
  },
  {
    name: 'src layout without metadata',
    files: { 'src/shop/__init__.py': '', 'src/shop/main.py': text.fastapi },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('shop.main:app'), roots: 'src' },
  },
  {
    name: 'src layout of hatchling',
    files: {
      'pyproject.toml':
        '[project]\nname = "shop"\n[tool.hatch.build.targets.wheel]\npackages = ["src/shop"]\n',
      'src/shop/__init__.py': '',
      'src/shop/web.py': text.flask,
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('shop.web:app'), roots: 'src' },
  },
  {
    name: 'src layout of setuptools with a script at the root',
    files: {
      'pyproject.toml': '[project]\nname = "shop"\n[tool.setuptools.packages.find]\nwhere = ["src"]\n',
      'src/shop/__init__.py': text.factory,
      'wsgi.py': 'from shop import create_app\n\napp = create_app()\n',
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('wsgi:app'), roots: 'src .' },
  },
  {
    name: 'poetry package from a folder',
    files: {
      'pyproject.toml': '[tool.poetry]\nname = "shop"\npackages = [{ include = "shop", from = "lib" }]\n',
      'lib/shop/__init__.py': '',
      'lib/shop/main.py': text.fastapi,
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('shop.main:app'), roots: 'lib' },
  },
  {
    name: 'setup.cfg with package_dir',
    files: {
      'setup.cfg': '[metadata]\nname = shop\n[options]\npackage_dir =\n    = src\npackages = find:\n',
      'src/shop/__init__.py': '',
      'src/shop/app.py': text.flask,
    },
    requires: 'flask gunicorn',
    expect: { command: gunicorn('shop.app:app'), roots: 'src' },
  },
  {
    name: 'app folder with bare imports',
    files: {
      'app/main.py': `${main}from core.config import settings\n\napp = FastAPI()\n`,
      'app/core/__init__.py': '',
      'app/core/config.py': 'settings = 1\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app'), roots: 'app' },
  },
  {
    name: 'app package with its own name in imports',
    files: {
      'app/__init__.py': '',
      'app/main.py': `${main}from app.core.config import settings\n\napp = FastAPI()\n`,
      'app/core/config.py': 'settings = 1\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('app.main:app') },
  },
  {
    name: 'flat package without __init__',
    files: {
      'service/main.py': `${main}from .db import engine\n\napp = FastAPI()\n`,
      'service/db.py': 'engine = 1\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('service.main:app') },
  },
  {
    name: 'application two levels down',
    files: {
      'shop/__init__.py': '',
      'shop/api/__init__.py': '',
      'shop/api/main.py': text.fastapi,
      'shop/db/models.py': 'x = 1\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('shop.api.main:app') },
  },
  {
    name: 'src package with a script at the root that runs it',
    files: {
      'src/__init__.py': '',
      'src/api.py': text.fastapi,
      'main.py':
        'import uvicorn\nfrom src.api import app\n\nif __name__ == "__main__":\n    uvicorn.run(app, host="0.0.0.0", port=8000)\n',
    },
    requires: 'fastapi uvicorn',
    expect: { command: uvicorn('main:app') },
  },
];
