#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Count the results in meson's testlog.json: prints `PASSED FAILED SKIPPED` for tools/test.

Each line of the file is one test.  A test that is expected to fail and does so has passed;
whatever is neither passed nor skipped (also a timeout or an interrupted test) has failed, and its
output goes to stderr, where TAP tests say which case it was.  A file that is missing or empty is an
error: a run that tested nothing must not look like a good one.
"""
import json
import sys

PASSED = ('OK', 'EXPECTEDFAIL')
SKIPPED = ('SKIP',)
LAST_LINES = 60


def show(test):
    """Name, result and the end of the output of one test, on stderr."""
    print(f"{test['name']}: {test['result']}", file=sys.stderr)
    for stream in ('stdout', 'stderr'):
        for line in test.get(stream, '').splitlines()[-LAST_LINES:]:
            print(f'    {line}', file=sys.stderr)


def main(argv):
    try:
        with open(argv[1], encoding='utf-8') as stream:
            tests = [json.loads(line) for line in stream if line.strip()]
    except FileNotFoundError:
        tests = []
    passed = sum(test['result'] in PASSED for test in tests)
    skipped = sum(test['result'] in SKIPPED for test in tests)
    print(passed, len(tests) - passed - skipped, skipped)
    for test in tests:
        if test['result'] not in PASSED + SKIPPED:
            show(test)
    if not tests:
        print(f'{argv[1]}:1: no tests were run', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
