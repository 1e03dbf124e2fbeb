#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Two engines at the same time, as two users who know nothing of each other start them.

    test_two_at_once.py FABLEPOOL FPGEN SHARED_DIRECTORY
"""

import json
import os
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect


def run_together(bench, *options):
    """Two engines without EAL arguments: how each ended, summaries read and judged."""
    paths = [bench.path('summary%d.json' % i) for i in range(2)]
    environment = {**os.environ, 'RUNTIME_DIRECTORY': bench.folder}
    processes = [bench.start(*options, '--json', path, eal=[], environment=environment)
                 for path in paths]
    runs = [bench.finish(process) for process in processes]
    for run, path in zip(runs, paths):
        equal(run.status, 0, 'exit status (it said %r)' % run.err[-400:])
        with open(path) as file:
            run.summary = json.load(file)
        support.check_leaks(run.summary)
    return runs


def feeds(bench):
    """Two demo feeds run for two seconds, lose nothing and tell their EAL arguments"""
    for run in run_together(bench, '--duration', 2, '--rate', 50000):
        channel = run.channel()
        expect(channel['messages'] > 50000, 'only %d messages' % channel['messages'])
        equal((channel['gaps'], channel['lost']), (0, 0), 'gaps and lost')
        expect(run.out.startswith('EAL arguments: '), 'it says %r' % run.out[:100])
        equal(support.text_leaks(run.out), 0, 'leaks of the printed summary')


def replays(bench):
    """Two replays of one capture at the same time come to the same"""
    capture, truth = bench.generate('itch', '--messages', 100000)
    for run in run_together(bench, '--replay', capture):
        equal(run.channel()['by_type'], truth['by_type'], 'messages by type')


if __name__ == '__main__':
    support.main([feeds, replays])
