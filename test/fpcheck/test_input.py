#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fpcheck on input that is odd, huge or hostile: it stays up, and says what it could not do.

    test_input.py PATH_OF_FPCHECK

What is in the way of a source is said with status 2, and the sources beside it are analysed.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from typing import Any, Optional

from bench import (CLEAN, HEAD, HOT, Bench, Result, Skipped, check_sanitizers, contains, equal, hot,
                   run_tests, sanitizer_environment, tests_of)

# A buffer as DPDK's, and a function with one finding in its last line but one.
MBUF = ('struct rte_mbuf { int pkt_len; };\nvoid rte_pktmbuf_free(struct rte_mbuf *m);\n'
        'struct rte_mbuf *rte_pktmbuf_alloc(void *pool);\n')
BUG = MBUF + 'int bug(struct rte_mbuf *m)\n{\n\trte_pktmbuf_free(m);\n\treturn m->pkt_len;\n}\n'
BUG_AT = ('a.c', 7, 'R-04-01')

# How long one generated source may take [s], on a machine that is busy with other tests, and the
# address space that it must do with [bytes]; libclang alone takes 300 MB of it.
SOURCE_S = 60
SPACE_BYTES = 2000000 * 1024


def limit_space() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (SPACE_BYTES, SPACE_BYTES))


def finds_the_bug(bench: Bench, source: str, *arguments: str) -> Result:
    """The bug of BUG, which the source begins with, is found, in bounded time and space."""
    bench.write('a.c', BUG + source)
    start = time.monotonic()
    try:
        probe = bench.run('--version', before=limit_space).status
    except AssertionError:
        probe = 99  # a sanitizer's shadow is bigger than the limit
    result = bench.run(*arguments, '-j', '1', 'a.c', '--', before=None if probe else limit_space)
    seconds = time.monotonic() - start
    equal(BUG_AT in result.findings(), True, result.err[-1000:])
    if seconds > SOURCE_S:
        raise AssertionError('%.1f s' % seconds)
    return result


# ---- compile_commands.json ----------------------------------------------------------------------

def huge_database_is_read(bench: Bench) -> None:
    """50,000 entries, of which most say the same and some name files that are gone."""
    for number in range(20):
        bench.write('s%d.c' % number, HEAD + hot('f%d' % number))
    names = ['s%d.c' % (number % 20) if number % 100 else 'gone%d.c' % number
             for number in range(50000)]
    bench.database(*names)
    start = time.monotonic()
    result = bench.run('-p', 'b')
    equal((result.status, len(result.findings())), (2, 20), result.err[-500:])
    equal(result.err.count('cannot be read: No such file'), 500, 'files that are gone')
    if time.monotonic() - start > SOURCE_S:
        raise AssertionError('%.1f s' % (time.monotonic() - start))


def truncated_database_is_said(bench: Bench) -> None:
    """Wherever it ends."""
    bench.write('a.c', HEAD + hot())
    bench.database('a.c', 'a.c')
    with open(os.path.join(bench.folder, 'b/compile_commands.json'), encoding='utf-8') as stream:
        text = stream.read()
    for length in range(0, len(text), 7):
        bench.write('b/compile_commands.json', text[:length])
        result = bench.run('-p', 'b')
        equal((result.status, result.findings()), (2, []), 'status at %d' % length)
        contains(result.err, 'compile_commands.json')


def wrong_types_in_an_entry_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    good = {'directory': bench.folder, 'file': 'a.c', 'arguments': ['cc', '-c', 'a.c']}
    for key in good:
        for wrong in (None, 1, 1.5, True, [], {}, [[]], {'a': 1}):
            entry: dict[str, Any] = dict(good)
            entry[key] = wrong
            bench.database(entry, dict(good))
            result = bench.run('-p', 'b')
            allowed = (1, 2) if key == 'arguments' and wrong == [] else (2,)
            equal(result.status in allowed, True, '%s %r: %d' % (key, wrong, result.status))
            equal(result.findings(), [('a.c', 4, 'FP0401')], '%s %r' % (key, wrong))


def entries_with_other_flags_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    other = {'directory': bench.folder, 'file': 'a.c', 'arguments': ['cc', '-DX', '-c', 'a.c']}
    bench.database('a.c', other, 'a.c')
    result = bench.run('-p', 'b')
    equal((result.status, len(result.findings())), (1, 1), result.err)
    contains(result.err, '1 more entry is of a source with other flags')


def one_file_of_two_names_is_one(bench: Bench) -> None:
    bench.write('src/a.c', HEAD + hot())
    os.symlink('a.c', os.path.join(bench.folder, 'src/b.c'))
    os.symlink('src', os.path.join(bench.folder, 'more'))
    bench.database('src/a.c', 'src/b.c', 'more/a.c', 'src/../src/a.c')
    result = bench.run('-p', 'b')
    equal(result.findings(), [('src/a.c', 4, 'FP0401')], result.err)
    contains(result.err, '1 of 1 sources')
    result = bench.run('src/a.c', 'more/b.c', os.path.join(bench.folder, 'src/a.c'), '--')
    equal(result.findings(), [('src/a.c', 4, 'FP0401')], result.err)


def no_c_source_is_no_clean_run(bench: Bench) -> None:
    for name in ('b.cpp', 's.S', 'c.cc', 'd.s', 'e.rs'):
        bench.write(name, 'whatever\n')
    bench.write('a.c', HEAD + CLEAN)
    bench.database('a.c', 'b.cpp', 's.S', 'c.cc', 'd.s', 'e.rs')
    result = bench.run('-p', 'b')
    equal(result.status, 0, result.err)
    contains(result.err, '5 entries are no C source')
    result = bench.run('-p', 'b', 'b.cpp')
    equal(result.status, 2, 'named')
    contains(result.err, 'b.cpp: error: is no C source')
    result = bench.run('-p', 'b', '--exclude', 'a.c')
    equal(result.status, 2, 'nothing is left')
    contains(result.err, 'there is no C source to check')
    bench.database('b.cpp')
    equal(bench.run('-p', 'b').status, 2, 'nothing but C++')


# ---- flags --------------------------------------------------------------------------------------

def flags_of_gcc_change_nothing(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    for flags in (['-fanalyzer'], ['-fplugin=x.so'], ['-Wlogical-op'], ['-fstack-clash-protection'],
                  ['-march=native'], ['-std=c11'], ['-std=gnu2x'], ['-fcf-protection'], ['-O9'],
                  ['-Wall', '-Werror', '-pedantic-errors'], ['-flto=auto', '-fno-fat-lto-objects'],
                  ['-MMD', '-MF', 'x.d', '-MT', 'y'], ['-D'], ['-I'], [''], ['-'], ['-x', 'c++']):
        result = bench.run('a.c', '--', *flags)
        equal((result.status, len(result.findings())), (1, 1), '%r: %s' % (flags, result.err))


def wrong_flags_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('loop.rsp', '@loop.rsp -DX @loop.rsp')
    for flags, part in ((['-std=nonsense'], 'a.c: error: the parser failed'),
                        (['-target', 'nonsense'], 'a.c: error: the parser failed'),
                        (['-include', 'none.h'], "a.c: error: 'none.h' file not found"),
                        (['@none.rsp'], 'without the flags of @none.rsp'),
                        (['@loop.rsp'], 'without the flags of @loop.rsp')):
        result = bench.run('a.c', '--', *flags)
        equal(result.status, 2, '%r: %s' % (flags, result.err))
        contains(result.err, part)


# ---- files --------------------------------------------------------------------------------------

def empty_file_is_clean(bench: Bench) -> None:
    result = bench.check('')
    equal((result.status, result.out), (0, ''), result.err)
    contains(result.err, '1 of 1 sources, 0 functions')


def what_is_no_file_is_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    os.mkdir(os.path.join(bench.folder, 'folder.c'))
    os.mkfifo(os.path.join(bench.folder, 'pipe.c'))
    os.symlink('round.c', os.path.join(bench.folder, 'round.c'))
    bench.database('a.c', 'folder.c', 'pipe.c', 'round.c')
    result = bench.run('-p', 'b')
    equal((result.status, result.findings()), (2, [('a.c', 4, 'FP0401')]), result.err)
    for name in ('folder.c', 'pipe.c', 'round.c'):
        contains(result.err, name + ': error: cannot be read')


def file_that_goes_while_it_is_read_is_said(bench: Bench) -> None:
    """A header that is not there any more for the second source."""
    bench.write('h.h', 'int x;\n')
    bench.write('a.c', '#include "h.h"\n' + HEAD + hot())
    bench.database('a.c')
    os.remove(os.path.join(bench.folder, 'h.h'))
    result = bench.run('-p', 'b')
    equal((result.status, len(result.findings())), (2, 1), result.err)
    contains(result.err, "a.c:1:10: error: 'h.h' file not found")


def lines_may_end_as_on_windows(bench: Bench) -> None:
    text = (HEAD + hot() + hot('g').replace(';', '; // fpcheck: allow FP0401: why')
            ).replace('\n', '\r\n')
    with open(os.path.join(bench.folder, 'a.c'), 'w', encoding='utf-8', newline='') as stream:
        stream.write(text)
    result = bench.run('a.c', '--')
    equal((result.status, result.findings()), (1, [('a.c', 4, 'FP0401')]), result.out)


def bytes_that_are_no_text_do_no_harm(bench: Bench) -> None:
    source = (b'// \xe9\xff\n' + HEAD.encode() + b'char *s = "\xff\xfe";\n' +
              b'int \xc3\xa9t\xc3\xa9;\n' + hot().encode())
    name = b'\xe9\xff \xc3\xa9.c'
    with open(os.path.join(bench.folder.encode(), name), 'wb') as stream:
        stream.write(source)
    shown = os.fsdecode(name)
    result = bench.run(shown, '--')
    equal((result.status, result.findings()), (1, [(shown, 7, 'FP0401')]), result.err)
    report = json.loads(bench.run('--format', 'json', shown, '--').out)
    equal(report['findings'][0]['file'], '\ufffd\ufffd \u00e9.c', 'as JSON has it')
    log = json.loads(bench.run('--format', 'sarif', shown, '--').out)
    check_sarif(log)
    place = log['runs'][0]['results'][0]['locations'][0]['physicalLocation']
    equal(place['artifactLocation']['uri'], '%E9%FF%20%C3%A9.c', 'as SARIF has it')


def broken_names_of_functions_do_no_harm(bench: Bench) -> None:
    with open(os.path.join(bench.folder, 'a.c'), 'wb') as stream:
        stream.write(HEAD.encode() + b'int \xe9t\xe9(void)\n{\n\treturn 0;\n}\n' + hot().encode())
    for form in ('json', 'sarif'):
        result = bench.run('--format', form, 'a.c', '--')
        equal(result.status, 2, result.err)
        json.loads(result.out)


# ---- reports ------------------------------------------------------------------------------------

LEVELS = ('none', 'note', 'warning', 'error')


def check_location(location: dict[str, Any]) -> None:
    """As section 3.28 of SARIF 2.1.0 has it."""
    place = location['physicalLocation']
    uri = place['artifactLocation']['uri']
    if not isinstance(uri, str) or any(character in uri for character in ' "<>\\^`{|}\n'):
        raise AssertionError('%r is no URI' % uri)
    for name, value in place.get('region', {}).items():
        equal((name in ('startLine', 'startColumn'), isinstance(value, int) and value > 0),
              (True, True), name)


def check_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    equal(rules[result['ruleIndex']]['id'], result['ruleId'], 'rule')
    equal((result['level'] in LEVELS, isinstance(result['message']['text'], str)), (True, True),
          'level and message')
    flows = [step['location'] for flow in result.get('codeFlows', [])
             for thread in flow['threadFlows'] for step in thread['locations']]
    for location in [*result['locations'], *result.get('relatedLocations', []), *flows]:
        check_location(location)


def check_sarif(log: dict[str, Any]) -> None:
    """The shape that the standard asks for, of all that fpcheck writes."""
    equal((log['version'], log['$schema'].endswith('sarif-schema-2.1.0.json')), ('2.1.0', True),
          'version')
    for run in log['runs']:
        driver = run['tool']['driver']
        equal((driver['name'], len({rule['id'] for rule in driver['rules']})),
              ('fpcheck', len(driver['rules'])), 'driver')
        for result in run['results']:
            check_result(result, driver['rules'])
        for call in run['invocations']:
            equal((type(call['executionSuccessful']), type(call['exitCode'])), (bool, int), 'run')
            for kind in ('toolExecutionNotifications', 'toolConfigurationNotifications'):
                for one in call[kind]:
                    equal((one['level'] in LEVELS, isinstance(one['message']['text'], str)),
                          (True, True), kind)
                    for location in one.get('locations', []):
                        check_location(location)


def names_are_quoted_in_reports(bench: Bench) -> None:
    name = 'a "b" \'c\' \\d %41 <e>#?.c'
    bench.write(name, BUG + HEAD + hot())
    bench.write('broken "x".c', 'int f(void)\n{\n\treturn "\\"" + none;\n}\n')
    result = bench.run('--format', 'json', name, 'broken "x".c', '--')
    report = json.loads(result.out)
    equal((result.status, [one['file'] for one in report['findings']]), (2, [name] * 2), 'JSON')
    result = bench.run('--format', 'sarif', name, 'broken "x".c', '--', )
    log = json.loads(result.out)
    check_sarif(log)
    place = log['runs'][0]['results'][0]['locations'][0]['physicalLocation']
    equal(place['artifactLocation']['uri'],
          'a%20%22b%22%20%27c%27%20%5Cd%20%2541%20%3Ce%3E%23%3F.c', 'uri')
    result = bench.run(name, '--')
    equal([file for file, _, _ in result.findings()], [name] * 2, 'text')


def run_with_streams(bench: Bench, form: str, stdout: Optional[int], *,
                     closed: tuple[int, ...] = ()) -> tuple[int, str]:
    """Status and standard error, with another standard output, or with descriptors closed."""
    def close() -> None:
        for descriptor in closed:
            os.close(descriptor)

    process = subprocess.run(
        [bench.program, '--format', form, 'a.c', '--'], cwd=bench.folder, stdout=stdout,
        stderr=subprocess.PIPE, text=True, preexec_fn=close, env=sanitizer_environment(),
        timeout=300, check=False)
    check_sanitizers(process.stderr)
    return process.returncode, process.stderr


def report_that_cannot_be_written_is_status_2(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    for form in ('text', 'json', 'sarif'):
        with open('/dev/full', 'w', encoding='utf-8') as full:
            status, said = run_with_streams(bench, form, full.fileno())
        equal(status, 2, form + ' to a full disk')
        contains(said, 'the report could not be written')
        status, said = run_with_streams(bench, form, None, closed=(1,))
        equal(status, 2, form + ' to nowhere')
        contains(said, 'the report could not be written')
        end, start = os.pipe()
        os.close(end)
        equal(run_with_streams(bench, form, start)[0], 2, form + ' to a reader that is gone')
        os.close(start)
        equal(run_with_streams(bench, form, subprocess.DEVNULL, closed=(0,))[0], 1,
              form + ' without an input')
        equal(run_with_streams(bench, form, subprocess.DEVNULL, closed=(2,))[0], 1,
              form + ' without an error output')


# ---- the process --------------------------------------------------------------------------------

def child_of(process: int) -> int:
    """The process that does the work; waits for it."""
    for _ in range(1000):
        with open('/proc/%d/task/%d/children' % (process, process), encoding='ascii') as stream:
            children = stream.read().split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError('there is no child')


def start_long(bench: Bench) -> 'subprocess.Popen[str]':
    """fpcheck at work on 300 sources, the first of which is done."""
    for number in range(300):
        bench.write('s%d.c' % number, HEAD + hot('f%d' % number))
    bench.database(*('s%d.c' % number for number in range(300)))
    environment = sanitizer_environment()
    environment['ASAN_OPTIONS'] += ':detect_leaks=0'  # where a signal hits, much is left behind
    process = subprocess.Popen(
        [bench.program, '-v', '-j', '1', '-p', 'b'], cwd=bench.folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, env=environment)
    assert process.stderr is not None
    process.stderr.readline()
    return process


def worker_that_is_killed_is_replaced(bench: Bench) -> None:
    """Whoever kills it, once: no source is to blame, and all are analysed; but libclang may have
    taken the signal for a crash of its own, and then one source is said to be missing."""
    for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
        process = start_long(bench)
        os.kill(child_of(process.pid), number)
        out, err = process.communicate(timeout=120)
        crashed = err.count(': error: the parser crashed') if number != signal.SIGKILL else 0
        equal((process.returncode, out.count('warning: [FP0401]')),
              (2, 299) if crashed else (1, 300), err[-500:])


def terminated_run_is_not_clean(bench: Bench) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start_long(bench)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        equal(process.returncode, 2, err[-500:])
        contains(err, 'interrupted')
        contains(out, 'warning: [FP0401]')


# ---- generated code -----------------------------------------------------------------------------

def long_lines_are_read(bench: Bench) -> None:
    finds_the_bug(bench, 'int x[] = {' + ','.join(['1'] * 100000) + '};\n'
                  'int sum(void) { return ' + '+'.join(['x[0]'] * 20000) + '; }\n')


def line_directives_do_not_move_findings(bench: Bench) -> None:
    source = ''.join('#line %d "grammar%d.y"\nint f%d(struct rte_mbuf *m)\n'
                     '{ rte_pktmbuf_free(m); return m->pkt_len; }\n' % (7 * i + 1, i % 9, i)
                     for i in range(2000))
    result = finds_the_bug(bench, source)
    equal({file for file, _, _ in result.findings()}, {'a.c'}, 'files')
    equal(len(result.findings()), 2001, 'findings')
    finds_the_bug(bench, '#line 2147483647\nint f(void)\n{\n\treturn 0;\n}\n')


def switch_of_10000_cases_is_followed(bench: Bench) -> None:
    cases = ''.join('\tcase %d:\n\t\trte_pktmbuf_free(m);\n\t\treturn %d;\n' % (3 * i, i)
                    for i in range(10000))
    result = finds_the_bug(
        bench, 'int f(struct rte_mbuf *m, int a)\n{\n\tswitch (a) {\n%s\t}\n\t'
        'rte_pktmbuf_free(m);\n\treturn m->pkt_len;\n}\n' % cases)
    equal(len(result.findings()), 2, result.err)


def gotos_by_the_thousand_are_followed(bench: Bench) -> None:
    labels = ''.join('l%d:\n\tif (a > %d)\n\t\tgoto l%d;\n\ta++;\n' % (i, i, i * 7919 % 20000)
                     for i in range(20000))
    finds_the_bug(bench, 'int f(struct rte_mbuf *m, int a)\n{\n%s\trte_pktmbuf_free(m);\n'
                  '\treturn m->pkt_len;\n}\n' % labels)


def macros_may_be_deep(bench: Bench) -> None:
    chain = '#define M0(x) x\n' + ''.join(
        '#define M%d(x) M%d(x)\n' % (i, i - 1) for i in range(1, 201))
    result = finds_the_bug(bench, chain + 'int f(struct rte_mbuf *m)\n{\n\t'
                           'M200(rte_pktmbuf_free(m));\n\treturn M200(m->pkt_len);\n}\n')
    equal(len(result.findings()), 2, result.err)
    doubled = '#define E0 rte_pktmbuf_free(m);\n' + ''.join(
        '#define E%d E%d E%d\n' % (i, i - 1, i - 1) for i in range(1, 16))
    finds_the_bug(bench, doubled + 'void f(struct rte_mbuf *m)\n{\n\tE15\n}\n')


def deep_nesting_is_said(bench: Bench) -> None:
    for text in ('%sa%s' % ('(' * 10000, ')' * 10000),
                 ''.join('a == %d ? %d : ' % (i, i) for i in range(5000)) + '0'):
        result = finds_the_bug(bench, 'int f(int a)\n{\n\treturn %s;\n}\n' % text)
        contains(result.err, "'f' is not analysed to its end")


def states_without_end_are_given_up(bench: Bench) -> None:
    """Each buffer may be freed or not: 2 to the 60th fates, with a memory of 1 MiB or of more."""
    source = ('int f(void *pool, int *c)\n{\n' + ''.join(
        '\tstruct rte_mbuf *m%d = rte_pktmbuf_alloc(pool);\n'
        '\tif (m%d == (void *)0)\n\t\treturn 1;\n\tif (c[%d])\n\t\trte_pktmbuf_free(m%d);\n'
        % (i, i, i, i) for i in range(60)) +
              ''.join('\tif (!c[%d])\n\t\trte_pktmbuf_free(m%d);\n' % (i, i) for i in range(60)) +
              '\treturn 0;\n}\n')
    for mib in ('1', '8', '256'):
        result = finds_the_bug(bench, source, '--budget-mib', mib)
        contains(result.err, "'f' is not analysed to its end")
        contains(result.err, '1 of 1 file not')
    contains(finds_the_bug(bench, source, '--budget-mib', '1').err, 'budget of memory')
    equal(bench.run('--budget-mib', '1', '--strict', 'a.c', '--').status, 2, 'strict')


def machine_without_memory_is_said(bench: Bench) -> None:
    """libclang itself is given too little: its end is that of one source, and not of the run."""
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))

    bench.write('a.c', BUG)
    big = ''.join('int f%d(int a)\n{\n\treturn a + %d;\n}\n' % (i, i) for i in range(400000))
    bench.write('big.c', big)
    try:
        alone = bench.run('-j', '1', 'a.c', '--', before=limit)
    except AssertionError:
        raise Skipped('a sanitizer needs more memory than there would be') from None
    equal((alone.status, alone.findings()), (1, [BUG_AT]), 'without the big one: ' + alone.err)
    result = bench.run('-j', '1', 'a.c', 'big.c', '--', before=limit)
    equal((result.status, result.findings()), (2, [BUG_AT]), result.err)
    contains(result.err, 'big.c: error: is not analysed')


def errors_by_the_thousand_are_counted(bench: Bench) -> None:
    source = ''.join('int b%d(void)\n{\n\treturn n%d;\n}\n' % (i, i) for i in range(5000))
    result = finds_the_bug(bench, source)
    equal(result.status, 2, 'status')
    contains(result.err, 'a.c: error: 4995 more errors of the parser')
    contains(result.err, '5000 of 1 file not')


def errors_with_notes_are_read_once(bench: Bench) -> None:
    """libclang makes all of them anew whenever one is asked for by its number."""
    bench.write('h.h', ''.join('int x%d;\nlong x%d;\n' % (i, i) for i in range(20000)))
    result = finds_the_bug(bench, '#include "h.h"\n')
    equal(result.status, 2, 'status')
    contains(result.err, '19995 more errors of the parser')


def function_with_an_error_is_said_once(bench: Bench) -> None:
    result = finds_the_bug(bench, 'int b(struct rte_mbuf *m)\n{\n\tnone(1)(2);\n'
                           '\treturn m->pkt_len + nothing;\n}\n')
    equal((result.status, result.err.count("'b' is not analysed")), (2, 1), result.err)
    contains(result.err, 'followed to the end, 1 of 1 file not')


def hot_functions_may_call_deep(bench: Bench) -> None:
    chain = 'static int c0(int a)\n{\n\treturn a;\n}\n' + ''.join(
        'static int c%d(int a)\n{\n\treturn c%d(a);\n}\n' % (i, i - 1) for i in range(1, 5000))
    finds_the_bug(bench, chain + HOT + 'int top(int a)\n{\n\treturn c4999(a);\n}\n')


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit('usage: test_input.py PATH_OF_FPCHECK')
    run_tests(tests_of(globals()), sys.argv[1])


if __name__ == '__main__':
    main()
