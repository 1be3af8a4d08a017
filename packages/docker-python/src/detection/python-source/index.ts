export { commandOptions, type CommandOption } from './command-options';
export type { Imported } from './imports';
export type { Assignment, FunctionFacts, ModuleFacts } from './facts';
export { moduleFacts } from './module-facts';
export { isCodeFolder, pythonFiles, type PythonFiles } from './python-files';
export { pythonTree, type PythonTree } from './python-tree';
export { absoluteModule, resolveOrigin, resolveReturn, type Origin } from './resolve';
export { syntaxErrorLine } from './syntax-errors';
export { MAX_SOURCE_LENGTH, type Value } from './syntax';
