/** functools, itertools, contextlib, operator, copy: written in Python, which they mostly are. */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { Dictionary } from '../../dictionary';
import type { Context } from '../../context';
import type { Value } from '../../value';
import { findInClass, dict } from '../../value';

export const functoolsModule: ModuleSource = {
  prelude: `
WRAPPER_ASSIGNMENTS = ('__module__', '__name__', '__qualname__', '__doc__')

def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=()):
    for name in assigned:
        value = getattr(wrapped, name, None)
        if value is not None or name == '__doc__':
            setattr(wrapper, name, value)
    wrapper.__wrapped__ = wrapped
    return wrapper

def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=()):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned)
    return decorate

_none = object()

def reduce(function, sequence, initial=_none, /):
    items = iter(sequence)
    if initial is _none:
        total = next(items, _none)
        if total is _none:
            raise TypeError('reduce() of empty iterable with no initial value')
    else:
        total = initial
    for item in items:
        total = function(total, item)
    return total

class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError('the first argument must be callable')
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords
    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})
    def __repr__(self):
        parts = [repr(self.func)] + [repr(arg) for arg in self.args] + [f'{key}={value!r}' for key, value in self.keywords.items()]
        return 'functools.partial(' + ', '.join(parts) + ')'

class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords
    def __get__(self, obj, cls=None):
        return partial(self.func, obj, *self.args, **self.keywords)

class _Cached:
    def __init__(self, function):
        self._function = function
        self._results = {}
        update_wrapper(self, function)
    def __call__(self, *args, **kwargs):
        key = (args, tuple(kwargs.items()))
        if key not in self._results:
            self._results[key] = self._function(*args, **kwargs)
        return self._results[key]
    def __get__(self, obj, cls=None):
        return self if obj is None else partial(self, obj)
    def cache_clear(self):
        self._results.clear()

def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return _Cached(maxsize)
    return _Cached

def cache(function):
    return _Cached(function)

class cached_property:
    def __init__(self, func):
        self.func = func
        self.name = None
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, obj, cls=None):
        if obj is None:
            return self
        value = self.func(obj)
        obj.__dict__[self.name] = value
        return value

def cmp_to_key(compare):
    class Key:
        def __init__(self, obj):
            self.obj = obj
        def __lt__(self, other):
            return compare(self.obj, other.obj) < 0
    return Key

def total_ordering(cls):
    own = cls.__dict__
    if '__lt__' in own:
        cls.__gt__ = lambda self, other: not (self < other or self == other)
        cls.__le__ = lambda self, other: self < other or self == other
        cls.__ge__ = lambda self, other: not self < other
    elif '__gt__' in own:
        cls.__lt__ = lambda self, other: not (self > other or self == other)
        cls.__ge__ = lambda self, other: self > other or self == other
        cls.__le__ = lambda self, other: not self > other
    elif '__le__' in own:
        cls.__gt__ = lambda self, other: not self <= other
        cls.__lt__ = lambda self, other: self <= other and not self == other
        cls.__ge__ = lambda self, other: not self <= other or self == other
    elif '__ge__' in own:
        cls.__lt__ = lambda self, other: not self >= other
        cls.__gt__ = lambda self, other: self >= other and not self == other
        cls.__le__ = lambda self, other: not self >= other or self == other
    else:
        raise ValueError('must define at least one ordering operation: < > <= >=')
    return cls

def singledispatch(function):
    table = {}
    def run(first, /, *args, **kwargs):
        for cls in type(first).__mro__:
            if cls in table:
                return table[cls](first, *args, **kwargs)
        return function(first, *args, **kwargs)
    def register(cls, implementation=None):
        if implementation is None:
            return lambda implementation: register(cls, implementation)
        table[cls] = implementation
        return implementation
    run.register = register
    return update_wrapper(run, function)
`,
};

export const itertoolsModule: ModuleSource = {
  prelude: `
def count(start=0, step=1):
    while True:
        yield start
        start += step

def cycle(iterable):
    kept = list(iterable)
    while kept:
        for item in kept:
            yield item

def repeat(object, times=None):
    if times is None:
        while True:
            yield object
    for _ in range(times):
        yield object

class chain:
    def __init__(self, *iterables):
        self._items = _chained(iterables)
    def __iter__(self):
        return self
    def __next__(self):
        return next(self._items)
    @classmethod
    def from_iterable(cls, iterables):
        made = cls()
        made._items = _chained(iterables)
        return made

def _chained(iterables):
    for iterable in iterables:
        yield from iterable

def accumulate(iterable, func=None, *, initial=None):
    items = iter(iterable)
    total = initial
    if initial is None:
        for total in items:
            break
        else:
            return
    yield total
    for item in items:
        total = total + item if func is None else func(total, item)
        yield total

def islice(iterable, *args):
    bounds = slice(*args)
    start, stop, step = bounds.start or 0, bounds.stop, bounds.step or 1
    if stop is not None and stop <= start:
        return
    wanted = start
    for i, item in enumerate(iterable):
        if i == wanted:
            yield item
            wanted += step
        if stop is not None and i + 1 >= stop:
            return

def product(*iterables, repeat=1):
    pools = [tuple(pool) for pool in iterables] * repeat
    def walk(i, head):
        if i == len(pools):
            yield head
        else:
            for item in pools[i]:
                yield from walk(i + 1, head + (item,))
    yield from walk(0, ())

def _choose(pool, r, ordered, again):
    def walk(chosen):
        if len(chosen) == r:
            yield tuple(pool[i] for i in chosen)
            return
        for i in range(len(pool)):
            if ordered:
                if not again and i in chosen:
                    continue
            elif chosen and (i < chosen[-1] or (i == chosen[-1] and not again)):
                continue
            yield from walk(chosen + (i,))
    yield from walk(())

def permutations(iterable, r=None):
    pool = tuple(iterable)
    return _choose(pool, len(pool) if r is None else r, True, False)

def combinations(iterable, r):
    return _choose(tuple(iterable), r, False, False)

def combinations_with_replacement(iterable, r):
    return _choose(tuple(iterable), r, False, True)

def zip_longest(*iterables, fillvalue=None):
    rows = [list(iterable) for iterable in iterables]
    for i in range(max((len(row) for row in rows), default=0)):
        yield tuple(row[i] if i < len(row) else fillvalue for row in rows)

def starmap(function, iterable):
    for args in iterable:
        yield function(*args)

def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item

def dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item

def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item

def compress(data, selectors):
    for item, chosen in zip(data, selectors):
        if chosen:
            yield item

def pairwise(iterable):
    previous = None
    for i, item in enumerate(iterable):
        if i:
            yield previous, item
        previous = item

def groupby(iterable, key=None):
    group, current, first = [], None, True
    for item in iterable:
        k = item if key is None else key(item)
        if not first and k != current:
            yield current, iter(group)
            group = []
        group.append(item)
        current, first = k, False
    if not first:
        yield current, iter(group)

def tee(iterable, n=2):
    kept = list(iterable)
    return tuple(iter(kept) for _ in range(n))
`,
};

export const contextlibModule: ModuleSource = {
  prelude: `
from functools import wraps

class AbstractContextManager:
    def __enter__(self):
        return self
    def __exit__(self, kind, value, traceback):
        return None

class ContextDecorator:
    def __call__(self, function):
        @wraps(function)
        def run(*args, **kwargs):
            with self:
                return function(*args, **kwargs)
        return run

class _Generator(ContextDecorator):
    def __init__(self, function, args, kwargs):
        self._make = lambda: function(*args, **kwargs)
        self._running = None
    def __enter__(self):
        self._running = self._make()
        try:
            return next(self._running)
        except StopIteration:
            raise RuntimeError("generator didn't yield")
    def __exit__(self, kind, value, traceback):
        if kind is None:
            try:
                next(self._running)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self._running.throw(value)
        except StopIteration as stop:
            return stop is not value
        except BaseException as error:
            if error is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")

def contextmanager(function):
    @wraps(function)
    def make(*args, **kwargs):
        return _Generator(function, args, kwargs)
    return make

class suppress:
    def __init__(self, *exceptions):
        self._exceptions = exceptions
    def __enter__(self):
        return None
    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self._exceptions)

class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result
    def __enter__(self):
        return self.enter_result
    def __exit__(self, *details):
        return None

class closing:
    def __init__(self, thing):
        self.thing = thing
    def __enter__(self):
        return self.thing
    def __exit__(self, *details):
        self.thing.close()

class ExitStack:
    def __init__(self):
        self._exits = []
    def __enter__(self):
        return self
    def enter_context(self, manager):
        result = manager.__enter__()
        self._exits.append(manager.__exit__)
        return result
    def callback(self, function, *args, **kwargs):
        self._exits.append(lambda *details: function(*args, **kwargs) and False)
        return function
    def __exit__(self, kind, value, traceback):
        handled = False
        while self._exits:
            if self._exits.pop()(kind, value, traceback):
                handled, kind, value, traceback = True, None, None, None
        return handled
`,
};

export const operatorModule: ModuleSource = {
  prelude: `
def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def truediv(a, b): return a / b
def floordiv(a, b): return a // b
def mod(a, b): return a % b
def pow(a, b): return a ** b
def matmul(a, b): return a @ b
def neg(a): return -a
def pos(a): return +a
def inv(a): return ~a
def and_(a, b): return a & b
def or_(a, b): return a | b
def xor(a, b): return a ^ b
def lshift(a, b): return a << b
def rshift(a, b): return a >> b
def not_(a): return not a
def truth(a): return bool(a)
def lt(a, b): return a < b
def le(a, b): return a <= b
def eq(a, b): return a == b
def ne(a, b): return a != b
def ge(a, b): return a >= b
def gt(a, b): return a > b
def is_(a, b): return a is b
def is_not(a, b): return a is not b
def contains(a, b): return b in a
def concat(a, b): return a + b
def index(a): return a.__index__()
def getitem(a, b): return a[b]
def setitem(a, b, c): a[b] = c
def delitem(a, b): del a[b]
def iadd(a, b):
    a += b
    return a
def imul(a, b):
    a *= b
    return a

def itemgetter(*items):
    if len(items) == 1:
        return lambda obj: obj[items[0]]
    return lambda obj: tuple(obj[item] for item in items)

def attrgetter(*names):
    def read(obj, name):
        for part in name.split('.'):
            obj = getattr(obj, part)
        return obj
    if len(names) == 1:
        return lambda obj: read(obj, names[0])
    return lambda obj: tuple(read(obj, name) for name in names)

def methodcaller(name, /, *args, **kwargs):
    return lambda obj: getattr(obj, name)(*args, **kwargs)
`,
};

/** copy.copy and copy.deepcopy: what a value's own `__copy__`/`__deepcopy__` says, else its parts. */
function copied(context: Context, value: Value, deep: boolean, seen: Map<Value, Value>, depth = 0): Value {
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (depth > 100) return context.raise('RecursionError', 'maximum recursion depth exceeded');
  context.tick();
  const inner = (item: Value): Value => (deep ? copied(context, item, deep, seen, depth + 1) : item);
  const cls = context.typeOf(value);
  const own = findInClass(cls, deep ? '__deepcopy__' : '__copy__');
  if (own !== null) return context.call(own, deep ? [value, emptyMemo()] : [value]);
  const remember = <T extends Value>(made: T): T => {
    seen.set(value, made);
    return made;
  };
  switch (value.kind) {
    case 'list': {
      const made = remember({ ...value, items: [] as Value[], attributes: value.attributes === null ? null : new Map(value.attributes) });
      for (const item of value.items) made.items.push(inner(item));
      return made;
    }
    case 'tuple':
      return deep ? remember({ ...value, items: value.items.map(inner) }) : value;
    case 'dict': {
      const made = remember({
        ...value,
        entries: new Dictionary(),
        attributes: value.attributes === null ? null : new Map(value.attributes),
      });
      for (const [key, item] of value.entries) made.entries.set(inner(key), inner(item), context);
      return made;
    }
    case 'set': {
      const made = remember({ ...value, entries: new Dictionary() });
      for (const key of value.entries.keys()) made.entries.set(inner(key), { kind: 'none' }, context);
      return made;
    }
    case 'tensor':
      return remember(context.callMethod(context.callMethod(value, deep ? 'clone' : 'detach'), 'detach'));
    case 'instance': {
      const made = remember({ ...value, attributes: new Map<string, Value>() });
      for (const [name, item] of value.attributes) made.attributes.set(name, inner(item));
      return made;
    }
    default:
      return value;
  }
}

const emptyMemo = (): Value => dict(new Dictionary());

export const copyModule: ModuleSource = {
  members: () => ({
    copy: native('copy.copy', 'x', (context, args) => copied(context, args.value('x'), false, new Map())),
    deepcopy: native('copy.deepcopy', 'x, memo=None', (context, args) => copied(context, args.value('x'), true, new Map())),
  }),
};
