#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The code on the pages of the rules: it compiles, and its findings are those that it says.

test_docs.py FPCHECK BUILD DOCS

A line of a block that ends in a comment which begins with a rule's id is to be a finding of that
rule; every other line is to have none. The output is TAP, two tests per page.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from typing import Dict, List, NamedTuple, Set, Tuple

HEADERS = ('errno.h', 'stdint.h', 'stdio.h', 'stdlib.h', 'string.h', 'rte_ethdev.h', 'rte_log.h',
           'rte_mbuf.h', 'rte_ring.h', 'fp_arena.h', 'fp_common.h', 'fp_lease.h', 'fp_message.h',
           'fp_poll.h', 'fp_price_text.h', 'fp_scan.h', 'fp_span.h', 'fp_span_copy.h',
           'fp_span_endian.h', 'fp_symbol_text.h')
WARNINGS = ('-Wall', '-Werror', '-Wno-unused-function')
MARK = re.compile(r'/\* ((?:FP|R-)[\d-]+)\b(?: ([\w-]+))? \*/$')

# Line in the block, rule, kind; the kind is empty where the page names none.
Finding = Tuple[int, str, str]


# A source of the project that is compiled with all of the library's folders.
EXAMPLE = 'test/unit/lease/test_fp_lease.c'


class Block(NamedTuple):
    """A block of C of a page."""
    page: str
    line: int         # In the page, of the block's first.
    text: str


def flags_of(build: str) -> Tuple[str, List[str]]:
    """The compiler of a build, and the flags by which it finds headers; paths made absolute."""
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as stream:
        entry = next(one for one in json.load(stream) if one['file'].endswith(EXAMPLE))
    words = shlex.split(entry['command'])
    compiler = next(word for word in words if os.path.basename(word) != 'ccache')
    flags = ['-std=gnu11', '-D_GNU_SOURCE']
    for word in words:
        match = re.match(r'(-I|-isystem)(.+)', word)
        if match:
            folder = os.path.join(entry['directory'], match.group(2))
            flags += ['-isystem' if 'dpdk' in folder else '-I', os.path.normpath(folder)]
    return compiler, flags


def blocks_of(docs: str) -> List[Block]:
    """Every block of C on the pages, in order."""
    found = []
    for page in sorted(name for name in os.listdir(docs) if name.endswith('.md')):
        with open(os.path.join(docs, page), encoding='utf-8') as stream:
            text = stream.read()
        for match in re.finditer(r'^```c\n(.*?)^```$', text, re.S | re.M):
            found.append(Block(page, text.count('\n', 0, match.start(1)) + 1, match.group(1)))
    return found


def source_of(block: Block) -> str:
    """The block behind its headers, with the lines numbered as in the page."""
    includes = ''.join('#include <%s>\n' % header for header in HEADERS)
    return '%s#line %d "%s"\n%s' % (includes, block.line, block.page, block.text)


def wanted_of(block: Block) -> Set[Finding]:
    """What the block says that it has."""
    wanted = set()
    for number, line in enumerate(block.text.split('\n'), len(HEADERS) + 2):
        match = MARK.search(line)
        if match:
            wanted.add((number, match.group(1), match.group(2) or ''))
    return wanted


def found_in(fpcheck: str, paths: List[str], flags: List[str]) -> Dict[str, Set[Finding]]:
    """What fpcheck finds, by path."""
    command = [fpcheck, '--format', 'json', '--root', os.path.dirname(paths[0])]
    result = subprocess.run(command + paths + ['--'] + flags, stdout=subprocess.PIPE, check=False,
                            text=True)
    found: Dict[str, Set[Finding]] = {path: set() for path in paths}
    for one in json.loads(result.stdout)['findings']:
        found[one['file']].add((one['line'], one['rule'], one.get('kind') or ''))
    return found


def differences(block: Block, found: Set[Finding]) -> List[str]:
    """What is on one side only; a kind that the page does not name is any kind."""
    wanted = wanted_of(block)
    named = {(line, rule) for line, rule, kind in wanted if kind}
    have = {(line, rule, kind if (line, rule) in named else '') for line, rule, kind in found}
    first = block.line - len(HEADERS) - 2
    return ['%s:%d: %s %s %s' % (block.page, line + first, rule, kind, what)
            for what, ones in (('is not found', wanted - have), ('is found', have - wanted))
            for line, rule, kind in sorted(ones)]


def main() -> int:
    fpcheck, build, docs = sys.argv[1:]
    compiler, flags = flags_of(build)
    blocks = blocks_of(docs)
    problems: Dict[Tuple[str, str], List[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        paths = [os.path.join(folder, 'block%d.c' % number) for number in range(len(blocks))]
        for path, block in zip(paths, blocks):
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(source_of(block))
        compiled = subprocess.run([compiler, '-fsyntax-only', *WARNINGS, *flags, *paths],
                                  stderr=subprocess.PIPE, check=False, text=True)
        found = found_in(fpcheck, paths, flags)
    complaints = compiled.stderr.splitlines() if compiled.returncode else []
    for path, block in zip(paths, blocks):
        problems[block.page, 'compiles'] = [
            line for line in complaints if line.startswith(block.page + ':')]
        problems.setdefault((block.page, 'has the findings that it says'), []).extend(
            differences(block, found[path]))
    if complaints and not any(problems[key] for key in problems if key[1] == 'compiles'):
        problems['every page', 'compiles'] = complaints
    print('1..%d' % len(problems))
    for number, ((page, what), lines) in enumerate(problems.items(), 1):
        print('%s %d - %s %s' % ('not ok' if lines else 'ok', number, page, what))
        for line in lines[:20]:
            print('# ' + line)
    return 1 if not blocks or any(problems.values()) else 0


if __name__ == '__main__':
    sys.exit(main())
