#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""One engine feeds another: what the second makes of the first's packets, and whether both are right.

    test_native_chain.py FABLEPOOL FPGEN SHARED_DIRECTORY

The books are checked against books of this file's own, made from the ITCH messages themselves.
"""

import struct
import sys

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect


# ---- a naive book by order ----------------------------------------------------------------------

class NaiveBooks:
    """Every live order in one dictionary; levels are added up at the end."""

    def __init__(self):
        self.symbols = {}
        self.orders = {}   # reference: [locate, side, price, shares]
        self.seen = set()  # locates that orders named
        self.stale = set()
        self.unknown = 0

    def take(self, locate, reference, shares):
        """Take shares from an order, all of them for None."""
        order = self.orders.get(reference)
        if order is None or order[0] != locate:
            self.unknown += 1
            self.stale.add(locate)
            return None
        if shares is None or shares >= order[3]:
            if shares is not None and shares > order[3]:
                self.stale.add(locate)
            return self.orders.pop(reference)
        order[3] -= shares
        return order

    def apply(self, message):
        kind = chr(message[0])
        locate = int.from_bytes(message[1:3], 'big')
        if kind == 'R':
            self.symbols[locate] = message[11:19].decode().rstrip()
        if kind not in 'AFECXDU':
            return
        self.seen.add(locate)
        reference = int.from_bytes(message[11:19], 'big')
        if kind in 'AF':
            side, shares, symbol, price = struct.unpack('>cI8sI', message[19:36])
            self.symbols.setdefault(locate, symbol.decode().rstrip())
            expect(reference not in self.orders, 'the feed adds order %d twice' % reference)
            self.orders[reference] = [locate, side, price, shares]
        elif kind in 'ECX':
            self.take(locate, reference, int.from_bytes(message[19:23], 'big'))
        elif kind == 'D':
            self.take(locate, reference, None)
        else:
            old = self.take(locate, reference, None)
            new, shares, price = struct.unpack('>QII', message[19:35])
            if old is not None:
                self.orders[new] = [locate, old[1], price, shares]

    def tables(self):
        """By symbol: bids and asks as [price, quantity, orders], from the best price on."""
        levels = {locate: ({}, {}) for locate in self.seen}
        for locate, side, price, shares in self.orders.values():
            level = levels[locate][side == b'S'].setdefault(price, [price, 0, 0])
            level[1] += shares
            level[2] += 1
        return {self.symbols.get(locate) or '#%d' % locate: {
            'instrument_id': locate,
            'stale': locate in self.stale,
            'bids': [bids[price] for price in sorted(bids, reverse=True)],
            'asks': [asks[price] for price in sorted(asks)],
        } for locate, (bids, asks) in levels.items()}


def check_books(run, capture):
    """The engine's books against naive ones; the live orders there are."""
    naive = NaiveBooks()
    for frame in support.read_frames(capture):
        for message in support.mold_messages(support.payload_of(frame)):
            naive.apply(message)
    wanted, found = naive.tables(), run.book_tables()
    equal(sorted(found), sorted(wanted), 'symbols')
    for symbol, book in wanted.items():
        for part, value in book.items():
            equal(found[symbol][part], value, '%s: %s' % (symbol, part))
        best = [(book[side] or [[0, 0, 0]])[0] for side in ('bids', 'asks')]
        equal(found[symbol]['quote'], best[0][:2] + best[1][:2], '%s: quote' % symbol)
    counters = run.summary['books']
    equal(counters['orders'], len(naive.orders), 'live orders')
    equal(counters['levels'], sum(len(book['bids']) + len(book['asks'])
                                  for book in wanted.values()), 'levels')
    equal(counters['unknown_orders'], naive.unknown, 'unknown orders')
    return len(naive.orders)


# ---- the chain ----------------------------------------------------------------------------------

def received_by_name(channel):
    """What the second engine received, as the first calls it."""
    return dict(channel['by_type'])


def without_heartbeats(by_type):
    return {name: count for name, count in by_type.items() if name != 'heartbeat'}


def check_chain(bench, capture):
    """Replay, replay what that published, compare; the first run."""
    wires = bench.path('published1.pcap'), bench.path('published2.pcap')
    first = bench.run('--replay', capture, '--publish', wires[0], books=True)
    second = bench.run('--replay', wires[0], '--publish', wires[1], books=True)
    channel = second.channel()
    equal(channel['venue'], 'native', 'venue of the second')
    equal(second.book_tables(), first.book_tables(), 'books of the second')
    equal(received_by_name(channel), first.summary['published']['by_type'],
          'what the second received, by type')
    equal(without_heartbeats(second.summary['published']['by_type']),
          without_heartbeats(first.summary['published']['by_type']),
          'what the second published, by type')
    for name in ('gaps', 'lost', 'duplicates', 'session_restarts', 'unconfirmed', 'unknown_types'):
        equal(channel[name], 0, 'the second: %s' % name)
    equal(sum(channel['malformed'].values()), 0, 'the second: malformed')
    messages = [support.native_messages(wire) for wire in wires]
    for run, sent in zip((first, second), messages):
        published = run.summary['published']
        equal(published['messages'], len(sent), 'messages of the capture')
        equal(published['messages'], sum(published['by_type'].values()), 'sum of the types')
        equal((published['dropped_packets'], published['dropped_messages']), (0, 0), 'dropped')
    sent, again = ([message for message in wire if message[2] != support.HEARTBEAT]
                   for wire in messages)
    for place, (one, other) in enumerate(zip(sent, again)):
        # an end of session counts the messages before it, upstream heartbeats included
        if one[2] != 0x02:
            equal(other, one, 'message %d of the second' % place)
    equal(len(again), len(sent), 'messages of the second')
    return first


def iex_chain(bench):
    """IEX: the second engine has the same books and publishes the same messages"""
    first = check_chain(bench, bench.gunzip('iex-deep10.pcap.gz'))
    equal(first.summary['published']['by_type']['book_clear'], 11, 'book clears')


def simulated_chain(bench):
    """Simulated ITCH: the same, the changes of unknown orders included"""
    capture, _ = bench.generate('wrap', bench.gunzip('itch50-simulated-3symbols.itch.gz'))
    first = check_chain(bench, capture)
    expect(first.summary['published']['by_type']['stale'] > 0, 'no book is stale')


def generated_chain(bench):
    """Generated ITCH: the same, for 200,000 messages"""
    capture, truth = bench.generate('itch', '--seed', 7, '--messages', 200000)
    first = check_chain(bench, capture)
    equal(first.channel()['messages'], truth['messages'], 'messages')


def simulated_books(bench):
    """Simulated ITCH: every level of every book is that of a naive book"""
    capture, _ = bench.generate('wrap', bench.gunzip('itch50-simulated-3symbols.itch.gz'))
    live = check_books(bench.run('--replay', capture, books=True), capture)
    expect(live > 1000, 'only %d orders are live' % live)


def generated_books(bench):
    """Generated ITCH: every level is that of a naive book, at the day's end and on the way there"""
    capture, truth = bench.generate('itch', '--seed', 7, '--messages', 200000)
    live = check_books(bench.run('--replay', capture, books=True), capture)
    equal(live, 0, 'orders that are live after the day')
    frames = support.read_frames(capture)
    for percent in (25, 50, 75):
        part = bench.write('part.pcap',
                           support.pcap_of(frames[:len(frames) * percent // 100]))
        live = check_books(bench.run('--replay', part, books=True), part)
        expect(live > 200, 'only %d orders are live' % live)


def mid_day_books(bench):
    """Who joins in mid-day has a book of every symbol, and all that changed before is stale"""
    capture, _ = bench.generate('itch', '--seed', 8, '--messages', 60000)
    frames = support.read_frames(capture)
    part = bench.write('part.pcap', support.pcap_of(frames[len(frames) // 2:-1]))
    check_books(bench.run('--replay', part, books=True), part)


if __name__ == '__main__':
    support.main([iex_chain, simulated_chain, generated_chain, simulated_books, generated_books,
                  mid_day_books])
