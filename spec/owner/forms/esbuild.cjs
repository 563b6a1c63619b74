// biome-ignore-all format: made by compiled/generate.mjs
// biome-ignore-all lint: made by compiled/generate.mjs
// biome-ignore-all assist: made by compiled/generate.mjs
"use strict";

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
Object.defineProperty(exports, "__esModule", { value: true });
exports.forms = void 0;
const take = (t, lock) => __awaiter(void 0, void 0, void 0, function* () {
    yield t.sleep(1);
    const guard = yield lock.acquire();
    return guard;
});
const returnsAcquire = (t, lock) => __awaiter(void 0, void 0, void 0, function* () {
    yield t.tick();
    return lock.acquire();
});
const takeRelease = (_, lock) => __awaiter(void 0, void 0, void 0, function* () {
    const { release } = yield lock.acquire();
    return release;
});
const takeClosure = (t, lock) => __awaiter(void 0, void 0, void 0, function* () {
    yield t.sleep(1);
    const guard = yield lock.acquire();
    return () => guard.release();
});
const takeWrapper = (t, lock) => __awaiter(void 0, void 0, void 0, function* () {
    yield t.tick();
    const guard = yield lock.acquire();
    yield null;
    return { value: 1, end: () => guard.release() };
});
class Holder {
    take(t, lock) {
        return __awaiter(this, void 0, void 0, function* () {
            yield t.tick();
            this.guard = yield lock.acquire();
        });
    }
    give() {
        return __awaiter(this, void 0, void 0, function* () {
            yield null;
            this.guard.release();
        });
    }
}
function use(t, name, promise, back) {
    return __awaiter(this, void 0, void 0, function* () {
        const handle = yield promise;
        t.expect(`${name}: taken`, name);
        yield t.tick();
        t.expect(`${name}: later`, name);
        yield null;
        t.expect(`${name}: still`, name);
        back(handle);
        t.expect(`${name}: back`);
        yield t.tick();
        t.expect(`${name}: at the end`);
    });
}
const release = (guard) => guard.release();
const call = (fn) => fn();
const end = (wrapper) => wrapper.end();
const helpers = { take: [take, release], returnsAcquire: [returnsAcquire, release], takeRelease: [takeRelease, call] };
const closures = { takeClosure: [takeClosure, call], takeWrapper: [takeWrapper, end] };
const withHelpers = Object.entries(Object.assign(Object.assign({}, helpers), closures)).flatMap(([name, [helper, back]]) => [
    {
        name: `${name}: alone`,
        run: (t) => use(t, 'A', helper(t, t.A), back),
    },
    {
        name: `${name}: side by side`,
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                yield Promise.all([use(t, 'A', helper(t, t.A), back), use(t, 'B', helper(t, t.B), back)]);
                t.expect('after all');
            });
        },
    },
    {
        name: `${name}: one level deeper, under another lock`,
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const deeper = () => __awaiter(this, void 0, void 0, function* () {
                    yield t.tick();
                    const handle = yield helper(t, t.A);
                    yield t.tick();
                    t.expect('deeper', 'C', 'A');
                    return handle;
                });
                const outer = yield t.C.acquire();
                const handle = yield deeper();
                t.expect('taken', 'C', 'A');
                yield t.sleep(1);
                t.expect('later', 'C', 'A');
                back(handle);
                t.expect('back', 'C');
                outer.release();
                t.expect('both back');
            });
        },
    },
]);
const plain = [
    {
        name: 'one flow',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const guard = yield t.A.acquire();
                t.expect('taken', 'A');
                yield t.tick();
                t.expect('later', 'A');
                yield null;
                t.expect('still', 'A');
                guard.release();
                t.expect('back');
            });
        },
    },
    {
        name: 'flows side by side, over one lock',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const one = (name) => __awaiter(this, void 0, void 0, function* () {
                    t.expect(`${name}: before`);
                    const own = yield t.lock(name).acquire();
                    const guard = yield t.A.acquire();
                    t.expect(`${name}: taken`, name, 'A');
                    yield t.sleep(1);
                    t.expect(`${name}: later`, name, 'A');
                    guard.release();
                    t.expect(`${name}: back`, name);
                    yield null;
                    t.expect(`${name}: back, later`, name);
                    own.release();
                });
                yield Promise.all(['X', 'Y', 'Z'].map(one));
                t.expect('after all');
            });
        },
    },
    {
        name: 'nested calls and errors under locks',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const inner = () => __awaiter(this, void 0, void 0, function* () {
                    const guard = yield t.B.acquire();
                    try {
                        yield t.tick();
                        t.expect('inner', 'A', 'B');
                        throw new Error('on purpose');
                    }
                    finally {
                        guard.release();
                    }
                });
                const guard = yield t.A.acquire();
                for (let i = 0; i < 3; i++) {
                    try {
                        yield inner();
                    }
                    catch (_a) {
                        t.expect(`catch ${i}`, 'A');
                    }
                }
                guard.release();
                t.expect('released');
            });
        },
    },
    {
        name: 'a child that nobody awaits',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const child = () => __awaiter(this, void 0, void 0, function* () {
                    const guard = yield t.B.acquire();
                    t.expect('child', 'B');
                    yield t.sleep(3);
                    t.expect('child, later', 'B');
                    guard.release();
                    t.expect('child, back');
                });
                const done = child();
                t.expect('right after');
                yield t.tick();
                t.expect('parent');
                const own = yield t.A.acquire();
                t.expect('parent, its own', 'A');
                own.release();
                yield done;
                t.expect('after');
            });
        },
    },
    {
        name: 'a method that keeps the guard, another that gives it back',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const holder = new Holder();
                yield holder.take(t, t.A);
                t.expect('taken', 'A');
                yield t.tick();
                t.expect('later', 'A');
                yield holder.give();
                t.expect('back');
            });
        },
    },
    {
        name: 'a worker that answers under its lock',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const worker = (done) => __awaiter(this, void 0, void 0, function* () {
                    const guard = yield t.B.acquire();
                    yield t.tick();
                    done(1);
                    yield t.sleep(2);
                    t.has('worker', 'B');
                    guard.release();
                    t.lacks('worker, back', 'B');
                });
                const guard = yield t.A.acquire();
                let working;
                yield new Promise((done) => {
                    working = worker(done);
                });
                t.expect('answered', 'A');
                guard.release();
                yield working;
                t.expect('after');
            });
        },
    },
    {
        name: 'run with compiled callbacks',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const value = yield t.A.run(() => __awaiter(this, void 0, void 0, function* () {
                    yield t.tick();
                    t.expect('inside', 'A');
                    return t.B.run(() => __awaiter(this, void 0, void 0, function* () {
                        yield null;
                        t.expect('inside both', 'A', 'B');
                        return 1;
                    }));
                }));
                t.same('value', value, 1);
                t.expect('after');
            });
        },
    },
    {
        name: 'a race against time, won and lost',
        run(t) {
            return __awaiter(this, void 0, void 0, function* () {
                const guard = yield Promise.race([t.A.acquire(), t.sleep(50)]);
                t.expect('won', 'A');
                const late = t.A.acquire();
                const lost = () => __awaiter(this, void 0, void 0, function* () { return Promise.race([late, t.sleep(1)]); });
                yield lost();
                guard.release();
                t.expect('released');
                (yield late).release();
                t.expect('after');
            });
        },
    },
];
exports.forms = [...plain, ...withHelpers];
