/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Random messages, and all short sequences of a small alphabet, on books so small that everything
 * that can go wrong does: every message is applied to lib/book and to the naive book, and all
 * that can be asked of the two is compared after each.
 */

#include "book_pair.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What random messages are drawn from. */
struct world {
	uint32_t max_instruments;
	uint32_t max_orders;
	uint32_t max_levels;
	uint32_t ids;       /* order ids in use */
	uint32_t prices;    /* prices in use */
	uint32_t id_stride; /* distance of the ids */
	uint32_t control;   /* one in so many messages is about a whole book */
	uint32_t messages;
};

static const struct world worlds[] = {
	{ 1, 1, 1, 3, 3, 1, 20, 200000 },
	{ 2, 2, 1, 4, 3, 1, 30, 200000 },
	{ 2, 1, 4, 4, 3, 64, 30, 200000 },
	{ 2, 4, 2, 8, 4, 4, 30, 200000 },
	{ 3, 4, 4, 8, 4, 1, 50, 200000 },
	{ 3, 3, 3, 8, 8, 0x10001, 40, 200000 },
	{ 2, 0, 3, 4, 4, 1, 30, 100000 },
	{ 3, 12, 40, 16, 8, 16, 60, 400000 },
	{ 3, 16, 10, 20, 12, 1, 60, 400000 },
	{ 2, 60, 60, 90, 60, 7, 1000, 60000 },
	{ 1, 90, 70, 99, 80, 1, 3000, 40000 },
	{ 2, 2, 70, 3, 60, 1, 1000, 60000 },
};

static uint64_t random_state = 88172645463325252;

static uint32_t
draw(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 32) % below);
}

static uint64_t
draw_id(const struct world *world)
{
	return (uint64_t)draw(world->ids) * world->id_stride * (draw(50) == 0 ? 1ULL << 33 : 1);
}

static char
draw_side(void)
{
	static const char odd[] = { 'b', 0, 'A', (char)0xff };

	if (draw(200) == 0)
		return odd[draw(COUNT(odd))];
	return draw(2) == 0 ? 'B' : 'S';
}

/* The book's prices, and once in a while one of either end. */
static int64_t
draw_price(const struct world *world)
{
	static const int64_t ends[] = { INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX - 1, INT64_MAX };

	if (draw(100) == 0)
		return ends[draw(COUNT(ends))];
	return (int64_t)draw(world->prices) - world->prices / 4;
}

static int64_t
draw_quantity(void)
{
	static const int64_t odd[] = { INT64_MIN, -1, 0, 0xffffffffLL, 0x100000000LL, INT64_MAX };

	return draw(60) == 0 ? odd[draw(COUNT(odd))] : 1 + draw(4);
}

static uint32_t
draw_instrument(const struct world *world)
{
	static const uint32_t odd[] = { 0, 1 << 31, UINT32_MAX };

	if (draw(300) == 0)
		return draw(2) == 0 ? world->max_instruments + 1 : odd[draw(COUNT(odd))];
	return 1 + draw(world->max_instruments);
}

/* Of any type, known or not, with anything for a body. */
static struct fp_message
draw_anything(uint32_t instrument)
{
	struct fp_message message = message_plain((uint8_t)draw(256), instrument);
	uint8_t *bytes = (uint8_t *)&message;

	for (uint32_t i = FP_MESSAGE_HEADER_BYTES; i < FP_MESSAGE_MAX_BYTES; i++)
		bytes[i] = (uint8_t)draw(256);
	return message;
}

static struct fp_message
draw_control(const struct world *world, uint32_t instrument)
{
	static const char *const symbols[] = { "A", "BCD", "SIXTEEN.LETTERS.", "" };
	const uint32_t place = draw(4) == 0 ? 0 : instrument;
	struct fp_message message;

	switch (draw(6)) {
	case 0:
	case 1:
		message = message_plain(FP_MESSAGE_BOOK_CLEAR, place);
		message.book_clear.reason = (uint8_t)draw(3);
		return message;
	case 2:
		return message_plain(FP_MESSAGE_STALE, place);
	case 3:
		return message_plain(FP_MESSAGE_GAP, draw(world->max_instruments + 2));
	case 4:
		return draw_anything(place);
	default:
		return message_instrument(
			instrument, symbols[draw(COUNT(symbols))], (uint8_t)draw(12));
	}
}

static struct fp_message
draw_quote(const struct world *world, uint32_t instrument)
{
	struct naive_quote quote = { draw_price(world), draw_quantity(), draw_price(world),
		draw_quantity() };

	return message_quote(instrument, &quote, (uint8_t)(draw(30) == 0 ? draw(4) : 0));
}

/* By level when the instrument's number is even, mostly; so a world of one has orders only. */
static struct fp_message
draw_message(const struct world *world)
{
	const uint32_t instrument = draw_instrument(world);

	if (draw(world->control) == 0)
		return draw_control(world, instrument);
	if (draw(40) == 0)
		return draw_quote(world, instrument);
	if ((instrument % 2 == 0) != (draw(100) == 0)) {
		return message_level(instrument, draw_side(), draw_price(world),
			draw(3) == 0 ? 0 : draw_quantity(), (uint8_t)(draw(3) == 0));
	}
	switch (draw(9)) {
	case 0:
		return message_execute(instrument, draw_id(world), draw_quantity());
	case 1:
		return message_reduce(instrument, draw_id(world), draw_quantity());
	case 2:
	case 3:
		return message_delete(instrument, draw_id(world));
	case 4:
		return message_replace(instrument, draw_id(world), draw_id(world),
			draw_price(world), draw_quantity());
	default:
		return message_add(instrument, draw_id(world), draw_side(), draw_price(world),
			draw_quantity());
	}
}

static void
agrees_on_random_messages(void **state)
{
	(void)state;
	for (size_t w = 0; w < COUNT(worlds); w++) {
		const struct world *world = &worlds[w];
		struct pair pair =
			pair_open(world->max_instruments, world->max_orders, world->max_levels);

		for (uint32_t i = 0; i < world->messages; i++) {
			struct fp_message message = draw_message(world);

			(void)pair_check(&pair, &message);
		}
		pair_close(&pair);
	}
}

/* Letters of the exhaustive test: two instruments, two orders, two levels, ids 7, 8 and 9. */
static size_t
make_alphabet(struct fp_message *letters)
{
	static const struct naive_quote quote = { 10, 5, 12, 5 };
	size_t n = 0;

	letters[n++] = message_add(1, 7, 'B', 10, 5);
	letters[n++] = message_add(1, 8, 'B', 11, 5);
	letters[n++] = message_add(2, 9, 'S', 12, 5);
	letters[n++] = message_execute(1, 7, 2);
	letters[n++] = message_delete(1, 8);
	letters[n++] = message_delete(2, 7);
	letters[n++] = message_replace(1, 7, 8, 11, 3);
	letters[n++] = message_replace(1, 8, 8, 10, 5);
	letters[n++] = message_level(2, 'S', 12, 4, 0);
	letters[n++] = message_level(2, 'S', 11, 4, FP_LEVEL_F_PARTIAL);
	letters[n++] = message_level(2, 'S', 11, 0, 0);
	letters[n++] = message_quote(2, &quote, 0);
	letters[n++] = message_plain(FP_MESSAGE_BOOK_CLEAR, 1);
	letters[n++] = message_plain(FP_MESSAGE_BOOK_CLEAR, 0);
	letters[n++] = message_plain(FP_MESSAGE_GAP, 0);
	return n;
}

/* Every prefix of a sequence is a sequence of its own, so the last letter alone is compared. */
static void
agrees_on_all_short_sequences(void **state)
{
	struct fp_message letters[16];
	const size_t n = make_alphabet(letters);
	uint64_t sequences = 1;

	(void)state;
	for (uint32_t length = 1; length <= 5; length++) {
		sequences *= n;
		for (uint64_t number = 0; number < sequences; number++) {
			struct pair pair = pair_open(2, 2, 2);
			uint64_t rest = number;

			for (uint32_t i = 0; i < length; i++) {
				(void)pair_apply(&pair, &letters[rest % n]);
				rest /= n;
			}
			pair_compare(&pair);
			pair_close(&pair);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_on_random_messages),
		cmocka_unit_test(agrees_on_all_short_sequences),
	};

	return cmocka_run_group_tests_name(
		"book_model", tests, pair_group_setup, pair_group_teardown);
}
