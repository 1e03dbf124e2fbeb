#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write a source file that includes one header twice: `chkinc_gen.py HEADER OUTPUT.c|OUTPUT.cpp`.

A meson generator() runs it over the public headers, and the outputs are compiled into a library
that is never used.  It fails to compile when a header needs something that it does not include
itself, or has no guard.  For a .cpp output the header must also wrap its functions in extern "C".
"""
import os
import re
import sys

from sources import strip


def needs_extern_c(text):
    """Whether the header declares a function and forgets extern "C"."""
    code = strip(text, strings=False)
    if re.search(r'extern\s+"C"', code):
        return False
    code = re.sub(r'^[ \t]*#(?:\\\n|[^\n])*', '', code, flags=re.M)
    return re.search(r'\b(?:fp|fpi)_\w+\s*\(', code) is not None


def main(argv):
    if len(argv) != 3:
        print('usage: chkinc_gen.py HEADER OUTPUT', file=sys.stderr)
        return 2
    header, output = argv[1:]
    with open(header, encoding='utf-8') as stream:
        text = stream.read()
    if output.endswith('.cpp') and needs_extern_c(text):
        print(f'{header}:1: declares functions but has no extern "C"', file=sys.stderr)
        return 1
    include = f'#include "{os.path.abspath(header)}"\n'
    with open(output, 'w', encoding='utf-8') as stream:
        stream.write(f'/* Made by chkinc_gen.py: the second include tests the guard. */\n'
                     f'{include}{include}\n'
                     f'/* A source file may not be empty, and a header may be macros only. */\n'
                     f'extern int chkinc_not_empty;\n')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
