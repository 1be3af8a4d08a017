/** A described project: its files, and what has to be found out about it. For tests only. */
export interface Described {
  readonly name: string;
  /** Project-relative path to text. */
  readonly files: Readonly<Record<string, string>>;
  /** The production set, blank-separated, with extras and versions: `fastapi[standard] connexion==2.14`. */
  readonly requires: string;
  /** Name of the folder; default `api`. */
  readonly folder?: string;
  readonly port?: number;
  readonly expect: Expected;
}

export type Expected =
  | {
      /** The default process, as a line. */
      readonly command: string;
      readonly port?: number;
      readonly framework?: string;
      /** Source roots, blank-separated; default `.`. */
      readonly roots?: string;
      /** Further processes: name to line. */
      readonly others?: Readonly<Record<string, string>>;
      /** Extras and groups the server needs: `extras docker`. */
      readonly needs?: string;
    }
  /** The right answer is a question, with a part of its text. */
  | {
      readonly asks: 'AMBIGUOUS_COMMAND' | 'COMMAND_NOT_FOUND';
      readonly about: string;
      readonly roots?: string;
    };

/** Texts that many projects share. */
export const text = {
  flask:
    'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n    return "ok"\n',
  fastapi:
    'from fastapi import FastAPI\n\napp = FastAPI(title="x")\n\n\n@app.get("/")\nasync def index() -> dict:\n    return {}\n',
  factory:
    'from flask import Flask\n\n\ndef create_app(config=None):\n    app = Flask(__name__)\n    app.config.from_object(config)\n    return app\n',
  manage:
    'import os\nimport sys\n\n\ndef main():\n    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n    from django.core.management import execute_from_command_line\n    execute_from_command_line(sys.argv)\n\n\nif __name__ == "__main__":\n    main()\n',
  wsgi: 'import os\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\napplication = get_wsgi_application()\n',
  asgi: 'import os\nfrom django.core.asgi import get_asgi_application\n\napplication = get_asgi_application()\n',
  guard:
    'import time\n\n\ndef main():\n    while True:\n        time.sleep(1)\n\n\nif __name__ == "__main__":\n    main()\n',
} as const;

const GUNICORN = 'gunicorn --config docker/gunicorn.conf.py';

/** The lines that servers are started with. */
export const served = {
  gunicorn: (target: string): string => `${GUNICORN} ${target}`,
  uvicorn: (target: string, port = 8000): string => `uvicorn ${target} --host 0.0.0.0 --port ${port}`,
} as const;
