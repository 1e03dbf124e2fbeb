#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the documents say against what is compiled.

test_docs.py FABLEPOOL SCHEMA_TABLE DOCS FIX_EXAMPLE.C
"""

import os
import re
import subprocess
import sys


def output_of(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout


def read(docs, name):
    with open(os.path.join(docs, name), encoding='utf-8') as stream:
        return stream.read()


def wrong_keys(program, docs):
    """Keys of the configuration that have no row of their own, and rows without a key."""
    wanted, found, section = set(), set(), None
    for line in output_of(program, '--list-keys').splitlines():
        wanted.add(tuple(line.split()))
    for line in read(docs, 'guide/configuration.md').splitlines():
        heading = re.match(r'## `?\[(\w+)', line)
        row = re.match(r'\| `(\w+)` \|', line)
        if heading:
            section = heading.group(1)
        elif row and section:
            found.add((section, row.group(1)))
    return sorted(wanted ^ found)


def wrong_schema(table_program, docs):
    """Lines of the schema's tables that the document has not, or has too many."""
    wanted = output_of(table_program).splitlines()
    found = []
    for line in read(docs, '03-messages.md').splitlines():
        length = re.search(r'Length \d+\.$', line)
        if re.match(r'### 0x', line) or re.match(r'\| \d+ \| \d+ \| \w+ \|', line):
            found.append(line)
        elif length and found:
            found.append(length.group())
    first = wanted[0]
    found = found[found.index(first):] if first in found else found
    return [(a, b) for a, b in zip(wanted, found) if a != b] or \
        ([] if len(wanted) == len(found) else ['%d lines, not %d' % (len(found), len(wanted))])


def wrong_example(example, docs):
    """First lines of the functions in the guide to FIX that are not in the compiled example."""
    with open(example, encoding='utf-8') as stream:
        compiled = stream.read()
    blocks = re.findall(r'```c\n(.*?)```', read(docs, 'guide/fix.md'), re.S)
    wrong = [block.split('\n')[0] for block in blocks if block.strip() not in compiled]
    return wrong if blocks else ['no example']


def main():
    program, table_program, docs, example = sys.argv[1:]
    failed = 0
    checks = (('every key of the configuration is documented, and no other',
               wrong_keys(program, docs)),
              ('the tables of the native wire are those of the schema',
               wrong_schema(table_program, docs)),
              ('the functions in the guide to FIX are those that are compiled',
               wrong_example(example, docs)))
    print('1..%d' % len(checks))
    for number, (sentence, wrong) in enumerate(checks, 1):
        print('%s %d - %s' % ('not ok' if wrong else 'ok', number, sentence))
        for one in wrong[:10]:
            print('#', one)
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
