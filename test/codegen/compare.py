#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Whether functions of the same name are the same instructions in two archives.

`compare.py --level LEVEL --objdump OBJDUMP [NAME VIEWS.a PLAIN.a]...`, one triple for each level of
optimization.  The functions called `control` are to differ: a comparison that cannot tell shows
there.  Prints TAP.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess

LABEL = re.compile(r'^[0-9a-f]+ <(.+)>:$')
INSTRUCTION = re.compile(r'^\s*[0-9a-f]+:\s+(.*)$')
# Places are relative to a function's start; what is beside the function does not count.
ADDRESS = re.compile(r'\b[0-9a-f]+ (<[^>]+>)')
FILLING = re.compile(r'^(?:(?:cs |data16 )*nop|xchg\s+%ax,%ax|int3)')


def functions(objdump, archive):
    """{name: its instructions and relocations}; parts in other sections have names of their own."""
    listing = subprocess.run([objdump, '-d', '-r', '--no-show-raw-insn', archive],
                             stdout=subprocess.PIPE, check=True, text=True).stdout
    found, current = {}, None
    for line in listing.splitlines():
        label, instruction = LABEL.match(line), INSTRUCTION.match(line)
        if label:
            current = found.setdefault(label.group(1), [])
        elif instruction and current is not None:
            text = re.sub(r'\s+', ' ', ADDRESS.sub(r'\1', instruction.group(1))).strip()
            current.append(re.sub(r' #.*', '', text))
    for lines in found.values():
        while lines and FILLING.match(lines[-1]):
            lines.pop()
    return found


def is_same(left, right):
    """The same operations in the same order, on the same operands.

    Which term of a sum comes first, or which side of a comparison for equality, says nothing about
    what is computed, and compilers choose it by accident: operands are compared as a whole.
    """
    operations = [[line.split(' ', 1)[0] for line in lines] for lines in (left, right)]
    operands = [collections.Counter(operand for line in lines
                                    for operand in re.split(r'[ ,](?![^(]*\))', line))
                for lines in (left, right)]
    return operations[0] == operations[1] and operands[0] == operands[1]


def differences(left, right):
    """What a person looks at first when two functions are not the same."""
    for number, pair in enumerate(zip(left, right)):
        if pair[0] != pair[1]:
            return 'instruction %d: "%s" against "%s"' % (number, *pair)
    return '%d instructions against %d' % (len(left), len(right))


def results(objdump, triples):
    """(is as it is to be, sentence) for each function of each triple."""
    for name, views, plain in triples:
        left, right = functions(objdump, views), functions(objdump, plain)
        if not left or set(left) != set(right):
            yield False, '%s: the archives have other functions' % name
        for function in sorted(set(left) & set(right)):
            same = is_same(left[function], right[function])
            is_control = function.split('.')[0] == 'control'
            if is_control and function != 'control':
                continue
            text = '%d instructions, the same' % len(left[function]) if same else \
                'not the same: ' + differences(left[function], right[function])
            yield same != is_control, '%s %s: %s' % (name, function, text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--level', required=True)
    parser.add_argument('--objdump', required=True)
    parser.add_argument('triples', nargs='*')
    args = parser.parse_args()
    if args.level == 'full':
        print('1..0 # SKIP at lifetime level full an access is more than a comparison of bounds')
        return
    if not shutil.which(args.objdump):
        print('1..0 # SKIP %s is not there' % (os.path.basename(args.objdump) or 'objdump'))
        return
    triples = list(zip(args.triples[::3], args.triples[1::3], args.triples[2::3]))
    number = 0
    for number, (is_right, sentence) in enumerate(results(args.objdump, triples), 1):
        print('%s %d - %s' % ('ok' if is_right else 'not ok', number, sentence))
    print('1..%d' % number)


if __name__ == '__main__':
    main()
