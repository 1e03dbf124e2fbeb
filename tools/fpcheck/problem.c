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
		problem.at.file = strdup(at->file);
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
	for (size_t i = 0; i < list->count; i++) {
		free(list->problems[i].text);
		free((void *)(uintptr_t)list->problems[i].at.file);
	}
	free(list->problems);
	*list = (struct problem_list){ 0 };
}
