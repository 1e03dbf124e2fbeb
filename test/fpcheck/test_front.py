#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""fpcheck from outside: bad input, exit status, suppressions and reports; not the rules themselves.

    test_front.py PATH_OF_FPCHECK

Wherever a finding is needed it is FP0401, malloc() in hot code, or FP0406, qsort().
"""

import json
import os
import signal
import subprocess
import sys
import time

from bench import (BROKEN, CLEAN, HEAD, HOT, Bench, contains, equal, hot, run_tests, tests_of)

RULES = ['FP040%d' % number for number in range(1, 10)]
RULES += ['R-04-01', 'R-04-02', 'R-04-06', 'R-04-07', 'FPCHECK']

# How long 50,000 lines may take [s], on a machine that is busy with other tests.
BIG_FILE_S = 60
BIG_FILE_LINES = 50000

# ---- the command line ---------------------------------------------------------------------------

def help_names_every_rule_and_option(bench: Bench) -> None:
    result = bench.run('--help')
    equal(result.status, 0, 'status')
    for rule in RULES:
        contains(result.out, '  %s ' % rule)
    for option in ('build-dir', 'config', 'rules', 'format', 'output', 'jobs', 'exclude', 'hot',
                   'table', 'define', 'root', 'budget-steps', 'budget-mib', 'print-tables',
                   'dump-ir', 'verbose', 'version', 'strict'):
        contains(result.out, '--' + option)


def version_is_said(bench: Bench) -> None:
    result = bench.run('--version')
    equal((result.status, result.out.split()[0]), (0, 'fpcheck'), 'version')


def wrong_options_end_with_status_2(bench: Bench) -> None:
    bench.write('a.c', CLEAN)
    for arguments, part in (
            (['--no-such-option'], 'no-such-option'),
            (['--jobs', '0'], 'from 1 to 64'),
            (['--jobs', '-1'], 'from 1 to 64'),
            (['--jobs', '99999999999999999999'], 'from 1 to 64'),
            (['--format', 'xml'], 'text|json|sarif'),
            (['--rules', 'FP0499'], "no rule 'FP0499'"),
            (['--rules', ''], 'a list of rules')):
        result = bench.run(*arguments, 'a.c', '--')
        equal(result.status, 2, ' '.join(arguments))
        contains(result.err, part)
    contains(bench.run('a.c', '--rules').err, 'requires an argument')


def rules_are_chosen_by_id_and_word(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot('f') + hot('g', '(qsort(0, 0, 0, 0), NULL)'))
    for rules, wanted in (('FP0401', ['FP0401']), ('fp0406', ['FP0406']), ('heap', ['FP0401']),
                          ('heap,callback', ['FP0401', 'FP0406']), ('-heap', ['FP0406']),
                          ('all,-FP0406', ['FP0401']), ('R-04-01', [])):
        result = bench.run('--rules=' + rules, 'a.c', '--')
        equal([rule for _, _, rule in result.findings()], wanted, rules)
        equal(result.status, 1 if wanted else 0, rules)


def tables_are_printed(bench: Bench) -> None:
    result = bench.run('--print-tables')
    equal(result.status, 0, 'status')
    contains(result.out, 'rte_pktmbuf_free')


def report_goes_to_the_file(bench: Bench) -> None:
    result = bench.check(HEAD + hot(), '-o', 'report.txt')
    equal((result.status, result.out), (1, ''), 'status and standard output')
    with open(os.path.join(bench.folder, 'report.txt'), encoding='utf-8') as stream:
        contains(stream.read(), 'a.c:4:9: warning: [FP0401] ')
    equal(bench.run('-o', 'none/report.txt', 'a.c', '--').status, 2, 'no such folder')
    equal(bench.run('-o', '/dev/full', 'a.c', '--').status, 2, 'a full disk')


# ---- exit status --------------------------------------------------------------------------------

def clean_source_is_0(bench: Bench) -> None:
    result = bench.check(CLEAN)
    equal((result.status, result.out), (0, ''), 'status and output')
    contains(result.err, '1 of 1 sources, 1 functions')


def finding_is_1_with_its_place_and_notes(bench: Bench) -> None:
    result = bench.check(HEAD + hot())
    equal((result.status, result.findings()), (1, [('a.c', 4, 'FP0401')]), 'finding')
    contains(result.out, 'a.c:4:9: warning: [FP0401] ')


def place_is_said_once_for_a_rule(bench: Bench) -> None:
    source = HEAD + '#define TWICE (malloc(1) ? malloc(2) : malloc(3))\n' + hot(call='TWICE')
    equal(bench.check(source).findings(), [('a.c', 5, 'FP0401')], 'one macro')


def not_analysed_wins_over_findings(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('b.c', BROKEN)
    result = bench.run('a.c', 'b.c', '--')
    equal((result.status, result.findings()), (2, [('a.c', 4, 'FP0401')]), 'both')
    contains(result.err, "b.c:3:9: error: use of undeclared identifier 'missing_name'")
    contains(result.err, "'broken' is not analysed")


def function_beside_the_damage_is_analysed(bench: Bench) -> None:
    result = bench.check(HEAD + BROKEN + hot())
    equal((result.status, result.findings()), (2, [('a.c', 8, 'FP0401')]), 'beside')


def only_the_first_errors_are_said(bench: Bench) -> None:
    result = bench.check(''.join('int f%d(void)\n{\n\treturn n%d;\n}\n' % (i, i)
                                 for i in range(40)))
    equal(result.err.count('undeclared'), 5, 'errors')
    contains(result.err, '35 more errors')


def strict_counts_what_was_not_followed(bench: Bench) -> None:
    equal(bench.check(CLEAN, '--strict').status, 0, 'nothing is left out')


# ---- compile_commands.json ----------------------------------------------------------------------

def database_faults_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    for text, part in (
            ('', 'is empty'),
            ('[{"directory": "x", \n', 'compile_commands.json:2:'),
            ('{}', 'is no list'),
            ('[]', 'has no entry'),
            ('[1]', 'entry 1 is no object'),
            ('[{"directory": "/"}]', 'entry 1 has no text "file"'),
            ('[{"file": "a.c"}]', 'entry 1 has no text "directory"'),
            ('[{"file": "a.c", "directory": "/"}]', 'neither a text "command"'),
            ('[{"file": "a.c", "directory": "/", "arguments": "cc"}]', 'are no list'),
            ('[{"file": "a.c", "directory": "/", "arguments": [1]}]', 'not all texts'),
            ('\x00\x01', 'is no JSON')):
        bench.write('b/compile_commands.json', text)
        result = bench.run('-p', 'b')
        equal(result.status, 2, text)
        contains(result.err, part)


def missing_database_is_said(bench: Bench) -> None:
    result = bench.run('-p', 'nowhere')
    equal(result.status, 2, 'status')
    contains(result.err, 'nowhere/compile_commands.json: error: cannot be read')
    result = bench.run()
    equal(result.status, 2, 'status without -p')
    contains(result.err, 'name its folder with -p')


def wrong_entry_leaves_the_others(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.database({'file': 'x.c'}, 'a.c', 'gone.c')
    result = bench.run('-p', 'b')
    equal((result.status, result.findings()), (2, [('a.c', 4, 'FP0401')]), 'the others')
    contains(result.err, 'entry 1 has no text "directory"')
    contains(result.err, 'gone.c: error: cannot be read')


def entries_are_understood(bench: Bench) -> None:
    """A command as text, a relative directory and include path, one source twice."""
    bench.write('src/a.c', '#include "name.h"\n' + HEAD + 'char text[] = TEXT;\n' + hot('NAME'))
    bench.write('src/inc/name.h', '#define NAME f\n')
    command = 'cc -DTEXT="\\"a b\\"" -I\'inc\' -o a.o -c a.c'
    entry = {'directory': '../src', 'file': 'a.c', 'command': command}
    bench.database(entry, entry)
    result = bench.run('-p', 'b')
    equal((result.status, result.findings()), (1, [('src/a.c', 6, 'FP0401')]), result.err)
    contains(result.err, '1 of 1 sources')


def gcc_flags_are_left_out(bench: Bench) -> None:
    bench.write('a.c', HEAD + 'int defined = YES;\n' + hot())
    bench.write('flags.rsp', '-DYES=1 -fanalyzer\n')
    flags = ['-fanalyzer', '-fplugin=none.so', '-fplugin-arg-none-x=1', '-Wlogical-op', '-Werror',
             '-fno-tree-vectorize', '-fno-ipa-sra', '-mindirect-branch=thunk', '-MD', '-MF', 'a.d',
             '-fconserve-stack', '-flto=auto', '-Wno-error=foo', '--param', 'x=1', '@flags.rsp',
             '-mtune=who-knows', '-fcondition-coverage', '-specs=none', '-wrapper', 'a']
    bench.database({'directory': bench.folder, 'file': 'a.c',
                    'arguments': ['gcc', *flags, '-o', 'a.o', '-c', 'a.c']})
    result = bench.run('-p', 'b')
    equal((result.status, result.findings()), (1, [('a.c', 5, 'FP0401')]), result.err)


def unknown_machine_is_a_note(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    result = bench.run('a.c', '--', '-march=no-such-cpu')
    equal((result.status, result.findings()), (1, [('a.c', 4, 'FP0401')]), result.err)
    contains(result.err, 'without its flags of -m')


def other_languages_are_said(bench: Bench) -> None:
    bench.write('a.c', CLEAN)
    bench.write('b.cpp', 'class x {};\n')
    bench.database('a.c', 'b.cpp')
    result = bench.run('-p', 'b')
    equal(result.status, 0, result.err)
    contains(result.err, '1 entry is no C source')


# ---- files --------------------------------------------------------------------------------------

def files_are_chosen(bench: Bench) -> None:
    for name in ('x/a.c', 'x/deep/b.c', 'y/c.c'):
        bench.write(name, HEAD + hot('f_' + os.path.basename(name)[0]))
    bench.database('x/a.c', 'x/deep/b.c', 'y/c.c')
    for arguments, wanted in (
            ([], ['x/a.c', 'x/deep/b.c', 'y/c.c']),
            (['x'], ['x/a.c', 'x/deep/b.c']),
            (['y/c.c', 'x/a.c'], ['x/a.c', 'y/c.c']),
            (['--exclude', 'deep/'], ['x/a.c', 'y/c.c']),
            (['--exclude', '*/deep/*', '--exclude', 'c.c'], ['x/a.c'])):
        result = bench.run('-p', 'b', *arguments)
        equal([file for file, _, _ in result.findings()], wanted, repr(arguments))


def wrong_files_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('other.c', CLEAN)
    bench.write('text.txt', 'text\n')
    bench.database('a.c')
    for name, part in (('other.c', 'has no entry in compile_commands.json'),
                       ('gone.c', 'gone.c: error: cannot be read')):
        result = bench.run('-p', 'b', 'a.c', name)
        equal((result.status, len(result.findings())), (2, 1), name)
        contains(result.err, part)
    for name, part in (('text.txt', 'is no C source'), ('b', 'is a folder'),
                       ('gone.c', 'cannot be read')):
        result = bench.run('a.c', name, '--', '-O2')
        equal((result.status, len(result.findings())), (2, 1), name)
        contains(result.err, part)


def unreadable_file_is_said(bench: Bench) -> None:
    path = bench.write('a.c', CLEAN)
    os.chmod(path, 0)
    if os.access(path, os.R_OK):
        os.remove(path)               # for the superuser: a link to nothing
        os.symlink('nothing', path)
    result = bench.run('a.c', '--')
    equal(result.status, 2, 'status')
    contains(result.err, 'a.c: error: cannot be read')


def header_is_analysed_once(bench: Bench) -> None:
    bench.write('h.h', '#pragma once\n' + HEAD + 'static inline ' + hot())
    for name in 'abc':
        bench.write(name + '.c', '#include "h.h"\nint %s(void)\n{\n\treturn f() != 0;\n}\n' % name)
    bench.database('a.c', 'b.c', 'c.c')
    result = bench.run('-p', 'b', '-j', '3')
    equal(result.findings(), [('h.h', 5, 'FP0401')], 'findings')
    contains(result.err, '3 of 3 sources, 4 functions')
    result = bench.run('-p', 'b', 'h.h')
    equal((result.status, result.findings()), (1, [('h.h', 5, 'FP0401')]), 'the header alone')


# ---- what is hard to parse ----------------------------------------------------------------------

NESTED = ('int outer(int y)\n{\n\tint inner(int x)\n\t{\n\t\treturn x + y;\n\t}\n'
          '\tint (*pointer)(int) = inner;\n\treturn pointer(inner(3));\n}\n')


def nested_function_in_cold_code_is_not_analysed(bench: Bench) -> None:
    result = bench.check(NESTED)
    equal((result.status, result.findings()), (2, []), result.err)
    contains(result.err, 'a.c:4:2: error: a nested function is not analysed')
    if 'undeclared' in result.err:
        raise AssertionError('what follows of a nested function is said: ' + result.err)


def nested_function_in_hot_code_is_a_finding(bench: Bench) -> None:
    result = bench.check(HOT + NESTED, '--rules', 'FP0409')
    equal(result.status, 1, result.err)
    equal({rule for _, _, rule in result.findings()}, {'FP0409'}, 'findings')


def initialiser_that_only_gcc_knows_is_a_note(bench: Bench) -> None:
    result = bench.check('struct s { int a, b; };\nstatic int x;\n'
                         'unsigned long b = (unsigned long)&((struct s *)0)->b + (&x != 0);\n'
                         'int y = x;\n' + CLEAN)
    equal(result.status, 0, result.err)
    contains(result.err, 'which only gcc can compute')


def missing_include_is_said(bench: Bench) -> None:
    result = bench.check('#include "none.h"\n' + HEAD + hot())
    equal((result.status, result.findings()), (2, [('a.c', 5, 'FP0401')]), result.err)
    contains(result.err, "a.c:1:10: error: 'none.h' file not found")


def deep_input_is_said(bench: Bench) -> None:
    depth = 10000
    for text in ('int f(void)\n{\n\treturn %s1%s;\n}\n' % ('(' * depth, ')' * depth),
                 'void f(void)\n%s%s\n' % ('{' * depth, '}' * depth)):
        result = bench.check(text)
        equal(result.status, 2, text[:40])
        contains(result.err, 'bracket nesting level')
    chain = ''.join('\tif (a == %d)\n\t\treturn %d;\n\telse\n' % (i, i) for i in range(5000))
    equal(bench.check('int f(int a)\n{\n%s\treturn 0;\n}\n' % chain).status, 0, 'else if')
    sums = ' + '.join(['a'] * 20000)
    equal(bench.check('int f(int a)\n{\n\treturn %s;\n}\n' % sums).status, 0, 'a long sum')


def big_file_is_done_in_time(bench: Bench) -> None:
    function = ('static int f%d(int a)\n{\n\tif (a > %d)\n\t\treturn a;\n'
                '\tfor (int i = 0; i < a; i++)\n\t\ta += i;\n\treturn a;\n}\n\n\n')
    text = ''.join(function % (i, i) for i in range(BIG_FILE_LINES // 10))
    equal(text.count('\n'), BIG_FILE_LINES, 'lines')
    start = time.monotonic()
    result = bench.check(HEAD + text + hot())
    equal((result.status, result.findings()),
          (1, [('a.c', BIG_FILE_LINES + 4, 'FP0401')]), result.err)
    if time.monotonic() - start > BIG_FILE_S:
        raise AssertionError('%.1f s' % (time.monotonic() - start))


def odd_bytes_do_no_harm(bench: Bench) -> None:
    for name, text in (('empty', b''), ('zeros', b'\0' * 5000), ('no end', b'/* fpcheck: allow'),
                       ('quote', b'char *c = "fpcheck'),
                       ('latin', b'// fpcheck: allow FP0401: \xe9\n')):
        path = os.path.join(bench.folder, 'a.c')
        with open(path, 'wb') as stream:
            stream.write(text)
        for form in ('text', 'json', 'sarif'):
            result = bench.run('--format', form, 'a.c', '--')
            if result.status not in (0, 1, 2):
                raise AssertionError('%s: status %d' % (name, result.status))
            if form != 'text':
                json.loads(result.out)


def crash_leaves_the_other_sources(bench: Bench) -> None:
    """What clang cannot take, in whatever way it ends, is said, and the others are analysed."""
    bench.write('deep.c', 'int f(int a)\n{\n\treturn %sa;\n}\n' % ('!' * 1000000))
    bench.write('a.c', HEAD + hot())
    result = bench.run('-j', '2', '--rules', 'FP0401', 'a.c', 'deep.c', '--')
    equal(result.findings(), [('a.c', 4, 'FP0401')], result.err)
    equal(result.status, 2, result.err)
    contains(result.err, 'deep.c: error: is not analysed: fpcheck dies of it')


def interrupt_ends_with_what_was_found(bench: Bench) -> None:
    for number in range(300):
        bench.write('s%d.c' % number, HEAD + hot('f%d' % number))
    bench.database(*('s%d.c' % number for number in range(300)))
    process = subprocess.Popen(
        [bench.program, '-v', '-j', '1', '-p', 'b'], cwd=bench.folder, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    equal(process.returncode, 2, err[-500:])
    contains(err, 'interrupted')
    contains(out, 'warning: [FP0401]')


# ---- configuration ------------------------------------------------------------------------------

def configuration_is_read(bench: Bench) -> None:
    bench.write('src/a.c', HEAD + 'void *cold(void)\n{\n\treturn MAKE(8);\n}\n')
    bench.write('src/skip.c', HEAD + hot())
    bench.write('.fpcheck', '# comment\nhot = src/\nexclude = skip.c other.c # why\n'
                            'define = MAKE=malloc\n\nrules = heap\nbudget_steps = 100000\n')
    bench.database('src/a.c', 'src/skip.c')
    result = bench.run('-p', 'b')
    equal((result.status, result.findings()), (1, [('src/a.c', 4, 'FP0401')]), result.err)
    equal(bench.run('-p', 'b', '--rules', 'callback').status, 0, 'the command line wins')
    result = bench.run('-p', '../b', '--root', '..', folder=os.path.join(bench.folder, 'src'))
    equal((result.status, len(result.findings())), (1, 1), 'from another folder')


def configuration_errors_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('c', 'hut = src/\nrules = FP0401\nnonsense\njobs = many\nhot =\nrules = heat\n'
                     'strict = perhaps\ntable = none.table\nbuild_dir = b\n')
    result = bench.run('--config', 'c', 'a.c', '--')
    equal((result.status, result.findings()), (2, [('a.c', 4, 'FP0401')]), result.err)
    for part in ("c:1: error: there is no key 'hut'", "c:3: error: a line 'key = value'",
                 "c:4: error: jobs: 'many' is not a number", 'c:5: error: hot has no value',
                 "c:6: error: rules: there is no rule 'heat'", "c:7: error: strict: 'perhaps'",
                 'none.table: error: cannot be read', "c:9: error: there is no key 'build_dir'"):
        contains(result.err, part)
    result = bench.run('--config', 'none', 'a.c', '--')
    equal((result.status, len(result.findings())), (2, 1), 'a missing configuration')
    contains(result.err, 'none: error: cannot be read')


def table_errors_are_said(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('my.table', 'fn good(use)\nfn bad(what)\n')
    result = bench.run('--table', 'my.table', 'a.c', '--')
    equal((result.status, len(result.findings())), (2, 1), result.err)
    contains(result.err, 'my.table:2')


# ---- suppressions -------------------------------------------------------------------------------

def allowed(bench: Bench, text: str, *arguments: str) -> list[tuple[int, str]]:
    """Line and rule of what is left of a source's findings."""
    return [(line, rule) for _, line, rule in bench.check(HEAD + text, *arguments).findings()]


def comment_allows_its_line(bench: Bench) -> None:
    for comment in ('/* fpcheck: allow FP0401 because of this */', '// fpcheck: allow FP0401: this',
                    '//fpcheck:allow fp0401 , FP0401 because this',
                    '/* fpcheck: allow FP0401\n because of this */'):
        text = hot().replace(';', '; ' + comment)
        equal(allowed(bench, text), [], comment)
    equal(allowed(bench, hot(call='malloc(8 /* fpcheck: allow FP0401: in it */)')), [], 'within')
    equal(allowed(bench, hot(call='"// fpcheck: allow FP0401: no" ? malloc(8) : 0')),
          [(4, 'FP0401')], 'a string is no comment')


def comment_alone_allows_the_next_line(bench: Bench) -> None:
    for comment in ('// fpcheck: allow FP0401: this\n',
                    '/* fpcheck: allow FP0401 because\n * x */\n',
                    '// fpcheck: allow FP0401: this\n\n// another\n',
                    '/*\n * Something else.\n * fpcheck: allow FP0401: this\n */\n'):
        text = HOT + 'void *f(void)\n{\n' + comment + '\treturn malloc(8);\n}\n'
        equal(allowed(bench, text), [], comment)
        text = (HOT + 'void *f(void)\n{\n' + comment +
                '\tvoid *a = malloc(8);\n\tvoid *b = malloc(8);\n\treturn a ? a : b;\n}\n')
        equal(allowed(bench, text), [(5 + comment.count('\n'), 'FP0401')], 'one line only')


def comment_above_a_function_allows_all_of_it(bench: Bench) -> None:
    comment = '/* fpcheck: allow FP0401 because it is rare */\n'
    equal(allowed(bench, comment + hot()), [], 'above')
    below = HOT + '\nstatic\nvoid *\nf(void)\n{\n\treturn malloc(f() != 0);\n}\n'
    equal(allowed(bench, comment + below), [], 'above attributes')
    equal(allowed(bench, comment + hot() + hot('g')), [(9, 'FP0401')], 'only one function')
    equal(allowed(bench, comment + 'int x;\n' + hot()), [(2, 'FPCHECK'), (6, 'FP0401')],
          'above a variable')


def comment_allows_its_file(bench: Bench) -> None:
    comment = '// fpcheck: allow-file FP0401, FP0406: generated\n'
    text = hot() + hot('g', '(qsort(0, 0, 0, 0), NULL)')
    equal(allowed(bench, comment + text), [], 'at the top')
    equal(allowed(bench, '\n' * 38 + comment + text), [], 'in line 40')
    equal(allowed(bench, '\n' * 39 + comment + text),
          [(41, 'FPCHECK'), (44, 'FP0401'), (48, 'FP0406')], 'in line 41')


def wrong_comment_is_a_finding(bench: Bench) -> None:
    for comment, part in (
            ('// fpcheck: allow FP0401', 'gives no reason'),
            ('// fpcheck: allow FP0401:', 'gives no reason'),
            ('// fpcheck: allow FP0401 because', 'gives no reason'),
            ('// fpcheck: allow FP0401 it is fine', 'gives no reason'),
            ('// fpcheck: allow because it is fine', "no rule by 'because'"),
            ('// fpcheck: allow FP0499: why', "no rule by 'FP0499'"),
            ('// fpcheck: allow FPCHECK: why', 'cannot be allowed'),
            ('// fpcheck: ignore FP0401: why', "says 'ignore'"),
            ('// fpcheck: allow', 'names no rule')):
        text = HOT + 'void *f(void)\n{\n' + comment + '\n\treturn malloc(8);\n}\n'
        result = bench.check(HEAD + text)
        equal([finding[1:] for finding in result.findings()], [(4, 'FPCHECK'), (5, 'FP0401')],
              comment)
        contains(result.out, part)
    text = HOT + 'void *f(void)\n{\n// fpcheck: allow FP9, FP0401: x\n\treturn malloc(8);\n}\n'
    equal(allowed(bench, text), [(4, 'FPCHECK')], 'a wrong rule beside a right one')


def sentence_about_fpcheck_is_none_to_it(bench: Bench) -> None:
    for comment in ('// fpcheck: a checker',
                    '/* As in\n *\n *   fpcheck: allow FP0401: example\n */',
                    '// see fpcheck: allow FP0401: why', '// fpcheck:'):
        equal(allowed(bench, comment + '\n' + CLEAN), [], comment)


def useless_comment_is_a_finding(bench: Bench) -> None:
    text = HOT + 'void *f(void)\n{\n\treturn NULL; // fpcheck: allow FP0401: why\n}\n'
    equal(allowed(bench, text), [(4, 'FPCHECK')], 'useless')
    equal(allowed(bench, text, '--rules=-FP0401'), [], 'its rule is off')
    equal(allowed(bench, text, '--rules=-FPCHECK'), [], 'this rule is off')
    both = hot(call='malloc(8)').replace(';', '; // fpcheck: allow FP0401, FP0406: why')
    result = bench.check(HEAD + both)
    equal([rule for _, _, rule in result.findings()], ['FPCHECK'], 'half of it is useless')
    contains(result.out, 'is not found here: FP0406')
    broken = BROKEN.replace(';', '; // fpcheck: allow FP0401: why')
    equal(allowed(bench, broken), [], 'what it is about is not analysed')


def summary_counts_what_is_allowed(bench: Bench) -> None:
    result = bench.check(HEAD + hot().replace(';', '; // fpcheck: allow FP0401: why') + hot('g'))
    contains(result.err, 'FP0401   heap         1, and 1 allowed')


# ---- reports ------------------------------------------------------------------------------------

def json_has_all(bench: Bench) -> None:
    bench.write('a.c', HEAD + hot())
    bench.write('b.c', BROKEN)
    result = bench.run('--format', 'json', 'a.c', 'b.c', '--')
    report = json.loads(result.out)
    equal(set(report), {'fpcheck', 'findings', 'problems', 'not_analysed', 'summary'}, 'keys')
    finding = report['findings'][0]
    equal({key: finding[key] for key in ('file', 'line', 'column', 'rule', 'name', 'function')},
          {'file': 'a.c', 'line': 4, 'column': 9, 'rule': 'FP0401', 'name': 'heap',
           'function': 'f'}, 'finding')
    equal(report['problems'][0]['file'], 'b.c', 'problem')
    equal(report['not_analysed'][0]['function'], 'broken', 'not analysed')
    equal((report['summary']['status'], report['summary']['findings']), (2, 1), 'summary')


def sarif_has_all(bench: Bench) -> None:
    bench.write('dir with space/a.c', HEAD + hot())
    bench.write('b.c', BROKEN)
    bench.write('c', 'hut = 1\n')
    result = bench.run('--format=sarif', '--config', 'c', 'dir with space/a.c', 'b.c', '--')
    log = json.loads(result.out)
    equal((log['version'], len(log['runs'])), ('2.1.0', 1), 'version')
    run = log['runs'][0]
    rules = run['tool']['driver']['rules']
    equal([rule['id'] for rule in rules], RULES, 'rules')
    for rule in rules:
        equal(rule['shortDescription']['text'] != '', True, rule['id'])
    found = run['results'][0]
    equal(rules[found['ruleIndex']]['id'], found['ruleId'], 'index of the rule')
    place = found['locations'][0]['physicalLocation']
    equal(place['artifactLocation']['uri'], 'dir%20with%20space/a.c', 'uri')
    equal(place['region'], {'startLine': 4, 'startColumn': 9}, 'region')
    equal(found['level'], 'warning', 'level')
    invocation = run['invocations'][0]
    equal((invocation['executionSuccessful'], invocation['exitCode']), (False, 2), 'invocation')
    texts = [one['message']['text'] for one in invocation['toolExecutionNotifications']]
    equal(any('undeclared' in text for text in texts), True, 'notifications')
    texts = [one['message']['text'] for one in invocation['toolConfigurationNotifications']]
    equal(texts, ["there is no key 'hut'"], 'notifications of the configuration')
    clean = json.loads(bench.check(CLEAN, '--format', 'sarif').out)['runs'][0]
    equal((clean['results'], clean['invocations'][0]['executionSuccessful']), ([], True), 'clean')


def header_belongs_to_the_first_unit(bench: Bench) -> None:
    """To the biggest, although every other one is parsed long before it."""
    bench.write('h.h', HEAD + 'static inline ' + hot('shared', 'CALL'))
    bench.write('big.c', '#define CALL malloc(8)\n#include "h.h"\n' +
                ''.join('int f%d(int a)\n{\n\treturn a + %d;\n}\n' % (i, i) for i in range(9000)))
    names = ['s%d.c' % number for number in range(12)]
    for name in names:
        bench.write(name, '#define CALL (qsort(0, 0, 0, 0), NULL)\n#include "h.h"\n')
    bench.database('big.c', *names)
    for jobs in ('1', '4', '13'):
        equal(bench.run('-p', 'b', '-j', jobs).findings(), [('h.h', 4, 'FP0401')], jobs)


def jobs_change_nothing(bench: Bench) -> None:
    """Headers that mean something else in each source, and sources of all sizes."""
    names = []
    for number in range(40):
        header = 'h%d.h' % (number % 5)
        bench.write(header, HEAD + 'static inline ' + hot('shared', 'COUNT ? malloc(COUNT) : NULL'))
        names.append('s%d.c' % number)
        bench.write(names[-1], '#define COUNT %d\n#include "%s"\n' % (number, header) +
                    'int y%d = x;\n' % number * (number % 3) + hot() + '\n' * (number * 7 % 11))
    bench.database(*names)
    alone = bench.run('-p', 'b', '-j', '1')
    for jobs in ('2', '4', '16'):
        result = bench.run('-p', 'b', '-j', jobs)
        equal((result.status, result.out, result.err), (alone.status, alone.out, alone.err), jobs)
    equal(len(alone.findings()), 45, 'findings')


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit('usage: test_front.py PATH_OF_FPCHECK')
    run_tests(tests_of(globals()), sys.argv[1])


if __name__ == '__main__':
    main()
