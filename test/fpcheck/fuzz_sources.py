#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fpcheck on sources that nobody wrote: the fixtures with lines and tokens lost, doubled and moved.

    fuzz_sources.py [--seed N] [--count N] [--include DIR]... [--keep DIR] FPCHECK

Whatever they say, fpcheck ends by itself, with a status of its own, in bounded time. The same seed
makes the same sources; one that fails is kept, and named. The output is TAP.
"""
from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time

from bench import check_sanitizers, sanitizer_environment
from run_fixtures import compiler_flags, find_files

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT_S = 60
TOKEN = re.compile(r'\s+|\w+|"(?:\\.|[^"\n])*"|/\*.*?\*/|//[^\n]*|[-+*/%&|^<>=!]=|->|\+\+|--|&&|'
                   r'\|\||<<|>>|.', re.S)
# A statement in a line of its own; declarations stay, so that most of the file still parses.
STATEMENT = re.compile(r'\t(?!\s*(?:const |struct |u?int|bool|size_t|static|unsigned|void|char)).*;'
                       r'\s*(?:/\*.*)?$')
COMPARISON = re.compile(r'(==|!=|<=|>=| < | > )')


def shuffle(items: list[str], places: list[int], dice: random.Random, near: int) -> None:
    """Lose, double, swap or overwrite one of the items at these places."""
    if not places:
        return
    first = dice.randrange(len(places))
    other = max(0, min(len(places) - 1, first + dice.randint(-near, near)))
    one, two = places[first], places[other]
    way = dice.randrange(4)
    if way == 0:
        items[one] = ';' if items[one].rstrip().endswith(';') else ''
    elif way == 1:
        items[two] = items[two] + ' ' + items[one].strip()
    elif way == 2:
        items[one], items[two] = items[two], items[one]
    else:
        items[one] = items[two]


def mutate(text: str, dice: random.Random) -> str:
    """The text with a few mistakes in it: of its statements, of its lines, or of its tokens."""
    way = dice.randrange(4)
    if way == 0:
        items = TOKEN.findall(text)
        glue = ''
    else:
        items = text.split('\n')
        glue = '\n'
    for _ in range(dice.choice((1, 2, 3, 6, 20))):
        if way == 1:
            places = list(range(len(items)))
        else:
            places = [i for i, item in enumerate(items)
                      if (STATEMENT.match(item) if glue else not item.isspace())]
        shuffle(items, places, dice, 15)
        line = dice.randrange(len(items))
        if glue and 'if (' in items[line]:
            items[line] = COMPARISON.sub(lambda match: dice.choice((' < ', '!=', '==', '>=')),
                                         items[line], count=1)
    return glue.join(items)


def fault_of(program: str, path: str, flags: list[str]) -> str:
    """What fpcheck did that it must not; empty when all is well."""
    start = time.monotonic()
    try:
        done = subprocess.run([program, '--format', 'sarif', path, '--', *flags], text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
                              errors='replace', env=sanitizer_environment(), timeout=4 * LIMIT_S)
        check_sanitizers(done.stderr)
    except subprocess.TimeoutExpired:
        return 'it does not end'
    except AssertionError as report:
        return str(report)
    if done.returncode not in (0, 1, 2):
        return f'status {done.returncode}'
    for words in ('fpcheck dies', 'crashed', 'ended by a signal'):
        if words in done.stderr:
            return next(line for line in done.stderr.splitlines() if words in line)
    seconds = time.monotonic() - start
    return f'{seconds:.0f} s' if seconds > LIMIT_S else ''


def main() -> int:
    """As many sources as are asked for, each a test of its own when it fails."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=300)
    parser.add_argument('--include', metavar='DIR', action='append', default=[])
    parser.add_argument('--keep', metavar='DIR', default=tempfile.gettempdir())
    parser.add_argument('program', metavar='FPCHECK')
    args = parser.parse_args()
    dice = random.Random(args.seed)
    files = find_files([os.path.join(HERE, 'fixtures'), os.path.join(HERE, 'lowering')])
    flags = compiler_flags(args.include)
    failures = 0
    for number in range(args.count):
        file = dice.choice(files)
        with open(file, encoding='utf-8') as stream:
            text = mutate(stream.read(), dice)
        path = os.path.join(args.keep, f'fpcheck-fuzz-{os.getpid()}-{number}.c')
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)
        fault = fault_of(os.path.abspath(args.program), path,
                         ['-I' + os.path.dirname(file), *flags])
        if not fault:
            os.remove(path)
            continue
        failures += 1
        print(f'# {path}, of {os.path.relpath(file, HERE)}: {fault}'.replace('\n', '\n# '))
    print(f'{"not ok" if failures else "ok"} 1 - {args.count}_sources_that_nobody_wrote_do_no_harm')
    print('1..1')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
