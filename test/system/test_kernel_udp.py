#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The engine between two kernels: datagrams from a UDP socket, published packets to a UDP socket.

    test_kernel_udp.py FABLEPOOL FPGEN SHARED_DIRECTORY

    namespace of the engine             namespace of the peer
    engine --- net_af_packet --- va === veth === vb 10.9.0.2 --- kernel --- sockets

The namespaces belong to a user namespace, so that no root is needed where those are allowed.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect

GROUP = ('233.54.12.111', 26477)
PUBLISHED_GROUP = '239.255.0.1'
PUBLISHED_PORT = 30001
ENGINE_IP, PEER_IP = '10.9.0.1', '10.9.0.2'
PEER_MAC = '02:00:00:00:00:42'
DATAGRAMS_AT_ONCE, PAUSE_S = 4, 0.001

CONFIG = '''
[port 0]
device = net_af_packet0,iface=va,blocksz=65536,framesz=2048,framecnt=2048,qdisc_bypass=1
[channel feed]
venue = itch50
group = %s
udp_port = %d
[publisher]
port = 0
source = %s
destination = %%s:%d
destination_mac = %s
''' % (GROUP + (ENGINE_IP, PUBLISHED_PORT, PEER_MAC))


def ip(*words):
    subprocess.run(['ip', *words], check=True, timeout=10)


# ---- the peer, in its namespace -----------------------------------------------------------------

def receive(receiver, is_over, payloads):
    """Collect what arrives until it is over and nothing is left."""
    while True:
        try:
            payloads.append(receiver.recv(2048))
        except socket.timeout:
            if is_over.is_set():
                return


def peer(capture, out):
    """Obey the lines on standard input: up, send, stop."""
    expect(input() == 'up', 'no vb')
    ip('link', 'set', 'lo', 'up')
    ip('link', 'set', 'vb', 'address', PEER_MAC)
    ip('addr', 'add', PEER_IP + '/24', 'dev', 'vb')
    ip('link', 'set', 'vb', 'up')
    ip('route', 'add', '224.0.0.0/4', 'dev', 'vb')
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
    receiver.bind(('', PUBLISHED_PORT))
    receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                        socket.inet_aton(PUBLISHED_GROUP) + socket.inet_aton(PEER_IP))
    receiver.settimeout(0.3)
    is_over, received = threading.Event(), []
    thread = threading.Thread(target=receive, args=(receiver, is_over, received))
    thread.start()
    print('ready', flush=True)

    expect(input() == 'send', 'nothing to send')
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(PEER_IP))
    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 4)
    for place, frame in enumerate(support.read_frames(capture)):
        sender.sendto(support.payload_of(frame), GROUP)
        if place % DATAGRAMS_AT_ONCE == 0:
            time.sleep(PAUSE_S)
    print('sent', flush=True)

    expect(input() == 'stop', 'no end')
    is_over.set()
    thread.join()
    with open(out, 'wb') as file:
        for payload in received:
            file.write(struct.pack('<H', len(payload)) + payload)
    print('done', flush=True)


class Peer:
    """The peer's process, as the engine's side sees it."""

    def __init__(self, capture, out):
        self.process = subprocess.Popen(
            ['unshare', '-n', sys.executable, os.path.abspath(__file__), '--peer', capture, out],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, word, answer):
        self.process.stdin.write(word + '\n')
        self.process.stdin.flush()
        equal(self.process.stdout.readline().strip(), answer, 'answer of the peer to %r' % word)


def wait_for_namespace(process):
    """Until the process has left our network namespace."""
    own = os.readlink('/proc/self/ns/net')
    for _ in range(500):
        if os.readlink('/proc/%d/ns/net' % process.pid) != own:
            return
        time.sleep(0.01)
    raise AssertionError('the peer has no namespace of its own')


# ---- the engine's side, in its namespace --------------------------------------------------------

def inside(engine, folder, capture, destination, out):
    """Run the engine against a peer; its summary and printed text are left in the folder."""
    bench = support.Bench(engine, None, None, folder)
    other = Peer(capture, out)
    try:
        wait_for_namespace(other.process)
        ip('link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb')
        ip('link', 'set', 'vb', 'netns', str(other.process.pid))
        ip('link', 'set', 'va', 'up')
        other.say('up', 'ready')
        config = bench.write('udp.ini', CONFIG % destination)
        prefix = bench.prefix()
        process = bench.start('--config', config, '--duration', 25,
                              '--json', bench.path('summary.json'),
                              eal=support.eal_arguments(prefix))
        try:
            path = support.telemetry_path(prefix, {'RUNTIME_DIRECTORY': folder})
            support.wait_until(process, path, lambda lcore: lcore['frames'] > 0,
                               '/fablepool/lcore,0')
            other.say('send', 'sent')
            time.sleep(0.5)
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            run = bench.finish(process, 10)
        finally:
            if process.poll() is None:
                process.kill()
        equal(run.status, 0, 'exit status (it said %r)' % run.err[-400:])
        other.say('stop', 'done')
    finally:
        other.process.kill()
        other.process.wait()


# ---- the tests, outside -------------------------------------------------------------------------

def find_unshare():
    """How namespaces can be made here."""
    probe = ['ip', 'link', 'add', 'va', 'type', 'veth', 'peer', 'name', 'vb']
    for way in (['unshare', '-Urnm'], ['unshare', '-nm']):
        with contextlib.suppress(OSError):
            if subprocess.run(way + probe, capture_output=True, timeout=10).returncode == 0:
                return way
    raise support.Skip('network namespaces with veth may not be created here')


def check_between_kernels(bench, destination):
    way = find_unshare()
    capture, truth = bench.generate('itch', '--seed', 5, '--messages', 60000,
                                    '--messages-per-packet', 20)
    out = bench.path('received')
    run = subprocess.run(
        way + [sys.executable, os.path.abspath(__file__), '--inside', bench.engine, bench.folder,
               capture, destination, out],
        capture_output=True, text=True, timeout=50)
    equal(run.returncode, 0, 'the engine\'s side (it said %r)' % (run.stdout + run.stderr)[-800:])
    with open(bench.path('summary.json')) as file:
        summary = json.load(file)
    support.check_leaks(summary)
    channel, = summary['channels']
    expect(truth['datagrams'] > 3000, 'only %d datagrams are sent' % truth['datagrams'])
    equal(channel['datagrams'], truth['datagrams'], 'datagrams that the engine received')
    equal(channel['by_type'], truth['by_type'], 'messages by type')
    for name in ('gaps', 'lost', 'duplicates'):
        equal(channel[name], 0, name)
    dropped = summary['ports'][0]['dropped']
    for reason in ('no_channel', 'udp_checksum', 'nic_checksum', 'ip_checksum', 'segmented'):
        equal(dropped[reason], 0, 'dropped: ' + reason)

    with open(out, 'rb') as file:
        data = file.read()
    received, at = [], 0
    while at < len(data):
        length = struct.unpack_from('<H', data, at)[0]
        received.append(data[at + 2:at + 2 + length])
        at += 2 + length
    published = summary['published']
    equal(published['dropped_packets'], 0, 'published packets that the port did not take')
    equal(len(received), published['packets'], 'packets that the socket received')
    # As a capture, so that what checks captures can check it.
    frames = [support.udp_frame(payload, PUBLISHED_GROUP, PUBLISHED_PORT) for payload in received]
    messages = support.native_messages(bench.write('received.pcap', support.pcap_of(frames)))
    equal(len(messages), published['messages'], 'messages that the socket received')
    expect(published['messages'] > truth['messages'] / 2, 'little is published')


def multicast(bench):
    """Datagrams of a kernel's socket all arrive, and a socket in the group gets all that is published"""
    check_between_kernels(bench, PUBLISHED_GROUP)


def unicast(bench):
    """The same with a unicast destination and its MAC address"""
    check_between_kernels(bench, PEER_IP)


if __name__ == '__main__':
    if sys.argv[1:2] == ['--peer']:
        peer(*sys.argv[2:])
    elif sys.argv[1:2] == ['--inside']:
        inside(*sys.argv[2:])
    else:
        support.main([multicast, unicast])
