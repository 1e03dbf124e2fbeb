#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Forbidden tokens, SPDX lines, paths of somebody's machine and long lines, over the whole tree.

The rules are data: a name, the folders it holds in, a regular expression, what to do instead, and
the places that are excepted, each with its reason.  Comments and the insides of strings are
stripped before a rule is tried, unless the rule says `raw`.  Takes no arguments; to allow a token
in one more place, add the place and the reason to the rule here, where a reviewer sees both.
"""
import re
import sys
from typing import Dict, NamedTuple, Tuple

import sources


class Rule(NamedTuple):
    name: str
    folders: Tuple[str, ...]
    pattern: str
    message: str
    allowed: Dict[str, str] = {}      # file or folder: reason
    raw: bool = False                 # also look into comments and strings


# What may not stand directly before a function's name: part of a longer name, a struct's member.
CALL = r'(?<![\w.])(?<!->)'

RULES = (
    Rule('output', ('lib', 'drivers'),
         CALL + r'(?:v?f?printf|v?dprintf|puts|fputs|putchar|fputc|putc|fwrite|perror)\s*\(|'
         r'\b(?:stdout|stderr)\b',
         'a library does not write to the terminal; log, count, or return an error',
         {'lib/base/fp_panic.c': 'the last words of a process that is about to stop'}),
    Rule('format', ('lib',),
         CALL + r'v?a?snprintf\s*\(|' + CALL + r'v?asprintf\s*\(',
         'use lib/text or the binary log',
         {'lib/base/fp_panic.c': 'the last words of a process that is about to stop',
          'lib/stats': 'telemetry replies, cold',
          'lib/message/fp_describe.c': 'text for people, cold'}),
    Rule('unbounded', ('lib', 'drivers', 'app'),
         CALL + r'(?:atoi|atol|atoll|atof|strcpy|strcat|stpcpy|gets|sprintf|vsprintf|strtok)\s*\(',
         'no bound or no error; use lib/text, rte_strscpy(), strtoul() or snprintf()'),
    Rule('exit', ('lib', 'drivers'),
         CALL + r'(?:exit|_exit|_Exit|quick_exit|abort|rte_exit)\s*\(',
         'return an error; for a broken contract call fp_panic()',
         {'lib/base/fp_panic.c': 'this is what fp_panic() is made of',
          'drivers/mempool/guard/fp_mempool_guard_report.c': 'a plugin without the library'}),
    Rule('rte_panic', ('lib', 'drivers'),
         r'\b(?:rte_panic|RTE_VERIFY)\b', 'use fp_panic()'),
    Rule('heap', ('lib',),
         CALL + r'(?:malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign|memalign|'
         r'free|strdup|strndup|alloca)\s*\(',
         'allocate at init with rte_malloc or a pool, on the right NUMA node'),
    Rule('attribute', ('lib',),
         r'__attribute__', 'use the macros of fp_common.h',
         {'lib/base/fp_common.h': 'where those macros are made'}),
    Rule('volatile', ('lib',),
         r'\bvolatile\b', 'volatile orders nothing; use atomics with a stated pairing'),
    Rule('sync', ('lib', 'drivers', 'app'),
         r'\b__sync_\w+', 'use <stdatomic.h> or fp_atomic.h'),
    Rule('atomic', ('lib', 'drivers', 'app'),
         r'\b__atomic_\w+', 'use <stdatomic.h> or fp_atomic.h',
         {'lib/base/fp_atomic.h': 'the one place, because C++ includes it'}),
    Rule('typedef', ('lib', 'drivers', 'app'),
         r'\btypedef\s+(?:struct|union)\b', 'write struct at each use'),
    Rule('pragma', ('lib',),
         r'^\s*#\s*pragma\b|\b_Pragma\b', 'solve the warning, do not silence it'),
    Rule('todo', ('lib', 'drivers', 'app'),
         r'\b(?:TODO|FIXME|XXX|HACK)\b', 'finish it, or open an issue', raw=True),
    Rule('mbuf', ('app',),
         r'(?:->|\.)\s*(?:buf_addr|buf_iova|buf_len|data_off|data_len|pkt_len|nb_segs|refcnt|'
         r'ol_flags)\b|\brte_pktmbuf_(?:mtod|append|prepend|adj|trim|read|refcnt)\w*',
         'go through a lease or a span, do not touch the mbuf'),
    Rule('internal', ('drivers', 'app'),
         r'\bfpi_\w+', 'fpi_ is internal to its library; use fp_'),
)

C_FILES = ('.c', '.h', '.def', '.cpp')
COLUMNS = 100                         # with tabs of 8; .def tables are as wide as their columns
# What fpcheck is to find stands at the end of the line that it is about, so it cannot be wrapped.
EXPECTATION = re.compile(r'\s*/\* expect: [^*]*\*/$')
SPDX = 'SPDX-License-Identifier: BSD-3-Clause'
SPDX_FILES = C_FILES + ('.py', '.sh', '/meson.build', 'meson_options.txt')
MACHINE_PATH = re.compile(r'(?<![\w.}*~/-])/(?:home|root|Users|work)/[\w.]')


def is_below(path, place):
    return path == place or path.startswith(place + '/')


def tried(rule, path):
    return (any(is_below(path, folder) for folder in rule.folders)
            and not any(is_below(path, place) for place in rule.allowed))


def check_tokens(path, text):
    stripped = sources.strip(text)
    for rule in RULES:
        if not tried(rule, path):
            continue
        where = text if rule.raw else stripped
        for match in re.finditer(rule.pattern, where, re.M):
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            line = where.count('\n', 0, start) + 1
            token = match.group().strip().rstrip('(').rstrip()
            yield line, f'{token}: {rule.message} [{rule.name}]'


def check_columns(text):
    for number, line in enumerate(text.split('\n'), 1):
        width = len(EXPECTATION.sub('', line).expandtabs(8))
        if width > COLUMNS:
            yield number, f'{width} columns, more than {COLUMNS} [columns]'


def check_file(path, text):
    """(line, message) for everything wrong with one file."""
    if path.endswith(C_FILES):
        yield from check_tokens(path, text)
        if not path.endswith('.def'):
            yield from check_columns(text)
    if ('/' + path).endswith(SPDX_FILES) or text.startswith('#!'):
        if SPDX not in '\n'.join(text.split('\n', 5)[:5]):
            yield 1, f'no "{SPDX}" in the first five lines [spdx]'
    for number, line in enumerate(text.split('\n'), 1):
        found = MACHINE_PATH.search(line)
        if found:
            yield number, f'{found.group()}...: a path of one machine [path]'


def main():
    is_clean = True
    for path in sources.files():
        text = sources.read(sources.TOP, path)
        if text is None:
            continue
        for line, message in sorted(check_file(path, text)):
            print(f'{path}:{line}: {message}', file=sys.stderr)
            is_clean = False
    return 0 if is_clean else 1


if __name__ == '__main__':
    sys.exit(main())
