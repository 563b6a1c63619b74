/**
 * Takes the checker along into processes that are started with an environment of their own, such as
 * `spawn('node', [file], { env: { PATH } })`: the switches of this process are added to it, and nothing else.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { likeOriginal } from '../adapters/calls.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Switches {
  /** Absolute path of the file that is preloaded. */
  readonly preload: string;
  /** Variables that a child needs. */
  readonly variables: Readonly<Record<string, string>>;
}

/** An environment that carries the checker. What it says already stays, what it inherits counts, as it does for Node. */
export function withSwitches(env: Environment, { preload, variables }: Switches): Environment {
  // Without a prototype, so that a variable may have any name.
  const carrying: Record<string, string | undefined> = Object.assign(Object.create(null), variables);
  for (const name in env) {
    carrying[name] = env[name];
  }
  // As Node does it, which takes any value for a string.
  const options = String(carrying['NODE_OPTIONS'] ?? '');
  carrying['NODE_OPTIONS'] = options.includes(preload) ? options : `${requireOption(preload)} ${options}`.trim();
  return carrying;
}

/** The option for `NODE_OPTIONS` that preloads a file, quoted the way Node reads it. */
export function requireOption(preload: string): string {
  return `--require "${preload.replace(/[\\"]/g, '\\$&')}"`;
}

/** A copy of these options with another environment. Options that are inherited, or getters, stay what they are. */
export function withEnvironment(options: object | undefined, env: Environment): object {
  const given = options ?? {};
  const copy: object = Object.create(Object.getPrototypeOf(given), Object.getOwnPropertyDescriptors(given));
  return Object.defineProperty(copy, 'env', { value: env, writable: true, enumerable: true, configurable: true });
}

/** Whether an environment needs no switches any more. */
export function carries(env: Environment, { preload, variables }: Switches): boolean {
  return (
    String(env['NODE_OPTIONS']).includes(preload) && Object.keys(variables).every((name) => env[name] !== undefined)
  );
}

interface SpawnOptions {
  envPairs?: string[];
}

interface ChildProcessPrototype {
  spawn(options: SpawnOptions): unknown;
}

/** From now on every child that this process starts carries the checker. */
export function watchChildren(switches: Switches): void {
  // spawn, fork, exec and execFile all come through here.
  const prototype = childProcess.ChildProcess.prototype as unknown as ChildProcessPrototype;
  const { spawn } = prototype;
  prototype.spawn = likeOriginal(function (this: unknown, options: SpawnOptions) {
    if (Array.isArray(options?.envPairs)) {
      options.envPairs = toPairs(withSwitches(fromPairs(options.envPairs), switches));
    }
    return spawn.call(this as ChildProcessPrototype, options);
  }, spawn);
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    watchSync(name, switches);
  }
  syncBuiltinESMExports();
}

function watchSync(name: 'spawnSync' | 'execFileSync' | 'execSync', switches: Switches): void {
  const target = childProcess as unknown as Record<string, (...args: unknown[]) => unknown>;
  const original = target[name];
  if (original === undefined) {
    return;
  }
  // A plain function, as the original is one: it has a `prototype`.
  const watched = likeOriginal(function (this: unknown, ...args: unknown[]): unknown {
    const at = name === 'execSync' || isOptions(args[1]) ? 1 : 2;
    const options = args[at];
    if (options === undefined || isOptions(options)) {
      // Anything empty means the environment of this process.
      const env = (options as { env?: unknown } | undefined)?.env || process.env;
      if (typeof env === 'object' && !carries(env as Environment, switches)) {
        args[at] = withEnvironment(options, withSwitches(env as Environment, switches));
      }
    }
    return original.apply(this, args);
  }, original);
  Object.defineProperty(target, name, { value: watched, writable: true, configurable: true, enumerable: true });
}

// What Node takes for options in the place of the list of arguments. All else is left to it to refuse.
function isOptions(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fromPairs(pairs: readonly string[]): Environment {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=', 1);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

function toPairs(env: Environment): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
