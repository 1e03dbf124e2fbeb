/* SPDX-License-Identifier: BSD-3-Clause */

#include "outcome.h"

#include <stdlib.h>
#include <string.h>

void
outcome_init(struct outcome *outcome)
{
	*outcome = (struct outcome){ 0 };
	outcome->found = finding_set_create();
	region_init(&outcome->texts, NULL);
}

void
outcome_fini(struct outcome *outcome)
{
	finding_set_destroy(outcome->found);
	problem_fini(&outcome->problems);
	free(outcome->skipped);
	free(outcome->functions);
	free(outcome->files);
	free(outcome->reported);
	region_fini(&outcome->texts);
}

static const char *
copy_text(struct outcome *outcome, const char *text)
{
	return text == NULL ? NULL : region_text(&outcome->texts, text, strlen(text));
}

/* Room for one more, the room doubling at powers of two. */
static void *
make_room(void *list, size_t count, size_t size)
{
	if ((count & (count - 1)) == 0)
		list = realloc(list, (count == 0 ? 1 : count * 2) * size);
	if (list == NULL)
		abort();
	return list;
}

void
outcome_add_skipped(struct outcome *outcome, const struct outcome_skipped *skipped)
{
	struct outcome_skipped *copy;

	outcome->skipped =
		make_room(outcome->skipped, outcome->skipped_count, sizeof(*outcome->skipped));
	copy = &outcome->skipped[outcome->skipped_count++];
	*copy = *skipped;
	copy->function = copy_text(outcome, skipped->function);
	copy->at.file = copy_text(outcome, skipped->at.file);
	copy->detail = copy_text(outcome, skipped->detail);
}

void
outcome_add_function(struct outcome *outcome, const struct outcome_function *function)
{
	struct outcome_function *copy;

	outcome->functions =
		make_room(outcome->functions, outcome->function_count, sizeof(*outcome->functions));
	copy = &outcome->functions[outcome->function_count++];
	*copy = *function;
	copy->name = copy_text(outcome, function->name);
	copy->file = copy_text(outcome, function->file);
}

void
outcome_add_file(struct outcome *outcome, const char *file)
{
	outcome->files = make_room(outcome->files, outcome->file_count, sizeof(*outcome->files));
	outcome->files[outcome->file_count++] = copy_text(outcome, file);
}

void
outcome_move(struct outcome *to, struct outcome *from)
{
	size_t count;
	const struct finding *findings = finding_set_sorted(from->found, &count);

	for (size_t i = 0; i < count; i++)
		finding_add(to->found, &findings[i]);
	for (size_t i = 0; i < from->skipped_count; i++)
		outcome_add_skipped(to, &from->skipped[i]);
	for (size_t i = 0; i < from->function_count; i++)
		outcome_add_function(to, &from->functions[i]);
	for (size_t i = 0; i < from->file_count; i++)
		outcome_add_file(to, from->files[i]);
	problem_move(&to->problems, &from->problems);
	to->analysed += from->analysed;
	outcome_fini(from);
}

static int
compare_skipped(const void *left, const void *right)
{
	const struct outcome_skipped *one = left;
	const struct outcome_skipped *other = right;
	const int by_file = strcmp(one->at.file, other->at.file);

	if (by_file != 0)
		return by_file;
	if (one->at.line != other->at.line)
		return one->at.line < other->at.line ? -1 : 1;
	return (int)one->why - (int)other->why;
}

static int
compare_functions(const void *left, const void *right)
{
	const struct outcome_function *one = left;
	const struct outcome_function *other = right;
	const int by_file = strcmp(one->file, other->file);

	if (by_file != 0)
		return by_file;
	if (one->first_line != other->first_line)
		return one->first_line < other->first_line ? -1 : 1;
	return strcmp(one->name, other->name);
}

static int
compare_files(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Each once, in order; returns how many are left. */
static size_t
sort_list(void *list, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	char *bytes = list;
	size_t kept = 0;

	if (count == 0)
		return 0;
	qsort(list, count, size, compare);
	for (size_t i = 1; i < count; i++) {
		if (compare(bytes + kept * size, bytes + i * size) != 0)
			memmove(bytes + ++kept * size, bytes + i * size, size);
	}
	return kept + 1;
}

void
outcome_sort(struct outcome *outcome)
{
	problem_drop_repeated(&outcome->problems);
	outcome->skipped_count = sort_list(outcome->skipped, outcome->skipped_count,
		sizeof(*outcome->skipped), compare_skipped);
	outcome->function_count = sort_list(outcome->functions, outcome->function_count,
		sizeof(*outcome->functions), compare_functions);
	outcome->file_count = sort_list(
		outcome->files, outcome->file_count, sizeof(*outcome->files), compare_files);
}

const char *
outcome_why(enum unit_skip why)
{
	switch (why) {
	case UNIT_SKIP_PARSE:
		return "it does not parse";
	case UNIT_SKIP_STEPS:
		return "its budget of steps was used up";
	case UNIT_SKIP_MEMORY:
		return "its budget of memory was used up";
	case UNIT_SKIP_STATES:
		return "it has too many states: only what is certain was kept";
	case UNIT_SKIP_CONSTRUCT:
		return "it uses what is not understood";
	}
	return "of a reason that has no name";
}

int
outcome_status(const struct outcome *outcome, const struct settings *settings)
{
	if (problem_is_any(&outcome->problems) || outcome->is_interrupted ||
		outcome->units_done < outcome->units ||
		(settings->is_strict && outcome->skipped_count > 0))
		return 2;
	return outcome->finding_count > 0 ? 1 : 0;
}
