#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""SIGINT and SIGTERM at any moment of a run, also twice.

    test_signals.py FABLEPOOL FPGEN SHARED_DIRECTORY
"""

import json
import random
import select
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect

RUNS = 30
AT_ONCE = 3
LONGEST_S = 2
ENDS_IN_S = 5

# A feed that would run for ever.
FEED = '''
[port 0]
device = synthetic
[channel feed]
venue = itch50
udp_port = 26477
[synthetic]
messages = 20000
rate = 100000
'''


def one_run(bench, config, number, signals, delay, gap):
    """Start, send the signals, look at the end; a complaint, or None."""
    process = bench.start('--config', config)
    time.sleep(delay)
    is_early = process.poll() is not None
    sent = time.monotonic()
    for chosen in signals:
        process.send_signal(chosen)
        time.sleep(gap)
    try:
        run = bench.finish(process, ENDS_IN_S)
        took = time.monotonic() - sent
        expect(not is_early, 'it ended by itself with status %d' % run.status)
        expect(took < ENDS_IN_S, 'the end took %.1f s' % took)
        leaks = support.text_leaks(run.out)
        if leaks is not None:
            equal(run.status, 0, 'exit status, with a summary')
            equal(leaks, 0, 'leaks')
        else:
            # Before the handlers are there the signal's own default ends the process.
            by_default = {-chosen for chosen in signals} | {128 + chosen for chosen in signals}
            expect(run.status in by_default | {0, 1}, 'exit status %d, it said %r' %
                   (run.status, run.err[-300:]))
            expect(run.status == 0 or delay < 1, 'status %d after %.2f s' % (run.status, delay))
    except AssertionError as error:
        return 'run %d, %s after %.3f s: %s' % (
            number, '+'.join(chosen.name for chosen in signals), delay, error)
    return None


def check_signals(bench, seed, choose_signals):
    chance = random.Random(seed)
    config = bench.write('feed.ini', FEED)
    # Half of the moments are in the first third of a second, in which the engine starts.
    plan = [(number, choose_signals(chance),
             chance.uniform(0, LONGEST_S if number % 2 else 0.35), chance.choice((0, 0.001, 0.02)))
            for number in range(RUNS)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        complaints = list(filter(None, pool.map(lambda how: one_run(bench, config, *how), plan)))
    expect(not complaints, '\n'.join(complaints))


def once(bench):
    """One signal at a random moment ends the engine cleanly"""
    check_signals(bench, 1, lambda chance: [chance.choice((signal.SIGINT, signal.SIGTERM))])


def twice(bench):
    """Two signals in a row end it just as cleanly"""
    check_signals(bench, 2, lambda chance: [chance.choice((signal.SIGINT, signal.SIGTERM))
                                            for _ in range(2)])


def during_a_replay(bench):
    """A signal in a replay that publishes ends with a summary that adds up"""
    capture, truth = bench.generate('itch', '--messages', 1000000)
    for _ in range(5):
        prefix = bench.prefix()
        process = bench.start('--replay', capture, '--publish', bench.path('published.pcap'),
                              '--json', bench.path('summary.json'),
                              eal=support.eal_arguments(prefix))
        path = support.telemetry_path(prefix, {'RUNTIME_DIRECTORY': bench.folder})
        support.wait_until(process, path, lambda channel: channel['messages'] > 10000)
        process.send_signal(signal.SIGTERM)
        run = bench.finish(process, ENDS_IN_S)
        equal(run.status, 0, 'exit status')
        with open(bench.path('summary.json')) as file:
            run.summary = json.load(file)
        support.check_leaks(run.summary)
        if run.channel()['messages'] < truth['messages']:
            break
    expect(10000 < run.channel()['messages'] < truth['messages'], 'the signal comes too late')
    equal(run.channel()['gaps'], 0, 'gaps')
    equal(len(support.native_messages(bench.path('published.pcap'))),
          run.summary['published']['messages'], 'messages of the published capture')


def plan_is_seen(bench):
    """What the engine plans can be read from a pipe while it runs"""
    process = bench.start('--config', bench.write('feed.ini', FEED))
    try:
        is_there, _, _ = select.select([process.stdout], [], [], 3)
    finally:
        process.send_signal(signal.SIGINT)
        bench.finish(process, ENDS_IN_S)
    expect(is_there, 'nothing is printed within 3 s')


if __name__ == '__main__':
    support.main([once, twice, during_a_replay, plan_is_seen])
