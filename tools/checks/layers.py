#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Check who includes whom: lib/<x> only folders earlier in lib's list, drivers only lib, none app.

The order is the list `lib_folders = ['base', 'span', ...]` in lib/meson.build, so the build and
this check cannot disagree.  An include is looked up beside the including file, then as a path from
the top, from lib/ or from the including file, then by its file name alone; headers from outside
the tree are no concern of this check.  A driver may include its own folder, and headers that lie
directly in a folder above it (what the drivers of one class share).  Also, by name: fpi_<lib>_...
stays inside lib/<lib>, unless a header lib/<lib>/fpi_*.h offers it to the other libraries.
"""
import os
import re
import sys

import sources

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)
LIST = re.compile(r'^lib_folders\s*=\s*(?:files\()?\[(.*?)\]', re.M | re.S)
C_FILES = ('.c', '.h', '.def', '.cpp')


def lib_order(text):
    """Names in lib_folders, in order; None when the list is not there."""
    found = LIST.search(re.sub(r'#.*', '', text))
    return re.findall(r"'([^']+)'", found.group(1)) if found else None


def candidates(path, quote, name, by_name):
    """Files of the tree that an include in @path can mean."""
    folder = os.path.dirname(path)
    everything = {full for paths in by_name.values() for full in paths}
    beside = os.path.normpath(os.path.join(folder, name))
    if quote == '"' and beside in everything:
        return [beside]
    for start in ('', 'lib', folder):
        full = os.path.normpath(os.path.join(start, name))
        if full in everything:
            return [full]
    return by_name.get(os.path.basename(name), [])


def refusal(path, target, order):
    """Why @path may not include @target, or None when it may."""
    source, wanted = path.split('/'), target.split('/')
    if wanted[0] == 'app':
        return 'nothing depends on app'
    if source[0] == 'drivers':
        if wanted[0] != 'lib' and not path.startswith(os.path.dirname(target) + '/'):
            return 'drivers include lib only'
        return None
    if wanted[0] != 'lib':
        return f'lib does not depend on {wanted[0]}'
    if len(source) < 3 or len(wanted) < 3 or source[1] not in order or wanted[1] not in order:
        return None                   # a folder missing from the list is reported once, by main()
    if order.index(wanted[1]) > order.index(source[1]):
        return f'lib/{wanted[1]} comes after lib/{source[1]} in lib_folders'
    return None


def check_includes(path, text, order, by_name):
    code = sources.strip(text, strings=False)
    for match in INCLUDE.finditer(code):
        line = code.count('\n', 0, match.start()) + 1
        targets = candidates(path, match.group(1), match.group(2), by_name)
        reasons = [refusal(path, target, order) for target in targets]
        if reasons and all(reasons):  # of several headers of one name, one that is allowed will do
            yield line, f'#include {match.group(2)} ({targets[0]}): {reasons[0]}'


def check_internal(path, text, order, offered):
    folder = path.split('/')[1]
    code = sources.strip(text)
    for match in re.finditer(r'\bfpi_([a-z0-9]+)_\w+', code):
        owner = match.group(1)
        if owner in order and owner != folder and match.group() not in offered.get(owner, ()):
            line = code.count('\n', 0, match.start()) + 1
            yield line, f'{match.group()}: internal to lib/{owner}, and no fpi_*.h there offers it'


def main():
    texts = {path: sources.read(sources.TOP, path) for path in sources.files()
             if path.split('/')[0] in ('lib', 'drivers', 'app') and path.endswith(C_FILES)}
    by_name = {}
    for path in texts:
        by_name.setdefault(os.path.basename(path), []).append(path)

    listing = 'lib/meson.build'
    try:
        order = lib_order(sources.read(sources.TOP, listing))
    except FileNotFoundError:
        order = None
    if order is None:
        print(f'{listing}:1: no list lib_folders = [...]', file=sys.stderr)
        return 1

    offered = {}                      # {lib: names in its fpi_*.h headers}
    for path, text in texts.items():
        found = re.fullmatch(r'lib/(\w+)/(?:.*/)?fpi_\w+\.h', path)
        if found:
            offered.setdefault(found.group(1), set()).update(
                re.findall(r'\bfpi_\w+', sources.strip(text)))

    errors = []
    for folder in sorted({path.split('/')[1] for path in texts
                          if path.startswith('lib/') and path.count('/') > 1} - set(order)):
        errors.append(f'{listing}:1: lib/{folder} is not in lib_folders')
    for path, text in texts.items():
        if path.startswith(('lib/', 'drivers/')):
            found = list(check_includes(path, text, order, by_name))
            if path.startswith('lib/') and path.count('/') > 1:
                found += check_internal(path, text, order, offered)
            errors += [f'{path}:{line}: {message}' for line, message in sorted(found)]

    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


if __name__ == '__main__':
    sys.exit(main())
