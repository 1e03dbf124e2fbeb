#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Telemetry of a running engine: every command, right and wrong, many clients, and the end.

    test_telemetry.py FABLEPOOL FPGEN SHARED_DIRECTORY
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True  # the source tree stays as it is
import support
from support import equal, expect

RATE = 200000
CLIENT = '/usr/bin/dpdk-telemetry.py'
COMMANDS = ['/fablepool/' + name
            for name in ('arena', 'book', 'channel', 'info', 'latency', 'lcore', 'pool')]
LISTED = {'lcore': 'workers', 'pool': 'pools', 'arena': 'arenas', 'channel': 'channels'}

# Counters of each command that never go down; those that have to grow while the feed runs.
GROWING = {
    'lcore,0': ('frames', 'packets', 'total_cycles', 'busy_cycles'),
    'channel,0': ('datagrams', 'messages', 'next_sequence', 'published_packets',
                  'published_messages', 'quote_changes'),
    'pool,0': ('received', 'returned'),
    'pool,1': ('rented', 'handed_to_tx'),
    'info': ('uptime_ms',),
}


# Of the holders of a pool.
COLUMNS = ('lcores', 'buffers', 'oldest_us', 'oldest_buffer', 'oldest_op')


class Engine:
    """A running demo feed and how to reach it."""

    def __init__(self, bench):
        self.bench = bench
        self.prefix = bench.prefix()
        self.path = support.telemetry_path(self.prefix)
        self.json = bench.path('summary.json')
        self.process = bench.start('--duration', 20, '--rate', RATE, '--json', self.json,
                                   eal=support.eal_arguments(self.prefix), environment=os.environ)

    def client(self):
        return support.Telemetry(self.path)

    def wait(self):
        """Until messages flow."""
        support.wait_until(self.process, self.path,
                           lambda channel: channel['messages'] > RATE // 10)

    def interrupt(self):
        """SIGINT: how long the end took, and how it was."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        run = self.bench.finish(self.process, 10)
        took = time.monotonic() - start
        equal(run.status, 0, 'exit status (it said %r)' % run.err[-300:])
        with open(self.json) as file:
            run.summary = json.load(file)
        support.check_leaks(run.summary)
        return took, run


@contextlib.contextmanager
def running(bench):
    """A running engine, which is ended and whose traces are removed."""
    engine = Engine(bench)
    try:
        engine.wait()
        yield engine
        if engine.process.returncode is None:
            engine.interrupt()
    finally:
        if engine.process.returncode is None:
            engine.process.kill()
            engine.process.communicate()
        shutil.rmtree(os.path.dirname(engine.path), ignore_errors=True)


def symbols_of(bench):
    """The symbols that have the most levels after a second of the feed."""
    run = bench.run('--duration', 1, '--rate', RATE, books=True)
    tables = run.book_tables()
    return sorted(tables, key=lambda symbol: -len(tables[symbol]['bids'] + tables[symbol]['asks']))


def commands(bench):
    """Every command is listed once, has a help, and answers"""
    with running(bench) as engine:
        client = engine.client()
        equal(client.hello['pid'], engine.process.pid, 'process of the socket')
        listed = client.ask('/')
        equal(sorted(name for name in listed if name.startswith('/fablepool')), COMMANDS,
              'commands')
        for command in COMMANDS:
            text = json.dumps(client.ask('/help,' + command))
            expect(len(text) > 15, '%s: its help is %s' % (command, text))
        for name, list_name in LISTED.items():
            numbers = client.ask('/fablepool/' + name)[list_name]
            expect(numbers and numbers == list(range(len(numbers))), '%s: it lists %r' %
                   (name, numbers))
            for number in numbers:
                answer = client.ask('/fablepool/%s,%d' % (name, number))
                expect(isinstance(answer, dict) and len(answer) > 5, '%s,%d: it answers %r' %
                       (name, number, answer))
            equal(client.ask('/fablepool/%s,%d' % (name, len(numbers))), None,
                  '%s after the last' % name)
        info = client.ask('/fablepool/info')
        equal((info['pid'], info['channels'], info['lcores']), (engine.process.pid, 1, 1), 'info')
        for request in ('/fablepool/latency', '/fablepool/latency,0'):
            latency = client.ask(request)
            text = json.dumps(latency)
            expect('p50' in text and 'p99' in text, '%s: it answers %s' % (request, text))
        equal(client.ask('/fablepool/book'), None, 'a book without a symbol')
        equal(client.ask('/fablepool/nothing'), None, 'an unknown command')
        client.close()


def growth(bench):
    """Counters grow with the feed, in step with each other, and no buffer is held for long"""
    with running(bench) as engine:
        client = engine.client()
        before = {name: client.ask('/fablepool/' + name) for name in GROWING}
        start = time.monotonic()
        time.sleep(1)
        after = {name: client.ask('/fablepool/' + name) for name in GROWING}
        took = time.monotonic() - start
        for name, fields in GROWING.items():
            for field in fields:
                expect(after[name][field] > before[name][field], '%s: %s stays %d' %
                       (name, field, after[name][field]))
        rate = (after['channel,0']['messages'] - before['channel,0']['messages']) / took
        expect(0.6 * RATE < rate < 1.4 * RATE, '%d messages a second, wanted %d' % (rate, RATE))
        channel = after['channel,0']
        for name in ('gaps', 'lost', 'duplicates', 'unconfirmed', 'unknown_types', 'stale_books'):
            equal(channel[name], 0, name)
        equal(sum(channel['malformed'].values()), 0, 'malformed')
        equal((channel['last_fault'], channel['last_fault_offset']), ('none', 0), 'last fault')
        # read one after the other while the feed runs
        expect(abs(channel['next_sequence'] - channel['messages']) < RATE / 10,
               '%d messages, next sequence %d' % (channel['messages'], channel['next_sequence']))
        client.close()


def holders(bench):
    """A pool's answer tells how many buffers each lcore holds, and what became of the oldest"""
    with running(bench) as engine:
        client = engine.client()
        lifetime = client.ask('/fablepool/info')['lifetime']
        lcore = str(client.ask('/fablepool/lcore,0')['lcore'])
        seen = 0
        # A frame holds its buffers for some microseconds: ask until one was met at it.
        deadline = time.monotonic() + (2 if lifetime == 'trust' else 30)
        while seen < 3 and time.monotonic() < deadline:
            answer = client.ask('/fablepool/pool,0')
            page = answer['holders']
            columns = [page[name] for name in COLUMNS]
            equal({len(column) for column in columns}, {page['total']}, 'lengths of the columns')
            equal((page['first'], page['next']), (0, 0), 'first and next')
            expect(page['lcores'] in ([], [lcore]), 'held by %r' % page['lcores'])
            if page['total'] == 0:
                continue
            seen += 1
            expect(0 < page['buffers'][0] <= answer['buffers'], 'it holds %r' % page['buffers'])
            expect(page['oldest_us'][0] < 10e6, 'the oldest is of %r us' % page['oldest_us'])
            expect(page['oldest_buffer'][0] < answer['buffers'], 'place %r' % page['oldest_buffer'])
            equal(page['oldest_op'], ['received'], 'what happened to the oldest')
        expect((seen > 0) == (lifetime != 'trust'), '%d answers with holders at %s' %
               (seen, lifetime))
        beyond = client.ask('/fablepool/pool,0,200')['holders']
        equal((beyond['lcores'], beyond['next']), ([], 0), 'a page behind the last')
        for bad in ('x', '-1', '1x'):
            equal(client.ask('/fablepool/pool,0,' + bad), None, 'first holder %r' % bad)
        client.close()


def check_side(answer, side, is_falling):
    columns = [list(map(int, answer['%s_%s' % (side, column)]))
               for column in ('prices', 'quantities', 'orders')]
    prices, quantities, orders = columns
    equal(len({len(column) for column in columns}), 1, '%s: lengths of the columns' % side)
    equal(prices, sorted(set(prices), reverse=is_falling), '%s: prices' % side)
    expect(all(quantity > 0 for quantity in quantities), '%s: quantities %r' % (side, quantities))
    expect(all(count > 0 for count in orders), '%s: orders %r' % (side, orders))
    return prices


def books(bench):
    """A book by its symbol has sorted levels, is not crossed, and unknown symbols have none"""
    symbols = symbols_of(bench)
    expect(len(symbols) > 100, 'only %d symbols' % len(symbols))
    with running(bench) as engine:
        client = engine.client()
        levels = 0
        while client.ask('/fablepool/channel,0')['levels'] < 1000:
            time.sleep(0.1)
        for symbol in symbols[:100]:
            answer = client.ask('/fablepool/book,' + symbol)
            if answer is None:  # it is not named yet
                continue
            equal((answer['symbol'], answer['stale'], answer['price_decimals']), (symbol, 0, 4),
                  'head of a book')
            bids = check_side(answer, 'bid', True)
            asks = check_side(answer, 'ask', False)
            expect(not bids or not asks or bids[0] < asks[0], '%s is crossed: %r' %
                   (symbol, answer))
            levels += len(bids) + len(asks)
            equal(client.ask('/fablepool/book,%s,0' % symbol)['instrument_id'],
                  answer['instrument_id'], 'the book with its channel')
        expect(levels > 100, 'the books have only %d levels' % levels)
        for bad in ('NOSUCH', symbols[0] + ',1', symbols[0] + ',x', symbols[0] + ',-1',
                    symbols[0].lower() + '~', 'X' * 16, 'X' * 17, 'X' * 500, ',0', ' ', '\x01'):
            equal(client.ask('/fablepool/book,' + bad), None, 'book %r' % bad)
        client.close()


def bad_parameters(bench):
    """Bad parameters are answered with null, and the engine goes on"""
    with running(bench) as engine:
        client = engine.client()
        for name in ('lcore', 'pool', 'arena', 'channel', 'latency'):
            for bad in ('x', '-1', '+0', '0x0', '1e0', '00000000000000000000000000000x', '99',
                        '4294967296', '18446744073709551616', '0 0', '%n%n%s', '0;1', '\x7f',
                        '9' * 900, 'é'):
                equal(client.ask('/fablepool/%s,%s' % (name, bad)), None, '%s,%r' % (name, bad))
        for odd in ('/fablepool/channel,0,0,0,0,0,0,0,0,0,0', '/fablepool/channel,',
                    '/fablepool/channel,,', '/fablepool/book,', '/fablepool/book,,',
                    '/fablepool/info,a,b', b'/fablepool/book,\xff\xfe\x80', b'/fablepool/pool,\0'):
            client.ask(odd)  # whatever it answers, it answers
        expect(client.ask('/fablepool/info')['uptime_ms'] > 0, 'no answer afterwards')
        client.close()


def many_clients(bench):
    """Five clients with 200 requests each get every answer"""
    symbols = symbols_of(bench)[:20]
    with running(bench) as engine:
        requests = ['/fablepool/info', '/fablepool/lcore,0', '/fablepool/channel,0',
                    '/fablepool/pool,1', '/fablepool/latency'] + [
                        '/fablepool/book,' + symbol for symbol in symbols]
        complaints = []

        def work(offset):
            try:
                client = engine.client()
                for i in range(200):
                    request = requests[(i + offset) % len(requests)]
                    answer = client.ask(request)
                    if answer is None and 'book' not in request:
                        complaints.append('%s: null' % request)
                    if answer is not None and 'book' in request and \
                            answer['symbol'] != request.split(',')[1]:
                        complaints.append('%s: it answers for %s' % (request, answer['symbol']))
                client.close()
            except (OSError, ValueError, AssertionError) as error:
                complaints.append(repr(error))
        threads = [threading.Thread(target=work, args=(5 * i,)) for i in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        equal(complaints, [], 'complaints')
        _, run = engine.interrupt()
        channel = run.channel()
        equal((channel['gaps'], channel['lost']), (0, 0), 'gaps and lost')


def client_program(bench):
    """DPDK's own client program shows what the engine tells"""
    if not os.access(CLIENT, os.X_OK):
        raise support.Skip('there is no %s' % CLIENT)
    with running(bench) as engine:
        shown = subprocess.run([CLIENT, '-f', engine.prefix], text=True, capture_output=True,
                               input='/fablepool/info\n/fablepool/channel,0\nquit\n', timeout=10)
        equal(shown.returncode, 0, 'its status (it said %r)' % shown.stderr[-300:])
        for word in ('"/fablepool/info"', '"/fablepool/channel"', '"lifetime"', '"messages"'):
            expect(word in shown.stdout.replace("'", '"'), '%s is missing in %r' %
                   (word, shown.stdout[-600:]))


def interrupt(bench):
    """SIGINT ends the engine within two seconds with status 0 and a summary, clients or not"""
    with running(bench) as engine:
        took, run = engine.interrupt()
        expect(took < 2, 'the end took %.1f s' % took)
        equal(support.text_leaks(run.out), 0, 'leaks of the printed summary')
    with running(bench) as engine:
        is_over = threading.Event()

        def work():
            with contextlib.suppress(OSError, ValueError):
                client = engine.client()
                while not is_over.is_set():
                    for command in COMMANDS:
                        client.ask(command + ',0')
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        took, _ = engine.interrupt()
        is_over.set()
        for thread in threads:
            thread.join(15)
        expect(took < 2, 'the end under load took %.1f s' % took)


if __name__ == '__main__':
    support.main([commands, growth, holders, books, bad_parameters, many_clients, client_program,
                  interrupt])
