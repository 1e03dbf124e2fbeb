# SPDX-License-Identifier: BSD-3-Clause
"""What the system tests share: running the engine, judging its summary, reading and writing pcaps.

Nothing here knows the engine's code: captures and native packets are read by parsers of this file's
own. Every run of the engine that gives a summary is checked for leaks.
"""

import contextlib
import gzip
import itertools
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

DEADLINE_S = 30
HELP_HINT = 'fablepool: --help lists the options'

ETHERNET_BYTES = 14
HEADERS_BYTES = ETHERNET_BYTES + 20 + 8
MOLD_HEADER_BYTES = 20
MOLD_END = 0xffff

# Types of the native wire: what a summary calls them, and their codes.
NATIVE_TYPES = {
    0x01: 'heartbeat', 0x02: 'end_of_session', 0x03: 'instrument', 0x10: 'order_add',
    0x11: 'order_execute', 0x12: 'order_reduce', 0x13: 'order_delete', 0x14: 'order_replace',
    0x15: 'order_request',
    0x20: 'level_update', 0x21: 'quote', 0x22: 'trade', 0x23: 'trading_status',
    0x30: 'book_clear', 0x31: 'gap', 0x32: 'stale',
}
HEARTBEAT, ORDER_ADD, GAP = 0x01, 0x10, 0x31


class Skip(Exception):
    """What is tested is not possible here."""


def expect(is_right, complaint):
    if not is_right:
        raise AssertionError(complaint)


def equal(found, wanted, what):
    if found != wanted:
        texts = [text if len(text) < 400 else text[:400] + '...'
                 for text in (repr(found), repr(wanted))]
        raise AssertionError('%s: found %s, expected %s' % (what, *texts))


# ---- the engine ---------------------------------------------------------------------------------

def last_cpu():
    return max(os.sched_getaffinity(0))


def eal_arguments(prefix, memory=640, lcores=None, more=()):
    return ['--no-huge', '--no-pci', '--no-shconf', '-m', str(memory), '--file-prefix', prefix,
            '--log-level=error', '-l', str(last_cpu() if lcores is None else lcores), *more]


def check_leaks(summary):
    """Nothing is held at the end, and every pool's account is balanced."""
    equal(summary['leaks'], 0, 'leaks')
    expect(summary['pools'], 'the summary has no pools')
    for pool in summary['pools']:
        equal(pool['held'], 0, 'pool %s: held' % pool['name'])
        equal(pool['missing'], 0, 'pool %s: missing' % pool['name'])
        equal(pool['received'] + pool['rented'],
              pool['returned'] + pool['handed_to_tx'] + pool['held'],
              'pool %s: received + rented against returned + handed_to_tx + held' % pool['name'])


class Run:
    """How one run of the engine ended."""

    def __init__(self, status, out, err, summary=None, books=None):
        self.status = status
        self.out = out
        self.err = err
        self.summary = summary
        self.books = books

    def lines(self, word):
        return [line for line in (self.out + self.err).splitlines() if word in line]

    def channel(self, name=None):
        """The channel of that name, or the only one."""
        channels = self.summary['channels']
        if name is None:
            equal([channel['name'] for channel in channels], [channels[0]['name']], 'channels')
            return channels[0]
        return next(channel for channel in channels if channel['name'] == name)

    def port(self, number=0):
        return next(port for port in self.summary['ports'] if port['number'] == number)

    def book_tables(self):
        """The books of the only channel, by symbol."""
        equal(len(self.books), 1, 'channels with books')
        return next(iter(self.books.values()))


class Bench:
    """Engine, generator and data for one test, in a folder of the test's own."""

    runs = itertools.count(1)

    def __init__(self, engine, fpgen, shared, folder):
        self.engine = engine
        self.fpgen = fpgen
        self.shared = shared
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def data(self, name):
        path = os.path.join(self.shared, 'data', name)
        if not os.access(path, os.R_OK):
            raise Skip('%s is not there' % path)
        return path

    def gunzip(self, name):
        path = self.path(name[:-len('.gz')])
        with gzip.open(self.data(name)) as packed, open(path, 'wb') as file:
            file.write(packed.read())
        return path

    def write(self, name, content):
        path = self.path(name)
        with open(path, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def generate(self, *arguments, name='feed.pcap'):
        """A capture of fpgen's: its path and its truth."""
        path = self.path(name)
        subprocess.run([self.fpgen, *map(str, arguments), '-o', path], check=True,
                       timeout=DEADLINE_S)
        with open(path + '.json') as file:
            return path, json.load(file)

    def prefix(self):
        return 'fpsys%d_%d' % (os.getpid(), next(Bench.runs))

    def command(self, *options, eal=None, memory=640, more=()):
        if eal is None:
            eal = eal_arguments(self.prefix(), memory=memory, more=more)
        return [self.engine, *eal, '--', *map(str, options)]

    def start(self, *options, environment=None, **how):
        """Start the engine; unless told otherwise what EAL leaves behind is in the test's folder."""
        if environment is None:
            environment = {**os.environ, 'RUNTIME_DIRECTORY': self.folder}
        return subprocess.Popen(self.command(*options, **how), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                errors='replace', cwd=self.folder, env=environment)

    def finish(self, process, timeout=DEADLINE_S):
        """Wait for an engine; the summary is not read."""
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError('the engine hangs: no end within %d s; it said %r' %
                                 (timeout, (out + err)[-600:])) from None
        return Run(process.returncode, out, err)

    def attempt(self, *options, timeout=DEADLINE_S, **how):
        """Run the engine to its end, whatever that is."""
        return self.finish(self.start(*options, **how), timeout)

    def run(self, *options, books=False, timeout=DEADLINE_S, **how):
        """Run the engine; it has to end well and to leak nothing."""
        number = next(Bench.runs)
        json_path = self.path('summary%d.json' % number)
        books_path = self.path('books%d.json' % number)
        options += ('--json', json_path)
        if books:
            options += ('--books', books_path)
        run = self.attempt(*options, timeout=timeout, **how)
        equal(run.status, 0, 'exit status (it said %r)' % (run.out + run.err)[-600:])
        with open(json_path) as file:
            run.summary = json.load(file)
        if books:
            with open(books_path) as file:
                run.books = json.load(file)
        check_leaks(run.summary)
        return run

    def refuse(self, *options, **how):
        """
        Run the engine, which has to refuse with status 1 and one line of its own, the last; the line.
        A library may have said a little before it, and the hint at --help may follow.
        """
        run = self.attempt(*options, **how)
        equal(run.status, 1, '%s: exit status (it said %r)' %
              (' '.join(map(str, options)), (run.out + run.err)[-400:]))
        lines = [line for line in run.err.splitlines() if line != HELP_HINT]
        own = [line for line in lines if line.startswith('fablepool: ')]
        equal(len(own), 1, 'lines of the engine, which are %r' % lines)
        equal(lines[-1], own[0], 'last line')
        expect(len(lines) <= 3, 'noise hides the line: %r' % lines)
        return own[0]


def telemetry_path(prefix, environment=os.environ):
    """The socket of an engine, by the rules of EAL."""
    parent = environment.get('RUNTIME_DIRECTORY')
    if parent is None:
        parent = '/var/run' if os.getuid() == 0 else environment.get('XDG_RUNTIME_DIR', '/tmp')
    return os.path.join(parent, 'dpdk', prefix, 'dpdk_telemetry.v2')


class Telemetry:
    """One connection to a running engine."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(10)
        try:
            self.connect(path)
            self.hello = json.loads(self.socket.recv(1024))
        except OSError:
            self.socket.close()
            raise

    def connect(self, path):
        """DPDK listens with a backlog of one: clients that come at once are told to come again."""
        deadline = time.monotonic() + 10
        while True:
            try:
                self.socket.connect(path)
                return
            except BlockingIOError:
                expect(time.monotonic() < deadline, 'nobody accepts the connection')
                time.sleep(0.01)

    def ask(self, request):
        """The answer to a request, which names its command; None for null."""
        self.socket.send(request.encode() if isinstance(request, str) else request)
        answer = json.loads(self.socket.recv(self.hello['max_output_len']))
        equal(len(answer), 1, 'members of an answer')
        return next(iter(answer.values()))

    def close(self):
        self.socket.close()


def wait_until(process, path, is_so, request='/fablepool/channel,0', within_s=15):
    """Until the engine's answer to a request is so; what it prints may come only at its end."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        expect(process.poll() is None, 'the engine ended at once')
        with contextlib.suppress(OSError):
            client = Telemetry(path)
            while process.poll() is None and time.monotonic() < deadline:
                answer = client.ask(request)
                if answer is not None and is_so(answer):
                    client.close()
                    return
                time.sleep(0.001)
            client.close()
        time.sleep(0.02)
    raise AssertionError('it does not become so within %d s; looked for %s' % (within_s, path))


def text_leaks(out):
    """The leaks that a printed summary tells of; None without a summary."""
    found = re.search(r'^  leaks +(\d+)$', out, re.MULTILINE)
    return None if found is None else int(found.group(1))


# ---- captures -----------------------------------------------------------------------------------

def pcap_header(link=1, magic=0xa1b2c3d4):
    return struct.pack('<IHHiIII', magic, 2, 4, 0, 0, 262144, link)


def pcap_record(frame, when_us=0, kept=None):
    kept = len(frame) if kept is None else kept
    return struct.pack('<IIII', when_us // 10**6, when_us % 10**6, kept, len(frame)) + frame


def pcap_of(frames):
    return pcap_header() + b''.join(pcap_record(frame, i) for i, frame in enumerate(frames))


def read_frames(path):
    """The frames of a pcap with Ethernet frames; a cut last record is left out."""
    with open(path, 'rb') as file:
        data = file.read()
    expect(data[:4] in (b'\xd4\xc3\xb2\xa1', b'\x4d\x3c\xb2\xa1'), '%s is no pcap' % path)
    at, frames = 24, []
    while at + 16 <= len(data):
        kept = struct.unpack_from('<I', data, at + 8)[0]
        if at + 16 + kept > len(data):
            break
        frames.append(data[at + 16:at + 16 + kept])
        at += 16 + kept
    return frames


def ones_sum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack('>%dH' % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def udp_frame(payload, group, port, source='192.0.2.1'):
    """An Ethernet frame around a UDP payload, checksums right."""
    def address(text):
        return bytes(map(int, text.split('.')))
    to = address(group)
    addresses = address(source) + to
    udp = struct.pack('>HHHH', port, port, 8 + len(payload), 0)
    pseudo = addresses + struct.pack('>HH', 17, 8 + len(payload))
    checksum = (0xffff ^ ones_sum(pseudo + udp + payload)) or 0xffff
    udp = udp[:6] + struct.pack('>H', checksum)
    ip = struct.pack('>BBHHHBBH', 0x45, 0, 28 + len(payload), 0, 0x4000, 16, 17, 0) + addresses
    ip = ip[:10] + struct.pack('>H', 0xffff ^ ones_sum(ip)) + ip[12:]
    mac = bytes([1, 0, 0x5e, to[1] & 0x7f, to[2], to[3]])
    return mac + b'\x02\0\0\0\0\x01' + b'\x08\0' + ip + udp + payload


def payload_of(frame):
    """The UDP payload of an undamaged frame without VLAN tags."""
    length = struct.unpack_from('>H', frame, ETHERNET_BYTES + 24)[0]
    return frame[HEADERS_BYTES:HEADERS_BYTES - 8 + length]


def mold_place(payload):
    """(first sequence, messages) of a MoldUDP64 datagram; the end of session has no messages."""
    first, count = struct.unpack_from('>QH', payload, 10)
    return first, 0 if count == MOLD_END else count


def mold_messages(payload):
    at, messages = MOLD_HEADER_BYTES, []
    for _ in range(mold_place(payload)[1]):
        length = struct.unpack_from('>H', payload, at)[0]
        messages.append(payload[at + 2:at + 2 + length])
        at += 2 + length
    return messages


def native_messages(path):
    """
    The messages of a capture of native packets, in order, whole; every packet has to be what its
    header says, and the sequence of each channel to be without gaps.
    """
    messages, following = [], {}
    for frame in read_frames(path):
        payload = payload_of(frame)
        magic, version, zero, channel, _, sequence, count, length, _, _ = struct.unpack_from(
            '<4sBBHQQHHIQ', payload)
        equal((magic, version, zero), (b'FPW1', 1, 0), 'start of a native packet')
        equal(sequence, following.get(channel, 1), 'sequence of a native packet')
        equal(len(payload), 40 + length, 'length of a native packet')
        expect(len(payload) <= 1472, 'a native packet has %d bytes' % len(payload))
        at = 40
        for _ in range(count):
            size = struct.unpack_from('<H', payload, at)[0]
            expect(size >= 16 and size % 8 == 0, 'a native message has %d bytes' % size)
            messages.append(payload[at:at + size])
            at += size
        equal(at, len(payload), 'end of the messages of a native packet')
        following[channel] = sequence + count
    return messages


def order_id(message):
    """Of a native message about an order."""
    return struct.unpack_from('<Q', message, 16)[0]


# ---- the protocol of the tests ------------------------------------------------------------------

def main(tests):
    """Run the tests with the arguments of the command line; TAP on standard output."""
    if len(sys.argv) != 4:
        sys.exit('usage: %s FABLEPOOL FPGEN SHARED_DIRECTORY' % os.path.basename(sys.argv[0]))
    engine, fpgen, shared = map(os.path.abspath, sys.argv[1:])
    failures = 0
    print('1..%d' % len(tests))
    for number, test in enumerate(tests, 1):
        sentence = test.__doc__.strip().splitlines()[0]
        outcome, reason, start = 'ok', '', time.monotonic()
        with tempfile.TemporaryDirectory(prefix='fpsys') as folder:
            try:
                test(Bench(engine, fpgen, shared, folder))
            except Skip as skip:
                reason = ' # SKIP %s' % skip
            except Exception as error:  # a test that fails in any way has failed
                own = [place for place in traceback.extract_tb(error.__traceback__)
                       if place.filename == os.path.abspath(sys.argv[0])]
                line = own[-1].lineno if own else 0
                for text in ('%s: %s' % (type(error).__name__, error)).splitlines():
                    print('# line %d: %s' % (line, text))
                outcome = 'not ok'
                failures += 1
        print('# %.1f s' % (time.monotonic() - start))
        print('%s %d - %s%s' % (outcome, number, sentence, reason), flush=True)
    if failures:
        sys.exit(1)
