// biome-ignore-all format: made by compiled/generate.mjs
// biome-ignore-all lint: made by compiled/generate.mjs
// biome-ignore-all assist: made by compiled/generate.mjs
"use strict";
var __assign = (this && this.__assign) || function () {
    __assign = Object.assign || function(t) {
        for (var s, i = 1, n = arguments.length; i < n; i++) {
            s = arguments[i];
            for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p))
                t[p] = s[p];
        }
        return t;
    };
    return __assign.apply(this, arguments);
};
var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};
var __generator = (this && this.__generator) || function (thisArg, body) {
    var _ = { label: 0, sent: function() { if (t[0] & 1) throw t[1]; return t[1]; }, trys: [], ops: [] }, f, y, t, g = Object.create((typeof Iterator === "function" ? Iterator : Object).prototype);
    return g.next = verb(0), g["throw"] = verb(1), g["return"] = verb(2), typeof Symbol === "function" && (g[Symbol.iterator] = function() { return this; }), g;
    function verb(n) { return function (v) { return step([n, v]); }; }
    function step(op) {
        if (f) throw new TypeError("Generator is already executing.");
        while (g && (g = 0, op[0] && (_ = 0)), _) try {
            if (f = 1, y && (t = op[0] & 2 ? y["return"] : op[0] ? y["throw"] || ((t = y["return"]) && t.call(y), 0) : y.next) && !(t = t.call(y, op[1])).done) return t;
            if (y = 0, t) op = [op[0] & 2, t.value];
            switch (op[0]) {
                case 0: case 1: t = op; break;
                case 4: _.label++; return { value: op[1], done: false };
                case 5: _.label++; y = op[1]; op = [0]; continue;
                case 7: op = _.ops.pop(); _.trys.pop(); continue;
                default:
                    if (!(t = _.trys, t = t.length > 0 && t[t.length - 1]) && (op[0] === 6 || op[0] === 2)) { _ = 0; continue; }
                    if (op[0] === 3 && (!t || (op[1] > t[0] && op[1] < t[3]))) { _.label = op[1]; break; }
                    if (op[0] === 6 && _.label < t[1]) { _.label = t[1]; t = op; break; }
                    if (t && _.label < t[2]) { _.label = t[2]; _.ops.push(op); break; }
                    if (t[2]) _.ops.pop();
                    _.trys.pop(); continue;
            }
            op = body.call(thisArg, _);
        } catch (e) { op = [6, e]; y = 0; } finally { f = t = 0; }
        if (op[0] & 5) throw op[1]; return { value: op[0] ? op[1] : void 0, done: true };
    }
};
var __read = (this && this.__read) || function (o, n) {
    var m = typeof Symbol === "function" && o[Symbol.iterator];
    if (!m) return o;
    var i = m.call(o), r, ar = [], e;
    try {
        while ((n === void 0 || n-- > 0) && !(r = i.next()).done) ar.push(r.value);
    }
    catch (error) { e = { error: error }; }
    finally {
        try {
            if (r && !r.done && (m = i["return"])) m.call(i);
        }
        finally { if (e) throw e.error; }
    }
    return ar;
};
var __spreadArray = (this && this.__spreadArray) || function (to, from, pack) {
    if (pack || arguments.length === 2) for (var i = 0, l = from.length, ar; i < l; i++) {
        if (ar || !(i in from)) {
            if (!ar) ar = Array.prototype.slice.call(from, 0, i);
            ar[i] = from[i];
        }
    }
    return to.concat(ar || Array.prototype.slice.call(from));
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.forms = void 0;
var take = function (t, lock) { return __awaiter(void 0, void 0, void 0, function () {
    var guard;
    return __generator(this, function (_a) {
        switch (_a.label) {
            case 0: return [4, t.sleep(1)];
            case 1:
                _a.sent();
                return [4, lock.acquire()];
            case 2:
                guard = _a.sent();
                return [2, guard];
        }
    });
}); };
var returnsAcquire = function (t, lock) { return __awaiter(void 0, void 0, void 0, function () {
    return __generator(this, function (_a) {
        switch (_a.label) {
            case 0: return [4, t.tick()];
            case 1:
                _a.sent();
                return [2, lock.acquire()];
        }
    });
}); };
var takeRelease = function (_, lock) { return __awaiter(void 0, void 0, void 0, function () {
    var release;
    return __generator(this, function (_a) {
        switch (_a.label) {
            case 0: return [4, lock.acquire()];
            case 1:
                release = (_a.sent()).release;
                return [2, release];
        }
    });
}); };
var takeClosure = function (t, lock) { return __awaiter(void 0, void 0, void 0, function () {
    var guard;
    return __generator(this, function (_a) {
        switch (_a.label) {
            case 0: return [4, t.sleep(1)];
            case 1:
                _a.sent();
                return [4, lock.acquire()];
            case 2:
                guard = _a.sent();
                return [2, function () { return guard.release(); }];
        }
    });
}); };
var takeWrapper = function (t, lock) { return __awaiter(void 0, void 0, void 0, function () {
    var guard;
    return __generator(this, function (_a) {
        switch (_a.label) {
            case 0: return [4, t.tick()];
            case 1:
                _a.sent();
                return [4, lock.acquire()];
            case 2:
                guard = _a.sent();
                return [4, null];
            case 3:
                _a.sent();
                return [2, { value: 1, end: function () { return guard.release(); } }];
        }
    });
}); };
var Holder = (function () {
    function Holder() {
    }
    Holder.prototype.take = function (t, lock) {
        return __awaiter(this, void 0, void 0, function () {
            var _a;
            return __generator(this, function (_b) {
                switch (_b.label) {
                    case 0: return [4, t.tick()];
                    case 1:
                        _b.sent();
                        _a = this;
                        return [4, lock.acquire()];
                    case 2:
                        _a.guard = _b.sent();
                        return [2];
                }
            });
        });
    };
    Holder.prototype.give = function () {
        return __awaiter(this, void 0, void 0, function () {
            return __generator(this, function (_a) {
                switch (_a.label) {
                    case 0: return [4, null];
                    case 1:
                        _a.sent();
                        this.guard.release();
                        return [2];
                }
            });
        });
    };
    return Holder;
}());
function use(t, name, promise, back) {
    return __awaiter(this, void 0, void 0, function () {
        var handle;
        return __generator(this, function (_a) {
            switch (_a.label) {
                case 0: return [4, promise];
                case 1:
                    handle = _a.sent();
                    t.expect("".concat(name, ": taken"), name);
                    return [4, t.tick()];
                case 2:
                    _a.sent();
                    t.expect("".concat(name, ": later"), name);
                    return [4, null];
                case 3:
                    _a.sent();
                    t.expect("".concat(name, ": still"), name);
                    back(handle);
                    t.expect("".concat(name, ": back"));
                    return [4, t.tick()];
                case 4:
                    _a.sent();
                    t.expect("".concat(name, ": at the end"));
                    return [2];
            }
        });
    });
}
var release = function (guard) { return guard.release(); };
var call = function (fn) { return fn(); };
var end = function (wrapper) { return wrapper.end(); };
var helpers = { take: [take, release], returnsAcquire: [returnsAcquire, release], takeRelease: [takeRelease, call] };
var closures = { takeClosure: [takeClosure, call], takeWrapper: [takeWrapper, end] };
var withHelpers = Object.entries(__assign(__assign({}, helpers), closures)).flatMap(function (_a) {
    var _b = __read(_a, 2), name = _b[0], _c = __read(_b[1], 2), helper = _c[0], back = _c[1];
    return [
        {
            name: "".concat(name, ": alone"),
            run: function (t) { return use(t, 'A', helper(t, t.A), back); },
        },
        {
            name: "".concat(name, ": side by side"),
            run: function (t) {
                return __awaiter(this, void 0, void 0, function () {
                    return __generator(this, function (_a) {
                        switch (_a.label) {
                            case 0: return [4, Promise.all([use(t, 'A', helper(t, t.A), back), use(t, 'B', helper(t, t.B), back)])];
                            case 1:
                                _a.sent();
                                t.expect('after all');
                                return [2];
                        }
                    });
                });
            },
        },
        {
            name: "".concat(name, ": one level deeper, under another lock"),
            run: function (t) {
                return __awaiter(this, void 0, void 0, function () {
                    var deeper, outer, handle;
                    var _this = this;
                    return __generator(this, function (_a) {
                        switch (_a.label) {
                            case 0:
                                deeper = function () { return __awaiter(_this, void 0, void 0, function () {
                                    var handle;
                                    return __generator(this, function (_a) {
                                        switch (_a.label) {
                                            case 0: return [4, t.tick()];
                                            case 1:
                                                _a.sent();
                                                return [4, helper(t, t.A)];
                                            case 2:
                                                handle = _a.sent();
                                                return [4, t.tick()];
                                            case 3:
                                                _a.sent();
                                                t.expect('deeper', 'C', 'A');
                                                return [2, handle];
                                        }
                                    });
                                }); };
                                return [4, t.C.acquire()];
                            case 1:
                                outer = _a.sent();
                                return [4, deeper()];
                            case 2:
                                handle = _a.sent();
                                t.expect('taken', 'C', 'A');
                                return [4, t.sleep(1)];
                            case 3:
                                _a.sent();
                                t.expect('later', 'C', 'A');
                                back(handle);
                                t.expect('back', 'C');
                                outer.release();
                                t.expect('both back');
                                return [2];
                        }
                    });
                });
            },
        },
    ];
});
var plain = [
    {
        name: 'one flow',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var guard;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0: return [4, t.A.acquire()];
                        case 1:
                            guard = _a.sent();
                            t.expect('taken', 'A');
                            return [4, t.tick()];
                        case 2:
                            _a.sent();
                            t.expect('later', 'A');
                            return [4, null];
                        case 3:
                            _a.sent();
                            t.expect('still', 'A');
                            guard.release();
                            t.expect('back');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'flows side by side, over one lock',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var one;
                var _this = this;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0:
                            one = function (name) { return __awaiter(_this, void 0, void 0, function () {
                                var own, guard;
                                return __generator(this, function (_a) {
                                    switch (_a.label) {
                                        case 0:
                                            t.expect("".concat(name, ": before"));
                                            return [4, t.lock(name).acquire()];
                                        case 1:
                                            own = _a.sent();
                                            return [4, t.A.acquire()];
                                        case 2:
                                            guard = _a.sent();
                                            t.expect("".concat(name, ": taken"), name, 'A');
                                            return [4, t.sleep(1)];
                                        case 3:
                                            _a.sent();
                                            t.expect("".concat(name, ": later"), name, 'A');
                                            guard.release();
                                            t.expect("".concat(name, ": back"), name);
                                            return [4, null];
                                        case 4:
                                            _a.sent();
                                            t.expect("".concat(name, ": back, later"), name);
                                            own.release();
                                            return [2];
                                    }
                                });
                            }); };
                            return [4, Promise.all(['X', 'Y', 'Z'].map(one))];
                        case 1:
                            _a.sent();
                            t.expect('after all');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'nested calls and errors under locks',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var inner, guard, i, _a;
                var _this = this;
                return __generator(this, function (_b) {
                    switch (_b.label) {
                        case 0:
                            inner = function () { return __awaiter(_this, void 0, void 0, function () {
                                var guard;
                                return __generator(this, function (_a) {
                                    switch (_a.label) {
                                        case 0: return [4, t.B.acquire()];
                                        case 1:
                                            guard = _a.sent();
                                            _a.label = 2;
                                        case 2:
                                            _a.trys.push([2, , 4, 5]);
                                            return [4, t.tick()];
                                        case 3:
                                            _a.sent();
                                            t.expect('inner', 'A', 'B');
                                            throw new Error('on purpose');
                                        case 4:
                                            guard.release();
                                            return [7];
                                        case 5: return [2];
                                    }
                                });
                            }); };
                            return [4, t.A.acquire()];
                        case 1:
                            guard = _b.sent();
                            i = 0;
                            _b.label = 2;
                        case 2:
                            if (!(i < 3)) return [3, 7];
                            _b.label = 3;
                        case 3:
                            _b.trys.push([3, 5, , 6]);
                            return [4, inner()];
                        case 4:
                            _b.sent();
                            return [3, 6];
                        case 5:
                            _a = _b.sent();
                            t.expect("catch ".concat(i), 'A');
                            return [3, 6];
                        case 6:
                            i++;
                            return [3, 2];
                        case 7:
                            guard.release();
                            t.expect('released');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'a child that nobody awaits',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var child, done, own;
                var _this = this;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0:
                            child = function () { return __awaiter(_this, void 0, void 0, function () {
                                var guard;
                                return __generator(this, function (_a) {
                                    switch (_a.label) {
                                        case 0: return [4, t.B.acquire()];
                                        case 1:
                                            guard = _a.sent();
                                            t.expect('child', 'B');
                                            return [4, t.sleep(3)];
                                        case 2:
                                            _a.sent();
                                            t.expect('child, later', 'B');
                                            guard.release();
                                            t.expect('child, back');
                                            return [2];
                                    }
                                });
                            }); };
                            done = child();
                            t.expect('right after');
                            return [4, t.tick()];
                        case 1:
                            _a.sent();
                            t.expect('parent');
                            return [4, t.A.acquire()];
                        case 2:
                            own = _a.sent();
                            t.expect('parent, its own', 'A');
                            own.release();
                            return [4, done];
                        case 3:
                            _a.sent();
                            t.expect('after');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'a method that keeps the guard, another that gives it back',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var holder;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0:
                            holder = new Holder();
                            return [4, holder.take(t, t.A)];
                        case 1:
                            _a.sent();
                            t.expect('taken', 'A');
                            return [4, t.tick()];
                        case 2:
                            _a.sent();
                            t.expect('later', 'A');
                            return [4, holder.give()];
                        case 3:
                            _a.sent();
                            t.expect('back');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'a worker that answers under its lock',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var worker, guard, working;
                var _this = this;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0:
                            worker = function (done) { return __awaiter(_this, void 0, void 0, function () {
                                var guard;
                                return __generator(this, function (_a) {
                                    switch (_a.label) {
                                        case 0: return [4, t.B.acquire()];
                                        case 1:
                                            guard = _a.sent();
                                            return [4, t.tick()];
                                        case 2:
                                            _a.sent();
                                            done(1);
                                            return [4, t.sleep(2)];
                                        case 3:
                                            _a.sent();
                                            t.has('worker', 'B');
                                            guard.release();
                                            t.lacks('worker, back', 'B');
                                            return [2];
                                    }
                                });
                            }); };
                            return [4, t.A.acquire()];
                        case 1:
                            guard = _a.sent();
                            return [4, new Promise(function (done) {
                                    working = worker(done);
                                })];
                        case 2:
                            _a.sent();
                            t.expect('answered', 'A');
                            guard.release();
                            return [4, working];
                        case 3:
                            _a.sent();
                            t.expect('after');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'run with compiled callbacks',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var value;
                var _this = this;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0: return [4, t.A.run(function () { return __awaiter(_this, void 0, void 0, function () {
                                var _this = this;
                                return __generator(this, function (_a) {
                                    switch (_a.label) {
                                        case 0: return [4, t.tick()];
                                        case 1:
                                            _a.sent();
                                            t.expect('inside', 'A');
                                            return [2, t.B.run(function () { return __awaiter(_this, void 0, void 0, function () {
                                                    return __generator(this, function (_a) {
                                                        switch (_a.label) {
                                                            case 0: return [4, null];
                                                            case 1:
                                                                _a.sent();
                                                                t.expect('inside both', 'A', 'B');
                                                                return [2, 1];
                                                        }
                                                    });
                                                }); })];
                                    }
                                });
                            }); })];
                        case 1:
                            value = _a.sent();
                            t.same('value', value, 1);
                            t.expect('after');
                            return [2];
                    }
                });
            });
        },
    },
    {
        name: 'a race against time, won and lost',
        run: function (t) {
            return __awaiter(this, void 0, void 0, function () {
                var guard, late, lost;
                var _this = this;
                return __generator(this, function (_a) {
                    switch (_a.label) {
                        case 0: return [4, Promise.race([t.A.acquire(), t.sleep(50)])];
                        case 1:
                            guard = _a.sent();
                            t.expect('won', 'A');
                            late = t.A.acquire();
                            lost = function () { return __awaiter(_this, void 0, void 0, function () { return __generator(this, function (_a) {
                                return [2, Promise.race([late, t.sleep(1)])];
                            }); }); };
                            return [4, lost()];
                        case 2:
                            _a.sent();
                            guard.release();
                            t.expect('released');
                            return [4, late];
                        case 3:
                            (_a.sent()).release();
                            t.expect('after');
                            return [2];
                    }
                });
            });
        },
    },
];
exports.forms = __spreadArray(__spreadArray([], __read(plain), false), __read(withHelpers), false);
