/** How a server talks to an application object. `own`: the framework brings its own server. */
export type Interface = 'wsgi' | 'asgi' | 'own';

export interface ApplicationKind {
  readonly framework: string;
  readonly interface: Interface;
}

/** Canonical call that makes an application object, per framework and interface. A table: new frameworks are a line. */
const MAKERS: readonly (readonly [framework: string, kind: Interface, calls: string])[] = [
  [
    'flask',
    'wsgi',
    'flask.Flask() flask.app.Flask() apiflask.APIFlask() flask_openapi3.OpenAPI() flask_appbuilder.Flask()',
  ],
  ['flask', 'wsgi', 'connexion.FlaskApp().app connexion.App().app'],
  ['fastapi', 'asgi', 'fastapi.FastAPI() fastapi.applications.FastAPI()'],
  ['starlette', 'asgi', 'starlette.applications.Starlette()'],
  [
    'django',
    'wsgi',
    'django.core.wsgi.get_wsgi_application() django.core.handlers.wsgi.WSGIHandler() configurations.wsgi.get_wsgi_application()',
  ],
  ['django', 'asgi', 'django.core.asgi.get_asgi_application() configurations.asgi.get_asgi_application()'],
  ['django', 'asgi', 'channels.routing.ProtocolTypeRouter() channels.routing.get_default_application()'],
  ['django', 'wsgi', 'dj_static.Cling() nanodjango.Django()'],
  ['quart', 'asgi', 'quart.Quart() quart.app.Quart() quart_trio.QuartTrio()'],
  ['sanic', 'own', 'sanic.Sanic() sanic.app.Sanic()'],
  ['litestar', 'asgi', 'litestar.Litestar() litestar.app.Litestar() starlite.Starlite()'],
  ['blacksheep', 'asgi', 'blacksheep.Application() blacksheep.server.Application()'],
  ['dash', 'wsgi', 'dash.Dash().server dash.dash.Dash().server dash_extensions.enrich.DashProxy().server'],
  ['connexion', 'asgi', 'connexion.AsyncApp() connexion.App() connexion.FlaskApp()'],
  ['falcon', 'wsgi', 'falcon.App() falcon.API()'],
  ['falcon', 'asgi', 'falcon.asgi.App()'],
  ['bottle', 'wsgi', 'bottle.Bottle() bottle.default_app() bottle.app()'],
  ['pyramid', 'wsgi', 'pyramid.config.Configurator().make_wsgi_app() pyramid.paster.get_app()'],
  ['web.py', 'wsgi', 'web.application().wsgifunc()'],
  [
    'fasthtml',
    'asgi',
    'fasthtml.common.FastHTML() fasthtml.FastHTML() fasthtml.common.fast_app()[0] fasthtml.fast_app()[0]',
  ],
  ['ariadne', 'asgi', 'ariadne.asgi.GraphQL()'],
  ['ariadne', 'wsgi', 'ariadne.wsgi.GraphQL()'],
  ['strawberry', 'asgi', 'strawberry.asgi.GraphQL()'],
  ['socketio', 'asgi', 'socketio.ASGIApp()'],
  ['socketio', 'wsgi', 'socketio.WSGIApp()'],
  ['shiny', 'asgi', 'shiny.App()'],
  ['responder', 'asgi', 'responder.API()'],
  [
    'mcp',
    'asgi',
    'fastmcp.FastMCP().http_app() mcp.server.fastmcp.FastMCP().streamable_http_app() mcp.server.fastmcp.FastMCP().sse_app()',
  ],
  ['a2wsgi', 'asgi', 'asgiref.wsgi.WsgiToAsgi() a2wsgi.WSGIMiddleware()'],
  ['a2wsgi', 'wsgi', 'a2wsgi.ASGIMiddleware()'],
  ['gradio', 'asgi', 'gradio.mount_gradio_app() gradio.routes.mount_gradio_app()'],
];

const BY_CALL: ReadonlyMap<string, ApplicationKind> = new Map(
  MAKERS.flatMap(([framework, kind, calls]) =>
    calls.split(' ').map((call) => [call, { framework, interface: kind }] as const),
  ),
);

/** What kind of application a canonical path makes: `flask.Flask()`. */
export function applicationKind(path: string): ApplicationKind | undefined {
  return BY_CALL.get(path);
}

/** Whether a canonical path makes an application. For `resolveOrigin`. */
export function isApplication(path: string): boolean {
  return BY_CALL.has(path);
}

/** Packages whose import makes a file worth parsing; the answer itself always comes from its syntax tree. */
const PACKAGES = [...new Set([...BY_CALL.keys()].map((call) => call.split('.')[0]!))];
const MENTIONS = new RegExp(`\\b(?:${PACKAGES.join('|')})\\b`);

/** A cheap test that lets most files go unparsed: does the text mention a web framework at all? */
export function mentionsApplication(text: string): boolean {
  return MENTIONS.test(text);
}

/** Distributions that tell the framework of a project when no application object was looked at. */
export const FRAMEWORK_DISTRIBUTIONS: Readonly<Record<string, string>> = {
  django: 'django',
  fastapi: 'fastapi',
  flask: 'flask',
  starlette: 'starlette',
  quart: 'quart',
  sanic: 'sanic',
  litestar: 'litestar',
  aiohttp: 'aiohttp',
  tornado: 'tornado',
  falcon: 'falcon',
  bottle: 'bottle',
  pyramid: 'pyramid',
  streamlit: 'streamlit',
  gradio: 'gradio',
  dash: 'dash',
};
