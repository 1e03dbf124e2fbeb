#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the library makes of each misuse, in the build that this is a test of.

    test_misuse.py MISUSE DOCUMENT LIBRARY CONFIG_H INCLUDES -- COMPILER ARGUMENTS...

Each row of the table that `misuse --expect` prints runs in a process of its own, two at a time.
INCLUDES are folders, with a colon between two.
"""

import concurrent.futures
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile

DEADLINE_S = 60
AT_A_TIME = 2
LEVELS = ('trust', 'ref', 'full')
SANITIZER = 'AddressSanitizer: '


def is_said(word, text):
    """Whether a part of a row's words is in the text; '#' is a number."""
    return re.search(re.escape(word).replace(r'\#', r'\d+'), text)


def complaint(name, end, words, level, process):
    """What is wrong with the end of a process, or None."""
    said = process.stdout + process.stderr
    is_sanitized = SANITIZER in process.stderr
    status = {
        'silent': process.returncode == 0 and process.stdout == 'ended\n',
        'answers': process.returncode == 0 and process.stdout.endswith('ended\n'),
        'panics': process.returncode == -signal.SIGABRT and
                  'fablepool: panic: ' in process.stderr and not is_sanitized,
        # A sanitizer may see the null pointer, or what is done with it, before the processor does.
        'faults': process.returncode == -signal.SIGSEGV or
                  process.returncode != 0 and
                  re.search(SANITIZER + 'SEGV|runtime error: .*null pointer', process.stderr),
        'poison': process.returncode != 0 and SANITIZER in process.stderr,
    }[end]
    if not status:
        return 'status %d, not the end "%s"' % (process.returncode, end)
    for word in words.split('|'):
        if not is_said(word, said):
            return '"%s" is not said' % word
    if end in ('silent', 'answers') and 'panic' in said:
        return 'it panics and goes on'
    # The place: the function that was called is the row's.
    if (end == 'poison' or (end == 'panics' and level == 'full')) and \
            'misuse_' + name not in process.stderr:
        return 'the function misuse_%s is not in the backtrace' % name
    return None


def run(program, name, folder):
    # EAL keeps its files there, also those of a process that aborts.
    environment = dict(os.environ, RUNTIME_DIRECTORY=folder)
    return subprocess.run([program, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment, timeout=DEADLINE_S, errors='replace', check=False)


def check_row(program, row, level, folder):
    name, end, words = row
    try:
        process = run(program, name, folder)
    except subprocess.TimeoutExpired:
        return 'it does not end'
    wrong = complaint(name, end, words, level, process)
    return wrong and '%s\n%s%s' % (wrong, process.stdout, process.stderr)


def check_document(program, document):
    """The tables of the document are those of the program."""
    wanted = subprocess.run([program, '--list'], stdout=subprocess.PIPE, check=True,
                            universal_newlines=True).stdout
    with open(document, encoding='utf-8') as stream:
        return None if wanted in stream.read() else 'put this there:\n' + wanted


def read_level(config):
    with open(config, encoding='utf-8') as stream:
        text = stream.read()
    return text, LEVELS[int(re.search(r'#define FP_LIFETIME (\d)', text).group(1))]


def link(compiler, library, includes, text, folder):
    """Link a program whose fp_config.h has that text; the linker's complaints."""
    source = os.path.join(folder, 'linked.c')
    with open(os.path.join(folder, 'fp_config.h'), 'w', encoding='utf-8') as stream:
        stream.write(text)
    with open(source, 'w', encoding='utf-8') as stream:
        stream.write('#include "fp_lifetime.h"\nint main(void) { return *FP_LIFETIME_NAME == 0; }\n')
    # Ours first: a build folder has one of its own.
    folders = ['-I' + folder] + ['-I' + include for include in includes]
    return subprocess.run(compiler + folders + ['-Wl,--allow-shlib-undefined', source, library,
                                                '-o', os.path.join(folder, 'linked')],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=DEADLINE_S,
                          errors='replace', check=False)


def check_link(compiler, library, includes, config):
    """Objects of this level link with the library, those of the others do not."""
    text, own = read_level(config)
    for number, level in enumerate(LEVELS):
        changed = re.sub(r'(#define FP_LIFETIME) \d', r'\1 %d' % number, text)
        with tempfile.TemporaryDirectory(prefix='fpmu') as folder:
            linked = link(compiler, library, includes, changed, folder)
        if level == own and linked.returncode != 0:
            return 'an object of the same level does not link:\n' + linked.stdout
        if level != own and (linked.returncode == 0 or
                             not re.search(r'undefined.*\bfpi_lifetime_%s\b' % level,
                                           linked.stdout)):
            return 'an object of level %s links, or for another reason not:\n%s' % (
                level, linked.stdout)
    return None


def main():
    split = sys.argv.index('--')
    program, document, library, config, includes = sys.argv[1:split]
    program = os.path.abspath(program)
    level = read_level(config)[1]
    expected = subprocess.run([program, '--expect'], stdout=subprocess.PIPE, check=True,
                              universal_newlines=True).stdout
    rows = [line.split('\t') for line in expected.splitlines()]
    # Most of the children abort.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    failed = 0
    print('1..%d' % (len(rows) + 2))
    with tempfile.TemporaryDirectory(prefix='fpmu') as folder, \
            concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as executor:
        wrongs = executor.map(lambda row: check_row(program, row, level, folder), rows)
        checks = [('%s: %s' % (level, ' '.join(row[:2])), wrong)
                  for row, wrong in zip(rows, wrongs)]
    checks.append(('the tables of the document are these',
                   check_document(program, document)))
    checks.append(('objects of another level do not link',
                   check_link(sys.argv[split + 1:], library, includes.split(':'), config)))
    for number, (sentence, wrong) in enumerate(checks, 1):
        if wrong:
            print('# ' + wrong.rstrip().replace('\n', '\n# '))
            failed += 1
        print('%s %d - %s' % ('not ok' if wrong else 'ok', number, sentence))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
