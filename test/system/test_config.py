#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Configurations and options that work, and every kind that does not.

    test_config.py FABLEPOOL FPGEN SHARED_DIRECTORY

An error has to be one line that names the file, the section and the key, and says what was expected.
"""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect

# Every key, with values that cannot be used and a word that says what can.
UNUSABLE = {
    'engine lcores': (('', '0,0,1', '(0,0,1),', '(0,0)', '(a,0,1)', '(0,0,1)(1,0,1)', '(-1,0,1)',
                       '(65535,0,1)'), '(port,queue,lcore)'),
    'engine burst': (('', '0', '-1', 'x', '4294967296', '32 ', '0x20', '1e2', '99999'),
                     'a number from 1 to'),
    'engine line_wait_us': (('', '-1', '1000001', 'auto', '1ms'), 'a number from 0 to 1000000'),
    'engine books': (('', '1', 'true', 'YES', 'maybe'), 'yes or no'),
    'engine allow_numa_mismatch': (('', '2', 'off'), 'yes or no'),
    'pool rx_buffers': (('', '0', '63', '-5', 'many', '18446744073709551616'), 'or auto'),
    'pool tx_buffers': (('', '0', '63', 'AUTO', '18446744073709551615'), 'or auto'),
    'port device': (('',), 'a vdev'),
    'port rx_descriptors': (('', '63', '4097', 'auto'), 'a number from 64 to 4096'),
    'port tx_descriptors': (('', '0', '5000', 'x'), 'a number from 64 to 4096'),
    'port promiscuous': (('', 'on'), 'yes or no'),
    'port verify_checksum': (('', 'sometimes'), 'yes, no or auto'),
    'channel venue': (('', 'nasdaq', 'ITCH50', 'itch50 '), 'venue'),
    'channel transport': (('', 'tcp', 'moldudp', 'MOLDUDP64'), 'transport'),
    'channel group': (('', '233.54.12', '256.1.1.1', 'all', '233.54.12.111:1'), 'IPv4'),
    'channel udp_port': (('', '0', '65536', 'x'), 'a number from 1 to 65535'),
    'channel group_b': (('', '1.2.3.4.5'), 'IPv4'),
    'channel udp_port_b': (('', '0', '70000'), 'a number from 1 to 65535'),
    'channel port': (('', '-1', '65535', 'first'), 'a number from 0 to 65534'),
    'channel instruments': (('', '0', '16777217'), 'or auto'),
    'channel orders': (('', '0', '268435457'), 'or auto'),
    'channel levels': (('', '0', '268435457', '1M'), 'or auto'),
    'channel price_decimals': (('', '10', '-1', 'auto', '2.0', '0x2'), 'a number from 0 to 9'),
    'channel price_excess': (('', 'half', 'HALF_EVEN', 'round', '2', 'half_even '),
                             'refuse, half_away, half_even or truncate'),
    'publisher port': (('', '65535', 'sink'), 'a number from 0 to 65534'),
    'publisher destination': (('', '239.255.0.1', ':9', '239.255.0.1:0', '239.255.0.1:99999',
                               'name:9'), 'ADDRESS:PORT'),
    'publisher source': (('', '198.51.100', 'x'), 'IPv4'),
    'publisher destination_mac': (('', '02:00:00:00:00', '02:00:00:00:00:0g', 'x'), 'MAC'),
    'synthetic seed': (('', '-1', 'x', '18446744073709551616'), 'a number from 0'),
    'synthetic messages': (('', '15', '9999999999'), 'a number from 16'),
    'synthetic rate': (('', '-1', '1000000001', 'fast'), 'a number from 0'),
    'synthetic symbols': (('', '0', '60001'), 'a number from 1'),
    'synthetic orders': (('', '0', '268435457'), 'a number from 1'),
    'synthetic passes': (('', '-1', '4294967296'), 'a number from 0'),
    'synthetic max_payload': (('', '71', '1473'), 'a number from 72 to 1472'),
    'synthetic max_messages': (('', '-1', '101'), 'a number from 0 to 100'),
}

# A start mostly waits: for the clock to be measured.
AT_ONCE = 4

PORT = '[port 0]\ndevice = synthetic\n'
CHANNEL = '[channel feed]\nvenue = itch50\nudp_port = 26477\n'
FEED = '[synthetic]\nmessages = 20000\npasses = 1\nrate = 0\n'
WORKING = PORT + CHANNEL + FEED

# What a file begins with, by section, so that only the value under test is wrong.
BEGINNINGS = {
    'engine': '[engine]\n', 'pool': '[pool]\n', 'port': '[port 0]\n', 'channel': '[channel feed]\n',
    'publisher': '[publisher]\n', 'synthetic': '[synthetic]\n',
}


def with_key(section, line):
    """The working configuration with that line in that section, in the place of the same key."""
    key = line.split('=')[0].strip()
    sections, done = [], False
    for part in WORKING.split('[')[1:]:
        title, *lines = ('[' + part).rstrip('\n').split('\n')
        if title + '\n' == BEGINNINGS[section]:
            lines = [old for old in lines if old.split('=')[0].strip() != key] + [line]
            done = True
        sections.append('\n'.join([title] + lines) + '\n')
    if not done:
        sections.append(BEGINNINGS[section] + line + '\n')
    return ''.join(sections)


def refuse_start(bench, text, *words, **how):
    """The engine refuses the file in one line with these words."""
    path = bench.write('wrong%d.ini' % next(support.Bench.runs), text)
    try:
        line = bench.refuse('--config', path, **how)
        for word in words:
            expect(word in line, '%r is missing in %r' % (word, line))
    except AssertionError as error:
        raise AssertionError('%r: %s' % (text, error)) from None


def refuse(bench, text, *words):
    """The same, and the line names the file."""
    refuse_start(bench, text, 'wrong', *words)


def all_of(checks):
    """Make every check, several at once, then fail for those that failed."""
    def complaint_of(check):
        try:
            check()
        except AssertionError as error:
            return str(error)
        return None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        complaints = [complaint for complaint in pool.map(complaint_of, checks) if complaint]
    expect(not complaints, '\n'.join(complaints))


# ---- what works ---------------------------------------------------------------------------------

def synthetic_port(bench):
    """A configuration of the embedded feed delivers every message of one pass"""
    run = bench.run('--config', bench.write('feed.ini', WORKING))
    channel = run.channel('feed')
    equal(channel['messages'], 20000, 'messages')
    equal(channel['gaps'], 0, 'gaps')


def every_key(bench):
    """A configuration with every key set and comments works as it says"""
    text = '''; a comment
[engine]
lcores = (0,0,%d)
burst = 16
line_wait_us = 500
books = no
allow_numa_mismatch = yes
[pool]
rx_buffers = 4096
tx_buffers = auto
[port 0]
device = synthetic
rx_descriptors = 256
tx_descriptors = 256
promiscuous = no
verify_checksum = yes
[channel feed]
venue = itch50
transport = moldudp64
group = any
udp_port = 26477
group_b = 233.54.12.112
udp_port_b = 26478
port = 0
instruments = 1000
orders = 5000
levels = auto
[channel orders]
venue = fix
transport = udp
group = 233.54.12.111
udp_port = 26479
price_decimals = 9
price_excess = half_away
[publisher]
destination = 239.255.0.9:4000
source = 198.51.100.7
destination_mac = 02:00:00:00:00:01
[synthetic]
seed = 3
messages = 20000
rate = 0
symbols = 100
orders = 1000
passes = 2
max_payload = 500
max_messages = 7
''' % support.last_cpu()
    named = {line.split(' ')[0] for line in text.splitlines() if ' = ' in line}
    listed = {key.split(' ')[1] for key in list_keys(bench)}
    # the publisher's port is in the test of a pcap device
    equal(listed - named, set(), 'keys that are not set here')
    run = bench.run('--config', bench.write('all.ini', text))
    channel = run.channel('feed')
    equal(channel['messages'], 40000, 'messages of two passes')
    equal(channel['gaps'], 0, 'gaps')
    equal(run.summary['books']['symbols'], 0, 'books, which are not to be kept')
    expect(channel['datagrams'] >= 40000 / 7, 'more than 7 messages in a datagram')


def pcap_device(bench):
    """A pcap device as a port, received and published through the configuration"""
    capture, truth = bench.generate('itch', '--seed', 3, '--messages', 20000)
    out = bench.path('out.pcap')
    text = '''
[port 7]
device = net_pcap_both,rx_pcap=%s,tx_pcap=%s
[channel feed]
venue = itch50
group = 233.54.12.111
udp_port = 26477
port = 7
[publisher]
port = 7
destination = 239.255.0.9:4000
source = 198.51.100.7
''' % (capture, out)
    run = bench.run('--config', bench.write('pcap.ini', text), '--duration', 2)
    equal(run.channel('feed')['by_type'], truth['by_type'], 'messages by type')
    equal(run.port(7)['sent'], run.summary['published']['packets'], 'packets sent')
    frames = support.read_frames(out)
    equal(len(frames), run.summary['published']['packets'], 'packets of the capture')
    for frame in frames:
        equal(frame[:6], b'\x01\x00\x5e\x7f\x00\x09', 'destination MAC')
        equal(frame[26:34], bytes([198, 51, 100, 7, 239, 255, 0, 9]), 'addresses')
        equal(frame[36:38], (4000).to_bytes(2, 'big'), 'UDP port')
        equal(support.ones_sum(frame[14:34]), 0xffff, 'sum of the IPv4 header')
    equal(len(support.native_messages(out)), run.summary['published']['messages'], 'messages')


def command_line_wins(bench):
    """--rate and --seed win over the file, whose other keys hold"""
    path = bench.write('feed.ini', WORKING.replace('rate = 0', 'rate = 1'))
    runs = [bench.run('--config', path, '--rate', 0, '--seed', seed) for seed in (1, 2, 1)]
    types = [run.channel('feed')['by_type'] for run in runs]
    equal(types[0], types[2], 'types of the same seed')
    expect(types[0] != types[1], 'another seed gives the same day')


# ---- what does not ------------------------------------------------------------------------------

def list_keys(bench):
    listed = subprocess.run([bench.engine, '--', '--list-keys'], capture_output=True, text=True,
                            check=True, timeout=support.DEADLINE_S)
    equal(listed.stderr, '', 'standard error of --list-keys')
    return listed.stdout.splitlines()


def keys_are_known(bench):
    """Every key that --list-keys prints has its unusable values here"""
    equal(sorted(list_keys(bench)), sorted(UNUSABLE), 'keys')


def check_unusable(bench, sections):
    def check(section, key, value, expected):
        title = BEGINNINGS[section].strip()
        text = with_key(section, '%s = %s' % (key, value))
        return lambda: refuse(bench, text, title, ' %s: ' % key, expected,
                              *(['"%s"' % value] if value.strip() == value else []))
    all_of(check(*name.split(' '), value, expected)
           for name, (values, expected) in UNUSABLE.items() if name.split(' ')[0] in sections
           for value in values if value.strip() == value)


def unusable_engine(bench):
    """An unusable value in [engine] or [pool] is named with its key and what was expected"""
    check_unusable(bench, ('engine', 'pool'))


def unusable_port(bench):
    """An unusable value in [port N] is named with its key and what was expected"""
    check_unusable(bench, ('port',))


def unusable_channel(bench):
    """An unusable value in [channel NAME] is named with its key and what was expected"""
    check_unusable(bench, ('channel',))


def unusable_rest(bench):
    """An unusable value in [publisher] or [synthetic] is named with its key and what was expected"""
    check_unusable(bench, ('publisher', 'synthetic'))


def unknown_and_twice(bench):
    """Keys and sections that are unknown or there twice are named"""
    all_of([
        lambda: refuse(bench, WORKING + 'speed = 1\n', '[synthetic]', 'speed'),
        lambda: refuse(bench, WORKING + 'venue = itch50\n', '[synthetic]', 'venue'),
        lambda: refuse(bench, WORKING + 'messages = 30000\n', '[synthetic]', 'messages', 'twice'),
        lambda: refuse(bench, WORKING + '[engines]\nburst = 1\n', '[engines]', 'expected [engine]'),
        lambda: refuse(bench, WORKING + '[port]\n', '[port]', 'expected'),
        lambda: refuse(bench, WORKING + '[port x]\n', '[port x]', 'expected [port N]'),
        lambda: refuse(bench, WORKING + '[port 65535]\n', '[port 65535]', 'expected [port N]'),
        lambda: refuse(bench, WORKING + '[channel ]\n', 'channel', 'expected'),
        lambda: refuse(bench, WORKING + '[channel %s]\n' % ('n' * 40), 'expected [channel NAME]'),
        lambda: refuse(bench, WORKING + '[engine]\nburst = 8\n[pool]\n[engine]\nbooks = no\n',
                       '[engine]', 'twice'),
        lambda: refuse(bench, WORKING + PORT, '[port 0]', 'twice'),
        lambda: refuse(bench, WORKING + CHANNEL, '[channel feed]', 'twice'),
    ])


def same_port_differently(bench):
    """A port that is there twice under two spellings of its number is an error"""
    refuse(bench, WORKING + '[port 00]\ndevice = net_null0\n', '[port 00]')


def missing_parts(bench):
    """What is missing is named"""
    all_of([
        lambda: refuse(bench, PORT + FEED, '[channel NAME]'),
        lambda: refuse(bench, CHANNEL + FEED, '[port N]'),
        lambda: refuse(bench, '', '[port N]'),
        lambda: refuse(bench, PORT + '[channel feed]\nudp_port = 1\n', '[channel feed]', 'venue',
                       'missing'),
        lambda: refuse(bench, PORT + '[channel feed]\nvenue = iex\n', '[channel feed]', 'udp_port',
                       'missing'),
        lambda: refuse(bench, PORT + CHANNEL + 'group_b = 1.2.3.4\n', '[channel feed]',
                       'udp_port_b', 'missing'),
        lambda: refuse(bench, PORT + '[channel feed]\nvenue = fix\ntransport = stream\n'
                       'udp_port = 1\nudp_port_b = 2\n', '[channel feed]', 'udp_port_b',
                       'one line'),
    ])


def lines_that_were_passed_over(bench):
    """A line that says nothing, or more than is read of it, is an error with its number"""
    triples = ','.join('(0,%d,0)' % (queue % 10) for queue in range(33))
    all_of([
        lambda: refuse(bench, WORKING + 'just words\n', 'line 10: ', 'key = value'),
        lambda: refuse(bench, WORKING + '[engine] burst = 8\n', 'line 10: ', 'behind'),
        lambda: refuse(bench, WORKING + '[engine\n', 'line 10: ', ']'),
        lambda: refuse(bench, WORKING + 'seed = 1\0 2\n', 'line 10: ', 'NUL'),
        lambda: refuse(bench, WORKING + '[engine]\nlcores = %s\n' % triples, 'line 11: ',
                       'up to 255'),
        lambda: refuse(bench, '[port 0]\ndevice = %s\n' % ('d' * 256), 'line 2: ', 'up to 255'),
        lambda: refuse(bench, WORKING + 'k' * 64 + ' = 1\n', 'line 10: ', 'up to 63'),
        lambda: refuse(bench, WORKING + '[%s]\n' % ('t' * 64), 'line 10: ', 'up to 63'),
        lambda: refuse(bench, '; %s\n' % ('c' * 321), 'line 1: ', '322'),
        lambda: refuse_start(bench, '[port 0]\r\n\t; a comment of %s\r\ndevice = %s ; too\r\n' %
                             ('c' * 300, 'd' * 255), '[channel NAME]'),
    ])


def devices_as_files(bench):
    """What has no end or cannot be read twice is no configuration file"""
    for path in ('/dev/zero', '/dev/null'):
        line = bench.refuse('--config', path)
        expect('expected a file' in line and path in line, '%s: it says %r' % (path, line))


def prices_of_text(bench):
    """Decimals of prices are for venues whose wire is text; elsewhere the key is an error"""
    for venue in ('itch50', 'iex', 'native'):
        for line in ('price_decimals = 2', 'price_excess = refuse', 'price_excess = half_even'):
            channel = CHANNEL.replace('itch50', venue) + line + '\n'
            refuse(bench, PORT + channel + FEED, '[channel feed]', line.split(' ')[0],
                   'the wire of venue %s fixes the decimals' % venue)


def fix_channels(bench):
    """A channel of venue fix takes either transport, and every way to treat its prices"""
    channel = '[channel orders]\nvenue = fix\nudp_port = 9878\n'
    for line in ('', 'transport = udp', 'transport = stream', 'price_decimals = 0',
                 'price_decimals = 9', 'price_excess = refuse', 'price_excess = half_away',
                 'price_excess = half_even', 'price_excess = truncate'):
        run = bench.run('--config', bench.write('fix.ini', WORKING + channel + line + '\n'))
        equal(run.channel('orders')['venue'], 'fix', 'venue')
        equal(run.channel('feed')['messages'], 20000, 'messages of the other channel')
    for transport in ('', 'tcp', 'UDP', 'udp stream', 'strea'):
        refuse(bench, WORKING + channel + 'transport = %s\n' % transport, '[channel orders]',
               'transport', 'expected')


def file_devices(bench):
    """A file as a device is sent to its end; one that cannot be is named"""
    def on(path):
        return '[port 2]\ndevice = file:%s\n[channel feed]\nvenue = native\nudp_port = 9878\n' % \
            path
    path = bench.write('some,file', bytes(range(256)) * 1000)
    run = bench.run('--config', bench.write('file.ini', on(path)))
    equal(run.port(2)['received'], -(-256000 // 1400), 'datagrams')
    equal(run.channel('feed')['datagrams'], -(-256000 // 1400), 'datagrams of the channel')
    empty = bench.write('empty', b'')
    all_of([
        lambda: refuse_start(bench, on(bench.path('missing')), 'port 2', 'missing'),
        lambda: refuse_start(bench, on(bench.folder), 'port 2', bench.folder, 'directory'),
        lambda: refuse_start(bench, on('/dev/null'), 'port 2', '/dev/null', 'device'),
        lambda: refuse_start(bench, on(empty), 'port 2', 'empty', 'the file is empty'),
        lambda: refuse_start(bench, on(''), 'port 2'),
    ])


def no_files(bench):
    """A file that is missing, a directory, garbage, or no INI file is an error that names it"""
    def check(path, *words):
        line = bench.refuse('--config', path)
        for word in (path, *words):
            expect(word in line, '%s: %r is missing in %r' % (path, word, line))
    all_of([
        lambda: check(bench.path('missing.ini'), 'No such file'),
        lambda: check(bench.folder, 'directory'),
        lambda: check(bench.write('garbage.ini', bytes(range(256)) * 64)),
        lambda: check(bench.write('noise.ini', random.Random(1).randbytes(5000))),
        lambda: check(bench.write('keys.ini', 'venue = itch50\n'), 'is no INI file'),
        lambda: check(bench.write('words.ini', PORT + 'just words\n'), 'words'),
        lambda: check(bench.write('open.ini', '[port 0\ndevice = synthetic\n'), 'expected'),
        lambda: check(bench.write('long.ini', PORT + CHANNEL + 'group = %s\n' % ('1' * 5000)),
                      'long.ini'),
    ])


def numbers_that_do_not_fit(bench):
    """Ports, queues and lcores that are not there are named with the place that names them"""
    lcore = support.last_cpu()
    all_of([
        lambda: refuse(bench, WORKING + '[engine]\nlcores = (3,0,%d)\n' % lcore, '[engine]',
                       'lcores', 'there is no [port 3]'),
        lambda: refuse(bench, WORKING + '[engine]\nlcores = (0,0,99)\n', '[engine]', 'lcores',
                       'lcore 99'),
        lambda: refuse(bench, WORKING + '[engine]\nlcores = (0,0,%d),(0,0,%d)\n' % (lcore, lcore),
                       '[engine]', 'lcores', 'twice'),
        lambda: refuse(bench, WORKING.replace(CHANNEL, CHANNEL + 'port = 4\n'), '[channel feed]',
                       'port', 'there is no [port 4]'),
        lambda: refuse(bench, WORKING + '[publisher]\nport = 5\n', '[publisher]', 'port',
                       'there is no [port 5]'),
    ])


def devices_that_are_not_there(bench):
    """A device that cannot be opened is named with its port"""
    def on(device):
        return '[port 2]\n%s\n' % device + CHANNEL
    all_of([
        lambda: refuse_start(bench, on('device = 0000:99:00.0'), 'port 2', '0000:99:00.0', '-a'),
        lambda: refuse_start(bench, on('device = synthetics'), 'port 2', 'synthetics'),
        lambda: refuse_start(bench, on('device = net_nothing0'), 'port 2', 'net_nothing0'),
        lambda: refuse_start(bench, on('device = net_pcap0,rx_pcap=/nonexistent'), 'port 2',
                             '/nonexistent'),
        lambda: refuse_start(bench, on(''), 'port 2', 'device'),
        lambda: refuse_start(bench, WORKING.replace(CHANNEL, CHANNEL + 'transport = tcp\n'),
                             'channel feed', 'transport', 'moldudp64'),
        lambda: refuse_start(
            bench, WORKING + '[engine]\nlcores = (0,0,%d),(0,2,%d)\n' % (2 * (support.last_cpu(),)),
            'queue'),
        lambda: refuse_start(
            bench, WORKING + '[engine]\nlcores = (0,0,%d),(0,1,%d)\n' % (2 * (support.last_cpu(),)),
            'queue'),
        lambda: refuse_start(
            bench, WORKING + '[port 1]\ndevice = net_null1\n[engine]\nlcores = (1,0,%d)\n' %
            support.last_cpu(), '[channel feed]', 'port 0'),
        lambda: refuse_start(bench, WORKING + '[channel again]\nvenue = itch50\nudp_port = 26477\n',
                             'again'),
    ])


def two_lcores_for_a_channel(bench):
    """A channel whose port two lcores poll is an error: one has to own its books"""
    if len(support.os.sched_getaffinity(0)) < 2:
        raise support.Skip('one processor only')
    lcores = sorted(support.os.sched_getaffinity(0))[-2:]
    text = '[port 0]\ndevice = net_null0\n' + CHANNEL + (
        '[engine]\nlcores = (0,0,%d),(0,1,%d)\n' % tuple(lcores))
    eal = support.eal_arguments(bench.prefix(), lcores='%d,%d' % tuple(lcores))
    refuse_start(bench, text, '[channel feed]', 'several lcores', eal=eal)


def few_buffers(bench):
    """Fewer receive buffers than descriptors: an error, or a feed that is counted; never a hang"""
    capture, truth = bench.generate('itch', '--seed', 3, '--messages', 20000)
    few = '[pool]\nrx_buffers = 64\ntx_buffers = 64\n'
    for name, text, options in (
            ('synthetic', WORKING + few, ('--duration', 5)),
            ('replay', few, ('--replay', capture))):
        path = bench.write('few.ini', text)
        run = bench.attempt('--config', path, *options)
        if run.status == 0:
            run = bench.run('--config', path, *options)
            channel = run.summary['channels'][0]
            wanted = 20000 if name == 'synthetic' else truth['messages']
            equal(channel['messages'] + channel['lost'], wanted, '%s: messages and lost' % name)
            published = run.summary['published']
            equal(sum(published['by_type'].values()) + published['dropped_messages'] >=
                  channel['messages'], True, '%s: published and dropped' % name)
        else:
            line = bench.refuse('--config', path, *options)
            expect('buffers' in line, '%s: it says %r' % (name, line))


def little_memory(bench):
    """Too little memory for EAL or for the tables is an error that names the cure"""
    def check(text, memory, *options):
        run = bench.attempt(*options, *(['--config', bench.write('m%d.ini' % next(support.Bench.runs), text)] if text else []),
                            memory=memory)
        equal(run.status, 1, '-m %d: exit status (it said %r)' % (memory, run.err[-300:]))
        expect('-m' in run.err, '-m %d: it says %r' % (memory, run.err))
        expect(all(line.startswith('fablepool: ') for line in run.err.splitlines()),
               '-m %d: noise in %r' % (memory, run.err))
    huge = CHANNEL + 'orders = 268435456\nlevels = 268435456\n'
    all_of([
        lambda: check(None, 64),
        lambda: check(WORKING, 32),
        lambda: check(PORT + huge + FEED, 640),
        lambda: check(WORKING.replace('20000', '1000000000'), 640),
        lambda: check(WORKING + '[pool]\nrx_buffers = 1000000\n', 640),
    ])


def wrong_options(bench):
    """A wrong option is named in one line"""
    def check(words, *options, eal=None):
        line = bench.refuse(*options, eal=eal)
        for word in words:
            expect(word in line, '%r: %r is missing in %r' % (options, word, line))

    def before(words, *arguments):
        run = subprocess.run([bench.engine, *arguments], capture_output=True, text=True,
                             timeout=support.DEADLINE_S)
        equal(run.returncode, 1, '%r: exit status' % (arguments,))
        equal(len(run.stderr.splitlines()), 1, '%r: lines, which are %r' % (arguments, run.stderr))
        for word in words:
            expect(word in run.stderr, '%r: %r is missing in %r' % (arguments, word, run.stderr))
    all_of([
        lambda: check(('--duration x', 'expected a number'), '--duration', 'x'),
        lambda: check(('--duration -1', 'expected a number'), '--duration', '-1'),
        lambda: check(('--rate 1e6', 'expected a number'), '--rate', '1e6'),
        lambda: check(('--seed', 'expected a number'), '--seed', '18446744073709551616'),
        lambda: check(('--stats-period', 'expected a number'), '--stats-period', ''),
        lambda: check(('unrecognized', '--unknown'), '--unknown'),
        lambda: check(('requires an argument', '--replay'), '--replay'),
        lambda: check(('extra',), 'extra'),
        lambda: check(('--replay', 'comma'), '--replay', bench.write('a,b.pcap',
                                                                    support.pcap_header())),
        lambda: before(('--duration', 'after --'), '--duration', '3'),
        lambda: before(('--config=x', 'after --'), '--config=x', '-l', '0'),
    ])


def unwritable(bench):
    """A result that cannot be written is an error that names the file"""
    path = bench.write('feed.ini', WORKING)
    for option in ('--json', '--books', '--publish'):
        run = bench.attempt('--config', path, option, '/nonexistent/file')
        equal(run.status, 1, '%s: exit status' % option)
        expect('/nonexistent/file' in run.err, '%s: it says %r' % (option, run.err))


def help_and_version(bench):
    """--help, --version and --list-keys need no --, start nothing and end with status 0"""
    for option, word in (('--help', 'usage: fablepool'), ('--version', 'fablepool '),
                         ('--list-keys', 'engine lcores')):
        for arguments in ([option], ['--', option]):
            run = subprocess.run([bench.engine, *arguments], capture_output=True, text=True,
                                 timeout=support.DEADLINE_S)
            equal((run.returncode, run.stderr), (0, ''), '%r: status and errors' % arguments)
            expect(run.stdout.startswith(word), '%r: it says %r' % (arguments, run.stdout[:80]))


if __name__ == '__main__':
    support.main([synthetic_port, every_key, pcap_device, command_line_wins, keys_are_known,
                  unusable_engine, unusable_port, unusable_channel, unusable_rest,
                  unknown_and_twice, same_port_differently, missing_parts,
                  prices_of_text, fix_channels, file_devices, lines_that_were_passed_over, devices_as_files, no_files, numbers_that_do_not_fit,
                  devices_that_are_not_there, two_lcores_for_a_channel, few_buffers, little_memory,
                  wrong_options, unwritable, help_and_version])
