#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The files of the tree, and C text without its comments: what the other checks share.

As a program it prints the files with the given endings, one a line, relative to the top of the
tree (`sources.py .c .h`); tools/test hands that list to clang-format.  In a git checkout the files
are those that git tracks or would track; in an exported tarball they are found by walking, and
build directories (those with a meson-private folder) are passed over.
"""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

_TOKEN = re.compile(
    r'//(?:\\\n|[^\n])*'              # line comment, also one continued by a backslash
    r'|/\*.*?(?:\*/|\Z)'              # block comment
    r'|"(?:\\.|[^"\\\n])*"'           # string
    r"|'(?:\\.|[^'\\\n])*'",          # character
    re.S)


def _git_files(top):
    if not os.path.exists(os.path.join(top, '.git')):
        return None
    try:
        listed = subprocess.run(
            ['git', '-C', top, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None                   # no git here, or a checkout of another user
    return [name for name in os.fsdecode(listed).split('\0') if name]


def _walked_files(top):
    found = []
    for folder, subfolders, names in os.walk(top):
        # In place: os.walk() descends only into what is left.
        subfolders[:] = [
            sub for sub in subfolders
            if sub not in ('.git', '__pycache__', '.cache')
            and not (folder == top and sub.startswith('build'))
            and not os.path.isdir(os.path.join(folder, sub, 'meson-private'))]
        found += [os.path.relpath(os.path.join(folder, name), top) for name in names]
    return found


def files(top=TOP):
    """Sorted paths of the tree's files, relative to @top; links and deleted files left out."""
    names = _git_files(top)
    if names is None:
        names = _walked_files(top)
    return sorted({name for name in names
                   if os.path.isfile(os.path.join(top, name))
                   and not os.path.islink(os.path.join(top, name))})


def read(top, name):
    """Text of a file, or None when it is not text (a NUL byte in it)."""
    with open(os.path.join(top, name), 'rb') as stream:
        data = stream.read()
    return None if b'\0' in data else data.decode('utf-8', 'replace')


def strip(text, strings=True):
    """@text without comments, and without the insides of strings; line numbers stay the same."""
    def blank(match):
        token = match.group()
        if token[0] == '/':
            return ' ' + '\n' * token.count('\n')
        return token[0] * 2 + '\n' * token.count('\n') if strings else token
    return _TOKEN.sub(blank, text)


if __name__ == '__main__':
    for path in files():
        if path.endswith(tuple(sys.argv[1:])):
            print(path)
