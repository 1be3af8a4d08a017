/** A program that prints what is installed beside it, a line each: `idna 3.10`. */
export const PRINT_INSTALLED = [
  'from importlib.metadata import distributions',
  '',
  'for found in sorted(f"{d.name} {d.version}" for d in distributions()):',
  '    print(found)',
  '',
].join('\n');
