/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Books that random snapshots and increments make, by level and by order, against arrays that are
 * kept from the same numbers without any FIX between: every level of every book is the same.
 */

#include "fp_book.h"
#include "fp_fix_fixture.h"

#define BOOKS    3
#define PRICES   12
#define ORDERS   40
#define MESSAGES 400

/* What a book has to have: quantity by price, buy and sell. */
struct naive {
	int64_t levels[2][PRICES];
	uint32_t prices[ORDERS + 1]; /* of an order, from 1; 0 = it is not live */
	int64_t quantities[ORDERS + 1];
	uint32_t sides[ORDERS + 1];
};

static struct naive naive[BOOKS];
static struct fp_books *books;
static struct fp_arena *books_arena;
static uint64_t random_state;
static char body[BODY_MAX];
static uint32_t body_len;

static uint32_t
pick(uint32_t count)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (uint32_t)((random_state >> 20) % count);
}

static void
begin_books(uint64_t seed)
{
	const struct fp_books_params params = { BOOKS, BOOKS * ORDERS, 1024 };
	struct fp_arena_params room = { "books", fp_books_bytes(&params), -1, 0 };

	random_state = seed;
	memset(naive, 0, sizeof(naive));
	assert_int_equal(fp_arena_create(&room, &books_arena), 0);
	assert_int_equal(fp_books_create(&params, books_arena, &books), 0);
	(void)setup(NULL);
}

static void
end_books(void)
{
	fp_arena_destroy(books_arena);
	(void)teardown(NULL);
}

static void
put(const char *before, uint32_t number, const char *behind)
{
	body_len += (uint32_t)snprintf(
		body + body_len, sizeof(body) - body_len, "%s%u%s", before, number, behind);
}

/* Begin a message of a type. */
static void
put_head(const char *type, uint32_t number)
{
	body_len = 0;
	put(type, number, "|49=S|56=T|");
}

static void
put_symbol(uint32_t book)
{
	static const char *const symbols[BOOKS] = { "55=A|", "55=B|", "55=C|" };

	body_len +=
		(uint32_t)snprintf(body + body_len, sizeof(body) - body_len, "%s", symbols[book]);
}

/* Say the message, apply what comes of it, and compare every level. */
static void
say_and_compare(void)
{
	static const enum fp_side sides[2] = { FP_SIDE_BUY, FP_SIDE_SELL };

	say(body);
	for (uint32_t i = 0; i < batch.count; i++)
		assert_int_equal(fp_books_apply(books, &batch.messages[i]) & FP_BOOK_F_STALE, 0);
	batch.count = 0;
	for (uint32_t book = 0; book < BOOKS; book++) {
		char name[2] = { (char)('A' + book), '\0' };
		struct fp_symbol16 symbol = { { name[0] } };
		uint32_t id = fp_books_find(books, symbol);
		struct fp_quote quote;
		struct fp_level level;

		for (uint32_t side = 0; id != 0 && side < 2; side++) {
			uint32_t depth = 0;

			for (uint32_t i = 0; i < PRICES; i++) {
				uint32_t price = side == 0 ? PRICES - 1 - i : i;

				if (naive[book].levels[side][price] == 0)
					continue;
				assert_int_equal(
					fp_books_level(books, id, sides[side], depth, &level), 0);
				assert_int_equal(level.price.ticks, price * INT64_C(100000000));
				assert_int_equal(
					level.quantity.units, naive[book].levels[side][price]);
				if (depth++ != 0)
					continue;
				assert_true(fp_books_quote(books, id, &quote));
				assert_int_equal(side == 0 ? quote.bid_quantity.units
							   : quote.ask_quantity.units,
					level.quantity.units);
			}
			assert_int_not_equal(
				fp_books_level(books, id, sides[side], depth, &level), 0);
		}
	}
}

/* An entry that is a level, and the naive book after it. */
static void
put_level(struct naive *to, bool is_increment)
{
	uint32_t side = pick(2), price = pick(PRICES), quantity = 1 + pick(1000);

	if (is_increment && pick(3) == 0) {
		put("279=2|269=", side, "|");
		put("270=", price, "|");
		to->levels[side][price] = 0;
		return;
	}
	if (is_increment)
		put("279=", pick(2), "|");
	put("269=", side, "|");
	put("270=", price, ".000|");
	put("271=", quantity, "|");
	to->levels[side][price] = quantity;
}

static void
books_by_level_have_what_was_said(void **unused)
{
	(void)unused;
	begin_books(7);
	for (uint32_t number = 1; number <= MESSAGES; number++) {
		uint32_t book = pick(BOOKS), count = 1 + pick(6), before = BOOKS;

		if (pick(8) == 0) {
			memset(&naive[book], 0, sizeof(naive[book]));
			put_head("35=W|34=", number);
			put_symbol(book);
			put("268=", count, "|");
			while (count-- != 0)
				put_level(&naive[book], false);
		} else {
			put_head("35=X|34=", number);
			put("268=", count, "|");
			while (count-- != 0) {
				book = before == BOOKS || pick(2) == 0 ? pick(BOOKS) : before;
				put_level(&naive[book], true);
				if (book != before)
					put_symbol(book);
				before = book;
			}
		}
		say_and_compare();
	}
	end_books();
}

/* An entry that is a change of an order, whose ids are told apart by the book's digit. */
static void
put_order(uint32_t book)
{
	struct naive *to = &naive[book];
	uint32_t id = 1 + pick(ORDERS), side = pick(2), price = 1 + pick(PRICES - 1);
	uint32_t quantity = 1 + pick(1000);
	bool is_live = to->prices[id] != 0, is_delete = is_live && pick(2) == 0;

	if (is_live) {
		side = to->sides[id];
		to->levels[side][to->prices[id]] -= to->quantities[id];
		to->prices[id] = 0;
	}
	put("279=", is_delete ? 2 : is_live ? 1 : 0, "|");
	put("278=", 1000 * (book + 1) + id, "|");
	put_symbol(book);
	if (is_delete)
		return;
	put("269=", side, "|");
	put("270=", price, "|");
	put("271=", quantity, "|");
	to->prices[id] = price;
	to->quantities[id] = quantity;
	to->sides[id] = side;
	to->levels[side][price] += quantity;
}

static void
books_by_order_have_what_was_said(void **unused)
{
	(void)unused;
	begin_books(8);
	for (uint32_t number = 1; number <= MESSAGES; number++) {
		uint32_t count = 1 + pick(6);

		put_head("35=X|34=", number);
		put("268=", count, "|");
		while (count-- != 0)
			put_order(pick(BOOKS));
		say_and_compare();
	}
	end_books();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(books_by_level_have_what_was_said),
		cmocka_unit_test(books_by_order_have_what_was_said),
	};

	return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
