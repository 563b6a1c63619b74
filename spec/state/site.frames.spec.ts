import { parseFrames } from '../../lib/state/site.ts';

/** `function | file:line:column` for each frame; a frame without a function has `-`. */
function frames(stack: string): string[] {
  return parseFrames(stack).map((one) => `${one.function ?? '-'} | ${one.file}:${one.line}:${one.column}`);
}

const READABLE: readonly (readonly [what: string, frame: string, read: string])[] = [
  ['a function', 'at take (/app/a.ts:3:14)', 'take | /app/a.ts:3:14'],
  ['no function', 'at /app/a.ts:3:14', '- | /app/a.ts:3:14'],
  ['the top level of a module', 'at Object.<anonymous> (/app/a.ts:3:14)', '- | /app/a.ts:3:14'],
  ['an anonymous function', 'at <anonymous> (/app/a.ts:3:14)', '- | /app/a.ts:3:14'],
  ['a method', 'at Ledger.take (/app/a.ts:3:14)', 'Ledger.take | /app/a.ts:3:14'],
  ['a private method', 'at Ledger.#take (/app/a.ts:3:14)', 'Ledger.#take | /app/a.ts:3:14'],
  ['a function that is exported', 'at exports.take (/app/a.js:3:14)', 'take | /app/a.js:3:14'],
  ['a function of a module object', 'at Module.take (file:///app/a.mjs:3:14)', 'take | file:///app/a.mjs:3:14'],
  ['a constructor', 'at new Ledger (/app/a.ts:3:14)', 'new Ledger | /app/a.ts:3:14'],
  ['a getter', 'at get total [as total] (/app/a.ts:3:14)', 'get total | /app/a.ts:3:14'],
  ['a method called by another name', 'at Ledger.take [as grab] (/app/a.ts:3:14)', 'Ledger.take | /app/a.ts:3:14'],
  ['an async function', 'at async take (/app/a.ts:3:14)', 'take | /app/a.ts:3:14'],
  ['an async function without a name', 'at async /app/a.ts:3:14', '- | /app/a.ts:3:14'],
  ['an async method', 'at async Ledger.take (/app/a.ts:3:14)', 'Ledger.take | /app/a.ts:3:14'],
  ['an async method of a plain object', 'at async Object.take [as grab] (/app/a.ts:3:14)', 'take | /app/a.ts:3:14'],
  ['a function whose name begins like a keyword', 'at asyncTake (/app/a.ts:3:14)', 'asyncTake | /app/a.ts:3:14'],
  ['a file URL', 'at take (file:///app/a%20b.mjs:3:14)', 'take | file:///app/a%20b.mjs:3:14'],
  ['a file URL alone', 'at file:///app/a.mjs:3:14', '- | file:///app/a.mjs:3:14'],
  ['a module of Node', 'at run (node:internal/timers:3:14)', 'run | node:internal/timers:3:14'],
  ['a web address', 'at take (https://x.test:8080/a.js?v=1:3:14)', 'take | https://x.test:8080/a.js?v=1:3:14'],
  ['a Windows path', 'at take (C:\\app\\a.ts:3:14)', 'take | C:\\app\\a.ts:3:14'],
  ['a Windows path alone', 'at C:\\app\\a.ts:3:14', '- | C:\\app\\a.ts:3:14'],
  ['a Windows path with slashes', 'at take (d:/app/a.ts:3:14)', 'take | d:/app/a.ts:3:14'],
  ['a network path', 'at take (\\\\box\\share\\a.ts:3:14)', 'take | \\\\box\\share\\a.ts:3:14'],
  ['blanks in the path', 'at take (/my app/a b.ts:3:14)', 'take | /my app/a b.ts:3:14'],
  ['parentheses in the path', 'at take (/app (copy)/a (1).ts:3:14)', 'take | /app (copy)/a (1).ts:3:14'],
  ['parentheses in a path alone', 'at /app (copy)/a (1).ts:3:14', '- | /app (copy)/a (1).ts:3:14'],
  ['parentheses in a Windows path', 'at take (C:\\app (x86)\\a.ts:3:14)', 'take | C:\\app (x86)\\a.ts:3:14'],
  ['a colon in the path', 'at take (/app/12:30/a:1:2.ts:3:14)', 'take | /app/12:30/a:1:2.ts:3:14'],
  ['other alphabets', 'at nehmen (/büro/锁.ts:3:14)', 'nehmen | /büro/锁.ts:3:14'],
  ['a script of a bundler', 'at take (webpack://app/./src/a.ts:3:14)', 'take | webpack://app/./src/a.ts:3:14'],
  ['a script without a file', 'at take (evalmachine.<anonymous>:3:14)', 'take | evalmachine.<anonymous>:3:14'],
  ['a script with a name of its own', 'at take (REPL1:3:14)', 'take | REPL1:3:14'],
  ['a file below the working directory', 'at take (lib/a.ts:3:14)', 'take | lib/a.ts:3:14'],
  ['a module in a data URL', 'at take (data:text/javascript,x:3:14)', 'take | data:text/javascript,x:3:14'],
  ['a script in a blob', 'at take (blob:https://x.test/1-2:3:14)', 'take | blob:https://x.test/1-2:3:14'],
];

const PASSED_OVER: readonly (readonly [what: string, line: string])[] = [
  ['a native function', 'at Array.map (<anonymous>)'],
  ['a function that the runtime calls native', 'at Array.sort (native)'],
  ['an input of Promise.all', 'at async Promise.all (index 0)'],
  ['WebAssembly', 'at take (wasm://wasm/4a5b:wasm-function[3]:0x1f)'],
  ['the message', 'Error: waits at /app/a.ts:3:14'],
  ['a line that is empty', ''],
  ['a line that only begins like a frame', 'at dawn we ride'],
];

describe('parseFrames', () => {
  it.each(READABLE)('reads %s', (_, frame, read) => {
    expect(frames(`Error\n    ${frame}`)).toEqual([read]);
  });

  it.each(PASSED_OVER)('passes over %s', (_, line) => {
    expect(frames(`Error\n    ${line}\n    at take (/app/a.ts:3:14)`)).toEqual(['take | /app/a.ts:3:14']);
  });

  it.each([
    'at eval (eval at take (/app/a.js:1:2), <anonymous>:3:14)',
    'at Object.eval [as run] (eval at <anonymous> (file:///app/a.js:1:2), <anonymous>:3:14)',
    'at run (eval at eval (eval at take (/app/a.js:1:2)), <anonymous>:3:14)',
  ])('makes no file name out of two places: %s', (frame) => {
    const places = parseFrames(`Error\n    ${frame}`).map((one) => `${one.file}:${one.line}:${one.column}`);
    for (const place of places) {
      expect(['/app/a.js:1:2', 'file:///app/a.js:1:2', '<anonymous>:3:14']).toContain(place);
    }
    expect(places.length).toBeLessThan(2);
  });

  it('reads the frames of a trace innermost first, with either end of line', () => {
    const trace = ['Error: x', '    at a (/a.ts:1:2)', '    at Array.map (<anonymous>)', '    at async b (/b.ts:3:4)'];
    expect(frames(trace.join('\n'))).toEqual(['a | /a.ts:1:2', 'b | /b.ts:3:4']);
    expect(frames(trace.join('\r\n'))).toEqual(['a | /a.ts:1:2', 'b | /b.ts:3:4']);
  });

  it('reads what this runtime prints', () => {
    const [frame] = parseFrames(new Error('a message\n    at its end').stack ?? '');
    expect(frame?.file).toBe(__filename);
  });
});
