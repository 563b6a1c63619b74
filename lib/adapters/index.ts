/**
 * The libraries that are watched. A new one is a new file and a row here.
 */
import type { Adapter } from './adapter.ts';
import { asyncMutex } from './async-mutex.ts';
import { pLimit } from './p-limit.ts';

export const ADAPTERS: readonly Adapter[] = [asyncMutex, pLimit];
