#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The mempool ops guard and guard_poison, loaded into programs that do not know them.

    test_guard.py GUARD_PROGRAM LIBRTE_MEMPOOL_GUARD.SO

Each case of guard_program runs in a process of its own, the wrong ones also on DPDK's default ops:
there they end as if nothing had happened, which shows that they would pass unnoticed.
"""

import os
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

DEADLINE_S = 60
DEFAULT = 'ring_mp_mc'
HELD = r'it was got by lcore \d+, [\d.]+ us ago, in:\n.*guard_program\('
FREED = r'it was put by lcore \d+, [\d.]+ us ago, in:\n.*guard_program\('
BACKTRACE = r'guard:   backtrace:\n(.*\n)*.*guard_program\('

# (sentence, case, what standard error says); an access must be refused at +0 unless it says another.
ACCESSES = (
    ('a read of the byte past the end stops', 'read_past',
     r'mempool "pool": byte 0 past the end of buffer 0 \(0x\w+\) is accessed\n.*' + HELD),
    ('a write of the byte past the end stops', 'write_past',
     r'byte 0 past the end of buffer 0 \(0x\w+\) is accessed\n.*' + HELD),
    ('a read 64 bytes past the end stops', 'read_past_page',
     r'byte 64 past the end of buffer 0 \(0x\w+\) is accessed\n.*' + HELD),
    ('the last buffer in memory has an end, too', 'read_past_last',
     r'byte 0 past the end of buffer 254 \(0x\w+\) is accessed'),
    ('a read of a freed buffer stops', 'read_free',
     r'byte 300 of the data room of buffer 0 \(0x\w+\) is accessed, which is free\n.*' + FREED),
    ('a write to a freed buffer stops', 'write_free',
     r'byte 300 of the data room of buffer 0 \(0x\w+\) is accessed, which is free\n.*' + FREED),
    ('a freed buffer is not accessible in a per-lcore cache', 'read_free_cached',
     r'its per-lcore caches of 32 are switched off(.*\n)*.*accessed, which is free'),
    ('a buffer that nobody held yet is not accessible', 'read_never_held',
     r'buffer 1 \(0x\w+\) is accessed, which is free\n.*not used since the mempool was populated'),
)

# (sentence, ops, case, what standard error says): the program is aborted.
ABORTS = (
    ('an object put twice is named', 'guard', 'put_twice',
     r'mempool "pool": buffer 0 \(0x\w+\) is put a second time\n.*put before by lcore.*in:\n'
     r'.*guard_program\(.*\n' + BACKTRACE),
    ('an object put twice by one call is named', 'guard', 'put_twice_at_once',
     r'buffer 0 \(0x\w+\) is put a second time'),
    ('an object put without being got is named', 'guard', 'put_unheld',
     r'buffer 254 \(0x\w+\) is put a second time\n.*not used since the mempool was populated'),
    ('an object of another pool is named', 'guard', 'put_foreign',
     r'mempool "pool": 0x\w+ is put, which is no buffer of it\n'
     r'.*it is buffer 0 of mempool "other"\n' + BACKTRACE),
    ('a pointer into a buffer is no object', 'guard', 'put_inside',
     r'is put, which is no buffer of it\n'
     r'.*it is byte 5 of the data room of buffer 0 of mempool "pool"'),
    ('a pointer to anything else is no object', 'guard', 'put_stack',
     r'mempool "pool": 0x\w+ is put, which is no buffer of it\n.*backtrace'),
    ('a write into what alignment leaves behind the end is found at the put', 'guard',
     'write_past_odd',
     r'byte 2 past the end of buffer 0 \(0x\w+\) was written while it was held\n'
     r'.*from there on: 07 de .*\n.*' + HELD),
    ('an mbuf freed twice is named', 'guard_poison', 'free_twice',
     r'mempool "pool": buffer 0 \(0x\w+\) is put a second time\n.*put before by lcore'),
    ('an object of another pool is named', 'guard_poison', 'put_foreign',
     r'mempool "pool": 0x\w+ is put, which is no buffer of it\n'
     r'.*it is buffer 0 of mempool "other"'),
    ('a pointer into a buffer is no object', 'guard_poison', 'put_inside',
     r'it is byte 5 of the data room of buffer 0 of mempool "pool"'),
    ('a write after free is found at the next alloc', 'guard_poison', 'stale_found',
     r'byte 300 of the data room of buffer 0 \(0x\w+\) was written while it was free\n'
     r'.*from there on: 07 07 de .*\n.*' + FREED + r'.*\n' + BACKTRACE),
    ('a write of the first byte is found', 'guard_poison', 'stale_first_byte',
     r'byte 0 of the data room of buffer 0 \(0x\w+\) was written while it was free'),
    ('a write of the last bytes is found', 'guard_poison', 'stale_last_byte',
     r'byte 2174 of the data room of buffer 0 .*\n.*from there on: 07 07 \(not'),
    ('a write after free is found when the pool is freed', 'guard_poison', 'stale_at_end',
     r'byte 300 of the data room of buffer 0 \(0x\w+\) was written while it was free'),
)

RIGHT = (
    ('a program that is right runs', 'clean'),
    ('pools of all sizes work and their memory is as before', 'sizes'),
    ('a pool with per-lcore caches works', 'cached'),
    ('a pool ends unused, or with buffers still out', 'ends'),
    ('objects are at equal distances in memory of the program', 'linear'),
    ('anonymous memory will do', 'anonymous'),
    ('objects that are no mbufs keep their content', 'generic'),
    ('two lcores share a pool', 'lcores'),
    ('a pool that does not fit fails, and the next one works', 'no_memory'),
)


class Skip(Exception):
    """What is tested is not possible here."""


def expect(is_right, complaint):
    if not is_right:
        raise AssertionError(complaint)


def is_loadable(path):
    """Whether EAL takes a plugin from there: no folder above it may be writable for everybody."""
    while True:
        if os.stat(path).st_mode & stat.S_IWOTH:
            return False
        if path == '/':
            return True
        path = os.path.dirname(path)


class Bench:
    """A folder for EAL's files, and how programs are started on it."""

    def __init__(self, program, plugin, folder):
        self.program = program
        self.plugin = os.path.realpath(plugin)
        self.folder = folder
        self.processes = []

    def start(self, program, eal, application, plugin=True):
        """A process with EAL arguments, and with the plugin."""
        cpus = sorted(os.sched_getaffinity(0))
        environment = dict(os.environ, RUNTIME_DIRECTORY=self.folder)
        command = [program, '--no-huge', '--no-pci', '--no-shconf', '--no-telemetry', '-m', '256',
                   '--file-prefix=guard%d' % len(self.processes),
                   '--lcores=0@%d,1@%d' % (cpus[0], cpus[-1]), *eal]
        if plugin and is_loadable(self.plugin):
            command += ['-d', self.plugin]
        elif plugin:
            # EAL refuses to load it from here, the dynamic linker does not.
            environment['LD_PRELOAD'] = self.plugin
        process = subprocess.Popen([*command, '--', *application], env=environment, text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.processes.append(process)
        return process

    def end(self):
        """Nothing that hangs stays."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.communicate()

    def run(self, ops, case, **how):
        """How a case ends: status, standard output, standard error."""
        process = self.start(self.program, [], [ops, case], **how)
        out, err = process.communicate(timeout=DEADLINE_S)
        return process.returncode, out, err

    def run_unnoticed(self, case):
        """A wrong case on the default ops."""
        status, out, err = self.run(DEFAULT, case, plugin=False)
        expect(status == 0 and out.endswith('done\n'),
               '%s on %s: status %d, %r %r' % (case, DEFAULT, status, out, err))


def check_right(bench, ops, case):
    status, out, err = bench.run(ops, case)
    expect(status == 0 and out.endswith('done\n'), 'status %d, %r %r' % (status, out, err[-900:]))


def check_access(bench, case, says):
    status, out, err = bench.run('guard', case)
    at = 64 if case == 'read_past_page' else 0
    expect(out.endswith('fault at +%d\n' % at), 'standard output is %r, %r' % (out, err))
    expect(status == -signal.SIGSEGV, 'status %d' % status)
    expect(re.search(says + r'(.*\n)*' + BACKTRACE, err), 'it says %r' % err)
    bench.run_unnoticed(case)


def check_abort(bench, ops, case, says):
    status, out, err = bench.run(ops, case)
    expect(status == -signal.SIGABRT, 'status %d, %r %r' % (status, out, err))
    expect(re.search(says, err), 'it says %r' % err)
    bench.run_unnoticed(case)


def free_twice(bench):
    """guard: an mbuf freed twice stops where the second free reads it"""
    status, out, err = bench.run('guard', 'free_twice')
    expect(status == -signal.SIGSEGV and out.startswith('fault at +'), 'status %d' % status)
    expect(re.search(r'byte \d+ of the mbuf of buffer 0 \(0x\w+\) is accessed, which is free', err),
           'it says %r' % err)
    bench.run_unnoticed('free_twice')


def walk_free(bench):
    """guard: walking free objects stops, and says on which ops it does not"""
    status, _, err = bench.run('guard', 'walk_free')
    expect(status == -signal.SIGSEGV, 'status %d' % status)
    expect('rte_mempool_obj_iter() cannot walk free buffers on these ops' in err,
           'it says %r' % err)
    check_right(bench, 'guard_poison', 'walk_free')


def pattern(bench):
    """guard_poison: a free buffer reads as the pattern, and not so on the default ops"""
    check_right(bench, 'guard_poison', 'pattern')
    expect(bench.run(DEFAULT, 'pattern', plugin=False)[0] == 4, 'the default ops poison, too')


def too_many(bench):
    """guard: more buffers than the kernel has areas are refused by the name of the sysctl"""
    status, out, err = bench.run('guard', 'too_many')
    expect(status == 0 and out.endswith('done\n'), 'status %d, %r %r' % (status, out, err))
    expect(re.search(r'40000 buffers, with 0 of other mempools, need 81024 areas of memory, '
                     r'vm.max_map_count is \d+: .* sysctl -w vm.max_map_count=81024', err),
           'it says %r' % err)


def hugepages(bench):
    """guard: memory whose pages are too large is refused, and the way out is said"""
    status, out, err = bench.run('guard', 'hugepages')
    expect(status == 0 and out.endswith('done\n'), 'status %d, %r %r' % (status, out, err))
    expect('"huge": its memory cannot be protected by pages of 4096 bytes (Invalid argument): it '
           'is in hugepages; start with --no-huge, or use the ops guard_poison' in err,
           'it says %r' % err)


def no_areas(bench):
    """guard: a protection that the kernel refuses is said, early or late"""
    status, _, err = bench.run('guard', 'no_areas')
    expect(status == -signal.SIGABRT, 'status %d, %r' % (status, err))
    expect('"half": its memory cannot be protected' in err, 'it says %r' % err)
    expect('"whole": the protection of buffer' in err and 'raise vm.max_map_count' in err,
           'it says %r' % err)


def no_data_room(bench):
    """guard_poison: objects without a data room are said to be unwatched"""
    err = bench.run('guard_poison', 'generic')[2]
    expect('"generic": its objects have no data room' in err, 'it says %r' % err)


def wait_for_prompt(process):
    """Until testpmd has started to forward, or has ended."""
    said = b''
    while b'testpmd> ' not in said:
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
        chunk = os.read(process.stdout.fileno(), 4096) if ready else b''
        if not chunk:
            return
        said += chunk


def testpmd(bench, ops):
    """Forwarding for a second between two ports without a wire."""
    program = shutil.which('dpdk-testpmd')
    if program is None:
        raise Skip('dpdk-testpmd is not there (package dpdk-dev)')
    process = bench.start(
        program, ['--mbuf-pool-ops-name=' + ops, '--vdev=net_null0', '--vdev=net_null1'],
        ['--total-num-mbufs=2048', '--mbcache=0', '--no-mlockall', '-i', '--auto-start'])
    wait_for_prompt(process)
    time.sleep(1)
    out, err = process.communicate('show config fwd\nquit\n', timeout=DEADLINE_S)
    expect(process.returncode == 0, 'status %d, %r %r' % (process.returncode, out, err[-900:]))
    totals = re.search(r'Accumulated forward statistics for all ports\S*\s+'
                       r'RX-packets: (\d+) .*\s+TX-packets: (\d+) ', out)
    expect(totals, 'no totals in %r' % out[-900:])
    received, sent = map(int, totals.groups())
    expect(received > 0 and received == sent, '%d received, %d sent' % (received, sent))
    print('# dpdk-testpmd on %s: %d packets' % (ops, received))


def tests():
    """(sentence, function of a Bench)"""
    for ops in ('guard', 'guard_poison'):
        for sentence, case in RIGHT:
            yield '%s: %s' % (ops, sentence), lambda bench, ops=ops, case=case: \
                check_right(bench, ops, case)
    for sentence, case, says in ACCESSES:
        yield 'guard: ' + sentence, lambda bench, case=case, says=says: \
            check_access(bench, case, says)
    for sentence, ops, case, says in ABORTS:
        yield '%s: %s' % (ops, sentence), lambda bench, ops=ops, case=case, says=says: \
            check_abort(bench, ops, case, says)
    for function in (free_twice, walk_free, pattern, too_many, hugepages, no_areas, no_data_room):
        yield function.__doc__, function
    for ops in ('guard', 'guard_poison'):
        yield '%s: dpdk-testpmd forwards for a second' % ops, lambda bench, ops=ops: \
            testpmd(bench, ops)


def main():
    program, plugin = map(os.path.abspath, sys.argv[1:])
    listed = list(tests())
    failed = 0
    print('1..%d' % len(listed))
    for number, (sentence, test) in enumerate(listed, 1):
        outcome, reason = 'ok', ''
        with tempfile.TemporaryDirectory(prefix='fpgd') as folder:
            bench = Bench(program, plugin, folder)
            try:
                test(bench)
            except Skip as skip:
                reason = ' # SKIP %s' % skip
            except (AssertionError, subprocess.TimeoutExpired) as error:
                print('#', str(error).replace('\n', '\n# '))
                outcome = 'not ok'
                failed += 1
            finally:
                bench.end()
        print('%s %d - %s%s' % (outcome, number, sentence, reason), flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
