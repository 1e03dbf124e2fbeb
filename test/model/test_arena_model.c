/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * All sequences of operations on a tiny arena, against a model that keeps who owns each byte.
 *
 * The model knows no epochs and computes no address: a take claims the bytes behind the last one
 * that is owned, up to the first aligned one and as many as were asked for, one by one; a scope is
 * a place in a list; the end of a scope frees the bytes of everything taken in it, and what is
 * taken says itself whether it is live. After each operation of each sequence library and model
 * have to agree on what is used, the high-water mark, the refusals, the depth, the address of what
 * was taken, which views and arrays are live and which marks may still be released; with
 * AddressSanitizer also on every byte that may be accessed. Views are asked for their watch and
 * marks by fp_arena_mark_is_open(), which is what the checks of the levels ask as well.
 *
 * The tree of sequences is walked depth first. To go back, the structure of the arena is restored,
 * which is all the state that it has. At level `full` the views carry the watches themselves.
 *
 * usage: test_arena_model [operations in a sequence]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rte_memory.h>

#include "fp_arena.h"
#include "fp_poison.h"
#include "fp_test_eal.h"

/* Lower than an arena can be made, and a multiple of all alignments used. */
#define CAP         64
#define LENGTH      8
#define SCOPES      (FP_ARENA_DEPTH_MAX + 1)
#define NO_OWNER    UINT8_MAX
#define EXIT_SKIP   77
#define TAKES       7
#define OP_MARK     TAKES
#define OP_RESET    (TAKES + 1)
#define OP_RELEASE  (TAKES + 2) /* Of the mark given first, and so on. */
#define OPS_AT_MOST (OP_RELEASE + LENGTH)

/* How to take. */
enum means {
	BY_SPAN,
	BY_TAKE,
	BY_ARRAY,
};

/* What is taken: elements, bytes of each, alignment. */
static const struct {
	enum means means;
	uint32_t count;
	uint32_t elem_bytes;
	uint32_t align;
} takes[TAKES] = {
	{ BY_SPAN, 1, 1, 1 }, { BY_TAKE, 5, 1, 4 }, { BY_SPAN, 0, 1, 16 }, { BY_TAKE, 3, 8, 8 },
	{ BY_ARRAY, 2, 5, 2 }, { BY_SPAN, 40, 1, 32 }, { BY_TAKE, 13, 5, 1 }, /* Never fits. */
};

/* What the model knows of something that was taken. */
struct taken {
	uint8_t scope; /* Place of its scope in the list of open ones. */
	bool is_live;
	bool is_watched;
	struct fp_watch watch; /* The library's. */
};

/* What the model knows of a scope. */
struct marked {
	uint8_t scope;
	bool is_open;
	struct fp_mark mark; /* The library's. */
};

/* The model's state, and the library's beside it. */
struct world {
	uint8_t owners[CAP]; /* Index into takens, or NO_OWNER. */
	bool is_data[CAP];   /* Handed out, not padding. */
	struct taken takens[LENGTH];
	struct marked markeds[LENGTH];
	uint8_t taken_count;
	uint8_t marked_count;
	uint8_t open_scopes; /* With the arena's own. */
	uint8_t high_water;
	uint8_t refusals;
	struct fp_arena arena;
};

static struct fp_arena *arena;
static uint64_t cases;

/* Bytes up to the last one that is owned. */
static uint32_t
count_used(const struct world *world)
{
	uint32_t used = CAP;

	while (used > 0 && world->owners[used - 1] == NO_OWNER)
		used--;
	return used;
}

/* Claim bytes one by one, the padding before them too; false, and nothing, when they do not fit. */
static bool
claim(struct world *world, uint32_t len, uint32_t align, uint32_t *start)
{
	uint32_t at = count_used(world);
	uint32_t first = at;

	while (at % align != 0)
		at++;
	*start = at;
	if (at + len > CAP) {
		world->refusals++;
		return false;
	}
	for (uint32_t i = first; i < at + len; i++) {
		world->owners[i] = world->taken_count;
		world->is_data[i] = i >= at;
	}
	if (at + len > world->high_water)
		world->high_water = (uint8_t)(at + len);
	return true;
}

/* Scopes of the list from that place on are over, and what was taken in them. */
static void
end_scopes(struct world *world, uint8_t scope)
{
	for (uint8_t i = 0; i < world->taken_count; i++) {
		if (world->takens[i].scope >= scope)
			world->takens[i].is_live = false;
	}
	for (uint8_t i = 0; i < world->marked_count; i++) {
		if (world->markeds[i].scope >= scope)
			world->markeds[i].is_open = false;
	}
	for (uint32_t i = 0; i < CAP; i++) {
		if (world->owners[i] != NO_OWNER && !world->takens[world->owners[i]].is_live) {
			world->owners[i] = NO_OWNER;
			world->is_data[i] = false;
		}
	}
}

/* Take from the library; false when it disagrees with the model on the result. */
static bool
take_from_library(uint32_t idx, bool fits, uint32_t start, struct taken *taken)
{
	uint32_t count = takes[idx].count;
	uint32_t elem_bytes = takes[idx].elem_bytes;
	uint32_t align = takes[idx].align;
	const uint8_t *wanted = fits ? arena->base + start : NULL;
	int error = fits ? 0 : -ENOMEM;
	struct fp_array array;
	struct fp_span span;

	taken->is_watched = takes[idx].means != BY_ARRAY;
	taken->watch = fpi_arena_watch(arena);
	if (takes[idx].means == BY_ARRAY)
		return fp_arena_array(arena, count, elem_bytes, align) == wanted;
	if (takes[idx].means == BY_TAKE) {
		bool is_same = fp_arena_take(arena, count, elem_bytes, align, &array) == error &&
			array.data == wanted && array.count == (fits ? count : 0) &&
			array.elem_bytes == elem_bytes;

#if FP_LIFETIME == FP_LIFETIME_FULL
		taken->watch = array.watch;
#endif
		return is_same;
	}
	if (fp_arena_span(arena, count, align, &span) != error || span.data != wanted ||
		span.len != (fits ? count : 0))
		return false;
#if FP_LIFETIME == FP_LIFETIME_FULL
	taken->watch = span.watch;
#endif
	return true;
}

static bool
take(struct world *world, uint32_t idx)
{
	struct taken *taken = &world->takens[world->taken_count];
	uint32_t start;
	bool fits =
		claim(world, takes[idx].count * takes[idx].elem_bytes, takes[idx].align, &start);
	bool is_same = take_from_library(idx, fits, start, taken);

	taken->scope = (uint8_t)(world->open_scopes - 1);
	taken->is_live = fits;
	world->taken_count += fits;
	return is_same;
}

/* Do an operation; false when the library disagrees at once. */
static bool
operate(struct world *world, uint32_t op)
{
	if (op < TAKES)
		return take(world, op);
	if (op == OP_MARK) {
		struct marked *marked = &world->markeds[world->marked_count++];

		marked->mark = fp_arena_mark(arena);
		marked->scope = world->open_scopes++;
		marked->is_open = true;
		return true;
	}
	if (op == OP_RESET) {
		end_scopes(world, 0);
		world->open_scopes = 1;
		fp_arena_reset(arena);
		return true;
	}
	world->open_scopes = world->markeds[op - OP_RELEASE].scope;
	end_scopes(world, world->open_scopes);
	fp_arena_release(arena, world->markeds[op - OP_RELEASE].mark);
	return true;
}

static bool
can_operate(const struct world *world, uint32_t op)
{
	if (op < OP_RELEASE)
		return op != OP_MARK || world->open_scopes < SCOPES;
	return op - OP_RELEASE < world->marked_count && world->markeds[op - OP_RELEASE].is_open;
}

#if FP_HAS_ASAN
/* Poison begins at multiples of 8 bytes or where something ends. */
static bool
is_poison_right(const struct world *world)
{
	for (uint32_t i = 0; i < CAP; i++) {
		bool is_open = world->is_data[i];

		for (uint32_t j = i; j / 8 == i / 8; j++)
			is_open |= world->is_data[j];
		if ((__asan_address_is_poisoned(arena->base + i) != 0) != !is_open)
			return false;
	}
	return true;
}
#endif

static bool
agree(const struct world *world)
{
	if (arena->used != count_used(world) || arena->high_water != world->high_water ||
		arena->refusals != world->refusals || arena->depth != world->open_scopes - 1U ||
		fp_arena_is_untouched(arena) != (count_used(world) == 0 && world->open_scopes == 1))
		return false;
	for (uint8_t i = 0; i < world->taken_count; i++) {
		const struct taken *taken = &world->takens[i];

		if (taken->is_watched &&
			(*taken->watch.word == taken->watch.stamp) != taken->is_live)
			return false;
	}
	for (uint8_t i = 0; i < world->marked_count; i++) {
		const struct marked *marked = &world->markeds[i];

		if (fp_arena_mark_is_open(arena, marked->mark) != marked->is_open)
			return false;
	}
#if FP_HAS_ASAN
	return is_poison_right(world);
#else
	return true;
#endif
}

/* Let the library be as it was. */
static void
restore(const struct world *world)
{
	*arena = world->arena;
#if FP_HAS_ASAN
	fp_poison(arena->base, CAP);
	for (uint32_t i = 0; i < CAP; i++) {
		if (world->is_data[i])
			fp_unpoison(arena->base + i, 1);
	}
#endif
}

static void
print_sequence(const uint32_t *ops, uint32_t count)
{
	printf("# they disagree after");
	for (uint32_t i = 0; i < count; i++) {
		if (ops[i] < TAKES) {
			printf(" take(%u * %u, %u)", takes[ops[i]].count, takes[ops[i]].elem_bytes,
				takes[ops[i]].align);
		} else if (ops[i] < OP_RELEASE) {
			printf(" %s", ops[i] == OP_MARK ? "mark" : "reset");
		} else {
			printf(" release(%u)", ops[i] - OP_RELEASE);
		}
	}
	printf("\n# used %ju high water %ju refusals %ju depth %u\n", (uintmax_t)arena->used,
		(uintmax_t)arena->high_water, (uintmax_t)arena->refusals, arena->depth);
}

/* Every sequence of up to that many operations; false at the first that goes wrong. */
static bool
walk(uint32_t length)
{
	static struct world worlds[LENGTH + 1];
	uint32_t ops[LENGTH + 1] = { 0 };
	uint32_t depth = 0;

	memset(worlds[0].owners, NO_OWNER, sizeof(worlds[0].owners));
	worlds[0].open_scopes = 1;
	worlds[0].arena = *arena;
	for (;;) {
		struct world *next = &worlds[depth + 1];

		while (ops[depth] < OPS_AT_MOST && !can_operate(&worlds[depth], ops[depth]))
			ops[depth]++;
		if (ops[depth] == OPS_AT_MOST) {
			if (depth == 0)
				return true;
			depth--;
			ops[depth]++;
			continue;
		}
		restore(&worlds[depth]);
		*next = worlds[depth];
		cases++;
		if (!operate(next, ops[depth]) || !agree(next)) {
			print_sequence(ops, depth + 1);
			return false;
		}
		if (depth + 1 == length) {
			ops[depth]++;
			continue;
		}
		next->arena = *arena;
		depth++;
		ops[depth] = 0;
	}
}

int
main(int argc, char **argv)
{
	struct fp_arena_params params = { "modelled", CAP, SOCKET_ID_ANY, 0 };
	long length = argc > 1 ? strtol(argv[1], NULL, 10) : LENGTH;
	struct fp_arena made;
	bool agrees;

	if (length < 1 || length > LENGTH) {
		fprintf(stderr, "test_arena_model: operations: expected 1 to %d\n", LENGTH);
		return EXIT_FAILURE;
	}
	if (fp_test_eal_init() != 0) {
		printf("1..0 # SKIP EAL did not start\n");
		return EXIT_SKIP;
	}
	if (fp_arena_create(&params, &arena) != 0)
		return EXIT_FAILURE;
	made = *arena;
	arena->cap = CAP;
	printf("1..1\n");
	agrees = walk((uint32_t)length);
	printf("# %ju sequences of up to %ld operations\n", (uintmax_t)cases, length);
	printf("%sok 1 - library and model agree on every state\n", agrees ? "" : "not ");
	*arena = made;
	fp_arena_destroy(arena);
	fp_test_eal_fini();
	return agrees ? EXIT_SUCCESS : EXIT_FAILURE;
}
