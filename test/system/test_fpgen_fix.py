#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fpgen fix from outside: its logs against a reader of the tests' own, and against its truth.

    test_fpgen_fix.py FABLEPOOL FPGEN SHARED_DIRECTORY
"""

import struct
import subprocess
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
import fix_reader
import support
from support import equal, expect

FAULTS = {'--cut': 'cut', '--bad-length': 'bad_length', '--bad-checksum': 'bad_checksum',
          '--gaps': 'gaps', '--garbage': 'garbage'}
SEPARATORS = {'none': b'', 'lf': b'\n', 'crlf': b'\r\n'}
BEGINS = {'4.2': b'8=FIX.4.2', '4.4': b'8=FIX.4.4', 'fixt': b'8=FIXT.1.1'}


def make(bench, *arguments, name='log.fix'):
    path, truth = bench.generate('fix', '--messages', 3000, *arguments, name=name)
    with open(path, 'rb') as file:
        return file.read(), truth


def check(data, truth):
    """A reader finds what the truth says."""
    reading = fix_reader.Reading(data)
    equal(len(data), truth['bytes'], 'bytes')
    equal(len(reading.messages), truth['messages'], 'messages')
    equal(dict(reading.by_type), truth['by_type'], 'types')
    equal(dict(reading.malformed),
          {reason: count for reason, count in truth['malformed'].items() if count}, 'garbled')
    equal(reading.gaps(), (truth['gaps'], truth['lost']), 'gaps and messages lost')
    return reading


def books_of(reading):
    """Books by symbol, as the truth has them, from the market data of a whole log."""
    books = {}

    def price(text):
        whole, _, decimals = text.partition(b'.')
        ticks = int(whole + decimals[:12].ljust(12, b'0'))
        return (ticks + 5000) // 10000  # exact but for the dirt, which is far from a half
    for one in reading.fields:
        kind = dict(one)[35]
        if kind not in (b'W', b'X'):
            continue
        first = 269 if kind == b'W' else 279
        head, entries = [], []
        for tag, value in one:
            if tag == first:
                entries.append({})
            (entries[-1] if entries else dict()).update({tag: value})
            if not entries:
                head.append((tag, value))
        if kind == b'W':
            books[dict(head)[55].decode()] = {b'0': {}, b'1': {}}
        for entry in entries:
            if entry[269] == b'2':
                continue
            symbol = entry.get(55, dict(head).get(55)).decode()
            levels = books[symbol][entry[269]]
            if entry.get(279) == b'2':
                del levels[price(entry[270])]
            else:
                levels[price(entry[270])] = int(entry[271])
    return {symbol: {'bids': [[at, sides[b'0'][at], 0] for at in sorted(sides[b'0'])[::-1]],
                     'asks': [[at, sides[b'1'][at], 0] for at in sorted(sides[b'1'])]}
            for symbol, sides in books.items()}


def whole_logs(bench):
    """Every version and separator gives messages with right lengths and sums, numbered from 1"""
    for version, begin in BEGINS.items():
        for separator, between in SEPARATORS.items():
            data, truth = make(bench, '--version', version, '--separator', separator)
            reading = check(data, truth)
            equal(between.join(reading.messages + [b'']), data, 'messages and separators')
            expect(all(message.startswith(begin) for message in reading.messages), 'begin string')
            numbers = [int(dict(one)[34]) for one in reading.fields]
            equal(numbers, list(range(1, 3001)), 'MsgSeqNum')
            equal([dict(one)[35] for one in reading.fields][::2999], [b'A', b'5'],
                  'first and last message')
            equal(set(truth['by_type']), set('A05WXDFG8'), 'types')


def lengths(bench):
    """Increments have about 150 bytes"""
    reading = fix_reader.Reading(make(bench, '--orders', 0)[0])
    increments = [len(message) for message, one in zip(reading.messages, reading.fields)
                  if dict(one)[35] == b'X']
    expect(130 <= sum(increments) / len(increments) <= 180, 'mean length of an increment')


def equal_seeds(bench):
    """Equal arguments give equal logs, other seeds others"""
    one, again, other = (make(bench, '--seed', seed, '--cut', 2, '--garbage', 2)[0]
                         for seed in (7, 7, 8))
    equal(one == again, True, 'logs of one seed are equal')
    expect(one != other, 'another seed gives the same log')
    equal(make(bench, '--seed', 7, '--separator', 'none')[0].replace(b'\n', b''),
          make(bench, '--seed', 7, '--separator', 'crlf')[0].replace(b'\r\n', b''),
          'the same messages with another separator')


def books(bench):
    """The books of the truth are those of the market data, dirty prices or not"""
    for dirt in (0, 50):
        data, truth = make(bench, '--symbols', 7, '--dirty-prices', dirt)
        found = books_of(check(data, truth))
        equal(found, {name: book for name, book in truth['books'].items()
                      if name.startswith('SYM')}, 'books')
        expect((b'9999999999\x01' in data) == (dirt != 0), 'dirty prices')


def each_fault(bench):
    """Each kind of fault alone, with every separator, is what the truth says"""
    for option, name in FAULTS.items():
        for separator in SEPARATORS:
            data, truth = make(bench, option, 3, '--separator', separator)
            check(data, truth)
            struck = {kind for kind, where in truth['damage'].items() if where}
            equal(struck, {name}, 'faults')
            expect(40 <= len(truth['damage'][name]) <= 150, '%s: %d faults' %
                   (option, len(truth['damage'][name])))


def all_faults(bench):
    """All faults together are what the truth says; one does not change where another strikes"""
    every = [word for option in FAULTS for word in (option, 10)]
    for separator in SEPARATORS:
        for seed in range(5):
            data, truth = make(bench, '--separator', separator, '--seed', seed, *every)
            check(data, truth)
    _, together = make(bench, '--bad-checksum', 5, '--gaps', 5)
    _, alone = make(bench, '--bad-checksum', 5)
    equal(len(together['damage']['bad_checksum']), len(alone['damage']['bad_checksum']),
          'messages with a bad checksum')


def datagrams(bench):
    """--datagrams makes a capture of one message per datagram"""
    options = ('--bad-checksum', 3, '--gaps', 3, '--group', '233.252.0.7:4567')
    path, truth = bench.generate('fix', '--messages', 3000, *options, '--datagrams')
    log, _ = make(bench, *options, '--separator', 'none')
    frames = support.read_frames(path)
    equal(len(frames), 3000, 'frames')
    equal(b''.join(map(support.payload_of, frames)), log, 'payloads joined')
    check(log, truth)
    for packet in frames:
        equal(packet[30:34], bytes([233, 252, 0, 7]), 'group')
        equal(struct.unpack_from('>H', packet, 36)[0], 4567, 'port')


def wrong_command_lines(bench):
    """Options that do not fit are named, with status 2"""
    for options, words in (
            (('--version', '5.0'), ('--version 5.0', '4.2|4.4|fixt')),
            (('--separator', ''), ('--separator', 'none|lf|crlf')),
            (('--separator', 'l'), ('--separator l', 'none|lf|crlf')),
            (('--loss', 1), ('--loss', 'fpgen fix does not know')),
            (('--messages', 15), ('--messages 15', 'from 16')),
            (('--cut', 101), ('--cut 101', 'percentage')),
            (('--datagrams', '--cut', 1), ('--datagrams', '--cut')),
            (('--datagrams', '--garbage', 1), ('--datagrams', '--garbage'))):
        run = subprocess.run([bench.fpgen, 'fix', *map(str, options), '-o', bench.path('x')],
                             capture_output=True, text=True, timeout=support.DEADLINE_S)
        equal(run.returncode, 2, '%r: exit status' % (options,))
        equal(len(run.stderr.splitlines()), 1, '%r: lines' % (options,))
        for word in words:
            expect(word in run.stderr, '%r: it says %r' % (options, run.stderr))
    run = subprocess.run([bench.fpgen, 'itch', '--cut', '1', '-o', bench.path('x')],
                         capture_output=True, text=True, timeout=support.DEADLINE_S)
    expect('fpgen itch does not know' in run.stderr, 'it says %r' % run.stderr)


def files_that_cannot_be_written(bench):
    """A log or truth that cannot be written is named, with status 1"""
    for options in (('-o', '/nonexistent/log'), ('-o', '/dev/full'),
                    ('-o', bench.path('log'), '--truth', '/dev/full')):
        run = subprocess.run([bench.fpgen, 'fix', '--messages', '3000', '--truth',
                              bench.path('truth'), *options],
                             capture_output=True, text=True, timeout=support.DEADLINE_S)
        equal(run.returncode, 1, '%r: exit status' % (options,))
        expect(options[-1] in run.stderr, '%r: it says %r' % (options, run.stderr))


if __name__ == '__main__':
    support.main([whole_logs, lengths, equal_seeds, books, each_fault, all_faults, datagrams,
                  wrong_command_lines, files_that_cannot_be_written])
