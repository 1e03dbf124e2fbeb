#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""DPDK's example programs under fpcheck, and the page that judges what is found in them.

    dpdk_examples.py [--examples DIR] [--page FILE] [--only FOLDER]... [--jobs N]
                     [--database DIR | --times | --update] FPCHECK

Each .c file of the examples is checked with the flags of libdpdk and with the folders that its
example's own makefile names; what is found must be what the table of the page says, line by line.

    --database DIR   only write DIR/compile_commands.json
    --times          print how long each file takes alone, slowest first
    --update         write the table anew: verdicts that are there stay, the others are "?"

The output is TAP. Skipped (77) where the examples are not installed, or are of another release than
the page's. A finding that nobody judged yet fails.
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PAGE = os.path.join(TOP, 'docs', 'fpcheck', 'dpdk-examples.md')
EXAMPLES = '/usr/share/dpdk/examples'
SKIPPED = 77
# Folders that an example takes headers from, beside those on the way to the file.
SHARED = ('shared', 'lib', 'ethtool-app', 'common')
VERDICTS = ('true', 'false', 'policy')
RELEASE = re.compile(r'DPDK (\d+\.\d+\.\d+)')
ROW = re.compile(r'\| `([^`]+)` \| (\d+) \| `([^`]*)` \| ([\w-]+) ?([\w-]*) \| (\S+) \| (.*) \|$')
TABLE_HEAD = ('| File | Line | Function | Rule, kind | Verdict | Why |', '|---|--:|---|---|---|---|')


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    """What is found, or what the page says is."""
    file: str         # Relative to the examples.
    line: int
    function: str
    rule: str
    kind: str

    def __str__(self) -> str:
        return f'{self.file}:{self.line}: {self.rule} {self.kind} in {self.function}'


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What the page thinks of a finding."""
    word: str
    why: str


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


def entries_of(examples: str, only: list[str]) -> list[dict[str, object]]:
    """A compile_commands.json of the examples."""
    flags = shlex.split(libdpdk('--cflags')) + ['-DALLOW_EXPERIMENTAL_API', '-D_GNU_SOURCE']
    entries: list[dict[str, object]] = []
    for folder, subfolders, names in os.walk(examples):
        subfolders.sort()
        relative = os.path.relpath(folder, examples)
        if only and not any(relative == name or relative.startswith(name + '/') for name in only):
            continue
        for name in sorted(one for one in names if one.endswith('.c')):
            file = os.path.join(folder, name)
            own = ['-I' + one for one in folders_of(file, examples)]
            entries.append({'directory': folder, 'file': file,
                            'arguments': ['cc', '-O3', *flags, *own, '-c', file]})
    return entries


def write_database(folder: str, entries: list[dict[str, object]]) -> None:
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'compile_commands.json'), 'w', encoding='utf-8') as stream:
        json.dump(entries, stream, indent=1)


class Run:
    """fpcheck over a database."""

    def __init__(self, fpcheck: str, database: str, examples: str, *options: str) -> None:
        command = [fpcheck, '-p', database, '--root', examples, '--format', 'json', *options]
        start = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.seconds = time.monotonic() - start
        self.status = done.returncode
        self.messages = done.stderr
        self.report = json.loads(done.stdout) if done.stdout else {}
        self.findings = {
            Finding(os.path.relpath(one['file'], examples), one['line'], one['function'] or '',
                    one['rule'], one['kind'] or ''): one
            for one in self.report.get('findings', [])}


def read_page(page: str) -> tuple[str, dict[Finding, Verdict]]:
    """The release that the page speaks of, and its table."""
    with open(page, encoding='utf-8') as stream:
        text = stream.read()
    release = RELEASE.search(text)
    rows = {}
    for line in text.splitlines():
        row = ROW.match(line)
        if row:
            file, number, function, rule, kind, word, why = row.groups()
            rows[Finding(file, int(number), function, rule, kind)] = Verdict(word, why)
    return release.group(1) if release else '', rows


def update_page(page: str, found: dict[Finding, dict[str, str]]) -> None:
    """Write the rows anew, between the head of the table and what follows it."""
    _, old = read_page(page)
    with open(page, encoding='utf-8') as stream:
        lines = stream.read().split('\n')
    first = lines.index(TABLE_HEAD[1]) + 1
    last = first
    while lines[last].startswith('|'):
        last += 1
    rows = []
    for one in sorted(found):
        verdict = old.get(one, Verdict('?', found[one]['message']))
        kind = f'{one.rule} {one.kind}'.strip()
        rows.append(f'| `{one.file}` | {one.line} | `{one.function}` | {kind} '
                    f'| {verdict.word} | {verdict.why} |')
    lines[first:last] = rows
    with open(page, 'w', encoding='utf-8') as stream:
        stream.write('\n'.join(lines))


def print_times(fpcheck: str, entries: list[dict[str, object]], examples: str) -> None:
    """Each file alone, so that the others do not disturb it."""
    times = []
    for entry in entries:
        with tempfile.TemporaryDirectory() as folder:
            write_database(folder, [entry])
            run = Run(fpcheck, folder, examples, '--jobs', '1')
        times.append((run.seconds, os.path.relpath(str(entry['file']), examples),
                      len(run.report.get('skipped', []))))
    for seconds, file, skipped in sorted(times, reverse=True):
        print(f'{seconds:7.2f} s  {file}' + (f'  ({skipped} functions not to the end)' if skipped else ''))
    print(f'{len(times)} files, median {statistics.median(one[0] for one in times):.2f} s')


class Tap:
    """Test after test."""

    def __init__(self) -> None:
        self.count = 0
        self.failed = 0

    def test(self, name: str, problems: list[str]) -> None:
        self.count += 1
        self.failed += bool(problems)
        print(f'{"not ok" if problems else "ok"} {self.count} - {name}')
        for problem in problems:
            print(f'# {problem}')


def compare(run: Run, entries: list[dict[str, object]], page: str, only: list[str]) -> int:
    """Every source was looked at, the findings are those of the page, and each is judged."""
    _, said = read_page(page)
    if only:
        said = {one: verdict for one, verdict in said.items()
                if any(one.file.startswith(name + '/') for name in only)}
    found = set(run.findings)
    tap = Tap()
    summary = run.report.get('summary', {})
    tap.test('no_example_crashes_fpcheck', [
        problem for problem in (
            f'{summary.get("sources_analysed")} of {len(entries)} files'
            if summary.get('sources_analysed') != len(entries) else '',
            f'exit status {run.status}' if run.status not in (0, 1, 2) else '',
            *(line for line in run.messages.splitlines() if 'fpcheck dies' in line)) if problem])
    tap.test('findings_are_those_of_the_page',
             [f'{one}: not on the page' for one in sorted(found - set(said))] +
             [f'{one}: not found' for one in sorted(set(said) - found)])
    tap.test('every_finding_is_judged', [f'{one}: "{verdict.word}"'
             for one, verdict in sorted(said.items()) if verdict.word not in VERDICTS])
    true = sum(verdict.word == 'true' for verdict in said.values())
    tap.test('more_than_half_are_true',
             [] if only or 2 * true > len(said) else [f'{true} of {len(said)}'])
    print(f'1..{tap.count}')
    return 1 if tap.failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description='DPDK examples under fpcheck')
    parser.add_argument('fpcheck')
    parser.add_argument('--examples', default=EXAMPLES)
    parser.add_argument('--page', default=PAGE)
    parser.add_argument('--only', action='append', default=[])
    parser.add_argument('--jobs', default=str(os.cpu_count() or 1))
    parser.add_argument('--database')
    parser.add_argument('--times', action='store_true')
    parser.add_argument('--update', action='store_true')
    options = parser.parse_args()
    release = libdpdk('--modversion')
    if not os.path.isdir(options.examples) or not release:
        print('1..0 # SKIP no examples of DPDK, or no libdpdk')
        return SKIPPED
    entries = entries_of(options.examples, options.only)
    if options.database:
        write_database(options.database, entries)
        return 0
    if options.times:
        print_times(options.fpcheck, entries, options.examples)
        return 0
    if release != read_page(options.page)[0]:
        print(f'1..0 # SKIP the page is about another release than {release}')
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        write_database(folder, entries)
        run = Run(options.fpcheck, folder, options.examples, '--jobs', options.jobs)
    if options.update:
        update_page(options.page, run.findings)
        return 0
    return compare(run, entries, options.page, options.only)


if __name__ == '__main__':
    sys.exit(main())
