/**
 * Programs that run other programs: the locks that they make for themselves are not those of the program that is checked,
 * and everything that they run would seem to hold them.
 */

const TOOL =
  /[\\/]node_modules[\\/](?:jest(?:-[\w-]+)?|@jest[\\/][\w-]+|mocha|vitest|@vitest[\\/][\w-]+|ava|tap|npm|pnpm|yarn|corepack|nyc|c8|ts-node|tsx)[\\/]/;

/** Whether a file belongs to a test runner, a package manager or the like. */
export function isTool(file: string): boolean {
  return TOOL.test(file);
}
