const t = globalThis.form;
t.expect('module: before');
const guard = await t.A.acquire();
t.expect('module: taken', 'A');
await t.tick();
t.expect('module: later', 'A');
guard.release();
t.expect('module: back');
