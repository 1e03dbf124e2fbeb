/* SPDX-License-Identifier: BSD-3-Clause */

#include "naive_span.h"

bool
naive_is_less(const struct element_type *type, int64_t a, int64_t b)
{
	return type->is_signed ? a < b : (uint64_t)a < (uint64_t)b;
}

static bool
is_in(struct naive_row set, int64_t value)
{
	for (size_t i = 0; i < set.count; i++) {
		if (set.values[i] == value)
			return true;
	}
	return false;
}

static bool
begins_with(struct naive_row row, size_t start, struct naive_row sequence)
{
	for (size_t i = 0; i < sequence.count; i++) {
		if (start + i >= row.count || row.values[start + i] != sequence.values[i])
			return false;
	}
	return true;
}

static bool
is_wanted(struct naive_row row, size_t i, const struct search *search, struct naive_row set)
{
	int64_t value = row.values[i];
	const int64_t *wanted = search->values;

	switch (search->kind) {
	case SEARCH_ONE:
		return value == wanted[0];
	case SEARCH_TWO:
		return value == wanted[0] || value == wanted[1];
	case SEARCH_THREE:
		return value == wanted[0] || value == wanted[1] || value == wanted[2];
	case SEARCH_SET:
		return is_in(set, value);
	case SEARCH_RANGE:
		return !naive_is_less(row.type, value, wanted[0]) &&
			!naive_is_less(row.type, wanted[1], value);
	case SEARCH_SEQUENCE:
		return begins_with(row, i, set);
	case SEARCH_KINDS:
		break;
	}
	return false;
}

int64_t
naive_find(struct naive_row row, const struct search *search, struct naive_row set)
{
	int64_t found = -1;

	if (search->kind == SEARCH_SEQUENCE && set.count == 0)
		return search->is_last ? (int64_t)row.count : 0;
	for (size_t i = 0; i < row.count; i++) {
		if (is_wanted(row, i, search, set) != search->is_except &&
			(found < 0 || search->is_last))
			found = (int64_t)i;
	}
	return found;
}

uint32_t
naive_count_sequence(struct naive_row row, struct naive_row sequence)
{
	uint32_t found = 0;
	size_t i = 0;

	while (sequence.count != 0 && i < row.count) {
		bool is_here = begins_with(row, i, sequence);

		found += is_here;
		i += is_here ? sequence.count : 1;
	}
	return found;
}

void
naive_trim(
	struct naive_row row, enum trim_side side, struct naive_row set, size_t *start, size_t *end)
{
	*start = 0;
	*end = row.count;
	while (side != TRIM_END && *start < *end && is_in(set, row.values[*start]))
		(*start)++;
	while (side != TRIM_START && *start < *end && is_in(set, row.values[*end - 1]))
		(*end)--;
}

uint32_t
naive_common_prefix(struct naive_row a, struct naive_row b)
{
	uint32_t i = 0;

	while (i < a.count && i < b.count && a.values[i] == b.values[i])
		i++;
	return i;
}

int
naive_compare(struct naive_row a, struct naive_row b)
{
	size_t i = naive_common_prefix(a, b);

	if (i < a.count && i < b.count)
		return naive_is_less(a.type, a.values[i], b.values[i]) ? -1 : 1;
	return (a.count > b.count) - (a.count < b.count);
}
