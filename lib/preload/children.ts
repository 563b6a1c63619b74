/**
 * Takes the checker along into processes that are started with an environment of their own, such as
 * `spawn('node', [file], { env: { PATH } })`: the switches of this process are added to it, and nothing else.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

type Environment = Record<string, string | undefined>;

export interface Switches {
  /** Absolute path of the file that is preloaded. */
  readonly preload: string;
  /** Variables that a child needs. */
  readonly variables: Readonly<Record<string, string>>;
}

/** An environment that carries the checker. What it says already stays. */
export function withSwitches(env: Environment, { preload, variables }: Switches): Environment {
  const options = env['NODE_OPTIONS'] ?? '';
  const nodeOptions = options.includes(preload) ? options : `${requireOption(preload)} ${options}`.trim();
  return { ...variables, ...env, NODE_OPTIONS: nodeOptions };
}

/** The option for `NODE_OPTIONS` that preloads a file, quoted the way Node reads it. */
export function requireOption(preload: string): string {
  return `--require "${preload.replace(/[\\"]/g, '\\$&')}"`;
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
  prototype.spawn = function (options) {
    if (Array.isArray(options?.envPairs)) {
      options.envPairs = toPairs(withSwitches(fromPairs(options.envPairs), switches));
    }
    return spawn.call(this, options);
  };
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
  const watched = {
    [name](this: unknown, ...args: unknown[]): unknown {
      return original.apply(
        this,
        args.map((arg) => (hasEnvironment(arg) ? { ...arg, env: withSwitches(arg.env, switches) } : arg)),
      );
    },
  }[name];
  Object.defineProperty(target, name, { value: watched, writable: true, configurable: true, enumerable: true });
}

function hasEnvironment(value: unknown): value is { env: Environment } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { env?: unknown }).env === 'object' &&
    (value as { env?: unknown }).env !== null
  );
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
