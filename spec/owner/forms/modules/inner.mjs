const t = globalThis.form;
const guard = await t.B.acquire();
t.expect('inner: taken', 'B');
await t.sleep(1);
t.expect('inner: later', 'B');
guard.release();
t.expect('inner: back');
export const part = 1;
