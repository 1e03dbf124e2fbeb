#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write a C file that holds the texts of the contract tables.

embed.py OUTPUT.c TABLE...
"""

import os
import sys

HEAD = '''/* SPDX-License-Identifier: BSD-3-Clause */

/* Made by embed.py of the tables beside it. */

#include "contract.h"

const struct contract_table contract_tables[] = {
'''

TAIL = '''};

const size_t contract_table_count = sizeof(contract_tables) / sizeof(contract_tables[0]);
'''


def literal(line: str) -> str:
    """The line as a C string literal, its newline included."""
    return '"%s\\n"' % line.replace('\\', '\\\\').replace('"', '\\"')


def entry(path: str) -> str:
    """The table's element of the array."""
    with open(path, encoding='ascii') as stream:
        lines = [literal(line) for line in stream.read().splitlines()]
    return '\t{ "%s",\n\t\t%s },\n' % (os.path.basename(path), '\n\t\t'.join(lines))


def main() -> int:
    output, *tables = sys.argv[1:]
    text = HEAD + ''.join(entry(table) for table in tables) + TAIL
    with open(output, 'w', encoding='ascii') as stream:
        stream.write(text)
    return 0


if __name__ == '__main__':
    sys.exit(main())
