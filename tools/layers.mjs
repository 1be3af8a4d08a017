/**
 * Who may import whom. The table is the architecture: a new edge between rooms is a decision, made here.
 */
const ROOMS = {
  errors: [],
  settings: ['errors'],
  reference: ['errors'],
  detection: ['errors'],
  plan: ['settings', 'detection', 'reference', 'errors'],
  render: ['plan', 'reference', 'detection'],
  engine: ['reference', 'errors'],
  slices: ['detection', 'engine', 'reference', 'errors'],
  // Pins made anew: what a resolver in the engine says, compared with what is there.
  pins: ['detection', 'slices', 'engine', 'render', 'errors'],
  record: ['reference', 'settings', 'errors'],
  pipeline: ['settings', 'detection', 'plan', 'render', 'slices', 'engine', 'reference', 'errors'],
  build: ['plan', 'render', 'engine', 'record', 'reference', 'settings', 'errors'],
  // Where an image goes: what to push, tags, caches of layers. Decides on plain values and drives the registries.
  shipping: ['engine', 'record', 'reference', 'settings', 'errors'],
  // What is in an image, whoever made it: so it knows nothing of plans.
  inspection: ['engine', 'errors'],
  smoke: ['plan', 'engine', 'detection', 'settings', 'errors'],
  graph: '*',
  generators: '*',
  executors: '*',
  index: ['graph', 'settings'],
  'host-digest': ['pipeline'],
};

/** Rooms at the top: they may use everything below them, but never each other. */
const TOP = ['graph', 'generators', 'executors'];

/** Modules that only some files may use: the doors to the world. */
const DOORS = [
  { module: /^@nx\/devkit/, rooms: [...TOP, 'index'], files: ['detection/files.ts'] },
  {
    module: /^(node:)?fs(\/|$)/,
    rooms: ['executors'],
    files: [
      'detection/files.ts',
      'build/context-files.ts',
      'render/assets.ts',
      'generators/setup/server-pins.ts',
      'inspection/survey.ts',
      'graph/cache-file.ts',
      'engine/ca-bundle.ts',
      'engine/distribution/credentials.ts',
      'engine/proxies.ts',
      'slices/scratch-folder.ts',
      'pipeline/default-branch.ts',
      'pipeline/host-values.ts',
    ],
  },
  { module: /^(node:)?child_process$/, rooms: [], files: [] },
  { module: /^(execa|tree-kill)$/, rooms: [], files: ['engine/process.ts'] },
];

const SOURCE = /packages\/docker-python\/src\/(.+)$/;

/** The name of a room: its folder, or the module's own name for the few files beside the folders. */
function roomOf(path) {
  return path.split('/')[0].replace(/\.ts$/, '');
}

export const layers = {
  rules: {
    rooms: {
      meta: { type: 'problem', schema: [] },
      create(context) {
        const path = SOURCE.exec(context.filename.replaceAll('\\', '/'))?.[1];
        if (!path || path.endsWith('.spec.ts') || path.startsWith('testing/')) return {};
        const room = roomOf(path);
        const allowed = ROOMS[room];
        const check = (node, source) => {
          const target = resolve(path, source);
          if (target === undefined) {
            const door = DOORS.find(({ module }) => module.test(source));
            if (door && !door.rooms.includes(room) && !door.files.includes(path)) {
              context.report({
                node,
                message: `"${source}" may not be used in ${path}: see DOORS in tools/layers.mjs.`,
              });
            }
            return;
          }
          const other = roomOf(target);
          if (other === room) return;
          const fine = allowed === '*' ? !TOP.includes(other) : allowed?.includes(other);
          if (!fine)
            context.report({
              node,
              message: `The room "${room}" may not import from "${other}": see ROOMS in tools/layers.mjs.`,
            });
        };
        return {
          ImportDeclaration: (node) => check(node, node.source.value),
          ExportNamedDeclaration: (node) => node.source && check(node, node.source.value),
          ExportAllDeclaration: (node) => check(node, node.source.value),
          ImportExpression: (node) => node.source.type === 'Literal' && check(node, node.source.value),
        };
      },
    },
  },
};

/** A relative import as a path below src; undefined for a package. */
function resolve(from, source) {
  if (!source.startsWith('.')) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of source.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
