#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compare what fpcheck finds with what the fixtures expect.

`run_fixtures.py [--only GROUP] [--include DIR]... [--keep DIR] FPCHECK [FOLDER|FILE]...`

A fixture is a C file that compiles alone.  A line on which a finding must be ends with
`/* expect: RULE */` or `/* expect: RULE kind */`, several separated by commas; `kind|kind` is for a
line where both are true and either is enough.  A line without one must be silent.  The files are
those of the folders, or of the folder `fixtures` beside this program.  A FOLDER may have a
configuration, fixtures.conf, which fpcheck is then given.  A file may have mutants beside it (see
mutants.py): each is a fixture of its own.

What differs is printed one a line, as `FILE:LINE: missed|extra|moved|other kind: ...`, and then a
table by kind.  Moved: the finding is there, on another line of the same function.  The exit status
is 0 when all is as expected, 1 when something differs, and 2 when fpcheck could not do its work: it
said nothing, it failed, a sanitizer that it was built with had something to say, or it left a file
or a function out.
"""
from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

from bench import check_sanitizers, sanitizer_environment
from mutants import MutantError, mutate, read_mutants

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))

RULE = re.compile(r'(FP04\d\d|R-04-\d\d|FPCHECK)(?:\s+([a-z|-]+))?')
EXPECT = re.compile(r'/\*\s*expect:\s*(.*?)\s*\*/\s*$')
FUNCTION = re.compile(r'(?:[A-Za-z_][\w\s*()",]*?[\s*])??(\w+)\(')
LIFETIME_KINDS = frozenset((
    'use-after-free', 'use-after-send', 'double-free', 'free-after-send', 'send-after-free',
    'send-after-send', 'leak', 'stale-view', 'kept-view', 'returned-view', 'shared-write'))


class Broken(Exception):
    """A fixture, or fpcheck's answer, that cannot be understood."""


@dataclasses.dataclass(frozen=True)
class Expectation:
    """What must be found on a line; no kinds: any."""
    path: str
    line: int
    function: str
    rule: str
    kinds: tuple[str, ...]

    def is_met_by(self, finding: Finding) -> bool:
        """Whether the finding is it, wherever it stands."""
        return self.rule == finding.rule and (not self.kinds or finding.kind in self.kinds)

    def __str__(self) -> str:
        return ' '.join(filter(None, (self.rule, '|'.join(self.kinds))))


@dataclasses.dataclass(frozen=True)
class Finding:
    """What fpcheck found."""
    path: str
    line: int
    function: str
    rule: str
    kind: str
    message: str

    def __str__(self) -> str:
        return f'{" ".join(filter(None, (self.rule, self.kind)))}: {self.message}'


@dataclasses.dataclass
class Fixture:
    """A file: what is expected of it, and the functions it defines."""
    path: str
    expected: list[Expectation]
    functions: set[str]


def read_items(where: str, text: str) -> list[tuple[str, tuple[str, ...]]]:
    """[(rule, kinds)] of the text behind `expect:`."""
    items = []
    for item in text.split(','):
        match = RULE.fullmatch(item.strip())
        if not match:
            raise Broken(f'{where}: "{item.strip()}" is no rule with its kind')
        kinds = tuple(match.group(2).split('|')) if match.group(2) else ()
        for kind in kinds:
            if match.group(1) == 'R-04-01' and kind not in LIFETIME_KINDS:
                raise Broken(f'{where}: "{kind}" is no kind of finding')
        items.append((match.group(1), kinds))
    return items


def read_fixture(path: str) -> Fixture:
    """Read a file; functions are known by the house style, in which their names begin a line."""
    fixture, function = Fixture(path, [], set()), ''
    with open(path, encoding='utf-8') as stream:
        for number, line in enumerate(stream, 1):
            head = FUNCTION.match(line)
            if head and not line.rstrip().endswith(';') and not line.startswith(('#', '/')):
                function = head.group(1)
                fixture.functions.add(function)
            expect = EXPECT.search(line)
            if not expect:
                if 'expect:' in line:
                    raise Broken(f'{path}:{number}: "expect:" must be a comment at the end of '
                                 'its line')
                continue
            fixture.expected += [Expectation(path, number, function, rule, kinds) for rule, kinds
                                 in read_items(f'{path}:{number}', expect.group(1))]
    return fixture


def find_files(targets: list[str]) -> list[str]:
    """The C files of folders and of those below them; a file is itself."""
    found = []
    for target in targets:
        if os.path.isfile(target):
            found.append(os.path.realpath(target))
            continue
        if not os.path.isdir(target):
            raise Broken(f'{target}: no such folder')
        for folder, _, names in os.walk(target):
            found += [os.path.realpath(os.path.join(folder, name))
                      for name in names if name.endswith('.c')]
    if not found:
        raise Broken(f'{" ".join(targets)}: no C files')
    return sorted(set(found))


def write_mutants(files: list[str], folder: str) -> list[str]:
    """The paths of the files' mutants, written into the folder."""
    written = []
    for path in files:
        listed = os.path.splitext(path)[0] + '.mutants'
        if not os.path.isfile(listed):
            continue
        with open(path, encoding='utf-8') as stream:
            program = stream.read()
        stem = os.path.splitext(os.path.basename(path))[0]
        for mutant in read_mutants(listed):
            target = os.path.join(os.path.realpath(folder), f'{stem}__{mutant.name}.c')
            with open(target, 'w', encoding='utf-8') as stream:
                stream.write(mutate(program, mutant, listed))
            written.append(target)
    return written


def compiler_flags(includes: list[str]) -> list[str]:
    """Flags that every fixture is compiled with."""
    dpdk = subprocess.run(['pkg-config', '--cflags', 'libdpdk'], stdout=subprocess.PIPE,
                          check=True, text=True).stdout
    lib = os.path.join(TOP, 'lib')
    folders = sorted(entry.path for entry in os.scandir(lib) if entry.is_dir())
    return ['-std=gnu11', '-Wall', *shlex.split(dpdk),
            *(f'-I{os.path.abspath(folder)}' for folder in includes + folders)]


def configuration_of(files: list[str]) -> list[str]:
    """Options that name the configuration of the files' folder, when it has one."""
    path = os.path.join(os.path.dirname(files[0]), 'fixtures.conf')
    return ['--config', path] if os.path.isfile(path) else []


def run_fpcheck(program: str, files: list[str], flags: list[str]) -> dict:
    """fpcheck's answer over the files, which are of one folder."""
    root = os.path.dirname(files[0])
    with tempfile.TemporaryDirectory(prefix='fpcheck-fixtures-') as build:
        entries = [{'directory': root, 'file': path,
                    'arguments': ['cc', *flags, '-c', path]} for path in files]
        with open(os.path.join(build, 'compile_commands.json'), 'w', encoding='utf-8') as stream:
            json.dump(entries, stream)
        done = subprocess.run([program, '-p', build, '--root', root, '--format', 'json',
                               *configuration_of(files)],
                              cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False, env=sanitizer_environment())
    try:
        check_sanitizers(done.stderr)
    except AssertionError as report:
        raise Broken(f'{program}: {report}') from report
    if done.returncode not in (0, 1, 2):
        raise Broken(f'{program} ended with {done.returncode}: {done.stderr.strip()}')
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise Broken(f'{program} printed no JSON ({error}): {done.stderr.strip()}') from error
    if not isinstance(answer, dict) or 'findings' not in answer:
        raise Broken(f'{program} printed JSON without findings')
    answer['returncode'] = done.returncode
    return answer


def read_findings(answer: dict, root: str) -> list[Finding]:
    """The findings of an answer, with absolute paths."""
    return [Finding(os.path.realpath(os.path.join(root, item['file'])), item['line'],
                    item.get('function') or '', item['rule'], item.get('kind') or '',
                    item.get('message') or '') for item in answer['findings']]


def complaints(answer: dict, files: list[str]) -> list[str]:
    """What kept fpcheck from doing its work."""
    said = [f'{item.get("file", "?")}:{item.get("line", 0)}: not analysed: '
            f'{item.get("function")}: {item.get("reason")}'
            for item in answer.get('not_analysed', [])]
    said += [f'{item.get("file", "?")}:{item.get("line", 0)}: {item.get("message")}'
             for item in answer.get('problems', [])]
    done = answer.get('summary', {}).get('sources_analysed', len(files))
    if done != len(files):
        said.append(f'{done} of {len(files)} files were analysed')
    if answer['returncode'] == 2 and not said:
        said.append('fpcheck ended with 2 and gave no reason')
    if bool(answer['findings']) != (answer['returncode'] == 1) and answer['returncode'] != 2:
        said.append(f'{len(answer["findings"])} findings, but exit status {answer["returncode"]}')
    return said


@dataclasses.dataclass
class Verdict:
    """What differs between what is expected and what was found."""
    met: list[Expectation]
    missed: list[Expectation]
    moved: list[tuple[Expectation, Finding]]
    other: list[tuple[Expectation, Finding]]
    extra: list[Finding]


def take(found: list[Finding], test) -> Finding | None:
    """Take the first finding that passes the test off the list."""
    for index, finding in enumerate(found):
        if test(finding):
            return found.pop(index)
    return None


def compare(expected: list[Expectation], findings: list[Finding]) -> Verdict:
    """Pair expectations with findings: on the line, on the line by rule alone, in the function."""
    verdict = Verdict([], [], [], [], [])
    left, missed = list(findings), []
    for want in expected:
        hits = [have for have in findings if (have.path, have.line) == (want.path, want.line)
                and want.is_met_by(have)]
        left = [have for have in left if have not in hits]
        (verdict.met if hits else missed).append(want)
    for want in missed:
        have = take(left, lambda f, w=want: (f.path, f.line, f.rule) == (w.path, w.line, w.rule))
        if have:
            verdict.other.append((want, have))
            continue
        have = take(left, lambda f, w=want: (f.path, f.function) == (w.path, w.function)
                    and w.is_met_by(f))
        if have:
            verdict.moved.append((want, have))
        else:
            verdict.missed.append(want)
    verdict.extra = left
    return verdict


def shown(path: str) -> str:
    """A path for people; of a mutant, which --keep keeps, the name."""
    return os.path.relpath(path) if path.startswith(TOP + os.sep) else os.path.basename(path)


def differences(verdict: Verdict) -> list[tuple[str, int, str, str]]:
    """Path, line, what it is in short, and the whole of it; sorted."""
    rows = [(e.path, e.line, f'missed {e}', f'missed: {e} (in {e.function})')
            for e in verdict.missed]
    rows += [(e.path, e.line, f'moved {e}', f'moved to line {f.line}: {e} (in {e.function})')
             for e, f in verdict.moved]
    rows += [(e.path, e.line, f'other {e}', f'other kind: {e} expected, {f}')
             for e, f in verdict.other]
    rows += [(f.path, f.line, f'extra {f.rule} {f.kind}', f'extra: {f} (in {f.function})')
             for f in verdict.extra]
    return sorted(rows)


def print_differences(verdict: Verdict) -> None:
    """One line for each."""
    for path, line, _, text in differences(verdict):
        print(f'{shown(path)}:{line}: {text}')


def read_known(path: str) -> set[str]:
    """The differences that are known, without the comments beside them."""
    with open(path, encoding='utf-8') as file:
        rows = (line.split('#')[0].strip() for line in file)
        return {row for row in rows if row}


def compare_with_known(verdict: Verdict, said: list[str], known: set[str], names: set[str]) -> int:
    """Known differences that are gone are told as new ones are: the list is to be kept true."""
    now = {f'{os.path.basename(path)}:{line}: {short}'
           for path, line, short, _ in differences(verdict)}
    now |= {re.sub(r':\d+: not analysed:', ': not analysed:', text) for text in said}
    mine = {row for row in known if row.split(':')[0] in names}
    for row in sorted(now - mine):
        print(f'not known: {row}')
    for row in sorted(mine - now):
        print(f'known, and gone: {row}')
    return 1 if now != mine else 0


def print_table(verdict: Verdict, fixtures: list[Fixture]) -> None:
    """How many of each kind were found."""
    rows: dict[str, collections.Counter] = collections.defaultdict(collections.Counter)
    for column, wants in (('met', verdict.met), ('missed', verdict.missed),
                          ('moved', [e for e, _ in verdict.moved]),
                          ('other', [e for e, _ in verdict.other])):
        for want in wants:
            rows[' '.join((want.rule, *want.kinds[:1]))][column] += 1
    for have in verdict.extra:
        rows[' '.join(filter(None, (have.rule, have.kind)))]['extra'] += 1
    total: collections.Counter = collections.Counter()
    print(f'\n{"":26}{"expected":>9}{"found":>7}{"missed":>8}{"moved":>7}{"other":>7}{"extra":>7}')
    for name, row in [*sorted(rows.items()), ('all', total)]:
        expected = row['met'] + row['missed'] + row['moved'] + row['other']
        print(f'{name:26}{expected:9}{row["met"]:7}{row["missed"]:8}{row["moved"]:7}'
              f'{row["other"]:7}{row["extra"]:7}')
        if name != 'all':
            total.update(row)
    bad = {(e.path, e.function) for fixture in fixtures for e in fixture.expected}
    good = {(fixture.path, name) for fixture in fixtures for name in fixture.functions} - bad
    loud = {(f.path, f.function) for f in verdict.extra} & good
    print(f'{len(bad)} functions with a mistake; {len(good)} without, {len(loud)} of them '
          'reported all the same')


def by_folder(fixtures: list[Fixture]) -> list[list[str]]:
    """The paths of the fixtures, folder by folder."""
    folders: dict[str, list[str]] = collections.defaultdict(list)
    for fixture in fixtures:
        folders[os.path.dirname(fixture.path)].append(fixture.path)
    return list(folders.values())


def check(args: argparse.Namespace, targets: list[str], mutant_folder: str) -> int:
    """Run, compare, print; the exit status."""
    files = find_files(targets)
    fixtures = [read_fixture(path) for path in files + write_mutants(files, mutant_folder)]
    flags = compiler_flags(args.include)
    findings: list[Finding] = []
    said: list[str] = []
    for paths in by_folder(fixtures):
        answer = run_fpcheck(os.path.abspath(args.program), paths, flags)
        findings += read_findings(answer, os.path.dirname(paths[0]))
        said += complaints(answer, paths)
    verdict = compare([want for fixture in fixtures for want in fixture.expected], findings)
    print_differences(verdict)
    print_table(verdict, fixtures)
    for line in said:
        print(line)
    if args.known is not None:
        names = {os.path.basename(fixture.path) for fixture in fixtures}
        return compare_with_known(verdict, said, read_known(args.known), names)
    if said:
        return 2
    return 1 if verdict.missed or verdict.moved or verdict.other or verdict.extra else 0


def main() -> int:
    """What is asked for, and where the mutants go."""
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--known', help='file of differences that are known')
    parser.add_argument('--only', metavar='GROUP', help='this folder of the fixtures')
    parser.add_argument('--include', metavar='DIR', action='append', default=[],
                        help='where a header is that the build made')
    parser.add_argument('--keep', metavar='DIR', help='write the mutants there, and leave them')
    parser.add_argument('program', metavar='FPCHECK')
    parser.add_argument('targets', metavar='FOLDER', nargs='*')
    args = parser.parse_args()
    targets = args.targets or [os.path.join(HERE, 'fixtures', args.only or '')]

    try:
        if args.keep:
            os.makedirs(args.keep, exist_ok=True)
            return check(args, targets, args.keep)
        with tempfile.TemporaryDirectory(prefix='fpcheck-mutants-') as folder:
            return check(args, targets, folder)
    except (Broken, MutantError, OSError, subprocess.CalledProcessError) as error:
        print(f'run_fixtures: {error}', file=sys.stderr)
        return 2


if __name__ == '__main__':
    sys.exit(main())
