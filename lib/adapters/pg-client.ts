/**
 * pg: what a client says of its queries and of what came back.
 */
import { isObject } from './calls.ts';
import { ownValue } from './shape.ts';

export interface Client {
  readonly connectionParameters?: Readonly<Record<string, unknown>>;
  readonly connection?: { readonly parsedStatements?: Readonly<Record<string, string>> };
}

export interface Result {
  readonly rows?: readonly unknown[];
}

/** The value of a column that cannot be told from others. */
export const UNKNOWN: unique symbol = Symbol('unknown');
export const isTrue = (value: unknown): boolean => value === true || value === 't' || value === 'true';
export const isFalse = (value: unknown): boolean => value === false || value === 'f' || value === 'false';

export function valueIn(row: unknown, column: string | null): unknown {
  const values = isObject(row) ? Object.values(row) : [];
  if (column !== null && isObject(row) && Object.hasOwn(row, column)) {
    return (row as Record<string, unknown>)[column];
  }
  return values.length === 1 && column !== null ? values[0] : UNKNOWN;
}

export function textOf(
  client: Client,
  config: unknown,
  given: unknown,
): { text: string | undefined; values: readonly unknown[] } {
  const { text, values, name } = isObject(config)
    ? (config as { text?: unknown; values?: unknown; name?: unknown })
    : { text: config };
  const known = text ?? (typeof name === 'string' ? client.connection?.parsedStatements?.[name] : undefined);
  const found = Array.isArray(given) ? given : values;
  return { text: typeof known === 'string' ? known : undefined, values: Array.isArray(found) ? found : [] };
}

export function endsByItself({ connectionParameters }: Client, config: unknown): boolean {
  const { lock_timeout, statement_timeout, query_timeout } = connectionParameters ?? {};
  const own = isObject(config) ? (config as { query_timeout?: unknown }).query_timeout : undefined;
  return [lock_timeout, statement_timeout, query_timeout, own].some((time) => Number(time) > 0);
}

// By another name in versions before 8.16; there the new names are getters that warn.
export function queueOf(client: object): readonly object[] | undefined {
  return (ownValue(client, '_queryQueue') ?? ownValue(client, 'queryQueue')) as readonly object[] | undefined;
}

export function activeOf(client: object): object | undefined {
  return (ownValue(client, '_activeQuery') ?? ownValue(client, 'activeQuery') ?? undefined) as object | undefined;
}

export function resultsOf(query: object | undefined): readonly Result[] {
  const results = query && ownValue(query, '_results');
  return Array.isArray(results) ? (results as readonly Result[]) : isObject(results) ? [results] : [];
}
