/**
 * Compiles source.mjs down, as tools do, to the files beside it. Run it again when the source changes: `node generate.mjs`.
 * TypeScript compiles; where Babel and esbuild differ it is in the helper that drives the generator, which is theirs word for word.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));
const source = readFileSync(at('source.mjs'), 'utf8');

function compile(target) {
  const compilerOptions = {
    target,
    module: ts.ModuleKind.CommonJS,
    removeComments: true,
    ignoreDeprecations: '6.0',
    downlevelIteration: true,
    allowJs: true,
  };
  return ts.transpileModule(source, { fileName: 'source.js', compilerOptions }).outputText;
}

const babel = `
function asyncGeneratorStep(n, t, e, r, o, a, c) { try { var i = n[a](c), u = i.value; } catch (n) { return void e(n); } i.done ? t(u) : Promise.resolve(u).then(r, o); }
function _asyncToGenerator(n) { return function () { var t = this, e = arguments; return new Promise(function (r, o) { var a = n.apply(t, e); function _next(n) { asyncGeneratorStep(a, r, o, _next, _throw, "next", n); } function _throw(n) { asyncGeneratorStep(a, r, o, _next, _throw, "throw", n); } _next(void 0); }); }; }
var __awaiter = function (self, args, _, body) { return _asyncToGenerator(body).apply(self, args || []); };
`;

const esbuild = `
var __async = (__this, __arguments, generator) => {
  return new Promise((resolve, reject) => {
    var fulfilled = (value) => {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    };
    var rejected = (value) => {
      try {
        step(generator.throw(value));
      } catch (e) {
        reject(e);
      }
    };
    var step = (x) => x.done ? resolve(x.value) : Promise.resolve(x.value).then(fulfilled, rejected);
    step((generator = generator.apply(__this, __arguments)).next());
  });
};
var __awaiter = function (self, args, _, body) { return __async(self, args, body); };
`;

const es2015 = compile(ts.ScriptTarget.ES2015);
const HELPER = /var __awaiter = [\s\S]*?\n\};\n/;
const HEADER = ['format', 'lint', 'assist']
  .map((part) => `// biome-ignore-all ${part}: made by compiled/generate.mjs\n`)
  .join('');

if (!HELPER.test(es2015)) throw new Error('the output has no __awaiter');
writeFileSync(at('../ts-es2015.cjs'), HEADER + es2015);
writeFileSync(at('../ts-es5.cjs'), HEADER + compile(ts.ScriptTarget.ES5));
writeFileSync(at('../babel.cjs'), HEADER + es2015.replace(HELPER, () => babel));
writeFileSync(at('../esbuild.cjs'), HEADER + es2015.replace(HELPER, () => esbuild));
