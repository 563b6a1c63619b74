/**
 * The command as a process of its own, with the stub preload and nothing built: for what cannot be seen from within a test,
 * such as signals.
 */
const { readFileSync } = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
require.extensions['.ts'] = (module, file) => {
  module._compile(ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText, file);
};

const { main } = require('../../../lib/cli/command.ts');

main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  color: { out: false, err: false },
  cwd: process.cwd(),
  env: process.env,
  preload: path.join(__dirname, 'preload.cjs'),
  version: '1.2.3',
}).then((code) => {
  process.exitCode = code;
});
