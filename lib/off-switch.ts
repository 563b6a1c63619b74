/**
 * Whether anything is to be checked in this process.
 */

interface WithEnvironment {
  readonly process?: { readonly env?: Record<string, string | undefined> };
}

/** True where nothing is to be checked: `LOCKDEP=off`, or in production, unless somebody asks for it. */
export function isOff(): boolean {
  const { LOCKDEP, LOCKDEP_RUN, NODE_ENV } = (globalThis as WithEnvironment).process?.env ?? {};
  return LOCKDEP === 'off' || (NODE_ENV === 'production' && LOCKDEP === undefined && LOCKDEP_RUN === undefined);
}
