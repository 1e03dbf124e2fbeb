#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""DPDK's example programs under fpcheck, beside the page that judges what is found in them.

    dpdk_examples.py [--examples DIR] [--page FILE] [--only FOLDER]... [--jobs N]
                     [--database DIR] FPCHECK

Each .c file of the examples is checked with the flags of libdpdk and with the folders that its
example's own makefile names. None kills fpcheck; every function is followed to its end, or said;
the median file takes less than a second; and what the lifetime engine finds is what the page's
table has, by file and line.

    --database DIR   only write DIR/compile_commands.json

The output is TAP. Skipped (77) where the examples are not installed, or are of another release than
the page's.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile

from bench import check_sanitizers, sanitizer_environment

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PAGE = os.path.join(TOP, 'docs', 'fpcheck', 'dpdk-examples.md')
EXAMPLES = '/usr/share/dpdk/examples'
SKIPPED = 77
MEDIAN_S = 1.0
# Folders that an example takes headers from, beside those on the way to the file.
SHARED = ('shared', 'lib', 'ethtool-app', 'common')
RELEASE = re.compile(r'DPDK (\d+\.\d+\.\d+)')
# The first column of a row: a file, and lines of it.
ROW = re.compile(r'^\|\s*`?([\w./-]+\.[ch]):(\d+(?:\s*,\s*\d+)*)`?\s*\|', re.M)
TIME = re.compile(r'^fpcheck: \d+ of \d+: (.*): (\d+\.\d+) s', re.M)

# A file, relative to the examples, and a line.
Place = tuple[str, int]


def libdpdk(option: str) -> str:
    """What pkg-config says of libdpdk; empty where there is none."""
    try:
        done = subprocess.run(['pkg-config', option, 'libdpdk'], capture_output=True, text=True,
                              check=False)
    except OSError:
        return ''
    return done.stdout.strip() if done.returncode == 0 else ''


def folders_of(file: str, examples: str) -> list[str]:
    """Where the file's own headers are: the folders above it, and those beside them that share."""
    above = [os.path.dirname(file)]
    while os.path.dirname(above[-1]).startswith(examples):
        above.append(os.path.dirname(above[-1]))
    beside = [os.path.join(folder, name) for folder in above for name in SHARED]
    return above[:-1] + [folder for folder in beside if os.path.isdir(folder)]


def is_wanted(relative: str, only: list[str]) -> bool:
    """Whether a path is in one of the folders; in any, when there are none."""
    return not only or any(relative == name or relative.startswith(name + '/') for name in only)


def entries_of(examples: str, only: list[str]) -> list[dict[str, object]]:
    """A compile_commands.json of the examples."""
    flags = shlex.split(libdpdk('--cflags')) + ['-DALLOW_EXPERIMENTAL_API', '-D_GNU_SOURCE']
    entries: list[dict[str, object]] = []
    for folder, subfolders, names in os.walk(examples):
        subfolders.sort()
        if not is_wanted(os.path.relpath(folder, examples), only):
            continue
        for name in sorted(one for one in names if one.endswith('.c')):
            file = os.path.join(folder, name)
            own = ['-I' + one for one in folders_of(file, examples)]
            entries.append({'directory': folder, 'file': file,
                            'arguments': ['cc', '-O3', *flags, *own, '-c', file]})
    return entries


def write_database(folder: str, entries: list[dict[str, object]]) -> None:
    """Write it where fpcheck looks."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'compile_commands.json'), 'w', encoding='utf-8') as stream:
        json.dump(entries, stream, indent=1)


class Run:
    """fpcheck over a database."""

    def __init__(self, fpcheck: str, database: str, examples: str, jobs: str) -> None:
        command = [fpcheck, '-p', database, '--root', examples, '--format', 'json', '--verbose',
                   '--rules', 'R-04-01', '--jobs', jobs]
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              env=sanitizer_environment())
        check_sanitizers(done.stderr)
        self.status = done.returncode
        self.messages = done.stderr
        self.report = json.loads(done.stdout) if done.stdout else {}
        self.summary = self.report.get('summary', {})
        self.times = {file: float(seconds) for file, seconds in TIME.findall(done.stderr)}
        self.found = {(os.path.relpath(one['file'], examples), int(one['line']))
                      for one in self.report.get('findings', [])}


def read_page(page: str) -> tuple[str, set[Place]]:
    """The release that the page speaks of, and the places in its table."""
    with open(page, encoding='utf-8') as stream:
        text = stream.read()
    release = RELEASE.search(text)
    places = {(file, int(line)) for file, lines in ROW.findall(text) for line in lines.split(',')}
    return release.group(1) if release else '', places


class Tap:
    """Test after test."""

    def __init__(self) -> None:
        self.count = 0
        self.failed = 0

    def test(self, name: str, problems: list[str]) -> None:
        """A test that passes when there is no problem."""
        self.count += 1
        self.failed += bool(problems)
        print(f'{"not ok" if problems else "ok"} {self.count} - {name}')
        for problem in problems:
            print(f'# {problem}')


def crashes(run: Run, count: int) -> list[str]:
    """What ended before its time."""
    problems = [line for line in run.messages.splitlines()
                if 'fpcheck dies' in line or 'crashed' in line]
    if run.status not in (0, 1, 2) or not run.report:
        problems.append(f'exit status {run.status}: {run.messages[-500:]}')
    if run.summary.get('sources_analysed') != count:
        problems.append(f'{run.summary.get("sources_analysed")} of {count} files')
    return problems


def unsaid(run: Run) -> list[str]:
    """Functions that were neither followed to their end nor named."""
    named = run.report.get('not_analysed', [])
    left = run.summary.get('functions', 0) - run.summary.get('functions_followed', 0)
    problems = [f'{one}: no reason' for one in named if not one.get('reason')]
    if left > len(named):
        problems.append(f'{left} functions are not followed to their end, {len(named)} are named')
    return problems


def compare(run: Run, count: int, page: str, only: list[str]) -> int:
    """The tests; the exit status."""
    said = {place for place in read_page(page)[1] if is_wanted(place[0], only)}
    median = statistics.median(run.times.values()) if run.times else 0.0
    tap = Tap()
    tap.test('no_example_kills_fpcheck', crashes(run, count))
    tap.test('every_function_that_is_given_up_is_said', unsaid(run))
    tap.test('median_file_takes_less_than_a_second',
             [] if len(run.times) == count and median < MEDIAN_S else
             [f'{median:.2f} s, of {len(run.times)} files'])
    tap.test('findings_are_those_of_the_page',
             [f'{file}:{line}: not on the page' for file, line in sorted(run.found - said)] +
             [f'{file}:{line}: not found' for file, line in sorted(said - run.found)])
    print(f'1..{tap.count}')
    return 1 if tap.failed else 0


def main() -> int:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('fpcheck', metavar='FPCHECK')
    parser.add_argument('--examples', default=EXAMPLES)
    parser.add_argument('--page', default=PAGE)
    parser.add_argument('--only', action='append', default=[])
    parser.add_argument('--jobs', default=str(os.cpu_count() or 1))
    parser.add_argument('--database')
    options = parser.parse_args()
    release = libdpdk('--modversion')
    if not os.path.isdir(options.examples) or not release:
        print('1..0 # SKIP no examples of DPDK, or no libdpdk')
        return SKIPPED
    entries = entries_of(options.examples, options.only)
    if options.database:
        write_database(options.database, entries)
        return 0
    if release != read_page(options.page)[0]:
        print(f'1..0 # SKIP the page is about another release than {release}')
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        write_database(folder, entries)
        run = Run(options.fpcheck, folder, options.examples, options.jobs)
    return compare(run, len(entries), options.page, options.only)


if __name__ == '__main__':
    sys.exit(main())
