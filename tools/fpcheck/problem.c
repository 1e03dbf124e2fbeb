/* SPDX-License-Identifier: BSD-3-Clause */

#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
make_room(struct problem_list *list, size_t count)
{
	if (count <= list->cap)
		return;
	list->cap = count * 2;
	list->problems = realloc(list->problems, list->cap * sizeof(*list->problems));
	if (list->problems == NULL)
		abort();
}

void
problem_add(struct problem_list *list, enum problem_kind kind, const struct place *at,
	const char *format, ...)
{
	struct problem problem = { .kind = kind, .at = *at };
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&problem.text, format, arguments) < 0)
		abort();
	va_end(arguments);
	if (at->file != NULL)
		problem.file = strdup(at->file);
	problem.at.file = problem.file;
	make_room(list, list->count + 1);
	list->problems[list->count++] = problem;
}

void
problem_move(struct problem_list *to, struct problem_list *from)
{
	make_room(to, to->count + from->count);
	for (size_t i = 0; i < from->count; i++)
		to->problems[to->count++] = from->problems[i];
	from->count = 0;
	problem_fini(from);
}

static bool
is_same(const struct problem *one, const struct problem *other)
{
	return one->kind == other->kind && one->at.line == other->at.line &&
		one->at.column == other->at.column && strcmp(one->text, other->text) == 0 &&
		(one->at.file == NULL ? other->at.file == NULL
				      : other->at.file != NULL &&
					strcmp(one->at.file, other->at.file) == 0);
}

static void
free_problem(struct problem *problem)
{
	free(problem->text);
	free(problem->file);
}

void
problem_drop_repeated(struct problem_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		size_t n = 0;

		while (n < kept && !is_same(&list->problems[n], &list->problems[i]))
			n++;
		if (n == kept) {
			list->problems[kept++] = list->problems[i];
		} else {
			free_problem(&list->problems[i]);
		}
	}
	list->count = kept;
}

bool
problem_is_any(const struct problem_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->problems[i].kind != PROBLEM_NOTE)
			return true;
	}
	return false;
}

void
problem_fini(struct problem_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free_problem(&list->problems[i]);
	free(list->problems);
	*list = (struct problem_list){ 0 };
}
