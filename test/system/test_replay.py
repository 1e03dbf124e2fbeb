#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Replays of real, generated, odd and broken captures.

    test_replay.py FABLEPOOL FPGEN SHARED_DIRECTORY
"""

import os
import struct
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect

GROUP = ('233.54.12.111', 26477)
REASONS = ('nic_checksum', 'segmented', 'ethernet_short', 'vlan_depth', 'not_ipv4', 'ip_short',
           'ip_header', 'ip_length', 'ip_checksum', 'fragment', 'not_udp', 'udp_length',
           'udp_checksum', 'no_channel')


def mold(messages, first=1, session=b'SYSTEMTEST'):
    blocks = b''.join(struct.pack('>H', len(message)) + message for message in messages)
    return session + struct.pack('>QH', first, len(messages)) + blocks


def system_event(code=b'O'):
    return b'S' + bytes(10) + code


def drops(run):
    dropped = run.port()['dropped']
    equal(tuple(dropped), REASONS, 'reasons of the summary')
    return {reason: count for reason, count in dropped.items() if count}


def iex_sample(bench):
    """IEX's DEEP sample gives every message that it holds, and says that it is cut"""
    run = bench.run('--replay', bench.gunzip('iex-deep10.pcap.gz'), books=True)
    channel = run.channel()
    equal(run.port()['received'], 121314, 'frames')
    equal(drops(run), {}, 'drops')
    equal(channel['venue'], 'iex', 'venue')
    equal(channel['datagrams'], 121314, 'datagrams')
    equal(channel['heartbeats'], 7937, 'heartbeats')
    equal(channel['messages'], 391999, 'messages')
    equal(channel['by_type'], {'H': 93638, 'O': 93638, 'P': 93636, 'T': 83343, '5': 14627,
                               '8': 12941, 'B': 73, 'E': 59, 'S': 44}, 'messages by type')
    equal(channel['session_restarts'], 11, 'session restarts')
    for name in ('gaps', 'lost', 'duplicates', 'unconfirmed', 'unknown_types', 'stale_books'):
        equal(channel[name], 0, name)
    equal(sum(channel['malformed'].values()), 0, 'malformed')
    equal(len(run.book_tables()), 20, 'symbols')
    cut = run.lines('cut')
    equal(len(cut), 1, 'lines that say the capture is cut')
    expect('121314 whole packets' in cut[0], 'it says %r' % cut[0])


def compressed(bench):
    """A compressed capture is refused with the word gunzip"""
    line = bench.refuse('--replay', bench.data('iex-deep10.pcap.gz'))
    expect('iex-deep10.pcap.gz' in line and 'gunzip' in line, 'it says %r' % line)


def mold_samples(bench):
    """Nasdaq's own datagrams are an add, a replace of an unknown order, and a heartbeat"""
    add = bench.run('--replay', bench.data('mold-itch50-add.pcap'), books=True)
    equal(add.channel()['by_type'], {'A': 1}, 'types')
    equal(add.channel()['venue'], 'itch50', 'venue')
    equal(add.summary['books']['orders'], 1, 'orders')
    equal(len(add.book_tables()), 1, 'books')
    replace = bench.run('--replay', bench.data('mold-itch50-replace.pcap'))
    equal(replace.channel()['by_type'], {'U': 1}, 'types')
    equal(replace.summary['books']['unknown_orders'], 1, 'unknown orders')
    equal(replace.channel()['stale_books'], 1, 'stale books')
    heartbeat = bench.run('--replay', bench.data('mold-heartbeat.pcap'))
    equal(heartbeat.channel()['heartbeats'], 1, 'heartbeats')
    equal(heartbeat.channel()['messages'], 0, 'messages')


def check_wrapped(bench, path, by_type):
    capture, truth = bench.generate('wrap', path)
    run = bench.run('--replay', capture)
    channel = run.channel()
    equal(truth['by_type'], by_type, 'what fpgen says')
    equal(channel['by_type'], by_type, 'messages by type')
    equal(channel['messages'], sum(by_type.values()), 'messages')
    equal(channel['datagrams'], truth['datagrams'], 'datagrams')
    equal((channel['gaps'], channel['duplicates']), (0, 0), 'gaps and duplicates')
    equal(sum(channel['malformed'].values()), 0, 'malformed')
    return run


def real_preopen(bench):
    """The first thousand messages of a real Nasdaq day arrive by type"""
    check_wrapped(bench, bench.data('itch50-real-preopen.itch'),
                  {'R': 993, 'H': 3, 'Y': 3, 'S': 1})


def simulated_symbols(bench):
    """RITCH's simulated day arrives by type, its 117 changes of unknown orders are counted"""
    run = check_wrapped(bench, bench.gunzip('itch50-simulated-3symbols.itch.gz'),
                        {'P': 5000, 'A': 4997, 'D': 1745, 'E': 198, 'X': 45, 'U': 12, 'S': 6,
                         'R': 3, 'H': 3, 'F': 3})
    equal(run.summary['books']['unknown_orders'], 117, 'unknown orders')
    equal(run.summary['books']['symbols'], 3, 'symbols')


def no_captures(bench):
    """What is no capture is refused, and the line says which file and why"""
    for name, content, why in (
            ('empty.pcap', b'', 'empty'),
            ('ten.pcap', support.pcap_header()[:10], 'truncated'),
            ('text.pcap', b'this is not a capture, whatever its name\n' * 4, 'format'),
            ('short.pcap', b'8=FI', 'format'),
            ('blank.pcap', b'\n' * 10000, 'format'),
            ('bars.fix', b'8=FIX.4.4|9=5|35=0|10=163|' * 4, 'SOH'),
            ('raw.pcap', support.pcap_header(link=101), 'link type is Raw IP'),
            ('version.pcap', struct.pack('<IHHiIII', 0xa1b2c3d4, 9, 9, 0, 0, 65535, 1),
             'version')):
        path = bench.write(name, content)
        line = bench.refuse('--replay', path)
        expect(path in line and why in line, '%s: it says %r' % (name, line))
    os.mkfifo(bench.path('pipe'))
    for path, why in ((bench.path('missing.pcap'), 'No such file'), (bench.folder, 'directory'),
                      (bench.path('pipe'), 'pipe'), ('/dev/zero', 'device')):
        line = bench.refuse('--replay', path)
        expect(path in line and why in line, 'it says %r' % line)


def header_only(bench):
    """A capture without packets ends at once and says so"""
    path = bench.write('header.pcap', support.pcap_header())
    run = bench.run('--replay', path)
    equal(len(run.lines('holds no packets')), 1, 'lines that say it')
    equal(run.port()['received'], 0, 'frames')


def cut_in_a_record(bench):
    """A capture cut in a record header or in a frame gives what is whole, and says that it is cut"""
    frames = [support.udp_frame(mold([system_event()], first), *GROUP) for first in (1, 2, 3)]
    whole = support.pcap_of(frames)
    record = 16 + len(frames[2])
    for name, missing in (('in_header.pcap', record - 7), ('in_frame.pcap', 5)):
        run = bench.run('--replay', bench.write(name, whole[:-missing]))
        equal(run.port()['received'], 2, '%s: frames' % name)
        equal(run.channel()['messages'], 2, '%s: messages' % name)
        cut = run.lines('cut')
        equal(len(cut), 1, '%s: lines that say the capture is cut' % name)
        expect('2 whole packets' in cut[0], '%s: it says %r' % (name, cut[0]))


def absurd_record(bench):
    """A record that announces two gigabytes ends the capture like a cut"""
    frames = support.pcap_of([support.udp_frame(mold([system_event()]), *GROUP)])
    path = bench.write('absurd.pcap', frames + struct.pack('<IIII', 0, 0, 0x7fffffff, 60))
    run = bench.run('--replay', path)
    equal(run.port()['received'], 1, 'frames')
    equal(len(run.lines('cut')), 1, 'lines that say the capture is cut')


def pcapng(bench):
    """A pcapng is played as a pcap is"""
    frame = support.udp_frame(mold([system_event(), system_event(b'C')]), *GROUP)
    padding = bytes(-len(frame) % 4)

    def block(kind, body):
        length = 12 + len(body)
        return struct.pack('<II', kind, length) + body + struct.pack('<I', length)
    section = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
    interface = block(1, struct.pack('<HHI', 1, 0, 0))
    packet = block(6, struct.pack('<IIIII', 0, 0, 0, len(frame), len(frame)) + frame + padding)
    run = bench.run('--replay', bench.write('capture.pcapng', section + interface + packet))
    equal(run.channel()['venue'], 'itch50', 'venue')
    equal(run.channel()['by_type'], {'S': 2}, 'types')


def bad_frames():
    """Frames that are to be dropped, by the reason."""
    good = support.udp_frame(mold([system_event()]), *GROUP)

    def changed(at, content, is_header=True):
        frame = bytearray(good)
        frame[at:at + len(content)] = content
        if is_header:  # of IPv4, whose checksum is to be right
            frame[24:26] = b'\0\0'
            frame[24:26] = struct.pack('>H', 0xffff ^ support.ones_sum(bytes(frame[14:34])))
        return bytes(frame)
    tag = b'\x81\0\0\x05'
    return (
        ('ethernet_short', b''), ('ethernet_short', b'\x01'), ('ethernet_short', good[:13]),
        ('ethernet_short', good[:12] + tag),
        ('segmented', good + bytes(9000 - len(good))),
        ('vlan_depth', good[:12] + 3 * tag + good[12:]),
        ('not_ipv4', good[:12] + b'\x86\xdd' + good[14:]),
        ('not_ipv4', good[:12] + b'\x08\x06'),
        ('ip_short', good[:14]), ('ip_short', good[:33]),
        ('ip_header', changed(14, b'\x65')), ('ip_header', changed(14, b'\x44')),
        ('ip_length', good[:-1]), ('ip_length', changed(16, b'\xff\xff')),
        ('ip_length', changed(16, b'\0\x13')),
        ('ip_checksum', changed(22, b'\x11', is_header=False)),
        ('fragment', changed(20, b'\x20\0')), ('fragment', changed(20, b'\0\x05')),
        ('not_udp', changed(23, b'\x06')),
        ('udp_length', changed(38, b'\xff\xff', is_header=False)),
        ('udp_length', changed(38, b'\0\x07', is_header=False)),
        ('no_channel', support.udp_frame(b'nothing that is known', '233.54.12.99', 9)),
    )


def odd_frames(bench):
    """Frames of 0, 1 and 13 bytes, a jumbo and others are dropped and counted by their reason"""
    good = [support.udp_frame(mold([system_event()], first), *GROUP) for first in range(1, 41)]
    bad = bad_frames()
    wanted, frames = {}, []
    for (reason, frame), next_good in zip(bad, good):
        wanted[reason] = wanted.get(reason, 0) + 1
        frames += [next_good, frame]
    run = bench.run('--replay', bench.write('odd.pcap', support.pcap_of(frames)))
    equal(drops(run), wanted, 'drops')
    equal(run.port()['received'], len(frames), 'frames')
    equal(run.channel()['messages'], len(bad), 'messages')
    equal(run.channel()['gaps'], 0, 'gaps')


def wrong_checksum(bench):
    """A wrong UDP checksum drops the frame where most are right, and not where most are wrong"""
    frames = [support.udp_frame(mold([system_event()], first), *GROUP) for first in (1, 2, 3)]
    wrong = [frame[:40] + bytes([frame[40] ^ 1]) + frame[41:] for frame in frames]
    none = [frame[:40] + b'\0\0' + frame[42:] for frame in frames]
    for name, chosen, dropped in (
            ('one.pcap', [frames[0], wrong[1], frames[2]], {'udp_checksum': 1}),
            ('all.pcap', wrong, {}), ('none.pcap', none, {})):
        run = bench.run('--replay', bench.write(name, support.pcap_of(chosen)))
        equal(drops(run), dropped, '%s: drops' % name)
        equal(run.channel()['messages'], 3 - len(dropped), '%s: messages' % name)
        equal(run.channel()['gaps'], len(dropped), '%s: gaps' % name)


def vlan_tags(bench):
    """One or two VLAN tags do not hide a datagram"""
    frame = support.udp_frame(mold([system_event()]), *GROUP)
    second = support.udp_frame(mold([system_event()], 2), *GROUP)
    frames = [frame[:12] + b'\x81\0\0\x05' + frame[12:],
              second[:12] + b'\x88\xa8\0\x06\x81\0\0\x05' + second[12:]]
    run = bench.run('--replay', bench.write('vlan.pcap', support.pcap_of(frames)))
    equal(drops(run), {}, 'drops')
    equal(run.channel()['messages'], 2, 'messages')


def renumbered_symbols(bench):
    """After a session restart that numbers symbols anew, a symbol's book is the new session's"""
    def listing(locate):
        return b'R' + struct.pack('>H', locate) + bytes(8) + b'AAA     QN' + struct.pack('>I', 100) + \
            bytes(14)

    def add(locate, price):
        return b'A' + struct.pack('>H', locate) + bytes(8) + \
            struct.pack('>QcI8sI', 1, b'B', 100, b'AAA     ', price)
    for before, after in ((1, 2), (2, 1)):
        frames = [support.udp_frame(mold([listing(locate), add(locate, price)], session=session),
                                    *GROUP)
                  for locate, price, session in ((before, 10000, b'SESSION001'),
                                                 (after, 20000, b'SESSION002'))]
        run = bench.run('--replay', bench.write('restart.pcap', support.pcap_of(frames)), books=True)
        equal(run.channel()['session_restarts'], 1, 'session restarts')
        book = run.book_tables()['AAA']
        equal((book['instrument_id'], book['bids']), (after, [[20000, 100, 1]]), 'id and bids')


if __name__ == '__main__':
    support.main([iex_sample, compressed, mold_samples, real_preopen, simulated_symbols,
                  no_captures, header_only, cut_in_a_record, absurd_record, pcapng, odd_frames,
                  wrong_checksum, vlan_tags, renumbered_symbols])
