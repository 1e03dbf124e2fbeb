/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * The generated day is followed with a naive model: an array of orders indexed by reference,
 * filled from the bytes alone. Offsets, lengths and domains are written out here once more.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_itch_day.h"

#define NS_PER_HOUR UINT64_C(3600000000000)

static const struct {
	char type;
	uint8_t len;
	uint8_t stock_at;   /* offset of the 8-byte symbol, 0 = none */
	bool is_marketwide; /* locate 0 */
} types[] = {
	{ 'S', 12, 0, true },
	{ 'R', 39, 11, false },
	{ 'H', 25, 11, false },
	{ 'Y', 20, 11, false },
	{ 'L', 26, 15, false },
	{ 'V', 35, 0, true },
	{ 'W', 12, 0, true },
	{ 'K', 28, 11, true },
	{ 'J', 35, 11, false },
	{ 'h', 21, 11, false },
	{ 'A', 36, 24, false },
	{ 'F', 40, 24, false },
	{ 'E', 31, 0, false },
	{ 'C', 36, 0, false },
	{ 'X', 23, 0, false },
	{ 'D', 19, 0, false },
	{ 'U', 35, 0, false },
	{ 'P', 44, 24, false },
	{ 'Q', 40, 19, false },
	{ 'B', 19, 0, false },
	{ 'I', 50, 28, false },
	{ 'N', 20, 11, false },
	{ 'O', 48, 11, false },
};

/* One-letter fields and the letters that may stand there. */
static const struct {
	char type;
	uint8_t at;
	const char *letters;
} domains[] = {
	{ 'S', 11, "OSQMEC" },
	{ 'R', 19, "QGSNAPZV " },
	{ 'R', 20, "DEQSGHJKCN " },
	{ 'R', 25, "YN" },
	{ 'R', 29, "PT" },
	{ 'R', 30, "YN " },
	{ 'R', 31, "YN " },
	{ 'R', 32, "12 " },
	{ 'R', 33, "YN " },
	{ 'R', 38, "YN" },
	{ 'H', 19, "HPQT" },
	{ 'Y', 19, "012" },
	{ 'L', 23, "YN" },
	{ 'L', 24, "NPSRL" },
	{ 'L', 25, "AEWSD" },
	{ 'W', 11, "123" },
	{ 'K', 23, "AC" },
	{ 'h', 19, "QBX" },
	{ 'h', 20, "HT" },
	{ 'A', 19, "BS" },
	{ 'F', 19, "BS" },
	{ 'C', 31, "YN" },
	{ 'P', 19, "B" },
	{ 'Q', 39, "OCH" },
	{ 'I', 27, "BSNOP" },
	{ 'I', 48, "OCHA" },
	{ 'I', 49, "L123456789ABC " },
	{ 'N', 19, "BSAN" },
	{ 'O', 19, "NY" },
};

struct order {
	uint32_t shares; /* 0 = not live */
	uint32_t price;
	uint16_t locate;
	char side;
	bool was_seen;
};

struct model {
	struct order *orders; /* by reference */
	uint64_t order_cap;
	uint64_t live;
	uint64_t live_max;
	uint64_t messages;
	uint64_t last_ns;
	uint64_t last_ref;
	uint64_t highest_ref;
	uint64_t falls;          /* new references below the one before */
	uint64_t recent_deletes; /* while trading, of the last 2,000 references */
	uint64_t counts[256];    /* whole day */
	uint64_t trading[256];   /* between S'Q' and S'M' */
	bool is_trading;
	char events[8]; /* system events so far */
	unsigned int event_count;
	char names[FP_ITCH_DAY_SYMBOLS_MAX + 1][8];  /* by locate, from R */
	bool has_state[FP_ITCH_DAY_SYMBOLS_MAX + 1]; /* H seen */
	uint32_t symbols;
};

static uint64_t
get_be(const uint8_t *at, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static struct model *
model_create(uint64_t messages)
{
	struct model *model = calloc(1, sizeof(*model));

	assert_non_null(model);
	/* References are near-dense: from 1000, less than two per message. */
	model->order_cap = 1000 + 2 * messages;
	model->orders = calloc(model->order_cap, sizeof(*model->orders));
	assert_non_null(model->orders);
	return model;
}

static void
model_destroy(struct model *model)
{
	free(model->orders);
	free(model);
}

static struct order *
live_order(struct model *model, uint64_t ref, uint16_t locate)
{
	assert_true(ref < model->order_cap);
	assert_int_not_equal(model->orders[ref].shares, 0);
	assert_int_equal(model->orders[ref].locate, locate);
	return &model->orders[ref];
}

static void
follow_new(struct model *model, uint64_t ref, const struct order *order)
{
	assert_true(ref != 0 && ref < model->order_cap);
	assert_false(model->orders[ref].was_seen);
	assert_int_not_equal(order->shares, 0);
	assert_in_range(order->price, 1, 2000000000);
	model->orders[ref] = *order;
	model->orders[ref].was_seen = true;
	model->falls += ref < model->last_ref;
	model->last_ref = ref;
	if (ref > model->highest_ref)
		model->highest_ref = ref;
	if (++model->live > model->live_max)
		model->live_max = model->live;
}

static void
follow_reduction(struct model *model, struct order *order, uint32_t shares)
{
	assert_in_range(shares, 1, order->shares);
	order->shares -= shares;
	model->live -= order->shares == 0;
}

static void
follow_order(struct model *model, const uint8_t *message)
{
	const uint16_t locate = (uint16_t)get_be(message + 1, 2);
	const uint64_t ref = get_be(message + 11, 8);
	struct order order = { .locate = locate };

	switch (message[0]) {
	case 'A':
	case 'F':
		order.side = (char)message[19];
		order.shares = (uint32_t)get_be(message + 20, 4);
		order.price = (uint32_t)get_be(message + 32, 4);
		follow_new(model, ref, &order);
		break;
	case 'E':
	case 'C':
	case 'X':
		follow_reduction(
			model, live_order(model, ref, locate), (uint32_t)get_be(message + 19, 4));
		break;
	case 'D':
		model->recent_deletes += model->is_trading && model->highest_ref - ref < 2000;
		follow_reduction(model, live_order(model, ref, locate), model->orders[ref].shares);
		break;
	case 'U':
		order.side = live_order(model, ref, locate)->side;
		order.shares = (uint32_t)get_be(message + 27, 4);
		order.price = (uint32_t)get_be(message + 31, 4);
		follow_reduction(model, &model->orders[ref], model->orders[ref].shares);
		follow_new(model, get_be(message + 19, 8), &order);
		break;
	default:
		break;
	}
}

static void
follow_symbol(struct model *model, const uint8_t *message, unsigned int type_idx)
{
	const uint16_t locate = (uint16_t)get_be(message + 1, 2);

	if (types[type_idx].is_marketwide) {
		assert_int_equal(locate, 0);
		return;
	}
	if (message[0] == 'R') {
		assert_int_equal(locate, ++model->symbols);
		memcpy(model->names[locate], message + 11, 8);
		if (locate > 1)
			assert_true(memcmp(model->names[locate - 1], message + 11, 8) < 0);
	}
	assert_in_range(locate, 1, model->symbols);
	if (types[type_idx].stock_at != 0)
		assert_memory_equal(message + types[type_idx].stock_at, model->names[locate], 8);
	model->has_state[locate] |= message[0] == 'H';
	assert_true(message[0] == 'R' || model->has_state[locate]);
}

static void
follow_domains(const uint8_t *message)
{
	for (unsigned int i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		const char letter = (char)message[domains[i].at];

		if (message[0] == (uint8_t)domains[i].type)
			assert_true(letter != '\0' && strchr(domains[i].letters, letter) != NULL);
	}
}

static unsigned int
type_index(uint8_t type)
{
	unsigned int i = 0;

	while (i < sizeof(types) / sizeof(types[0]) && (uint8_t)types[i].type != type)
		i++;
	assert_in_range(i, 0, sizeof(types) / sizeof(types[0]) - 1);
	return i;
}

static void
follow(struct model *model, const uint8_t *message, uint16_t len)
{
	const unsigned int type_idx = type_index(message[0]);
	const uint64_t now_ns = get_be(message + 5, 6);

	assert_int_equal(len, types[type_idx].len);
	assert_in_range(now_ns, model->last_ns, 20 * NS_PER_HOUR);
	model->last_ns = now_ns;
	follow_symbol(model, message, type_idx);
	follow_domains(message);
	follow_order(model, message);
	model->messages++;
	model->counts[message[0]]++;
	if (message[0] == 'S') {
		assert_in_range(model->event_count, 0, sizeof(model->events) - 2);
		model->events[model->event_count++] = (char)message[11];
		model->is_trading = message[11] == 'Q';
	} else if (model->is_trading) {
		model->trading[message[0]]++;
	}
}

/* Follow a whole day; the model is the caller's. */
static struct model *
follow_day(uint64_t seed, uint64_t messages, uint32_t symbols, uint32_t max_live)
{
	const struct fp_itch_day_params params = { seed, messages, symbols, max_live };
	struct model *model = model_create(messages);
	uint8_t message[FP_ITCH_DAY_MESSAGE_MAX];
	struct fp_itch_day *day;
	uint16_t len;

	assert_int_equal(fp_itch_day_create(&params, &day), 0);
	while ((len = fp_itch_day_next(day, message)) != 0) {
		if (model->messages == 0)
			assert_int_equal(get_be(message + 5, 6), 4 * NS_PER_HOUR);
		follow(model, message, len);
		assert_in_range(model->live, 0, max_live);
	}
	assert_int_equal(fp_itch_day_next(day, message), 0);
	fp_itch_day_destroy(day);
	assert_int_equal(model->messages, messages);
	assert_int_equal(model->live, 0);
	assert_string_equal(model->events, "OSQMEC");
	assert_int_equal(model->last_ns, 20 * NS_PER_HOUR);
	return model;
}

/* FNV-1a over lengths and bytes. */
static uint64_t
digest(uint64_t seed, uint64_t messages)
{
	const struct fp_itch_day_params params = { seed, messages, 100, 1000 };
	uint8_t message[FP_ITCH_DAY_MESSAGE_MAX];
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	struct fp_itch_day *day;
	uint16_t len;

	assert_int_equal(fp_itch_day_create(&params, &day), 0);
	while ((len = fp_itch_day_next(day, message)) != 0) {
		hash = (hash ^ len) * UINT64_C(0x100000001b3);
		for (unsigned int i = 0; i < len; i++)
			hash = (hash ^ message[i]) * UINT64_C(0x100000001b3);
	}
	fp_itch_day_destroy(day);
	return hash;
}

static void
equal_seeds_give_equal_days(void **state)
{
	(void)state;
	assert_true(digest(7, 50000) == digest(7, 50000));
	/* Stands for "the same on every machine"; a wanted change of the generator changes it. */
	assert_true(digest(7, 50000) == UINT64_C(0x20183049005955f6));
}

static void
other_seeds_give_other_days(void **state)
{
	(void)state;
	assert_true(digest(7, 50000) != digest(8, 50000));
	assert_true(digest(0, 50000) != digest(1, 50000));
}

static void
parameters_outside_their_range_are_refused(void **state)
{
	static const struct fp_itch_day_params wrong[] = {
		{ 1, FP_ITCH_DAY_MESSAGES_MIN - 1, 1, 1 },
		{ 1, 1000, 0, 1 },
		{ 1, 1000, FP_ITCH_DAY_SYMBOLS_MAX + 1, 1 },
		{ 1, 1000, 1, 0 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct fp_itch_day *day = (struct fp_itch_day *)&day;

		assert_int_equal(fp_itch_day_create(&wrong[i], &day), -EINVAL);
		assert_null(day);
	}
	fp_itch_day_destroy(NULL);
}

static void
day_of_every_small_size_closes_exactly(void **state)
{
	(void)state;
	for (uint64_t messages = FP_ITCH_DAY_MESSAGES_MIN; messages < 200; messages++) {
		for (uint32_t max_live = 1; max_live < 40; max_live += 6)
			model_destroy(follow_day(messages, messages, 3, max_live));
	}
}

static void
live_orders_reach_their_bound_and_stay_within(void **state)
{
	struct model *model = follow_day(3, 100000, 50, 64);

	(void)state;
	assert_int_equal(model->live_max, 64);
	model_destroy(model);
}

static void
spin_is_at_most_a_tenth_of_the_day(void **state)
{
	struct model *model = follow_day(4, 30000, FP_ITCH_DAY_SYMBOLS_MAX, 10000);
	uint64_t outside = model->messages;

	(void)state;
	for (unsigned int i = 0; i < 256; i++)
		outside -= model->trading[i];
	assert_in_range(model->symbols, 100, 1500);
	assert_int_equal(model->counts['R'], model->symbols);
	assert_in_range(model->symbols * 2, 1, 3000);
	assert_in_range(
		outside - (model->counts['D'] - model->trading['D']), model->symbols * 2, 3000);
	model_destroy(model);
	model = follow_day(4, 200000, 1000, 10000);
	assert_int_equal(model->symbols, 1000);
	model_destroy(model);
}

/* Is part / whole within tenth / 1000 +- tolerance / 1000? */
static void
assert_permille(uint64_t part, uint64_t whole, unsigned int expected, unsigned int tolerance)
{
	assert_in_range(part * 1000 / whole, expected - tolerance, expected + tolerance);
}

static void
large_day_has_the_mix_and_all_types(void **state)
{
	struct model *model = follow_day(5, 1000000, 2000, 200000);
	const uint64_t *of = model->trading;
	uint64_t all = 0;

	(void)state;
	for (unsigned int i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		assert_int_not_equal(model->counts[(uint8_t)types[i].type], 0);
		all += of[(uint8_t)types[i].type];
	}
	assert_permille(of['A'] + of['F'], all, 440, 10);
	assert_permille(of['F'], of['A'] + of['F'], 30, 5);
	assert_permille(of['D'], all, 430, 10);
	assert_permille(of['U'], all, 80, 5);
	assert_permille(of['E'] + of['C'] + of['X'], all, 30, 5);
	assert_true(of['E'] > of['X'] && of['X'] > of['C']);
	assert_permille(model->recent_deletes, of['D'], 750, 150);
	/* References: near-dense, rising, with local swaps. */
	assert_in_range(model->highest_ref - 1000, 0, (of['A'] + of['F'] + of['U']) * 11 / 10);
	assert_permille(model->falls, of['A'] + of['F'] + of['U'], 55, 25);
	model_destroy(model);
}

/* The model's only symbol: no live bid at or above a live ask. */
static void
assert_uncrossed(const struct model *model)
{
	uint32_t bid = 0;
	uint32_t ask = UINT32_MAX;

	for (uint64_t ref = 1000; ref <= model->highest_ref; ref++) {
		const struct order *order = &model->orders[ref];

		if (order->shares != 0 && order->side == 'B' && order->price > bid)
			bid = order->price;
		if (order->shares != 0 && order->side == 'S' && order->price < ask)
			ask = order->price;
	}
	assert_true(bid < ask);
}

static void
book_is_never_crossed_and_its_price_walks(void **state)
{
	const struct fp_itch_day_params params = { 6, 6000, 1, 200 };
	struct model *model = model_create(params.messages);
	uint32_t lowest = UINT32_MAX;
	uint32_t highest = 0;
	uint8_t message[FP_ITCH_DAY_MESSAGE_MAX];
	struct fp_itch_day *day;
	uint16_t len;

	(void)state;
	assert_int_equal(fp_itch_day_create(&params, &day), 0);
	while ((len = fp_itch_day_next(day, message)) != 0) {
		follow(model, message, len);
		if (message[0] == 'A' || message[0] == 'U')
			assert_uncrossed(model);
		if (message[0] == 'P') {
			const uint32_t mid = (uint32_t)get_be(message + 32, 4);

			assert_int_equal(mid % 100, 0);
			lowest = mid < lowest ? mid : lowest;
			highest = mid > highest ? mid : highest;
		}
	}
	assert_true(highest >= lowest + 300);
	fp_itch_day_destroy(day);
	model_destroy(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_seeds_give_equal_days),
		cmocka_unit_test(other_seeds_give_other_days),
		cmocka_unit_test(parameters_outside_their_range_are_refused),
		cmocka_unit_test(day_of_every_small_size_closes_exactly),
		cmocka_unit_test(live_orders_reach_their_bound_and_stay_within),
		cmocka_unit_test(spin_is_at_most_a_tenth_of_the_day),
		cmocka_unit_test(large_day_has_the_mix_and_all_types),
		cmocka_unit_test(book_is_never_crossed_and_its_price_walks),
	};

	return cmocka_run_group_tests_name("fp_itch_day", tests, NULL, NULL);
}
