import { part } from './inner.mjs';

const t = globalThis.form;
t.expect('outer: before');
const guard = await t.A.acquire();
t.expect('outer: taken', 'A');
const { part: again } = await import('./inner.mjs');
t.expect('outer: after import', 'A');
guard.release();
t.expect('outer: back');
export const total = part + again + 1;
