#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The guide of fpcheck does what it says: its commands are run as they stand on the page.

    test_guide.py FPCHECK GUIDE

They run on copies of DPDK's own PTP client, the page's program. What the page shows below a
command must be what the command prints. Skipped (77) where the examples are not installed, or are
of another release than the one that the line numbers of the page are from.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from typing import NamedTuple

from bench import sanitizer_environment

EXAMPLES = '/usr/share/dpdk/examples'
RELEASE = '22.11.11'
SKIPPED = 77
# A paragraph of the page that is indented by four spaces.
BLOCK = re.compile(r'(?:^    .*\n)+', re.M)
FINDING = re.compile(r'^\S+:\d+:\d+: warning: ', re.M)


class Done(NamedTuple):
    """What came of a command."""
    status: int
    out: str
    err: str


class Page:
    """The guide, and a folder that its commands run in."""

    def __init__(self, fpcheck: str, guide: str, folder: str) -> None:
        with open(guide, encoding='utf-8') as stream:
            text = stream.read()
        self.blocks = [re.sub(r'^    ', '', block, flags=re.M) for block in BLOCK.findall(text)]
        self.folder = folder
        programs = os.path.join(folder, 'bin')
        os.mkdir(programs)
        os.symlink(os.path.abspath(fpcheck), os.path.join(programs, 'fpcheck'))
        self.path = programs + os.pathsep + os.environ['PATH']
        self.failures = 0
        self.count = 0

    def block(self, word: str) -> str:
        """The first block that has the word."""
        return next(block for block in self.blocks if word in block)

    def command(self, begin: str) -> str:
        """The one line of a block that begins so, without its comment."""
        lines = [line for block in self.blocks for line in block.splitlines()
                 if line.startswith(begin)]
        if not lines:
            raise AssertionError(f'the page has no command "{begin}..."')
        return lines[0]

    def run(self, script: str) -> Done:
        """Run a script of the page in the copy of the example."""
        done = subprocess.run(
            ['bash', '-c', script], cwd=os.path.join(self.folder, 'ptpclient'), text=True,
            capture_output=True, check=False, timeout=300,
            env={**sanitizer_environment(), 'PATH': self.path})
        return Done(done.returncode, done.stdout, done.stderr)

    def test(self, name: str, problem: str) -> None:
        """One line of TAP."""
        self.count += 1
        self.failures += bool(problem)
        print(f'{"not ok" if problem else "ok"} {self.count} - {name}')
        for line in problem.splitlines():
            print('# ' + line)


def one_file(page: Page) -> None:
    """The first commands, and below them what they print."""
    script = page.block('fpcheck ptpclient.c').replace(EXAMPLES, page.folder)
    shown = page.block(': warning: [R-04-01]').strip().splitlines()
    done = page.run(script)
    printed = done.out.splitlines()
    start = printed.index(shown[0]) if shown[0] in printed else 0
    page.test('one file: its exit status', '' if done.status == 1 else f'{done.status}\n{done.err}')
    page.test('one file: what is found is what the page shows',
              '' if printed[start:start + len(shown)] == shown else
              'shown:\n' + '\n'.join(shown) + '\nprinted:\n' + done.out)


def tree(page: Page) -> None:
    """With the database that the flags of the first command make, in the folder `build`."""
    here = os.path.join(page.folder, 'ptpclient')
    os.makedirs(os.path.join(here, 'build'))
    os.makedirs(os.path.join(here, 'src'))
    shutil.copy(os.path.join(here, 'ptpclient.c'), os.path.join(here, 'src', 'fwd.c'))
    flags = subprocess.run(['pkg-config', '--cflags', 'libdpdk'], capture_output=True, text=True,
                           check=True).stdout.strip()
    entries = ', '.join('{"directory": "%s", "file": "%s", "command": "cc %s -c %s"}' %
                        (here, name, flags.replace('"', '\\"'), name)
                        for name in ('ptpclient.c', 'src/fwd.c'))
    with open(os.path.join(here, 'build', 'compile_commands.json'), 'w', encoding='utf-8') as db:
        db.write('[%s]\n' % entries)
    alone = len(FINDING.findall(page.run(page.command('fpcheck ptpclient.c')).out))
    for begin, sources in (('fpcheck -p build ', 2), ('fpcheck -p build --root', 1)):
        done = page.run(page.command(begin))
        found = len(FINDING.findall(done.out))
        page.test(f'{begin.strip()}: the findings of {sources} sources',
                  '' if (done.status, found) == (1, sources * alone) else
                  f'status {done.status}, {found} findings\n{done.err}')


def sarif(page: Page) -> None:
    """The command for continuous integration, which stands in a sentence."""
    with open(sys.argv[2], encoding='utf-8') as stream:
        command = re.search(r'`(fpcheck [^`]*sarif[^`]*)`', stream.read())
    done = page.run(command.group(1) if command else 'false')
    path = os.path.join(page.folder, 'ptpclient', 'fpcheck.sarif')
    page.test('sarif: the file is there',
              '' if done.status == 1 and os.path.getsize(path) > 1000 else done.err)


def main() -> int:
    """The page's commands, in its order."""
    if len(sys.argv) != 3:
        sys.exit('usage: test_guide.py FPCHECK GUIDE')
    release = subprocess.run(['pkg-config', '--modversion', 'libdpdk'], capture_output=True,
                             text=True, check=False).stdout.strip()
    if release != RELEASE or not os.path.isdir(os.path.join(EXAMPLES, 'ptpclient')):
        print(f'1..0 # SKIP the examples of DPDK {RELEASE} are not installed')
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        shutil.copytree(os.path.join(EXAMPLES, 'ptpclient'), os.path.join(folder, 'ptpclient'))
        page = Page(sys.argv[1], sys.argv[2], folder)
        for part in (one_file, tree, sarif):
            part(page)
    print(f'1..{page.count}')
    return 1 if page.failures else 0


if __name__ == '__main__':
    sys.exit(main())
