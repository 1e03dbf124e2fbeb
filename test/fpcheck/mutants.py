# SPDX-License-Identifier: BSD-3-Clause
"""Programs with one mistake each, made of a program that has none.

Beside NAME.c, NAME.mutants says how:

    # a comment
    == name_of_the_mutant
     a line that stays
    -a line that goes
    +a line that comes, perhaps with its expectation
    @
    -a line elsewhere

Lines that stay or go must stand together exactly once in the program; `@` begins another place.
"""
from __future__ import annotations

import dataclasses


class MutantError(Exception):
    """A mutant that is not written as above, or that does not fit its program."""


@dataclasses.dataclass
class Mutant:
    """Its name, and its places: lines with their sign in front."""
    name: str
    line: int
    places: list[list[str]]


def read_mutants(path: str) -> list[Mutant]:
    """The mutants of a file."""
    mutants: list[Mutant] = []
    with open(path, encoding='utf-8') as stream:
        for number, line in enumerate(stream.read().splitlines(), 1):
            if line.startswith('=='):
                mutants.append(Mutant(line[2:].strip(), number, [[]]))
            elif line == '@' and mutants:
                mutants[-1].places.append([])
            elif line[:1] in (' ', '-', '+') and mutants:
                mutants[-1].places[-1].append(line)
            elif line and not line.startswith('#'):
                raise MutantError(f'{path}:{number}: "{line}" begins with no sign')
    return mutants


def replace_place(lines: list[str], place: list[str], where: str) -> list[str]:
    """The lines with the place as it is to be."""
    old = [line[1:] for line in place if line[0] in ' -']
    new = [line[1:] for line in place if line[0] in ' +']
    starts = [start for start in range(len(lines)) if lines[start:start + len(old)] == old]
    if not old or len(starts) != 1:
        raise MutantError(f'{where}: its lines stand {len(starts)} times in the program')
    return lines[:starts[0]] + new + lines[starts[0] + len(old):]


def mutate(program: str, mutant: Mutant, path: str) -> str:
    """The text of the program with the mutant's mistake in it."""
    lines = program.splitlines()
    for place in mutant.places:
        lines = replace_place(lines, place, f'{path}:{mutant.line}: {mutant.name}')
    return '\n'.join(lines) + '\n'
