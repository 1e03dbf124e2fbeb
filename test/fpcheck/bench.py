# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of fpcheck from outside share: a folder to work in, and the tests' run."""

import json
import os
import subprocess
import sys
import tempfile
import traceback
from typing import Any, Callable, Optional

HOT = '__attribute__((annotate("fp_hot_path"))) '
HEAD = '#include <stdlib.h>\n'
CLEAN = 'int twice(int a)\n{\n\treturn a + a;\n}\n'
BROKEN = 'int broken(void)\n{\n\treturn missing_name;\n}\n'


def hot(name: str = 'f', call: str = 'malloc(8)') -> str:
    """A function of hot code with one finding, in its third line."""
    return '%svoid *%s(void)\n{\n\treturn %s;\n}\n' % (HOT, name, call)


def equal(found: Any, wanted: Any, what: str) -> None:
    if found != wanted:
        raise AssertionError('%s: found %r, expected %r' % (what, found, wanted))


def contains(text: str, part: str) -> None:
    if part not in text:
        raise AssertionError('%r is not in %r' % (part, text[-1500:]))


# What a sanitizer does at a fault: the status is none of fpcheck's, and signals stay signals, for
# fpcheck itself deals with what dies of one.
SANITIZER = {'ASAN_OPTIONS': 'exitcode=99:handle_segv=0:handle_sigbus=0:handle_abort=0',
             'UBSAN_OPTIONS': 'halt_on_error=1:print_stacktrace=1:exitcode=99'}
SANITIZER_SAYS = ('Sanitizer', 'runtime error:')


def sanitizer_environment() -> dict[str, str]:
    """The environment, in which a program that is built with sanitizers does as said above."""
    environment = dict(os.environ)
    for name, options in SANITIZER.items():
        environment[name] = ':'.join(filter(None, (environment.get(name), options)))
    return environment


def check_sanitizers(text: str) -> None:
    """Fail when a sanitizer has said something among what is on standard error."""
    for says in SANITIZER_SAYS:
        if says in text:
            raise AssertionError(text[text.index(says):][:3000])


class Result:
    def __init__(self, process: 'subprocess.CompletedProcess[str]') -> None:
        self.status = process.returncode
        self.out = process.stdout
        self.err = process.stderr

    def findings(self) -> list[tuple[str, int, str]]:
        """File, line and rule of each finding of the text report."""
        found = []
        for line in self.out.splitlines():
            place, warning, rest = line.partition(': warning: [')
            if warning:
                file, number, _ = place.rsplit(':', 2)
                found.append((file, int(number), rest.split(']')[0]))
        return found


class Bench:
    """A folder with a project, and fpcheck in it."""

    def __init__(self, program: str, folder: str) -> None:
        self.program = program
        self.folder = folder

    def write(self, name: str, text: str) -> str:
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)
        return path

    def database(self, *entries: Any, name: str = 'b/compile_commands.json') -> None:
        """Entries are objects, or names of sources."""
        full = [entry if isinstance(entry, dict) else
                {'directory': self.folder, 'file': entry, 'arguments': ['cc', '-c', entry]}
                for entry in entries]
        self.write(name, json.dumps(full))

    def run(self, *arguments: str, folder: Optional[str] = None,
            before: Optional[Callable[[], None]] = None) -> Result:
        """Run it to its end; `before` is called in its process."""
        result = Result(subprocess.run(
            [self.program, *arguments], cwd=folder or self.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            env=sanitizer_environment(), errors='surrogateescape', timeout=300, check=False,
            preexec_fn=before))
        check_sanitizers(result.err)
        return result

    def check(self, source: str, *arguments: str, name: str = 'a.c') -> Result:
        """Check one source without a database."""
        self.write(name, source)
        return self.run(*arguments, name, '--')


Test = Callable[[Bench], None]


class Skipped(Exception):
    """What a test needs is not there; the reason."""


def tests_of(names: dict[str, Any]) -> list[Test]:
    """The tests of a module, in order: its functions of a bench that return nothing."""
    return [value for value in list(names.values())
            if callable(value) and getattr(value, '__annotations__', {}) == {'bench': Bench,
                                                                             'return': None}]


def run_test(test: Test, program: str) -> str:
    """What is to be said of it in front of its number, and behind its name."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            test(Bench(os.path.abspath(program), os.path.realpath(folder)))
        except Skipped as reason:
            return 'ok %%d - %%s # SKIP %s' % reason
        except Exception as error:  # a test that fails in any way has failed
            own = [place for place in traceback.extract_tb(error.__traceback__)
                   if place.name == test.__name__]
            print('# line %d: %s: %s' % (own[-1].lineno if own else 0, type(error).__name__,
                                         str(error).replace('\n', '\n# ')))
            return 'not ok %d - %s'
    return 'ok %d - %s'


def run_tests(tests: list[Test], program: str) -> None:
    """All of them, as TAP; ends the process."""
    print('1..%d' % len(tests))
    failures = 0
    for number, test in enumerate(tests, 1):
        outcome = run_test(test, program)
        failures += outcome.startswith('not')
        print(outcome % (number, test.__name__), flush=True)
    sys.exit(1 if failures else 0)
