#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Let spin search the models of this folder through, and their broken variants find their errors.

usage: run_spin.py [all]        `all` searches larger bounds, for minutes
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Each variant is the protocol with one thing left out: spin has to find the error.
MODELS = {
    'ref.pml': ['NO_CONFIRM', 'LATE_CLOSE', 'EARLY_PUT', 'EARLY_CONFIRM', 'SAME_GENERATION'],
    'leases.pml': ['PLAIN_LEAVE', 'PLAIN_SHARE', 'PLAIN_HOLD', 'FREE_FIRST', 'NO_REFERENCE'],
}

# Claims that something never happens, where it has to happen: a model that gets nowhere is no proof.
REACHED = {'ref.pml': ['never_confirmed', 'never_thrown_away'], 'leases.pml': []}

LARGER = {'leases.pml': ['-DSTEPS=3']}


def search(folder, model, defines, claim=None):
    """(errors, states) of one search."""
    subprocess.run(['spin', '-a', *defines, str(HERE / model)], cwd=folder, check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    options = [] if claim else ['-DNOCLAIM', '-DSAFETY']
    subprocess.run(['gcc', '-O2', '-w', *options, '-o', 'pan', 'pan.c'], cwd=folder, check=True)
    # -E: a process that waits for what never comes is no error here.
    limits = ['-E', '-m1000000', '-w23'] + (['-a', '-N', claim] if claim else [])
    report = subprocess.run(['./pan', *limits], cwd=folder, check=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True).stdout
    if 'max search depth too small' in report or 'out of memory' in report:
        sys.exit(f'{model} {defines}: not searched through:\n{report}')
    errors = re.search(r'errors:\s*(\d+)', report)
    states = re.search(r'([\d.e+]+) states, stored', report)
    return int(errors.group(1)), int(float(states.group(1)))


def main():
    if shutil.which('spin') is None:
        print('1..0 # SKIP spin is not installed')
        return 0
    number = 0
    failed = False

    def tell(is_good, text):
        nonlocal number, failed
        number += 1
        failed |= not is_good
        print(f"{'ok' if is_good else 'not ok'} {number} - {text}", flush=True)

    wants_all = sys.argv[1:] == ['all']
    with tempfile.TemporaryDirectory() as folder:
        for model, variants in MODELS.items():
            larger = LARGER.get(model, []) if wants_all else []
            errors, states = search(folder, model, larger)
            tell(errors == 0, ' '.join([model, *larger, f'{states} states, {errors} errors']))
            for variant in variants:
                # Found soon also in the larger bounds, which some of them need.
                errors, states = search(folder, model, LARGER.get(model, []) + ['-D' + variant])
                tell(errors > 0, f'{model} -D{variant}: the error is found')
            for claim in REACHED[model]:
                errors, states = search(folder, model, [], claim)
                tell(errors > 0, f'{model} {claim}: it happens')
    print(f'1..{number}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
