#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""FIX through the engine: logs as streams, datagrams of whole messages, and whatever else comes.

    test_fix.py FABLEPOOL FPGEN SHARED_DIRECTORY

What a log holds is said by fpgen's truth, or by the reader in fix_reader.py.
"""

import json
import os
import random
import re
import signal
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
import fix_reader
import support
from support import equal, expect

GROUP = ('233.252.0.1', 9878)
PIECE = 1400
TYPES = {
    '0': 'heartbeat', '1': 'test_request', '2': 'resend_request', '3': 'reject',
    '4': 'sequence_reset', '5': 'logout', '8': 'execution', 'A': 'logon', 'D': 'new_order',
    'F': 'cancel_request', 'G': 'replace_request', 'V': 'data_request', 'W': 'snapshot',
    'X': 'increment',
}
GOOD = ('fix41-16.fix', 'fix50-cme-test.fix')
FAULTS = ('--cut', '--bad-length', '--bad-checksum', '--gaps', '--garbage')
DATAGRAMS = '''
[port 0]
device = net_pcap_fix,rx_pcap=%s%s
[channel QUOTES]
venue = fix
group = 233.54.12.111
udp_port = 26477
'''


def named(by_type):
    return {TYPES[kind]: count for kind, count in by_type.items()}


def faults_of(counts):
    return {reason: count for reason, count in counts.items() if count}


def check(run, truth, name='FIX'):
    """The channel counted what the truth says."""
    channel = run.channel(name)
    equal(channel['venue'], 'fix', 'venue')
    equal(channel['messages'], truth['messages'], 'messages')
    equal(channel['by_type'], named(truth['by_type']), 'types')
    equal(faults_of(channel['malformed']), faults_of(truth['malformed']), 'malformed')
    equal((channel['gaps'], channel['lost']), (truth['gaps'], truth['lost']), 'gaps and lost')
    for counter in ('unknown_types', 'duplicates', 'unconfirmed', 'offset_breaks'):
        equal(channel[counter], 0, counter)
    return channel


def check_stream(run, truth):
    channel = check(run, truth)
    equal(channel['datagrams'], -(-truth['bytes'] // PIECE), 'datagrams')
    equal(run.port()['received'], channel['datagrams'], 'frames')


def check_books(run, truth):
    """The books at the end are the truth's, and no change was unbelievable."""
    counters = run.summary['books']
    for counter in ('unknown_orders', 'duplicate_orders', 'over_reductions', 'bad_fields',
                    'orders_refused', 'levels_refused', 'instruments_refused'):
        equal(counters[counter], 0, counter)
    equal(run.channel()['stale_books'], 0, 'stale books')
    found = {symbol: {side: book[side] for side in ('bids', 'asks')}
             for symbol, book in run.book_tables().items()}
    expect(set(truth['books']) <= set(found), 'symbols without a book')
    for symbol, book in found.items():
        equal(book, truth['books'].get(symbol, {'bids': [], 'asks': []}), 'book of ' + symbol)


def truth_of(data):
    """What a reader finds, in the form of a truth."""
    reading = fix_reader.Reading(data)
    gaps, lost = reading.gaps()
    return {'bytes': len(data), 'messages': len(reading.messages), 'by_type': reading.by_type,
            'malformed': reading.malformed, 'gaps': gaps, 'lost': lost}


def read(path):
    with open(path, 'rb') as file:
        return file.read()


# ---- logs ---------------------------------------------------------------------------------------

def good_files(bench):
    """Every message of the real logs is decoded, whatever separates them"""
    for name in GOOD:
        data = read(bench.data(name))
        messages = fix_reader.Reading(data).messages
        logs = {'as it is': data}
        for separator in (b'', b'\n', b'\r\n', b'\n\n\r\n'):
            logs[separator] = separator + separator.join(messages) + separator
        events = []
        for between, log in logs.items():
            out = bench.path('out.pcap')
            run = bench.run('--replay', bench.write('good.fix', log), '--publish', out)
            check_stream(run, truth_of(log))
            equal(run.channel()['malformed'],
                  dict.fromkeys(run.channel()['malformed'], 0), 'malformed')
            events.append((between, support.native_messages(out)))
        for between, found in events[1:]:
            equal(found, events[0][1], '%s with %r between: events' % (name, between))


def bad_file(bench):
    """Every message of the log with wrong lengths and sums is refused for its length"""
    data = read(bench.data('fix42-bad-length-and-checksum.fix'))
    run = bench.run('--replay', bench.data('fix42-bad-length-and-checksum.fix'))
    check_stream(run, truth_of(data))
    equal(faults_of(run.channel()['malformed']), {'body_length': 100}, 'malformed')
    equal(run.summary['books']['symbols'], 0, 'books')
    equal(run.channel()['last_fault'], 'body_length', 'last fault')
    offset = run.channel()['last_fault_offset']
    expect(data.rindex(b'8=FIX') < offset < len(data),
           'the last fault is at %d, not in the last message' % offset)


def generated(bench):
    """Generated logs of every version and separator give what their truth says, books included"""
    for version in ('4.2', '4.4', 'fixt'):
        for separator in ('none', 'lf', 'crlf'):
            path, truth = bench.generate('fix', '--messages', 20000, '--version', version,
                                         '--separator', separator, name='day.fix')
            run = bench.run('--replay', path, books=True)
            check_stream(run, truth)
            check_books(run, truth)
            equal(run.port()['device'], 'file:' + path, 'device')


def faulty(bench):
    """What is planted in a log is counted by its reason, and nothing else is lost"""
    for separator in ('none', 'lf', 'crlf'):
        for options in [(fault, 2) for fault in FAULTS] + [
                tuple(word for fault in FAULTS for word in (fault, 4))]:
            path, truth = bench.generate('fix', '--messages', 10000, '--separator', separator,
                                         *options, name='day.fix')
            try:
                check_stream(bench.run('--replay', path), truth)
                equal(faults_of(truth_of(read(path))['malformed']),
                      faults_of(truth['malformed']), 'malformed, by the reader')
            except AssertionError as error:
                raise AssertionError('%s %r: %s' % (separator, options, error)) from None


def same_events(bench):
    """LF, CRLF and nothing between the messages give the same published messages"""
    for more in ((), ('--bad-checksum', 1, '--gaps', 1)):
        events = []
        for separator in ('none', 'lf', 'crlf'):
            path, _ = bench.generate('fix', '--messages', 20000, '--separator', separator, *more,
                                     name='day.fix')
            out = bench.path('out.pcap')
            run = bench.run('--replay', path, '--publish', out)
            events.append(support.native_messages(out))
            equal(len(events[-1]), run.summary['published']['messages'], 'messages published')
        expect(len(events[0]) > 30000, 'only %d messages were published' % len(events[0]))
        equal(events[1] == events[0], True, 'LF gives the same messages')
        equal(events[2] == events[0], True, 'CRLF gives the same messages')


def blank_lines(bench):
    """Blank lines before the first message and after the last are no fault"""
    path, truth = bench.generate('fix', '--messages', 1000, name='day.fix')
    log = b'\n\r\n' * 500 + read(path) + b'\r\n' * 5000
    run = bench.run('--replay', bench.write('blank.fix', log))
    check_stream(run, {**truth, 'bytes': len(log)})


def with_text(bench):
    """What a log writes in front of its messages, behind them and between is passed over"""
    path, truth = bench.generate('fix', '--messages', 5000, '--separator', 'none', '--bad-checksum',
                                 1, name='day.fix')
    messages = re.split(rb'(?<=\x01)(?=8=FIX)', read(path))
    for front, behind in ((b'20130724-03:42:30.876543 : ', b'\n'),
                          (b'<14:02:01, FIX.4.4:A->B, incoming> (', b')\r\n'),
                          (b'# 8 = begin\n\n\x00', b'\n'), (b'58=FIX ', b' JUNK\nlogged on\n')):
        log = b'# a log\n' + b''.join(front + message + behind for message in messages)
        run = bench.run('--replay', bench.write('text.log', log), books=True)
        check_stream(run, {**truth, 'bytes': len(log)})
        expect('with text' in run.out, 'it does not say that there is text')
    config = bench.write('log.ini', '[channel FIX]\nvenue = fix\ntransport = log\n'
                         'udp_port = 9878\n')
    check_stream(bench.run('--config', config, '--replay', bench.path('text.log')),
                 {**truth, 'bytes': len(log)})
    check_stream(bench.run('--config', config, '--replay', path), truth)


def shown_delimiters(bench):
    """A log in which something else stands for SOH is refused, and told apart from other files"""
    path, _ = bench.generate('fix', '--messages', 100, name='day.fix')
    for shown in (b'|', b'^A', b';', b' '):
        for front in (b'', b'14:02:01 : '):
            log = re.sub(rb'(?m)^', front, read(path).replace(b'\x01', shown))
            line = bench.refuse('--replay', bench.write('shown.log', log))
            expect('SOH' in line, '%r for SOH: it says %r' % (shown, line))
    line = bench.refuse('--replay', bench.write('text', b'no message, 8=FIXED\n'))
    expect('not known' in line, 'it says %r' % line)


def unfinished(bench):
    """A last message that is not there as a whole is counted, wherever it ends"""
    path, _ = bench.generate('fix', '--messages', 16, '--separator', 'none', name='day.fix')
    data = read(path)
    whole = fix_reader.Reading(data).messages
    last = len(whole[-1])
    for missing in sorted({1, 2, 6, 7, 8, last // 2, last - 26, last - 12, last - 5}):
        run = bench.run('--replay', bench.write('cut.fix', data[:-missing]))
        equal(run.channel()['messages'], 15, 'messages, %d bytes missing' % missing)
        equal(faults_of(run.channel()['malformed']), {'message_short': 1},
              'malformed, %d bytes missing' % missing)


def dirty_prices(bench):
    """Prices with the dirt of binary fractions are rounded, cut off or refused, as configured"""
    path, truth = bench.generate('fix', '--messages', 5000, '--orders', 0, '--dirty-prices', 20,
                                 name='day.fix')
    messages = [one for one in fix_reader.Reading(read(path)).messages]
    dirty = sum(re.search(rb'\x01270=[0-9.]*00000001\x01|\x01270=[0-9.]*99999999\x01', one)
                is not None for one in messages)
    expect(dirty > 500, 'only %d dirty messages' % dirty)

    def run_with(*lines):
        text = '[channel FIX]\nvenue = fix\ntransport = stream\nudp_port = 9878\n'
        config = bench.write('log.ini', text + '\n'.join(lines) + '\n')
        return bench.run('--config', config, '--replay', path, books=True)
    for lines in ((), ('price_excess = half_even',), ('price_excess = half_away',)):
        run = run_with(*lines)
        check_stream(run, truth)
        check_books(run, truth)
    run = run_with('price_excess = refuse')
    equal(faults_of(run.channel()['malformed']), {'message_field': dirty}, 'malformed')
    equal(run.channel()['messages'], 5000 - dirty, 'messages')
    run = run_with('price_excess = truncate')
    equal(run.channel()['messages'], 5000, 'messages')
    prices = [level[0] for book in run.book_tables().values() for level in book['bids']]
    expect(any(price % 1000000 == 999999 for price in prices), 'nothing was cut off')


def decimals(bench):
    """price_decimals says the decimals of the books"""
    path, truth = bench.generate('fix', '--messages', 5000, name='day.fix')
    for places in (0, 2, 4, 9):
        config = bench.write('log.ini', '[channel FIX]\nvenue = fix\ntransport = stream\n'
                             'udp_port = 9878\nprice_decimals = %d\n' % places)
        run = bench.run('--config', config, '--replay', path, books=True)
        check_stream(run, truth)
        if places < 2:
            continue
        for symbol, book in run.book_tables().items():
            wanted = truth['books'].get(symbol, {'bids': []})['bids']
            equal([level[0] * 10**(9 - places) for level in book['bids']],
                  [level[0] * 10 for level in wanted], 'prices of ' + symbol)


def configured(bench):
    """With channels of its own, one of them has to take the log"""
    path, truth = bench.generate('fix', '--messages', 1000, name='day.fix')
    for line in ('', 'group = any', 'group = 233.252.0.1'):
        config = bench.write('log.ini', '[channel FIX]\nvenue = fix\ntransport = stream\n'
                             'udp_port = 9878\n%s\n' % line)
        check_stream(bench.run('--config', config, '--replay', path), truth)
    check_stream(bench.run('--config', bench.write('engine.ini', '[engine]\nburst = 7\n'),
                           '--replay', path), truth)
    for line in ('udp_port = 9879', 'udp_port = 9878\ngroup = 233.252.0.2'):
        config = bench.write('other.ini', '[channel A]\nvenue = fix\ntransport = stream\n%s\n' %
                             line)
        refusal = bench.refuse('--config', config, '--replay', path)
        for word in (path, 'other.ini', '233.252.0.1', '9878'):
            expect(word in refusal, '%r is missing in %r' % (word, refusal))


# ---- datagrams ----------------------------------------------------------------------------------

def datagrams(bench):
    """A capture of one message per datagram gives what its log gives"""
    options = ('fix', '--messages', 20000, '--bad-checksum', 1, '--gaps', 1)
    capture, truth = bench.generate(*options, '--datagrams', name='day.pcap')
    log, of_log = bench.generate(*options, '--separator', 'none', name='day.fix')
    equal({**of_log, 'parameters': 0}, {**truth, 'parameters': 0}, 'truth of log and capture')
    run = bench.run('--config', bench.write('pcap.ini', DATAGRAMS % (capture, '')),
                    '--replay', capture, '--publish', bench.path('one.pcap'))
    check(run, truth, 'QUOTES')
    equal(run.channel()['datagrams'], 20000, 'datagrams')
    bench.run('--replay', log, '--publish', bench.path('two.pcap'))
    equal(support.native_messages(bench.path('one.pcap')) ==
          support.native_messages(bench.path('two.pcap')), True, 'the same messages')


def several_in_a_datagram(bench):
    """Several whole messages in a datagram are all decoded; a part of one is refused"""
    path, truth = bench.generate('fix', '--messages', 600, '--separator', 'none', name='day.fix')
    messages = fix_reader.Reading(read(path)).messages
    payloads = [b''.join(messages[i:i + 3]) for i in range(0, len(messages), 3)]
    frames = [support.udp_frame(payload, '233.54.12.111', 26477) for payload in payloads]
    run = bench.run('--config', bench.write('pcap.ini', DATAGRAMS % ('x', '')), '--replay',
                    bench.write('three.pcap', support.pcap_of(frames)))
    check(run, truth, 'QUOTES')
    equal(run.channel()['datagrams'], 200, 'datagrams')
    cut = support.udp_frame(payloads[0][:-1], '233.54.12.111', 26477)
    run = bench.run('--config', bench.write('pcap.ini', DATAGRAMS % ('x', '')), '--replay',
                    bench.write('cut.pcap', support.pcap_of([cut] + frames[1:])))
    equal(run.channel()['messages'], 599, 'messages')
    equal(faults_of(run.channel()['malformed']), {'message_short': 1}, 'malformed')
    equal((run.channel()['gaps'], run.channel()['lost']), (1, 1), 'gaps and lost')


def telemetry(bench):
    """The channel can be asked for while it runs"""
    capture, _ = bench.generate('fix', '--messages', 500, '--datagrams', name='day.pcap')
    config = bench.write('pcap.ini', DATAGRAMS % (capture, ',infinite_rx=1'))
    prefix = bench.prefix()
    path = support.telemetry_path(prefix)
    process = bench.start('--config', config, '--duration', 20, environment=os.environ,
                          eal=support.eal_arguments(prefix))
    support.wait_until(process, path, lambda channel: channel['datagrams'] > 1000)
    client = support.Telemetry(path)
    channel = client.ask('/fablepool/channel,0')
    equal((channel['name'], channel['venue']), ('QUOTES', 'fix'), 'name and venue')
    expect(channel['messages'] >= 500, 'messages: %d' % channel['messages'])
    client.close()
    process.send_signal(signal.SIGINT)
    run = bench.finish(process)
    equal((run.status, support.text_leaks(run.out)), (0, 0), 'exit status and leaks')


# ---- what comes anyway --------------------------------------------------------------------------

def interrupted(bench):
    """SIGINT and SIGTERM in the middle of a log end the run in order"""
    path, _ = bench.generate('fix', '--messages', 1500000, name='day.fix')
    for chosen in (signal.SIGINT, signal.SIGTERM):
        prefix = bench.prefix()
        process = bench.start('--replay', path, environment=os.environ,
                              eal=support.eal_arguments(prefix))
        support.wait_until(process, support.telemetry_path(prefix),
                           lambda channel: channel['messages'] > 1000)
        process.send_signal(chosen)
        run = bench.finish(process)
        equal((run.status, support.text_leaks(run.out)), (0, 0), 'exit status and leaks')
        messages = int(re.search(r'name=FIX .*? messages=(\d+)', run.out).group(1))
        expect(1000 < messages < 1500000, 'it has read %d messages' % messages)
        bad = re.search(r'malformed\{ ([^}]*)\}', run.out)
        expect(bad is None or bad.group(1).strip() in ('', 'message_short=1'),
               'malformed: %r' % bad)


def shrinking(bench):
    """A log that shrinks while it is read ends the run with a line that says so"""
    path, _ = bench.generate('fix', '--messages', 1500000, name='day.fix')
    prefix = bench.prefix()
    process = bench.start('--replay', path, environment=os.environ,
                          eal=support.eal_arguments(prefix))
    support.wait_until(process, support.telemetry_path(prefix),
                       lambda channel: channel['messages'] > 1000)
    os.truncate(path, 5000)
    run = bench.finish(process)
    equal((run.status, support.text_leaks(run.out)), (0, 0), 'exit status and leaks')
    equal(len(run.lines('it shrank')), 1, 'lines that say it')


def growing(bench):
    """What is appended to a log after the start is not sent"""
    path, truth = bench.generate('fix', '--messages', 1000, name='day.fix')
    process = bench.start('--replay', path, '--json', bench.path('summary.json'))
    with open(path, 'ab') as file:
        while process.poll() is None:
            file.write(b'8=FIX.4.4\x019=5\x0135=0\x0110=163\x01\n' * 1000)
            file.flush()
            if file.tell() > 100 * truth['bytes']:
                break
    run = bench.finish(process)
    equal((run.status, support.text_leaks(run.out)), (0, 0), 'exit status and leaks')
    with open(bench.path('summary.json')) as summary:
        channel = json.load(summary)['channels'][0]
    expect(channel['messages'] >= 1000, 'messages: %d' % channel['messages'])
    counts = faults_of(channel['malformed'])
    expect(counts in ({}, {'message_short': 1}), 'malformed: %r' % counts)


def garbage(bench):
    """Ten megabytes of whatever follows 8=FIX are refused, and the run ends"""
    noise = random.Random(5).randbytes(10 * 2**20)
    logs = {
        'noise': b'8=FIX' + noise,
        'head and noise': b'8=FIX.4.4\x019=100\x0135=D\x01' + noise,
        'giant': b'8=FIX.4.4\x019=10485760\x0135=D\x0158=' + b'x' * 10485760 + b'\x0110=000\x01',
        'long number': b'8=FIX.4.4\x019=' + b'1' * 10485760,
        'heads only': b'8=FIX.4.4\x019=60000\x0135=D\x01' * 400000,
        'begins only': b'8=FIX\x01' * 1700000,
        'equals only': b'8=FIX' + b'=' * 10485760,
        'delimiters only': b'8=FIX.4.4\x01' + b'\x01' * 10485760,
        'zeros': b'8=FIX' + bytes(10485760),
        'letters for a length': b'8=FIX.4.4\x019=02A\x0135=D\x01\n' * 300000,
        'overflow': b'8=FIX.4.4\x019=18446744073709551616\x0135=D\x01\n' * 200000,
        'data without end': b'8=FIX.4.4\x019=64000\x0135=D\x0195=4294967295\x0196=' + noise,
    }
    for name, log in logs.items():
        try:
            run = bench.run('--replay', bench.write('garbage.fix', log))
            channel = run.channel('FIX')
            equal(channel['datagrams'], -(-len(log) // PIECE), 'datagrams')
            equal(channel['messages'], 0, 'messages')
            expect(sum(channel['malformed'].values()) > 0, 'nothing is malformed')
        except AssertionError as error:
            raise AssertionError('%s: %s' % (name, error)) from None


def after_garbage(bench):
    """Messages behind garbage are found again"""
    path, truth = bench.generate('fix', '--messages', 1000, name='day.fix')
    noise = random.Random(6).randbytes(10**6).replace(b'8=FIX', b'8=FIT')
    log = b'8=FIX.4.4\x019=99999\x0135=D\x01' + noise + b'\n' + read(path)
    run = bench.run('--replay', bench.write('behind.fix', log))
    equal(run.channel()['messages'], truth['messages'], 'messages')
    equal(run.channel()['by_type'], named(truth['by_type']), 'types')


def odd_paths(bench):
    """A log may have commas and blanks in its name, and be a link"""
    path, truth = bench.generate('fix', '--messages', 1000, name='a log, of today.fix')
    check_stream(bench.run('--replay', path), truth)
    os.symlink(path, bench.path('link'))
    check_stream(bench.run('--replay', bench.path('link')), truth)
    os.makedirs(bench.path('d' * 240))
    line = bench.refuse('--replay', bench.write(os.path.join('d' * 240, 'log'), read(path)))
    expect('shorter path' in line, 'it says %r' % line)


if __name__ == '__main__':
    support.main([good_files, bad_file, generated, faulty, same_events, blank_lines, with_text,
                  shown_delimiters, unfinished, dirty_prices, decimals, configured, datagrams,
                  several_in_a_datagram, telemetry, interrupted, shrinking, growing, garbage,
                  after_garbage, odd_paths])
