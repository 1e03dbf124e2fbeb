#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Check that the symbols of the library, version.map and the public headers agree.

`exports.py [--nm NM] LIBFABLEPOOL.A VERSION.MAP HEADER...`.  The prefix says what is public: every
global fp_ symbol stands in the map, every entry of the map is defined in the archive and declared
in a public header, and a global with neither prefix is an error.  An fpi_ symbol is internal; it
is exported exactly when a public header names it, because then inline functions in the user's
program call it.  The map is sorted, without wildcards among the globals.
"""
import argparse
import re
import subprocess
import sys

from sources import strip

# Globals which tools add to objects of their own accord.
ADDED_BY_TOOLS = re.compile(r'__(?:odr_asan|asan|ubsan|tsan|sanitizer|gcov|llvm|start|stop)_')


def archive_symbols(nm_path, archive):
    """{global symbol defined in the archive: name of the member}."""
    listing = subprocess.run([nm_path, '-g', '-P', '--defined-only', archive],
                             stdout=subprocess.PIPE, check=True, text=True).stdout
    symbols, member = {}, '?'
    for line in listing.splitlines():
        opened = re.match(r'.*\[(.*)\]:$', line)
        if opened:
            member = opened.group(1).split('/')[-1]
        elif line.strip():
            symbols[line.split()[0]] = member
    return symbols


def map_entries(path, errors):
    """{symbol in a global: list of the map: its line}, complaining about disorder."""
    with open(path, encoding='utf-8') as stream:
        text = re.sub(r'#.*', '', strip(stream.read(), strings=False))
    entries, previous, is_global = {}, '', False
    for match in re.finditer(r'(global|local)\s*:|([^\s{};:]+)\s*;|[{}]', text):
        line = text.count('\n', 0, match.start()) + 1
        name = match.group(2)
        if name is None:
            is_global, previous = match.group(1) == 'global', ''
            continue
        if not is_global:
            continue
        if re.search(r'[*?\[]', name):
            errors.append(f'{path}:{line}: {name}: a wildcard exports what nobody decided to')
            continue
        if name in entries:
            errors.append(f'{path}:{line}: {name} is listed twice')
        elif name < previous:
            errors.append(f'{path}:{line}: {name} must stand before {previous}: '
                          'keep the map sorted')
        entries[name], previous = line, name
    return entries


class Headers:
    """The identifiers that the public headers have outside comments and strings.

    A name may be pasted together by a macro: fp_##name##_encode declares every fp_..._encode.
    """

    def __init__(self, paths):
        self.names, patterns = set(), set()
        for path in paths:
            with open(path, encoding='utf-8') as stream:
                text = strip(stream.read())
            self.names.update(re.findall(r'\bfpi?_\w+', text))
            for pasted in re.findall(r'\bfpi?_\w*(?:\s*##\s*\w+)+', text):
                pieces = [piece.strip() for piece in pasted.split('##')]
                patterns.add(pieces[0] + ''.join(
                    piece if piece.startswith('_') else r'\w+' for piece in pieces[1:]))
        self.pasted = re.compile('|'.join(sorted(patterns)) or r'(?!)')

    def has(self, name):
        return name in self.names or self.pasted.fullmatch(name) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--nm', default='nm')
    parser.add_argument('archive')
    parser.add_argument('map')
    parser.add_argument('headers', nargs='+')
    args = parser.parse_args()

    errors = []
    defined = archive_symbols(args.nm, args.archive)
    entries = map_entries(args.map, errors)
    headers = Headers(args.headers)

    if not defined:
        errors.append(f'{args.archive}:1: no global symbols at all: not the library?')
    for name, member in sorted(defined.items()):
        where = f'{args.archive}:{member}'
        if name.startswith('fp_'):
            if name not in entries:
                errors.append(f'{where}: {name} is global but not in {args.map}: '
                              'list it, or make it static or fpi_')
        elif name.startswith('fpi_'):
            if name not in entries and headers.has(name):
                errors.append(f'{where}: {name} is named in a public header but not in {args.map}: '
                              'programs that inline its caller would not link')
        elif not ADDED_BY_TOOLS.match(name):
            errors.append(f'{where}: {name} is global but begins with neither fp_ nor fpi_')
    for name, line in entries.items():
        if not name.startswith(('fp_', 'fpi_')):
            errors.append(f'{args.map}:{line}: {name} begins with neither fp_ nor fpi_')
        if name not in defined:
            errors.append(f'{args.map}:{line}: {name} is not defined in the library '
                          '(inline functions are not listed)')
        if not headers.has(name):
            errors.append(f'{args.map}:{line}: {name} is not declared in a public header')

    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == '__main__':
    sys.exit(main())
