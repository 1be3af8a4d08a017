import { docker, manifestOf, removeImages } from './harness/docker';
import { NEWEST } from '../tools/workspace/nx-versions';
import { createWorkspace, type Workspace } from './harness/workspace';

const IMAGE = 'e2e-static';
const ROOT = `apps/${IMAGE}`;

const SETTINGS = `import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "catalogue",
]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "collected"
STATICFILES_DIRS = []
`;

describe('static files of Django', () => {
  let workspace: Workspace;

  beforeAll(async () => {
    await removeImages(IMAGE);
    workspace = await createWorkspace(NEWEST, {
      [`${ROOT}/project.json`]: JSON.stringify({ name: IMAGE }),
      [`${ROOT}/requirements.txt`]: 'Django==5.2.5\ngunicorn==23.0.0\n',
      [`${ROOT}/manage.py`]:
        'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line()\n',
      [`${ROOT}/shop/__init__.py`]: '',
      [`${ROOT}/shop/settings.py`]: SETTINGS,
      [`${ROOT}/shop/urls.py`]: 'urlpatterns = []\n',
      [`${ROOT}/shop/wsgi.py`]:
        'import os\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\napplication = get_wsgi_application()\n',
      [`${ROOT}/catalogue/__init__.py`]: '',
      [`${ROOT}/catalogue/static/site.css`]: 'body { color: teal }\n',
    });
    await workspace.nx('g', 'docker-python:setup', ROOT);
    await workspace.commit('set up');
    await workspace.nx('docker-build', IMAGE);
  });

  afterAll(async () => {
    workspace.remove();
    await removeImages(IMAGE);
  });

  it('are collected while the image is built, and no placeholder stays', async () => {
    expect(await docker('run', '--rm', IMAGE, 'cat', 'collected/site.css')).toBe('body { color: teal }');
    expect(await docker('run', '--rm', IMAGE, 'env')).not.toContain('SECRET_KEY');
  });

  it('are a layer of their own, which an edit of the code leaves alone', async () => {
    const before = await manifestOf(IMAGE);
    workspace.write(`${ROOT}/shop/urls.py`, 'urlpatterns = []  # none yet\n');
    await workspace.nx('docker-build', IMAGE);
    const known = new Set(before.layers.map(({ digest }) => digest));
    const fresh = (await manifestOf(IMAGE)).layers.filter(({ digest }) => !known.has(digest));
    expect(fresh).toHaveLength(1);
    expect(fresh[0]!.size).toBeLessThanOrEqual(8192);
    // Those of Django's own pages alone would not fit into that.
    const size = await docker('run', '--rm', IMAGE, 'du', '--summarize', '--bytes', 'collected');
    expect(Number.parseInt(size)).toBeGreaterThan(1_000_000);
  });

  it('of settings that need another variable: the build says which, and how to give it', async () => {
    workspace.write(`${ROOT}/shop/settings.py`, `${SETTINGS}SITE = os.environ["SITE_NAME"]\n`);
    const { exitCode, output } = await workspace.tryNx('docker-build', IMAGE);
    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      'collectstatic failed: the settings (shop.settings) need the variable SITE_NAME',
    );
    expect(output).toContain('"collectStatic": { "env": { "SITE_NAME": "..." } }');
    const settings = JSON.parse(workspace.read(`${ROOT}/docker-python.json`)) as object;
    const file = `${ROOT}/docker-python.json`;
    workspace.write(file, JSON.stringify({ ...settings, collectStatic: { env: { SITE_NAME: 'shop' } } }));
    await workspace.nx('sync');
    await workspace.nx('docker-build', IMAGE);
    workspace.write(file, JSON.stringify({ ...settings, collectStatic: false }));
    await workspace.nx('sync');
    await workspace.nx('docker-build', IMAGE);
    expect(await docker('run', '--rm', IMAGE, 'ls')).not.toContain('collected');
  });
});
