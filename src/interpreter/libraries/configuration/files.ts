/**
 * io, os, os.path, pathlib and `open`: text files of the workspace can be read. What would be written goes nowhere, and only an exploring run goes on
 * after it; what is not here (a file, a folder's list, a variable of the environment) is not known.
 */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { int, str } from '../../value';
import { currentFolder } from './paths';

export const ioModule: ModuleSource = {
  prelude: `
from _outside import exploring as _exploring, is_unknown as _is_unknown, read as _read, unknown as _unknown, untold as _untold

class UnsupportedOperation(OSError):
    pass

class _Reader:
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.closed = True
    def close(self):
        self.closed = True
    def flush(self):
        pass
    def readable(self):
        return True
    def writable(self):
        return False
    def _all(self):
        return self._text
    def read(self, size=-1):
        whole = self._all()
        if self._at == 0 and (size is None or size < 0 or size >= len(whole)):
            self._at = len(whole)
            return whole
        end = len(whole) if size is None or size < 0 else self._at + size
        part = whole[self._at:end]
        self._at += len(part)
        return part
    def readline(self, size=-1):
        whole = self._all()
        end = whole.find(self._newline, self._at)
        line = whole[self._at:] if end < 0 else whole[self._at:end + 1]
        self._at += len(line)
        return line
    def readlines(self, hint=-1):
        return list(self)
    def __iter__(self):
        return self
    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line
    def tell(self):
        return self._at
    def seek(self, offset, whence=0):
        self._at = offset if whence == 0 else offset + (self._at if whence == 1 else len(self._all()))
        return self._at

class TextIOWrapper(_Reader):
    _newline = '\\n'
    def __init__(self, name, text):
        self.name = name
        self._text = text
        self._at = 0
        self.closed = False
    def write(self, text):
        raise UnsupportedOperation('not writable')

class BufferedReader(TextIOWrapper):
    _newline = b'\\n'
    def _all(self):
        return self._text.encode()

class _Writer:
    def __init__(self, name):
        self.name = name
        self.closed = False
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.closed = True
    def close(self):
        self.closed = True
    def flush(self):
        pass
    def fileno(self):
        return 3
    def write(self, text):
        return len(text)
    def writelines(self, lines):
        pass

class StringIO(_Reader):
    _newline = '\\n'
    def __init__(self, initial_value='', newline=None):
        self._text = initial_value
        self._at = 0
        self.closed = False
    def write(self, text):
        self._text = self._text[:self._at] + text + self._text[self._at + len(text):] if self._at < len(self._text) else self._text + text
        self._at += len(text)
        return len(text)
    def getvalue(self):
        return self._text

def open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if _is_unknown(file) or _is_unknown(mode):
        return _unknown('a file')
    name = file.__fspath__() if hasattr(file, '__fspath__') else file
    if any(letter in mode for letter in 'wax+'):
        return _Writer(name) if _exploring() else _untold('writing files')
    text = _read(name)
    if text is None:
        # It may be there all the same, and no text.
        return _untold(f'the file {name}')
    return (BufferedReader if 'b' in mode else TextIOWrapper)(name, text)
`,
};

export const osModule: ModuleSource = {
  members: () => ({
    sep: str('/'),
    linesep: str('\n'),
    name: str('posix'),
    curdir: str('.'),
    pardir: str('..'),
    cpu_count: native('os.cpu_count', '', () => int(1)),
    getpid: native('os.getpid', '', () => int(1)),
    getcwd: native('os.getcwd', '', () => str(currentFolder)),
  }),
  prelude: `
from _outside import exploring as _exploring, read as _read, unknown as _unknown, untold as _untold

class _Environ(dict):
    def __missing__(self, key):
        if _exploring():
            return _unknown(f'{key} (of the environment)')
        raise KeyError(key)
    def __repr__(self):
        return f'environ({dict(self)!r})'

environ = _Environ()

def getenv(key, default=None):
    return environ.get(key, default)

def putenv(key, value):
    environ[key] = value

class PathLike:
    pass

def fspath(path):
    return path.__fspath__() if hasattr(path, '__fspath__') else path

def makedirs(name, mode=0o777, exist_ok=False):
    if not _exploring():
        _untold('making folders')

def mkdir(path, mode=0o777):
    makedirs(path)

def chdir(path):
    if not _exploring():
        _untold('os.chdir')

def remove(path):
    if not _exploring():
        _untold('removing files')

unlink = rmdir = remove

def rename(src, dst):
    remove(src)

replace = rename

def system(command):
    return _untold('os.system')

def listdir(path='.'):
    return _untold(f'the list of {fspath(path)}')

scandir = listdir

def walk(top, topdown=True, onerror=None, followlinks=False):
    return _untold(f'the list of {fspath(top)}')

def stat(path):
    return _untold('os.stat')
`,
};

export const osPathModule: ModuleSource = {
  members: () => ({ _current: str(currentFolder) }),
  prelude: `
from _outside import exploring as _exploring, is_unknown as _is_unknown, read as _read, unknown as _unknown, untold as _untold

sep = '/'
curdir, pardir = '.', '..'

def _text(path):
    return path.__fspath__() if hasattr(path, '__fspath__') else path

def join(first, *parts):
    if any(_is_unknown(part) for part in (first, *parts)):
        return _unknown('a path')
    path = _text(first)
    for part in parts:
        part = _text(part)
        path = part if part.startswith('/') else path + part if not path or path.endswith('/') else path + '/' + part
    return path

def basename(path):
    path = _text(path)
    return path if _is_unknown(path) else path[path.rfind('/') + 1:]

def dirname(path):
    path = _text(path)
    if _is_unknown(path):
        return path
    head = path[:path.rfind('/') + 1]
    return head if head == '/' else head.rstrip('/')

def split(path):
    return dirname(path), basename(path)

def splitext(path):
    path = _text(path)
    if _is_unknown(path):
        return path, path
    name = basename(path)
    dot = name.rfind('.')
    return (path, '') if dot <= 0 else (path[:len(path) - len(name) + dot], name[dot:])

def isabs(path):
    return _text(path).startswith('/')

def normpath(path):
    path = _text(path)
    if _is_unknown(path):
        return path
    rooted = path.startswith('/')
    parts = []
    for part in path.split('/'):
        if part in ('', '.'):
            continue
        if part == '..' and parts and parts[-1] != '..':
            parts.pop()
        elif part != '..' or not rooted:
            parts.append(part)
    return ('/' if rooted else '') + '/'.join(parts) or '.'

def abspath(path):
    path = _text(path)
    return path if _is_unknown(path) else normpath(path if path.startswith('/') else _current + '/' + path)

realpath = abspath

def expanduser(path):
    return _text(path)

def expandvars(path):
    return _text(path)

def relpath(path, start=_current):
    here, there = abspath(start).split('/'), abspath(path).split('/')
    same = 0
    while same < min(len(here), len(there)) and here[same] == there[same]:
        same += 1
    return '/'.join(['..'] * (len(here) - same) + there[same:]) or '.'

def commonprefix(paths):
    if not paths:
        return ''
    first, last = min(paths), max(paths)
    for i, letter in enumerate(first):
        if letter != last[i]:
            return first[:i]
    return first

def isfile(path):
    # A folder, or a file that is no text, may be there all the same.
    if _is_unknown(path):
        return path
    if _read(_text(path)) is not None:
        return True
    return _unknown(f'is {_text(path)} there') if _exploring() else False

exists = lexists = isfile

def isdir(path):
    if _is_unknown(path):
        return path
    return _unknown(f'is {_text(path)} there') if _exploring() else False

def getsize(path):
    return _untold('os.path.getsize')

getmtime = getsize
`,
};

export const pathlibModule: ModuleSource = {
  prelude: `
import os
from io import open as _open
from _outside import is_unknown as _is_unknown, unknown as _unknown, untold as _untold

class PurePath:
    def __new__(cls, *parts):
        if any(_is_unknown(part) for part in parts):
            return _unknown('a path')
        return object.__new__(cls)
    def __init__(self, *parts):
        joined = os.path.join(*parts) if parts else ''
        rooted = '/' if joined.startswith('/') else ''
        self._path = rooted + '/'.join(part for part in joined.split('/') if part not in ('', '.')) or '.'
    def __fspath__(self):
        return self._path
    def __str__(self):
        return self._path
    def __repr__(self):
        return f"PosixPath({self._path!r})"
    def __eq__(self, other):
        return isinstance(other, PurePath) and self._path == other._path
    def __lt__(self, other):
        return self._path < other._path
    def __hash__(self):
        return hash(self._path)
    def __truediv__(self, other):
        return type(self)(self._path, other)
    def __rtruediv__(self, other):
        return type(self)(other, self._path)
    def joinpath(self, *others):
        return type(self)(self._path, *others)
    def as_posix(self):
        return self._path
    @property
    def name(self):
        return '' if self._path in ('.', '/') else os.path.basename(self._path)
    @property
    def stem(self):
        return os.path.splitext(self.name)[0]
    @property
    def suffix(self):
        return os.path.splitext(self.name)[1]
    @property
    def suffixes(self):
        return ['.' + part for part in self.name.lstrip('.').split('.')[1:]]
    @property
    def parts(self):
        rooted = ('/',) if self._path.startswith('/') else ()
        return rooted + tuple(part for part in self._path.split('/') if part not in ('', '.'))
    @property
    def parent(self):
        return type(self)(os.path.dirname(self._path))
    @property
    def parents(self):
        made, here = [], self
        while here.parent != here:
            here = here.parent
            made.append(here)
        return made
    def is_absolute(self):
        return self._path.startswith('/')
    def with_suffix(self, suffix):
        return self.with_name(self.stem + suffix)
    def with_stem(self, stem):
        return self.with_name(stem + self.suffix)
    def with_name(self, name):
        return type(self)(os.path.dirname(self._path), name)
    def relative_to(self, other):
        base = str(other).rstrip('/') + '/'
        if self._path == str(other):
            return type(self)()
        if not self._path.startswith(base):
            raise ValueError(f'{self._path!r} is not in the subpath of {str(other)!r}')
        return type(self)(self._path[len(base):])

class Path(PurePath):
    @classmethod
    def cwd(cls):
        return cls(os.getcwd())
    @classmethod
    def home(cls):
        return _untold('pathlib.Path.home')
    def resolve(self, strict=False):
        return type(self)(os.path.abspath(self._path))
    absolute = resolve
    def expanduser(self):
        return self
    def exists(self):
        return os.path.exists(self._path)
    is_file = exists
    def is_dir(self):
        return os.path.isdir(self._path)
    def open(self, mode='r', buffering=-1, encoding=None, errors=None, newline=None):
        return _open(self._path, mode)
    def read_text(self, encoding=None, errors=None):
        return self.open().read()
    def read_bytes(self):
        return self.open('rb').read()
    def write_text(self, data, encoding=None, errors=None, newline=None):
        return self.open('w').write(data)
    def write_bytes(self, data):
        return self.open('wb').write(data)
    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        os.makedirs(self._path)
    def unlink(self, missing_ok=False):
        os.remove(self._path)
    def touch(self, mode=0o666, exist_ok=True):
        os.makedirs(self._path)
    def iterdir(self):
        return os.listdir(self._path)
    def glob(self, pattern):
        return _untold(f'the list of {self._path}')
    rglob = glob
    def stat(self):
        return os.stat(self._path)

PosixPath, PurePosixPath = Path, PurePath
`,
};
