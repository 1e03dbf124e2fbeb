/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Everything that can be asked of a view against naive answers: all types of elements, at all
 * alignments and lengths, before and behind memory that may not be touched.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_span.h"
#include "naive_span.h"
#include "walls.h"

#define COUNT_MAX 70
#define AREA      1024 /* more than 70 elements of 8 bytes, and what is beside them [bytes] */

/* xorshift: the same values in every run */
static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t
next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static uint32_t
below(uint32_t limit)
{
	return (uint32_t)(next_random() % limit);
}

/* A view in memory that ends behind it, or begins before it, and what it shows. */
struct scene {
	const struct element_type *type;
	struct walls walls;
	struct walls other_walls; /* for the set, the sequence or the other view */
	int64_t alphabet[4];      /* what elements are made of */
	uint32_t letters;
	int64_t values[COUNT_MAX + 8];
	int64_t other_values[COUNT_MAX + 8];
	struct naive_row row;
	struct naive_row other;
	struct fp_span span;
	struct fp_cspan other_span;
};

/* Values that are equal in their lowest byte, at the ends of the ranges, or anything. */
static void
choose_alphabet(struct scene *scene)
{
	int64_t base = (int64_t)next_random();
	int64_t choices[] = { 0, 1, -1, INT64_MIN, INT64_MAX, INT64_C(0x7f7f7f7f7f7f7f7f), base,
		base ^ 0x100, base ^ INT64_C(0x10000), base ^ INT64_MIN, base + 1 };
	uint8_t bytes[sizeof(scene->alphabet)];

	for (size_t i = 0; i < 4; i++)
		scene->alphabet[i] = choices[below(sizeof(choices) / sizeof(choices[0]))];
	(void)element_put(scene->type, bytes, scene->alphabet, 4);
	element_take(scene->type, bytes, scene->alphabet, 4);
	scene->letters = 1 + below(4);
}

static int64_t
letter(const struct scene *scene)
{
	return scene->alphabet[below(scene->letters)];
}

/* Fill all that is accessible with letters, also beside the view. */
static void
fill_area(const struct scene *scene, uint8_t *start, const uint8_t *end)
{
	for (uint8_t *at = start; at < end; at += scene->type->bytes) {
		int64_t value = letter(scene);
		uint8_t bytes[8];
		uint32_t len = element_put(scene->type, bytes, &value, 1);

		memcpy(at, bytes, len);
	}
}

/*
 * Put @count elements and @tail bytes of one more behind the first wall at an alignment, or, when
 * the alignment is 8, before the last wall.
 */
static uint8_t *
place(struct walls *walls, uint32_t bytes, uint32_t align)
{
	return align < 8 ? walls->start + align : walls->end - bytes;
}

static void
set_scene(struct scene *scene, uint32_t align, uint32_t count)
{
	const struct element_type *type = scene->type;
	uint32_t bytes = count * type->bytes + below(type->bytes);
	uint32_t other_count = below(count + 2);
	uint32_t other_bytes = other_count * type->bytes + below(type->bytes);
	uint8_t *at = place(&scene->walls, bytes, align);
	uint8_t *other_at = place(&scene->other_walls, other_bytes, (align * 5 + 3) % 9);

	choose_alphabet(scene);
	fill_area(scene, scene->walls.start, scene->walls.start + AREA);
	fill_area(scene, scene->walls.end - AREA, scene->walls.end);
	fill_area(scene, scene->other_walls.start, scene->other_walls.start + AREA);
	fill_area(scene, scene->other_walls.end - AREA, scene->other_walls.end);
	/* Often enough the other one is a part of the view. */
	if (other_count <= count && below(2) == 0) {
		uint32_t from = below(count - other_count + 1) * type->bytes;

		memcpy(other_at, at + from, (size_t)other_count * type->bytes);
	}
	element_take(type, at, scene->values, count);
	element_take(type, other_at, scene->other_values, other_count);
	scene->row = (struct naive_row){ type, scene->values, count };
	scene->other = (struct naive_row){ type, scene->other_values, other_count };
	scene->span = fp_span_over(at, bytes);
	scene->other_span = fp_cspan_over(other_at, other_bytes);
}

/* Run a check on views of all types, lengths and places; the number of views. */
static void
for_all_scenes(void (*check)(struct scene *scene))
{
	struct scene scene = { 0 };
	unsigned int views = 0;

	assert_int_equal(walls_create(&scene.walls, AREA), 0);
	assert_int_equal(walls_create(&scene.other_walls, AREA), 0);
	for (size_t type = 0; type < ELEMENT_TYPES; type++) {
		scene.type = element_types[type];
		for (uint32_t align = 0; align <= 8; align++) {
			for (uint32_t count = 0; count <= COUNT_MAX; count++) {
				/* Most functions of signed types are those of unsigned ones. */
				if (scene.type->is_signed && (align + count) % 4 != 0)
					continue;
				set_scene(&scene, align, count);
				check(&scene);
				views++;
			}
		}
	}
	walls_destroy(&scene.walls);
	walls_destroy(&scene.other_walls);
	print_message("# %u views\n", views);
}

static void
check_searches(struct scene *scene)
{
	struct fp_cspan span = fp_span_const(scene->span);
	struct search search = { .set = scene->other_span };

	for (int kind = 0; kind < SEARCH_KINDS; kind++) {
		for (int variant = 0; variant < 4; variant++) {
			search.kind = (enum search_kind)kind;
			search.is_last = (variant & 1) != 0;
			search.is_except = (variant & 2) != 0 && kind != SEARCH_SEQUENCE;
			for (size_t i = 0; i < 3; i++)
				search.values[i] = scene->alphabet[below(4)];
			assert_int_equal(scene->type->find(span, &search),
				naive_find(scene->row, &search, scene->other));
		}
	}
}

static void
searches_find_what_naive_ones_find(void **state)
{
	(void)state;
	for_all_scenes(check_searches);
}

static void
check_counts(struct scene *scene)
{
	struct fp_cspan span = fp_span_const(scene->span);
	int64_t value = letter(scene);
	struct naive_row one = { scene->type, &value, 1 };
	struct search search = { .values = { value } };

	assert_int_equal(scene->type->count(span, value), naive_count_sequence(scene->row, one));
	assert_int_equal(scene->type->count_sequence(span, scene->other_span),
		naive_count_sequence(scene->row, scene->other));
	assert_int_equal(
		scene->type->contains(span, value), naive_find(scene->row, &search, one) >= 0);
}

static void
counts_are_those_of_naive_ones(void **state)
{
	(void)state;
	for_all_scenes(check_counts);
}

static void
check_trimmed(const struct scene *scene, struct fp_cspan got, size_t start, size_t end)
{
	assert_ptr_equal(got.data, scene->span.data + start * scene->type->bytes);
	assert_int_equal(got.len, (end - start) * scene->type->bytes);
}

static void
check_trims(struct scene *scene)
{
	const struct element_type *type = scene->type;
	struct fp_cspan span = fp_span_const(scene->span);
	int64_t value = letter(scene);
	struct naive_row one = { type, &value, 1 };
	size_t start;
	size_t end;

	for (int i = 0; i < TRIM_SIDES; i++) {
		enum trim_side side = (enum trim_side)i;
		struct fp_cspan trimmed = type->trim(span, side, value);

		naive_trim(scene->row, side, one, &start, &end);
		check_trimmed(scene, trimmed, start, end);
		assert_ptr_equal(fp_span_part(scene->span, trimmed).data, trimmed.data);
		naive_trim(scene->row, side, scene->other, &start, &end);
		check_trimmed(scene, type->trim_set(span, side, scene->other_span), start, end);
	}
}

static void
trimming_leaves_what_naive_trimming_leaves(void **state)
{
	(void)state;
	for_all_scenes(check_trims);
}

static int
sign_of(int value)
{
	return (value > 0) - (value < 0);
}

static void
check_order(struct scene *scene)
{
	const struct element_type *type = scene->type;
	struct fp_cspan span = fp_span_const(scene->span);
	uint32_t whole = span.len - span.len % type->bytes;
	uint32_t cut = below((uint32_t)scene->row.count + 1);
	struct fp_cspan start = fp_cspan_slice(span, 0, cut * type->bytes);

	assert_int_equal(sign_of(type->compare(span, scene->other_span)),
		naive_compare(scene->row, scene->other));
	assert_int_equal(sign_of(type->compare(scene->other_span, span)),
		-naive_compare(scene->row, scene->other));
	assert_int_equal(type->compare(span, span), 0);
	assert_int_equal(sign_of(type->compare(start, span)), cut * type->bytes < whole ? -1 : 0);
	assert_int_equal(type->common_prefix(span, scene->other_span),
		naive_common_prefix(scene->row, scene->other));
	assert_int_equal(type->common_prefix(span, start), cut);
}

static void
order_and_common_beginnings_are_those_of_naive_ones(void **state)
{
	(void)state;
	for_all_scenes(check_order);
}

static const struct element_type *sorted_type;

static int
compare_values(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a;
	int64_t right = *(const int64_t *)b;

	return naive_is_less(sorted_type, right, left) - naive_is_less(sorted_type, left, right);
}

/* In ascending elements: the position of one that is equal, or of the first that is greater. */
static void
check_bisection(struct scene *scene)
{
	const struct element_type *type = scene->type;
	int64_t value = scene->alphabet[below(4)];
	size_t count = scene->row.count;
	size_t smaller = 0;
	int64_t found;

	sorted_type = type;
	qsort(scene->values, count, sizeof(scene->values[0]), compare_values);
	(void)element_put(type, scene->span.data, scene->values, count);
	while (smaller < count && naive_is_less(type, scene->values[smaller], value))
		smaller++;
	found = type->binary_search(fp_span_const(scene->span), value);
	if (smaller < count && scene->values[smaller] == value) {
		assert_in_range(found, smaller, count - 1);
		assert_int_equal(scene->values[found], value);
	} else {
		assert_int_equal(found, ~(int64_t)smaller);
	}
}

static void
bisection_finds_an_equal_element_or_the_place_for_it(void **state)
{
	(void)state;
	for_all_scenes(check_bisection);
}

/* What a writing function is to do with an array of values; after the last all are equal. */
enum change {
	REVERSE,
	REPLACE,
	SET,
	FILL,
	CHANGES
};

static void
change_naively(struct scene *scene, enum change change, int64_t old, int64_t value, size_t place_of)
{
	size_t count = scene->row.count;
	int64_t before[COUNT_MAX];

	memcpy(before, scene->values, count * sizeof(before[0]));
	for (size_t i = 0; i < count; i++) {
		if (change == FILL || (change == REPLACE && before[i] == old) ||
			(change == SET && i == place_of))
			scene->values[i] = value;
		if (change == REVERSE)
			scene->values[i] = before[count - 1 - i];
	}
}

/* Both areas of the first walls, all of which is compared. */
struct areas {
	uint8_t first[AREA];
	uint8_t last[AREA];
};

static void
take_areas(const struct scene *scene, struct areas *areas)
{
	memcpy(areas->first, scene->walls.start, AREA);
	memcpy(areas->last, scene->walls.end - AREA, AREA);
}

static void
check_changes(struct scene *scene)
{
	static struct areas before;
	static struct areas after;
	static struct areas expected;
	const struct element_type *type = scene->type;

	for (int change = 0; change < CHANGES; change++) {
		int64_t old = letter(scene);
		int64_t value = scene->alphabet[below(4)];
		uint32_t index;

		if (change == SET && scene->row.count == 0)
			continue;
		index = change == SET ? below((uint32_t)scene->row.count) : 0;
		take_areas(scene, &before);
		change_naively(scene, (enum change)change, old, value, index);
		(void)element_put(type, scene->span.data, scene->values, scene->row.count);
		take_areas(scene, &expected);
		memcpy(scene->walls.start, before.first, AREA);
		memcpy(scene->walls.end - AREA, before.last, AREA);
		if (change == FILL) {
			type->fill(scene->span, value);
		} else if (change == REVERSE) {
			type->reverse(scene->span);
		} else if (change == REPLACE) {
			type->replace(scene->span, old, value);
		} else {
			type->set(scene->span, index, value);
			assert_true(type->get(fp_span_const(scene->span), index) == value);
		}
		take_areas(scene, &after);
		assert_memory_equal(&after, &expected, sizeof(after));
	}
}

static void
changes_are_those_of_naive_ones_and_nothing_beside_changes(void **state)
{
	(void)state;
	for_all_scenes(check_changes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(searches_find_what_naive_ones_find),
		cmocka_unit_test(counts_are_those_of_naive_ones),
		cmocka_unit_test(trimming_leaves_what_naive_trimming_leaves),
		cmocka_unit_test(order_and_common_beginnings_are_those_of_naive_ones),
		cmocka_unit_test(bisection_finds_an_equal_element_or_the_place_for_it),
		cmocka_unit_test(changes_are_those_of_naive_ones_and_nothing_beside_changes),
	};

	return cmocka_run_group_tests_name("span_model", tests, NULL, NULL);
}
