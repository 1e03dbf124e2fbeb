#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fpcheck under valgrind: no wrong access, nothing unset that decides, no leak; on a few small
sources, which reach every part of it.

    test_valgrind.py PATH_OF_FPCHECK

What libclang keeps until the end is reachable and counts for nothing. Skipped where there is no
valgrind, and with a program that is built with sanitizers, which valgrind cannot run.
"""

import json
import os
import shutil
import subprocess
import sys

from bench import BROKEN, CLEAN, HEAD, Bench, Skipped, contains, equal, hot, run_tests, tests_of

HERE = os.path.dirname(os.path.abspath(__file__))
VALGRIND = ['valgrind', '--quiet', '--error-exitcode=99', '--leak-check=full',
            '--show-leak-kinds=definite,indirect', '--errors-for-leak-kinds=definite,indirect',
            '--max-stackframe=70000000', '--log-file=valgrind.log']
MBUF = ('struct rte_mbuf { int pkt_len; };\nvoid rte_pktmbuf_free(struct rte_mbuf *m);\n'
        'struct rte_mbuf *rte_pktmbuf_alloc(void *pool);\n')
# A helper that is followed, a loop, an array, a leak on one way out and a use after the end.
LIFETIMES = MBUF + '''
static int drop(struct rte_mbuf *m)
{
	rte_pktmbuf_free(m);
	return 1;
}

int burst(void *pool, struct rte_mbuf **pkts, int n)
{
	struct rte_mbuf *mine = rte_pktmbuf_alloc(pool);
	int dropped = 0;

	if (mine == (void *)0)
		return -1;
	for (int i = 0; i < n; i++) {
		if (pkts[i]->pkt_len > 1500)
			dropped += drop(pkts[i]);
	}
	switch (dropped) {
	case 0:
		return 0; /* leak */
	case 1:
		drop(mine);
		return mine->pkt_len;
	default:
		drop(mine);
		goto out;
	}
out:
	return dropped;
}
'''


def memcheck(bench: Bench, *arguments: str) -> 'subprocess.CompletedProcess[str]':
    """fpcheck's end under valgrind, which must have had nothing to say."""
    if shutil.which('valgrind') is None:
        raise Skipped('there is no valgrind')
    with open(bench.program, 'rb') as stream:
        if b'__asan_init' in stream.read():
            raise Skipped('the program is built with a sanitizer')
    done = subprocess.run([*VALGRIND, bench.program, *arguments], cwd=bench.folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=600, check=False)
    with open(os.path.join(bench.folder, 'valgrind.log'), encoding='utf-8') as stream:
        said = stream.read()
    if said.strip() or done.returncode not in (0, 1, 2):
        raise AssertionError('status %d\n%s' % (done.returncode, said[:3000]))
    return done


def lifetimes_are_followed(bench: Bench) -> None:
    bench.write('a.c', LIFETIMES)
    done = memcheck(bench, '-j', '2', 'a.c', '--')
    equal((done.returncode, done.stdout.count('warning: [R-04-01]')), (1, 2), done.stdout)
    done = memcheck(bench, '--dump-ir', 'burst', 'a.c', '--')
    contains(done.stdout, 'rte_pktmbuf_alloc')


def program_of_dpdk_is_followed(bench: Bench) -> None:
    """One that splits a path on a number which it has not met yet."""
    flags = subprocess.run(['pkg-config', '--cflags', 'libdpdk'], stdout=subprocess.PIPE, text=True,
                           check=True).stdout.split()
    path = os.path.join(HERE, 'fixtures', 'historic', 'dpdk_ark_drain_then_free.c')
    equal(memcheck(bench, path, '--', *flags).returncode, 1, 'status')


def budgets_are_used_up(bench: Bench) -> None:
    ways = ''.join('\tif (c[%d])\n\t\trte_pktmbuf_free(m%d);\n' % (i, i) for i in range(12))
    buffers = ''.join('\tstruct rte_mbuf *m%d = rte_pktmbuf_alloc(pool);\n' % i for i in range(12))
    bench.write('a.c', LIFETIMES + 'int f(void *pool, int *c)\n{\n%s%s\treturn 0;\n}\n' %
                (buffers, ways))
    done = memcheck(bench, '--budget-mib', '1', 'a.c', '--')
    contains(done.stderr, 'budget of memory was used up')
    done = memcheck(bench, '--budget-steps', '200', 'a.c', '--')
    contains(done.stderr, 'budget of steps was used up')


def every_report_is_written(bench: Bench) -> None:
    bench.write('a.c', LIFETIMES + HEAD + hot() + hot('g').replace(
        ';', '; // fpcheck: allow FP0401: why') + '// fpcheck: allow FP0404: nothing\n')
    bench.write('b.c', BROKEN + CLEAN)
    with open(os.path.join(bench.folder, 'latin.c'), 'wb') as stream:
        stream.write(b'int \xe9t\xe9(void)\n{\n\treturn "\xff"[0];\n}\n')
    bench.database('a.c', 'b.c', 'latin.c', 'latin.c', 'gone.c', {'file': 1})
    for form in ('text', 'json', 'sarif'):
        done = memcheck(bench, '-p', 'b', '-j', '2', '--format', form)
        equal(done.returncode, 2, form)
        contains(done.stdout, 'FP0401')
        if form != 'text':
            json.loads(done.stdout)


def bad_settings_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('c', 'hut = src/\nnonsense\njobs = many\nrules = heat\ntable = none.table\n'
                     'hot = x y z\ndefine = A=1 B\nexclude = q/\n')
    bench.write('my.table', 'fn good(use)\nfn bad(what)\nfn worse(\ntype\nban FP1 x\n')
    bench.write('none.rsp', '@none.rsp -DX "a b\n')
    done = memcheck(bench, '--config', 'c', '--table', 'my.table', 'a.c', '--', '@none.rsp', '@no')
    equal((done.returncode, done.stdout.count('warning: [FP0401]')), (2, 1), done.stderr)
    for arguments in (['--rules', 'FP9', 'a.c', '--'], ['-p', 'nowhere'],
                      ['-o', '/dev/full', 'a.c']):
        equal(memcheck(bench, *arguments).returncode, 2, ' '.join(arguments))


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit('usage: test_valgrind.py PATH_OF_FPCHECK')
    run_tests(tests_of(globals()), sys.argv[1])


if __name__ == '__main__':
    main()
