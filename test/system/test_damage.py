#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Damaged feeds: what arrives, what is called lost, and that nothing is delivered twice.

    test_damage.py FABLEPOOL FPGEN SHARED_DIRECTORY

What has to come out is taken from fpgen's truth. Where the order of arrival decides, it is taken
from the capture by the rule itself: first arrival wins, a gap is declared as soon as a later
datagram arrives first, and what then fills it is a duplicate.
"""

import random
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect

MESSAGES = 60000
LINE_A = ('233.54.12.111', 26477)
LINE_B = ('233.54.12.112', 26478)
B_OPTION = '%s:%d' % LINE_B
BOTH_LINES = '''
[channel both]
venue = itch50
group = %s
udp_port = %d
group_b = %s
udp_port_b = %d
''' % (LINE_A + LINE_B)

# First arrival decides at once, so that the outcome follows from the order of arrival alone.
WITHOUT_WAIT = '[engine]\nline_wait_us = 0\n' + BOTH_LINES

# Nothing is late for so long a wait, however slow the machine.
WITH_WAIT = '[engine]\nline_wait_us = 1000000\n' + BOTH_LINES


def merged(ranges):
    """Sequence ranges, both ends counted, sorted and joined where they touch."""
    joined = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(last, joined[-1][1])
        else:
            joined.append([first, last])
    return joined


def missing_for(truth):
    """
    What a receiver can know to be missing. It does not know what came before its first datagram; the
    end of the session, which is never damaged, tells it of a lost tail.
    """
    return [span for span in merged(truth['undelivered']['ranges']) if span[0] != 1]


def size_of(ranges):
    return sum(last - first + 1 for first, last in ranges)


class Arrivals:
    """First arrival wins: what that makes of the datagrams that arrive whole, in their order."""

    def __init__(self, payloads):
        self.messages = self.gaps = self.lost = self.duplicates = 0
        self.delivered = []  # ITCH messages
        following = support.mold_place(payloads[0])[0]
        self.before = following - 1  # what came before the first datagram nobody can know
        for payload in payloads:
            first, count = support.mold_place(payload)
            if first > following:
                self.gaps += 1
                self.lost += first - following
                following = first
            if first + count <= following:
                self.duplicates += count
                continue
            equal(first, following, 'datagrams of one feed do not overlap in part')
            self.messages += count
            self.delivered += support.mold_messages(payload)
            following = first + count

    def added(self):
        """References of the orders that the delivered messages add."""
        return [int.from_bytes(message[11:19], 'big') for message in self.delivered
                if message[:1] in (b'A', b'F')]


def is_whole(frame):
    """Whether a receiver that checks lengths and checksums uses the frame."""
    if len(frame) < support.HEADERS_BYTES or frame[12:14] != b'\x08\0' or frame[14] != 0x45:
        return False
    ip = frame[14:]
    udp_len = int.from_bytes(ip[24:26], 'big')
    if support.ones_sum(ip[:20]) != 0xffff or ip[9] != 17:
        return False
    if int.from_bytes(ip[2:4], 'big') != len(ip) or udp_len != len(ip) - 20:
        return False
    return support.ones_sum(ip[12:20] + b'\0\x11' + ip[24:26] + ip[20:]) == 0xffff


def arrivals_of(capture):
    return Arrivals([support.payload_of(frame) for frame in support.read_frames(capture)
                     if is_whole(frame)])


def damaged(bench, *options, messages=MESSAGES, seed=11):
    return bench.generate('itch', '--seed', seed, '--messages', messages, *options)


def replay(bench, capture, *options):
    """Replay and publish: the run, and the OrderAdds that were published."""
    wire = bench.path('published.pcap')
    run = bench.run('--replay', capture, '--publish', wire, *options)
    sent = support.native_messages(wire)
    gaps = sum(message[2] == support.GAP for message in sent)
    equal(gaps, sum(channel['gaps'] for channel in run.summary['channels']), 'published gaps')
    return run, [message for message in sent if message[2] == support.ORDER_ADD]


def check(channel, added, arrivals, truth):
    """Everything that follows from the order of arrival, and what the truth says of the sum."""
    for name in ('messages', 'gaps', 'lost', 'duplicates'):
        equal(channel[name], getattr(arrivals, name), name)
    references = [support.order_id(message) for message in added]
    equal(references, arrivals.added(), 'orders added')
    equal(len(set(references)), len(added), 'orders added, each counted once')
    equal(channel['messages'] + channel['lost'] + arrivals.before, truth['messages'],
          'messages, lost ones, and those before the first datagram')
    equal(sum(channel['by_type'].values()), channel['messages'], 'sum of the types')
    equal(channel['unconfirmed'], 0, 'unconfirmed')
    equal(channel['session_restarts'], 0, 'session restarts')
    equal(sum(channel['malformed'].values()), 0, 'malformed')


def check_line_a(run, added, capture, truth):
    """The channel of line A, in a run without line B."""
    channel = run.channel('%s:%d' % LINE_A)
    check(channel, added, arrivals_of(capture), truth)
    return channel


def dropped(run):
    return {reason: count for reason, count in run.port()['dropped'].items() if count}


# ---- one line -----------------------------------------------------------------------------------

def nothing_damaged(bench):
    """An undamaged feed is delivered whole, heartbeats counted apart"""
    capture, truth = damaged(bench, '--heartbeats', 10)
    run, added = replay(bench, capture)
    channel = check_line_a(run, added, capture, truth)
    equal(channel['by_type'], truth['by_type'], 'messages by type')
    # the end of session is a heartbeat that ends
    equal(channel['heartbeats'], truth['heartbeats'] + 1, 'heartbeats')
    equal(channel['datagrams'], truth['datagrams'], 'datagrams')


def check_loss(bench, *options):
    capture, truth = damaged(bench, *options)
    run, added = replay(bench, capture)
    channel = check_line_a(run, added, capture, truth)
    missing = missing_for(truth)
    expect(len(missing) > 5, 'the feed has only %d gaps' % len(missing))
    equal(channel['gaps'], len(missing), 'gaps')
    equal(channel['lost'], size_of(missing), 'lost')
    equal(channel['messages'], truth['messages'] - truth['undelivered']['all_lines'], 'messages')
    equal(channel['duplicates'], 0, 'duplicates')


def loss(bench):
    """Lost datagrams are gaps, each told once, and messages and lost ones are all that were sent"""
    check_loss(bench, '--loss', 2)


def heavy_loss(bench):
    """The same where every third datagram is lost"""
    check_loss(bench, '--loss', 33)


def duplicates(bench):
    """Datagrams that come twice are delivered once"""
    capture, truth = damaged(bench, '--duplicates', 10)
    run, added = replay(bench, capture)
    channel = check_line_a(run, added, capture, truth)
    twice = truth['damage']['duplicated']
    expect(len(twice) > 50, 'the feed has only %d duplicates' % len(twice))
    equal(channel['duplicates'], sum(one['messages'] for one in twice), 'duplicates')
    equal(channel['lines'][0]['duplicates'], len(twice), 'duplicate datagrams')
    equal(channel['messages'], truth['messages'], 'messages')
    equal(channel['by_type'], truth['by_type'], 'messages by type')
    equal(channel['gaps'], 0, 'gaps')


def reorder(bench):
    """A late datagram was declared lost, comes as a duplicate, and is never delivered"""
    capture, truth = damaged(bench, '--reorder', 5)
    run, added = replay(bench, capture)
    channel = check_line_a(run, added, capture, truth)
    expect(len(truth['damage']['reordered']) > 20, 'too few datagrams change places')
    equal(channel['lost'], channel['duplicates'], 'lost, and duplicates that filled the gaps')


def truncate(bench):
    """A frame cut short is dropped by its reason, and its messages are lost"""
    capture, truth = damaged(bench, '--truncate', 5)
    run, added = replay(bench, capture)
    channel = check_line_a(run, added, capture, truth)
    kept = [one['kept_bytes'] for one in truth['damage']['truncated']]
    wanted = {'ethernet_short': sum(size < 14 for size in kept),
              'ip_short': sum(14 <= size < 34 for size in kept),
              'ip_length': sum(size >= 34 for size in kept)}
    equal(dropped(run), {reason: count for reason, count in wanted.items() if count}, 'drops')
    equal(channel['gaps'], len(missing_for(truth)), 'gaps')
    equal(channel['lost'], size_of(missing_for(truth)), 'lost')


def bitflips(bench):
    """A frame whose checksums are wrong is dropped, and its messages are lost"""
    capture, truth = damaged(bench, '--bitflips', 5)
    run, added = replay(bench, capture)
    flipped = len(truth['damage']['flipped'])
    expect(flipped > 30, 'only %d frames are flipped' % flipped)
    equal(sum(dropped(run).values()), flipped, 'drops')
    channel = check_line_a(run, added, capture, truth)
    equal(channel['gaps'], len(missing_for(truth)), 'gaps')
    equal(channel['lost'], size_of(missing_for(truth)), 'lost')


def stray_ports(bench):
    """Frames that are dropped for their checksum make no channels of their own"""
    capture, _ = damaged(bench, '--bitflips', 2, '--messages-per-packet', 5)
    run, _ = replay(bench, capture)
    equal([channel['name'] for channel in run.summary['channels']], ['%s:%d' % LINE_A], 'channels')


def everything(bench):
    """Loss, duplicates, changed places, cuts and flips at once: still nothing twice, nothing unsaid"""
    capture, truth = damaged(bench, '--loss', 1, '--duplicates', 2, '--reorder', 2,
                             '--truncate', 1, '--bitflips', 1, '--heartbeats', 20)
    run, added = replay(bench, capture, '--config', bench.write('one.ini', WITHOUT_WAIT))
    check(run.channel(), added, arrivals_of(capture), truth)


# ---- flips that checksums do not reveal ---------------------------------------------------------

def header_is_hit(truth):
    """Whether a flip is in a MoldUDP64 header: then a datagram may claim another's place."""
    first = support.HEADERS_BYTES
    return any(first <= bit // 8 < first + support.MOLD_HEADER_BYTES
               for one in truth['damage']['flipped'] for bit in one['bits'])


def fixed_flips(bench):
    """Flips in messages alone leave the stream whole: what cannot be decoded is a gap"""
    for seed in range(1, 200):
        capture, truth = damaged(bench, '--bitflips', 2, '--fix-checksums', '--damage-seed', seed)
        if not header_is_hit(truth):
            break
    expect(not header_is_hit(truth), 'no seed leaves the headers alone')
    flipped = len(truth['damage']['flipped'])
    expect(flipped > 10, 'only %d frames are flipped' % flipped)
    run, added = replay(bench, capture)
    channel = run.channel()
    rejected = sum(channel['malformed'].values())
    equal(channel['messages'] + channel['lost'], truth['messages'], 'messages and lost ones')
    expect(0 < rejected <= flipped, '%d of %d flipped datagrams are rejected' % (rejected, flipped))
    equal(channel['gaps'], rejected, 'gaps, one for each rejected datagram')
    equal(channel['duplicates'], 0, 'duplicates')
    equal(dropped(run), {}, 'drops')
    equal(sum(channel['by_type'].values()) + channel['unknown_types'], channel['messages'],
          'sum of the types')
    check_nothing_twice(bench, added)


def check_nothing_twice(bench, added):
    """The OrderAdds of the undamaged day were published once at most, and in its order."""
    clean, _ = bench.generate('itch', '--seed', 11, '--messages', MESSAGES, name='clean.pcap')
    _, wanted = replay(bench, clean)
    order = {message: place for place, message in enumerate(wanted)}
    places = [order[message] for message in added if message in order]
    expect(places, 'no order is added')
    equal(places, sorted(set(places)), 'places of the orders added')


def fixed_flips_anywhere(bench):
    """Flips in headers too: nothing is delivered twice"""
    for seed in (1, 2, 3, 4, 5, 6):
        capture, truth = damaged(bench, '--bitflips', 5, '--fix-checksums', '--damage-seed', seed)
        expect(header_is_hit(truth), 'no header is hit')
        run, added = replay(bench, capture)
        check_nothing_twice(bench, added)
        channel = run.channel('%s:%d' % LINE_A)
        expect(channel['messages'] <= truth['messages'], 'more is delivered than was sent')


def one_lie(bench):
    """One datagram that lies of its place, ahead or behind, costs the feed its neighbourhood at most"""
    capture, truth = damaged(bench)
    frames = support.read_frames(capture)
    place = len(frames) // 2
    payload = support.payload_of(frames[place])
    count = support.mold_place(payload)[1]
    for name, at, flip in (('session', 3, 1), ('sequence + 2^56', 10, 1), ('sequence + 2^32', 13, 1),
                           ('sequence + 2^16', 15, 1), ('sequence - 2^14', 16, 0x40)):
        lie = bytearray(payload)
        lie[at] ^= flip
        path = bench.write('lie.pcap', support.pcap_of(
            frames[:place] + [support.udp_frame(bytes(lie), *LINE_A)] + frames[place + 1:]))
        run, added = replay(bench, path)
        channel = run.channel('%s:%d' % LINE_A)
        expect(truth['messages'] - channel['messages'] <= 10 * count,
               '%s: %d of %d messages do not arrive' %
               (name, truth['messages'] - channel['messages'], truth['messages']))
        check_nothing_twice(bench, added)


# ---- two lines ----------------------------------------------------------------------------------

def check_two_lines(bench, capture, truth):
    run, added = replay(bench, capture, '--config', bench.write('both.ini', WITHOUT_WAIT))
    channel = run.channel()
    check(channel, added, arrivals_of(capture), truth)
    return channel


def in_step(bench, capture):
    """The same frames, line A's before line B's of every datagram: neither line lags."""
    frames = sorted(support.read_frames(capture),
                    key=lambda frame: support.mold_place(support.payload_of(frame))[0])
    return bench.write('in_step.pcap', support.pcap_of(frames))


def line_b(bench):
    """With losses on both lines only what both lost is lost"""
    capture, truth = damaged(bench, '--line-b', B_OPTION, '--loss', 10, '--loss-b', 15)
    channel = check_two_lines(bench, in_step(bench, capture), truth)
    expect(len(missing_for(truth)) > 5, 'both lines lose too little')
    equal(channel['lost'], size_of(missing_for(truth)), 'lost')
    equal(channel['gaps'], len(missing_for(truth)), 'gaps')
    equal(channel['messages'], truth['messages'] - truth['undelivered']['all_lines'], 'messages')
    lost_by_line = [sum(one['line'] == line for one in truth['damage']['lost']) for line in 'ab']
    equal([line['datagrams'] for line in channel['lines']],
          [truth['datagrams'] - lost for lost in lost_by_line], 'datagrams by line')


def line_b_alone_lossy(bench):
    """With losses on one line nothing is lost"""
    for option in ('--loss', '--loss-b'):
        capture, truth = damaged(bench, '--line-b', B_OPTION, option, 20)
        channel = check_two_lines(bench, in_step(bench, capture), truth)
        equal((channel['lost'], channel['gaps']), (0, 0), 'lost and gaps')
        equal(channel['messages'], truth['messages'], 'messages')


def line_b_worse(bench):
    """Two lines with every kind of damage: first arrival decides, nothing is delivered twice"""
    check_two_lines(bench, *damaged(
        bench, '--line-b', B_OPTION, '--loss', 5, '--loss-b', 5, '--duplicates', 5,
        '--reorder', 3, '--truncate', 3, '--bitflips', 3))


def line_b_waits(bench):
    """Lines that lag and lose: what came on either of them is delivered, in order, once"""
    capture, truth = damaged(
        bench, '--line-b', B_OPTION, '--loss', 5, '--loss-b', 5, '--duplicates', 3, '--reorder', 5)
    run, added = replay(bench, capture, '--config', bench.write('waits.ini', WITH_WAIT))
    channel = run.channel()
    expect(channel['waited'] > 20, 'only %d datagrams wait' % channel['waited'])
    equal(channel['lost'], truth['undelivered']['all_lines'], 'lost')
    equal(channel['gaps'], len(missing_for(truth)), 'gaps')
    equal(channel['messages'], truth['messages'] - channel['lost'], 'messages')
    references = [support.order_id(message) for message in added]
    equal(len(set(references)), len(references), 'orders added, each once')


def line_b_over_a_restart(bench):
    """What waits when a session ends is delivered before the next session begins"""
    frames, total, lost = [], 0, 0
    for session in ('AAAAAAAAAA', 'BBBBBBBBBB'):
        capture, truth = damaged(
            bench, '--session', session, '--line-b', B_OPTION, '--loss', 20, '--loss-b', 20,
            '--reorder', 10, '--no-end', messages=6000)
        frames += support.read_frames(capture)
        total += truth['messages']
        lost += truth['undelivered']['all_lines']
    path = bench.write('restart.pcap', support.pcap_of(frames))
    run = bench.run('--replay', path, '--config', bench.write('restart.ini', WITH_WAIT))
    channel = run.channel()
    expect(channel['waited'] > 5, 'only %d datagrams wait' % channel['waited'])
    equal(channel['session_restarts'], 1, 'session restarts')
    equal(channel['unconfirmed'], 0, 'unconfirmed')
    expect(0 <= total - channel['messages'] - channel['lost'] <= 500, 'messages unaccounted for')
    expect(channel['lost'] <= lost, 'more is lost than both lines lost')


# ---- two channels -------------------------------------------------------------------------------

def garbage_beside(bench):
    """A channel of garbage does not touch its neighbour"""
    capture, truth = damaged(bench)
    chance = random.Random(5)
    frames = []
    for frame in support.read_frames(capture):
        frames.append(frame)
        for _ in range(chance.randrange(3)):
            frames.append(support.udp_frame(chance.randbytes(chance.randrange(200)), *LINE_B))
    path = bench.write('two.pcap', support.pcap_of(frames))
    config = bench.write('two.ini', '\n'.join(
        '[channel %s]\nvenue = %s\ngroup = %s\nudp_port = %d\n' % channel for channel in (
            ('good', 'itch50') + LINE_A, ('bad', 'itch50') + LINE_B)))
    for venue in ('itch50', 'iex', 'native'):
        with open(config) as file:
            text = file.read().replace('bad]\nvenue = itch50', 'bad]\nvenue = ' + venue)
        run = bench.run('--replay', path, '--config', bench.write('venue.ini', text))
        good, bad = run.channel('good'), run.channel('bad')
        equal(good['by_type'], truth['by_type'], 'messages by type of the good channel')
        equal((good['gaps'], good['duplicates'], good['stale_books']), (0, 0, 0),
              'gaps, duplicates and stale books of the good channel')
        sent = len(frames) - truth['frames']
        equal(bad['datagrams'], sent, '%s: datagrams of the bad channel' % venue)
        expect(sum(bad['malformed'].values()) > 0.9 * sent, '%s: only %r are malformed of %d' %
               (venue, bad['malformed'], sent))


if __name__ == '__main__':
    support.main([nothing_damaged, loss, heavy_loss, duplicates, reorder, truncate, bitflips,
                  stray_ports, everything, fixed_flips, fixed_flips_anywhere, one_lie,
                  line_b, line_b_alone_lossy, line_b_worse, line_b_waits, line_b_over_a_restart,
                  garbage_beside])
