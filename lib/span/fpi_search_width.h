/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Template of fp_span_search.c: the functions for elements of WIDTH bits. FIND_FIRST and FIND_LAST
 * are bodies whose argument is a condition on `value`.
 */

/* Those for bytes are scans: fp_span_search.h calls them. */
#if WIDTH != 8
int64_t
NAME(fp_cspan_index_of)(struct fp_cspan span, ELEMENT a){ FIND_FIRST(value == a) }

int64_t NAME(fp_cspan_index_of_any2)(
	struct fp_cspan span, ELEMENT a, ELEMENT b){ FIND_FIRST((value == a) | (value == b)) }

int64_t NAME(fp_cspan_index_of_any3)(struct fp_cspan span, ELEMENT a, ELEMENT b,
	ELEMENT c){ FIND_FIRST((value == a) | (value == b) | (value == c)) }
#endif

int64_t NAME(fp_cspan_last_index_of)(struct fp_cspan span, ELEMENT a){ FIND_LAST(value == a) }

int64_t NAME(fp_cspan_last_index_of_any2)(
	struct fp_cspan span, ELEMENT a, ELEMENT b){ FIND_LAST((value == a) | (value == b)) }

int64_t NAME(fp_cspan_last_index_of_any3)(struct fp_cspan span, ELEMENT a, ELEMENT b,
	ELEMENT c){ FIND_LAST((value == a) | (value == b) | (value == c)) }

int64_t NAME(fp_cspan_index_of_except)(struct fp_cspan span, ELEMENT a){ FIND_FIRST(value != a) }

int64_t NAME(fp_cspan_last_index_of_except)(
	struct fp_cspan span, ELEMENT a){ FIND_LAST(value != a) }

int64_t NAME(fp_cspan_index_of_except2)(
	struct fp_cspan span, ELEMENT a, ELEMENT b){ FIND_FIRST((value != a) & (value != b)) }

int64_t NAME(fp_cspan_last_index_of_except2)(
	struct fp_cspan span, ELEMENT a, ELEMENT b){ FIND_LAST((value != a) & (value != b)) }

int64_t NAME(fp_cspan_index_of_except3)(struct fp_cspan span, ELEMENT a, ELEMENT b,
	ELEMENT c){ FIND_FIRST((value != a) & (value != b) & (value != c)) }

int64_t NAME(fp_cspan_last_index_of_except3)(struct fp_cspan span, ELEMENT a, ELEMENT b,
	ELEMENT c){ FIND_LAST((value != a) & (value != b) & (value != c)) }

int64_t NAME(fp_cspan_index_of_in_range)(struct fp_cspan span, ELEMENT low,
	ELEMENT high){ FIND_FIRST((value >= low) & (value <= high)) }

int64_t NAME(fp_cspan_last_index_of_in_range)(struct fp_cspan span, ELEMENT low,
	ELEMENT high){ FIND_LAST((value >= low) & (value <= high)) }

int64_t NAME(fp_cspan_index_of_except_in_range)(struct fp_cspan span, ELEMENT low,
	ELEMENT high){ FIND_FIRST((value < low) | (value > high)) }

int64_t NAME(fp_cspan_last_index_of_except_in_range)(struct fp_cspan span, ELEMENT low,
	ELEMENT high){ FIND_LAST((value < low) | (value > high)) }

int64_t SIGNED_NAME(fp_cspan_index_of_in_range)(
	struct fp_cspan span, SIGNED_ELEMENT low, SIGNED_ELEMENT high){ FIND_FIRST(
	((SIGNED_ELEMENT)value >= low) & ((SIGNED_ELEMENT)value <= high)) }

int64_t SIGNED_NAME(fp_cspan_last_index_of_in_range)(
	struct fp_cspan span, SIGNED_ELEMENT low, SIGNED_ELEMENT high){ FIND_LAST(
	((SIGNED_ELEMENT)value >= low) & ((SIGNED_ELEMENT)value <= high)) }

int64_t SIGNED_NAME(fp_cspan_index_of_except_in_range)(
	struct fp_cspan span, SIGNED_ELEMENT low, SIGNED_ELEMENT high){ FIND_FIRST(
	((SIGNED_ELEMENT)value < low) | ((SIGNED_ELEMENT)value > high)) }

int64_t SIGNED_NAME(fp_cspan_last_index_of_except_in_range)(
	struct fp_cspan span, SIGNED_ELEMENT low, SIGNED_ELEMENT high)
{
	FIND_LAST(((SIGNED_ELEMENT)value < low) | ((SIGNED_ELEMENT)value > high))
}

/* For most elements the map alone says that they are not in the set; of bytes it says all. */
static struct byte_map
NAME(map_of)(struct fp_cspan set)
{
	struct byte_map map = { { 0 } };

	fpi_cspan_check(set);
	for (uint32_t i = 0; i < set.len / ELEMENT_BYTES; i++) {
		uint8_t low = (uint8_t)NAME(load)(set.data, i);

		map.words[low / 64] |= UINT64_C(1) << (low % 64);
	}
	return map;
}

static inline bool
NAME(is_in)(struct fp_cspan set, const struct byte_map *map, ELEMENT value)
{
	if (!has_byte(map, (uint8_t)value))
		return false;
	if (ELEMENT_BYTES == 1)
		return true;
	for (uint32_t i = 0; i < set.len / ELEMENT_BYTES; i++) {
		if (NAME(load)(set.data, i) == value)
			return true;
	}
	return false;
}

/* The first element that is in the set, or is not. */
static int64_t
NAME(first_of_set)(struct fp_cspan span, struct fp_cspan set, bool is_wanted)
{
	struct byte_map map = NAME(map_of)(set);

	fpi_cspan_check(span);
	for (uint32_t i = 0; i < span.len / ELEMENT_BYTES; i++) {
		if (NAME(is_in)(set, &map, NAME(load)(span.data, i)) == is_wanted)
			return i;
	}
	return -1;
}

static int64_t
NAME(last_of_set)(struct fp_cspan span, struct fp_cspan set, bool is_wanted)
{
	struct byte_map map = NAME(map_of)(set);

	fpi_cspan_check(span);
	for (uint32_t i = span.len / ELEMENT_BYTES; i > 0; i--) {
		if (NAME(is_in)(set, &map, NAME(load)(span.data, i - 1)) == is_wanted)
			return (int64_t)i - 1;
	}
	return -1;
}

int64_t
NAME(fp_cspan_index_of_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(first_of_set)(span, set, true);
}

int64_t
NAME(fp_cspan_index_of_except_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(first_of_set)(span, set, false);
}

int64_t
NAME(fp_cspan_last_index_of_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(last_of_set)(span, set, true);
}

int64_t
NAME(fp_cspan_last_index_of_except_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(last_of_set)(span, set, false);
}

uint32_t
NAME(fp_cspan_count)(struct fp_cspan span, ELEMENT a)
{
	uint32_t found = 0;

	fpi_cspan_check(span);
	for (uint32_t i = 0; i < span.len / ELEMENT_BYTES; i++)
		found += NAME(load)(span.data, i) == a;
	return found;
}

/* The view from an element on; -1 stands for the end. */
static struct fp_cspan
NAME(view_from)(struct fp_cspan span, int64_t first)
{
	uint32_t count = span.len / ELEMENT_BYTES;
	uint32_t start = first < 0 ? count : (uint32_t)first;

	return fp_cspan_slice(span, start * ELEMENT_BYTES, (count - start) * ELEMENT_BYTES);
}

/* The view up to an element, which is in it; -1 stands for none. */
static struct fp_cspan
NAME(view_to)(struct fp_cspan span, int64_t last)
{
	return fp_cspan_slice(span, 0, (uint32_t)(last + 1) * ELEMENT_BYTES);
}

struct fp_cspan
NAME(fp_cspan_trim_start)(struct fp_cspan span, ELEMENT a)
{
	return NAME(view_from)(span, NAME(fp_cspan_index_of_except)(span, a));
}

struct fp_cspan
NAME(fp_cspan_trim_end)(struct fp_cspan span, ELEMENT a)
{
	return NAME(view_to)(span, NAME(fp_cspan_last_index_of_except)(span, a));
}

struct fp_cspan
NAME(fp_cspan_trim)(struct fp_cspan span, ELEMENT a)
{
	return NAME(fp_cspan_trim_end)(NAME(fp_cspan_trim_start)(span, a), a);
}

struct fp_cspan
NAME(fp_cspan_trim_start_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(view_from)(span, NAME(fp_cspan_index_of_except_any)(span, set));
}

struct fp_cspan
NAME(fp_cspan_trim_end_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(view_to)(span, NAME(fp_cspan_last_index_of_except_any)(span, set));
}

struct fp_cspan
NAME(fp_cspan_trim_any)(struct fp_cspan span, struct fp_cspan set)
{
	return NAME(fp_cspan_trim_end_any)(NAME(fp_cspan_trim_start_any)(span, set), set);
}
