import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { removeWorlds, seenBy, world, write } from './support/world.ts';

afterEach(removeWorlds);

describe('the node of ours in PATH', () => {
  test('brings the preload back where a script sets its own NODE_OPTIONS', async () => {
    const at = world();
    const script = `NODE_OPTIONS=--no-warnings node -e "${write('globalThis.stubLoads')}"`;
    expect(await seenBy(at, ['sh', '-c', script])).toBe('1');
    expect(at.err).toContain('✓ no violations');
  });

  test('loads it once where NODE_OPTIONS is whole', async () => {
    const at = world();
    expect(await seenBy(at, ['sh', '-c', `node -e "${write('[globalThis.stubLoads, process.execArgv]')}"`])).toMatch(
      /^1,-e,/,
    );
  });

  test('stays in PATH for what that node starts, and is gone in the end', async () => {
    const at = world();
    const inner = `NODE_OPTIONS= node -e "${write("[globalThis.stubLoads, process.env.PATH.split(':')[0]]").replaceAll('"', '\\"')}"`;
    writeFileSync(path.join(at.folder, 'outer.js'), `require('child_process').execSync(${JSON.stringify(inner)})`);
    const [loads, shim = ''] = (await seenBy(at, ['sh', '-c', 'NODE_OPTIONS= node outer.js'])).split(',');
    expect(loads).toBe('1');
    expect(path.basename(shim)).toMatch(/^lockdep-node-/);
    expect(existsSync(shim)).toBe(false);
  });

  test('passes arguments as they are', async () => {
    const at = world();
    writeFileSync(path.join(at.folder, 'app.js'), write('JSON.stringify(process.argv.slice(2))'));
    expect(JSON.parse(await seenBy(at, ['node', 'app.js', 'a b', '*', '$X', '']))).toEqual(['a b', '*', '$X', '']);
  });

  test('says so where there is no other', async () => {
    const at = world();
    expect(await at.lockdep('run', 'sh', '-c', `PATH=\${PATH%%:*}; node -e 0`)).toBe(127);
  });
});
