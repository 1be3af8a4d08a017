import type { Imported } from './imports';
import type { Value } from './syntax';

/** `name = value` at module level or in a function. */
export interface Assignment {
  readonly name: string;
  readonly value: Value;
  readonly line: number;
}

export interface FunctionFacts {
  readonly name: string;
  readonly line: number;
  /** Parameters that a caller has to give. */
  readonly required: number;
  readonly decorators: readonly string[];
  readonly assignments: readonly Assignment[];
  readonly imports: ReadonlyMap<string, Imported>;
  readonly returns: readonly Value[];
  /** Calls that are statements of their own: `app.run()`. */
  readonly calls: readonly Value[];
}

/** What a Python file says about how it may be started. Names are local; see `resolve.ts`. */
export interface ModuleFacts {
  readonly imports: ReadonlyMap<string, Imported>;
  /** Modules of `from x import *`, in order. */
  readonly starImports: readonly Imported[];
  readonly assignments: readonly Assignment[];
  readonly functions: readonly FunctionFacts[];
  readonly classes: readonly {
    readonly name: string;
    readonly bases: readonly string[];
    readonly line: number;
  }[];
  readonly calls: readonly Value[];
  /** The body of `if __name__ == "__main__":`. */
  readonly mainGuard?: { readonly line: number; readonly calls: readonly Value[] };
}
