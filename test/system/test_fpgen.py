#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fpgen from outside: what it says in its truth against what its captures contain.

    test_fpgen.py PATH_OF_FPGEN

The captures are read with a parser of this file's own. Every damage is checked twice: by what a
receiver sees (missing, failing checksums, too short, twice, out of order), and by doing to an
undamaged capture what the truth tells, which has to give the damaged capture byte for byte.
"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import traceback
from collections import Counter

ITCH_LENS = {
    'S': 12, 'R': 39, 'H': 25, 'Y': 20, 'L': 26, 'V': 35, 'W': 12, 'K': 28, 'J': 35, 'h': 21,
    'A': 36, 'F': 40, 'E': 31, 'C': 36, 'X': 23, 'D': 19, 'U': 35, 'P': 44, 'Q': 40, 'B': 19,
    'I': 50, 'N': 20, 'O': 48,
}
LINE_A = ('233.54.12.111', 26477)
LINE_B = ('233.54.12.112', 26478)
B_OPTION = '%s:%d' % LINE_B
KINDS = ('lost', 'duplicated', 'reordered', 'truncated', 'flipped')
END = 0xffff


# ---- reading ------------------------------------------------------------------------------------

def ones_sum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


class Frame:
    """One frame, taken apart as far as it is whole; datagram is None when a receiver drops it."""

    def __init__(self, when_ns, data):
        self.when_ns = when_ns
        self.data = data
        self.payload = None
        self.vlans = []
        self.read()

    def read(self):
        data = self.data
        at = 12
        while data[at:at + 2] in (b'\x81\x00', b'\x88\xa8'):
            self.vlans.append((data[at:at + 2].hex(), int.from_bytes(data[at + 2:at + 4], 'big')))
            at += 4
        if data[at:at + 2] != b'\x08\x00' or len(data) < at + 2 + 28:
            return
        ip = data[at + 2:]
        if ip[0] != 0x45 or ones_sum(ip[:20]) != 0xffff or ip[9] != 17:
            return
        total = int.from_bytes(ip[2:4], 'big')
        udp_len = int.from_bytes(ip[24:26], 'big')
        if total != udp_len + 20 or len(ip) != total:
            return
        checksum = ip[26:28]
        covered = ip[12:20] + bytes([0, 17]) + ip[24:26] + ip[20:]
        if checksum != b'\0\0' and ones_sum(covered) != 0xffff:
            return
        self.group = ('.'.join(str(b) for b in ip[16:20]), int.from_bytes(ip[22:24], 'big'))
        self.mac_is_right = data[:6] == bytes([1, 0, 0x5e, ip[17] & 0x7f, ip[18], ip[19]])
        self.has_checksum = checksum != b'\0\0'
        self.ip_id = int.from_bytes(ip[4:6], 'big')
        self.payload = ip[28:]
        self.session = self.payload[:10]
        self.sequence, self.count = struct.unpack('>QH', self.payload[10:20])

    def messages(self):
        """The blocks; an assertion fails unless they fill the payload exactly."""
        at, found = 20, []
        for _ in range(0 if self.count == END else self.count):
            length = int.from_bytes(self.payload[at:at + 2], 'big')
            found.append(self.payload[at + 2:at + 2 + length])
            assert len(found[-1]) == length
            at += 2 + length
        assert at == len(self.payload)
        return found


def read_pcap(path):
    with open(path, 'rb') as file:
        data = file.read()
    magic, major, minor, _, _, _, link = struct.unpack('<IHHiIII', data[:24])
    assert (magic, major, minor, link) == (0xa1b23c4d, 2, 4, 1)
    at, frames = 24, []
    while at < len(data):
        seconds, ns, kept, length = struct.unpack('<IIII', data[at:at + 16])
        assert kept == length and ns < 10**9
        frames.append(Frame(seconds * 10**9 + ns, data[at + 16:at + 16 + kept]))
        assert len(frames[-1].data) == kept
        at += 16 + kept
    return frames


class Bench:
    """Runs fpgen in a folder of its own."""

    def __init__(self, fpgen, folder):
        self.fpgen = fpgen
        self.folder = folder
        self.runs = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def call(self, *arguments):
        return subprocess.run([self.fpgen, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, timeout=60)

    def make(self, *arguments):
        """Run with -o; the frames and the truth."""
        self.runs += 1
        path = self.path('%d.pcap' % self.runs)
        result = self.call(*arguments, '-o', path)
        assert result.returncode == 0, result.stderr
        self.last_stderr = result.stderr
        self.last_path = path
        with open(path + '.json', encoding='utf-8') as file:
            return read_pcap(path), json.load(file)

    def write_file(self, name, data):
        with open(self.path(name), 'wb') as file:
            file.write(data)
        return self.path(name)


# ---- the same damage, done here -----------------------------------------------------------------

def ip_at(data):
    at = 12
    while data[at:at + 2] in (b'\x81\x00', b'\x88\xa8'):
        at += 4
    return at + 2


def flip(data, bits, is_fixed):
    data = bytearray(data)
    for bit in bits:
        data[bit // 8] ^= 1 << bit % 8
    if is_fixed:
        ip = ip_at(data)
        data[ip + 26:ip + 28] = b'\0\0'
        total = ones_sum(bytes(data[ip + 12:ip + 20]) + b'\0\x11' + bytes(data[ip + 24:ip + 26])
                         + bytes(data[ip + 20:]))
        data[ip + 26:ip + 28] = ((total ^ 0xffff) or 0xffff).to_bytes(2, 'big')
    return bytes(data)


def damaged(clean, truth, line):
    """What one line should carry: the clean frames of that line with the truth's damage done."""
    lists = {kind: {d['datagram']: d for d in truth['damage'][kind] if d['line'] == line}
             for kind in KINDS}
    sent = []
    for index, data in enumerate(clean):
        if index in lists['lost']:
            continue
        if index in lists['flipped']:
            data = flip(data, lists['flipped'][index]['bits'], truth['parameters']['fix_checksums'])
        if index in lists['truncated']:
            cut = lists['truncated'][index]
            assert cut['frame_bytes'] == len(data) and 1 <= cut['kept_bytes'] < len(data)
            data = data[:cut['kept_bytes']]
        sent.append((index, data))
        if index in lists['duplicated']:
            sent.append((index, data))
    places = {}
    for place, (index, _) in enumerate(sent):
        places.setdefault(index, place)
    for index, swap in lists['reordered'].items():
        here, there = places[index], places[index] + swap['distance']
        assert 1 <= swap['distance'] <= 4
        assert sent[here][0] == index and sent[there][0] == swap['swapped_with'] != index
        sent[here], sent[there] = sent[there], sent[here]
    return [data for _, data in sent]


def datagram_of(clean, index):
    frame = clean[index]
    return frame.sequence, 0 if frame.count == END else frame.count


def delivered(frames):
    """Sequence numbers that a receiver gets from these frames."""
    found = set()
    for frame in frames:
        if frame.payload is not None and frame.count != END:
            found.update(range(frame.sequence, frame.sequence + frame.count))
    return found


def ranges_of(numbers):
    ranges = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] + 1 == number:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


DAY = ('itch', '--seed', 9, '--messages', 30000, '--messages-per-packet', 12, '--heartbeats', 50)
BOTH = (*DAY, '--line-b', B_OPTION)


def by_source(frames):
    """Whole frames of line A and of line B, told apart by the source MAC."""
    lines = {'a': [], 'b': []}
    for frame in frames:
        lines['ab'[frame.data[11] - 1]].append(frame)
    return lines


def check_damage(bench, kinds, *options):
    """Make a clean and a damaged capture of both lines and compare them through the truth."""
    clean, _ = bench.make(*BOTH)
    frames, truth = bench.make(*BOTH, *options)
    clean_lines = by_source(clean)
    for kind in KINDS:
        assert bool(truth['damage'][kind]) == (kind in kinds), kind
        for item in truth['damage'][kind]:
            found = datagram_of(clean_lines[item['line']], item['datagram'])
            assert found == (item['first_sequence'], item['messages'])
    # Byte for byte, each line in its own order.
    expected = {line: damaged([f.data for f in clean_lines[line]], truth, line) for line in 'ab'}
    for line in 'ab':
        assert truth['frames_by_line'][line] == len(expected[line])
    rest = {line: list(expected[line]) for line in 'ab'}
    for frame in frames:
        line = next((l for l in 'ab' if rest[l] and rest[l][0] == frame.data), None)
        assert line is not None, 'a frame that the truth does not explain'
        rest[line].pop(0)
    assert not rest['a'] and not rest['b'] and truth['frames'] == len(frames)
    return clean_lines, frames, truth


def check_undelivered(clean_lines, frames, truth):
    """Without fixed checksums a receiver can tell what it did not get."""
    everything = set(range(1, truth['messages'] + 1))
    got = {line: delivered(f for f in frames if f.payload is not None and f.group == group)
           for line, group in (('a', LINE_A), ('b', LINE_B))}
    assert everything == delivered(clean_lines['a']) == delivered(clean_lines['b'])
    for line in 'ab':
        assert truth['undelivered'][line] == len(everything - got[line]) > 0
    missing = everything - got['a'] - got['b']
    assert truth['undelivered']['all_lines'] == len(missing)
    assert truth['undelivered']['ranges'] == ranges_of(missing)
    return missing


# ---- tests --------------------------------------------------------------------------------------

def help_names_every_option(bench):
    result = bench.call('--help')
    assert result.returncode == 0 and result.stderr == ''
    for option in ('seed messages symbols session group max-payload messages-per-packet rate '
                   'heartbeats no-end vlan damage-seed loss duplicates reorder truncate bitflips '
                   'fix-checksums line-b loss-b truth output').split():
        assert '--' + option + ' ' in result.stdout, option
    assert bench.call('itch', '--help').returncode == 0


def wrong_command_lines_are_named_and_give_2(bench):
    wrong = {
        '--messages': ('itch', '-o', 'x', '--messages', '15'),
        '--seed': ('itch', '-o', 'x', '--seed', '1x'),
        '--loss': ('itch', '-o', 'x', '--loss', '100.5'),
        '--bitflips': ('itch', '-o', 'x', '--bitflips', '-1'),
        '--group': ('itch', '-o', 'x', '--group', '10.0.0.1:7'),
        '--vlan': ('itch', '-o', 'x', '--vlan', '4095'),
        '--session': ('itch', '-o', 'x', '--session', 'elevenchars'),
        '--max-payload': ('itch', '-o', 'x', '--max-payload', '71'),
        '--symbols': ('wrap', 'f', '-o', 'x', '--symbols', '5'),
        '--loss-b': ('itch', '-o', 'x', '--loss-b', '5'),
        '--line-b': ('itch', '-o', 'x', '--line-b', '%s:%d' % LINE_A),
        '--bogus': ('itch', '-o', 'x', '--bogus'),
        '-o': ('itch', '--messages', '100'),
        'wrap': ('wrap', '-o', 'x'),
        'other': ('other', '-o', 'x'),
    }
    for name, arguments in wrong.items():
        result = bench.call(*arguments)
        assert result.returncode == 2 and result.stdout == '', name
        assert name in result.stderr and result.stderr.count('\n') == 1, result.stderr
    assert not os.path.exists(bench.path('x'))


def day_is_a_clean_mold_stream(bench):
    frames, truth = bench.make('itch', '--seed', 3, '--messages', 50000, '--symbols', 200)
    sequence, counts, last_ns = 1, Counter(), -1
    assert [frame.ip_id for frame in frames] == list(range(len(frames)))
    for frame in frames:
        assert frame.payload is not None and frame.has_checksum and frame.mac_is_right
        assert frame.group == LINE_A and frame.session == b'FPGEN00001'
        assert frame.sequence == sequence and len(frame.payload) <= 1472
        assert frame.when_ns > last_ns
        last_ns = frame.when_ns
        for message in frame.messages():
            assert ITCH_LENS[chr(message[0])] == len(message)
            counts[chr(message[0])] += 1
            sequence += 1
    assert frames[-1].count == END and all(f.count not in (0, END) for f in frames[:-1])
    assert sequence - 1 == truth['messages'] == 50000 == sum(counts.values())
    assert truth['by_type'] == dict(counts)
    assert truth['datagrams'] == truth['frames'] == len(frames) and truth['end_of_session']
    first, last = frames[0].messages()[0], frames[-2].messages()[-1]
    assert first[:1] + first[11:] == b'SO' and last[:1] + last[11:] == b'SC'
    # Full: the next message would not have fitted.
    for here, after in zip(frames[:-2], frames[1:-1]):
        assert len(here.payload) + 2 + len(after.messages()[0]) > 1472
    assert not any(truth['damage'].values())
    assert truth['undelivered'] == {'a': 0, 'all_lines': 0, 'ranges': []}


def equal_arguments_give_equal_files(bench):
    def files(*options):
        bench.make(*BOTH, '--loss', 5, '--reorder', 5, '--bitflips', 5, *options)
        with open(bench.last_path, 'rb') as pcap, open(bench.last_path + '.json', 'rb') as truth:
            return pcap.read(), truth.read()
    assert files() == files()
    assert files()[0] != files('--damage-seed', 10)[0]
    assert files('--damage-seed', 9) == files()


def framing_options_are_obeyed(bench):
    frames, truth = bench.make('itch', '--messages', 3000, '--max-payload', 200, '--heartbeats', 7,
                               '--vlan', '100,200', '--session', 'AB', '--rate', 1000, '--no-end',
                               '--group', '239.200.3.4:5000')
    run = 0
    for frame in frames:
        assert frame.vlans == [('88a8', 100), ('8100', 200)]
        assert frame.group == ('239.200.3.4', 5000) and frame.mac_is_right
        assert frame.session == b'AB        ' and len(frame.payload) <= 200
        run = 0 if frame.count == 0 else run + 1
        assert run <= 7 and (frame.count != 0 or len(frame.payload) == 20)
    heartbeats = [f for f in frames if f.count == 0]
    assert len(heartbeats) == truth['heartbeats'] == (len(frames) - len(heartbeats)) // 7
    for beat, after in zip(frames, frames[1:]):
        assert beat.count != 0 or after.sequence == beat.sequence
        assert after.when_ns - beat.when_ns == 10**6
    assert not truth['end_of_session'] and frames[-1].count != END
    frames, _ = bench.make('itch', '--messages', 500, '--messages-per-packet', 3, '--vlan', 7)
    assert max(f.count for f in frames[:-1]) == 3 and frames[0].vlans == [('8100', 7)]
    assert [f.count for f in frames[:-2]] == [3] * (len(frames) - 2)


def binary_file(messages, end=True):
    return b''.join(len(m).to_bytes(2, 'big') + m for m in messages) + (b'\0\0' if end else b'')


def wrap_keeps_every_message(bench):
    messages = [b'S' + bytes(range(11)), b'z' * 700, b'D' + bytes(18), b'\x01', b'Y' * 20,
                b'~' * 1450] * 9
    for end in (True, False):
        frames, truth = bench.make('wrap', bench.write_file('w', binary_file(messages, end)))
        assert [m for f in frames for m in f.messages()] == messages and bench.last_stderr == ''
        assert truth['messages'] == 54 and truth['input_has_end'] == end
        assert not truth['input_is_cut_off']
        assert truth['by_type'] == {'S': 9, 'z': 9, 'D': 9, '0x01': 9, 'Y': 9, '~': 9}
    frames, truth = bench.make('wrap', bench.write_file('w', b''))
    assert len(frames) == 1 and frames[0].count == END and frames[0].sequence == 1
    frames, _ = bench.make('wrap', bench.write_file('w', binary_file(messages) + b'more'))
    assert [m for f in frames for m in f.messages()] == messages and 'warning' in bench.last_stderr


def wrap_takes_a_file_cut_off_anywhere(bench):
    messages = [b'D' + bytes(18), b'\x01\x02', b'Y' * 20]
    whole = binary_file(messages, end=False)
    ends = [0, 21, 25, 47]
    assert len(whole) == ends[-1]
    for cut in range(len(whole)):
        frames, truth = bench.make('wrap', bench.write_file('w', whole[:cut]))
        kept = sum(1 for end in ends[1:] if end <= cut)
        assert [m for f in frames for m in f.messages()] == messages[:kept]
        assert truth['input_is_cut_off'] == (cut not in ends)
        assert bench.last_stderr.count('\n') == (cut not in ends)
        assert cut in ends or 'cut off at byte %d,' % cut in bench.last_stderr


def wrap_refuses_lengths_that_cannot_be(bench):
    for bad in (b'\xff\xff' + bytes(70000), (1451).to_bytes(2, 'big') + bytes(1451),
                (35).to_bytes(2, 'big') + b'A' + bytes(34),
                (37).to_bytes(2, 'big') + b'A' + bytes(3)):
        path = bench.write_file('w', binary_file([b'D' + bytes(18)], end=False) + bad)
        result = bench.call('wrap', path, '-o', bench.path('bad.pcap'))
        assert result.returncode == 1, bad[:3]
        assert 'message 2 at byte 21: length %d,' % int.from_bytes(bad[:2], 'big') in result.stderr
        assert not os.path.exists(bench.path('bad.pcap.json'))
    for arguments in (('wrap', bench.path('absent'), '-o', bench.path('y')),
                      ('wrap', path, '-o', path), ('itch', '-o', '/nonexistent/y')):
        result = bench.call(*arguments)
        assert result.returncode == 1 and result.stderr.startswith('fpgen: '), arguments


def second_line_carries_the_same(bench):
    frames, truth = bench.make(*BOTH)
    lines = by_source(frames)
    assert [f.payload for f in lines['a']] == [f.payload for f in lines['b']]
    assert {f.group for f in lines['a']} == {LINE_A} and {f.group for f in lines['b']} == {LINE_B}
    assert [f.group for f in frames[:600]] == [LINE_A, LINE_B] * 300
    assert truth['frames_by_line'] == {'a': len(lines['a']), 'b': len(lines['b'])}
    assert all(a.when_ns < b.when_ns for a, b in zip(frames, frames[1:]))


def loss_is_told(bench):
    clean, frames, truth = check_damage(bench, {'lost'}, '--loss', 5, '--loss-b', 10)
    check_undelivered(clean, frames, truth)
    lost = Counter(item['line'] for item in truth['damage']['lost'])
    total = truth['datagrams']
    assert total * 0.03 < lost['a'] < total * 0.07 and total * 0.07 < lost['b'] < total * 0.13
    assert any(item['messages'] == 0 for item in truth['damage']['lost'])  # heartbeats too
    assert all(frame.payload is not None for frame in frames)
    frames, truth = bench.make(*DAY, '--loss', 100)
    assert len(frames) == 1 and frames[0].count == END
    assert truth['undelivered']['ranges'] == [[1, 30000]]


def duplicates_are_told(bench):
    _, frames, truth = check_damage(bench, {'duplicated'}, '--duplicates', 10)
    seen = Counter(f.data for f in frames)
    assert set(seen.values()) == {1, 2}
    assert sum(1 for n in seen.values() if n == 2) == len(truth['damage']['duplicated'])
    assert truth['undelivered'] == {'a': 0, 'b': 0, 'all_lines': 0, 'ranges': []}


def reordering_is_told(bench):
    clean, frames, truth = check_damage(bench, {'reordered'}, '--reorder', 10)
    for line, group in (('a', LINE_A), ('b', LINE_B)):
        order = [f.data for f in frames if f.group == group]
        times = [f.when_ns for f in frames if f.group == group]
        assert times == [f.when_ns for f in clean[line]]
        moved = sum(1 for here, there in zip(order, clean[line]) if here != there.data)
        swaps = [s for s in truth['damage']['reordered'] if s['line'] == line]
        assert moved == 2 * len(swaps) > 0 and {s['distance'] for s in swaps} == {1, 2, 3, 4}
    assert frames[-1].count == END and truth['undelivered']['all_lines'] == 0


def truncation_is_told(bench):
    clean, frames, truth = check_damage(bench, {'truncated'}, '--truncate', 10)
    assert check_undelivered(clean, frames, truth)
    broken = sum(1 for f in frames if f.payload is None)
    assert broken == len(truth['damage']['truncated'])


def bitflips_are_told(bench):
    clean, frames, truth = check_damage(bench, {'flipped'}, '--bitflips', 10)
    assert check_undelivered(clean, frames, truth)
    flips = truth['damage']['flipped']
    assert sum(1 for f in frames if f.payload is None) == len(flips)
    assert {len(item['bits']) for item in flips} == set(range(1, 9))
    assert all(item['bits'] == sorted(set(item['bits'])) for item in flips)
    assert min(item['bits'][0] for item in flips) < (14 + 28) * 8  # headers too


def fixed_checksums_are_right_over_wrong_bytes(bench):
    _, frames, truth = check_damage(bench, {'flipped'}, '--bitflips', 10, '--fix-checksums')
    assert all(f.payload is not None and f.has_checksum for f in frames)
    assert min(item['bits'][0] for item in truth['damage']['flipped']) >= (14 + 28) * 8
    flipped = {line: sum(d['messages'] for d in truth['damage']['flipped'] if d['line'] == line)
               for line in 'ab'}
    assert flipped == {line: truth['undelivered'][line] for line in 'ab'}


def all_damage_at_once_is_told(bench):
    options = ('--loss', 8, '--loss-b', 8, '--duplicates', 8, '--reorder', 8, '--truncate', 8,
               '--bitflips', 8)
    clean, frames, truth = check_damage(bench, set(KINDS), *options)
    assert check_undelivered(clean, frames, truth)
    struck = [(d['datagram'], d['line']) for kind in ('lost', 'truncated', 'flipped')
              for d in truth['damage'][kind]]
    assert len(struck) == len(set(struck))
    # One kind does not change where another strikes.
    _, alone = bench.make(*BOTH, '--loss', 8, '--loss-b', 8)
    assert alone['damage']['lost'] == truth['damage']['lost']
    bench.make('itch', '--messages', 5000, *options[2:], '--line-b', B_OPTION, '--vlan', '5,6')


TESTS = (
    help_names_every_option,
    wrong_command_lines_are_named_and_give_2,
    day_is_a_clean_mold_stream,
    equal_arguments_give_equal_files,
    framing_options_are_obeyed,
    wrap_keeps_every_message,
    wrap_takes_a_file_cut_off_anywhere,
    wrap_refuses_lengths_that_cannot_be,
    second_line_carries_the_same,
    loss_is_told,
    duplicates_are_told,
    reordering_is_told,
    truncation_is_told,
    bitflips_are_told,
    fixed_checksums_are_right_over_wrong_bytes,
    all_damage_at_once_is_told,
)


def main():
    if len(sys.argv) != 2:
        sys.exit('usage: test_fpgen.py PATH_OF_FPGEN')
    failures = 0
    print('1..%d' % len(TESTS))
    for number, test in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(Bench(os.path.abspath(sys.argv[1]), folder))
                outcome = 'ok'
            except Exception as error:  # a test that fails in any way has failed
                own = [place for place in traceback.extract_tb(error.__traceback__)
                       if place.filename == __file__]
                print('# line %d: %s: %s' % (own[-1].lineno, type(error).__name__, error))
                outcome = 'not ok'
                failures += 1
        print('%s %d - %s' % (outcome, number, test.__name__), flush=True)
    sys.exit(1 if failures else 0)


if __name__ == '__main__':
    main()
