/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Symbols of FIX read as words: the same texts are taken for symbols, and for the same ones, as by
 * fp_symbol16_parse(). Each message has memory of its own size.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_fix_symbol_text.h"
#include "fp_symbol_text.h"

#define TAG     "55="
#define TRAILER "\00110=000\001"
#define LEN_MAX 20U
#define VALUES  11U

/* A message that ends with a field and the trailer. */
static uint8_t *bytes;
static struct fp_cspan message;
static struct fp_fix_field field;

static void
put(uint32_t len)
{
	uint32_t start = sizeof(TAG) - 1;
	uint32_t whole = start + len + (uint32_t)sizeof(TRAILER) - 1;

	bytes = malloc(whole);
	assert_non_null(bytes);
	memcpy(bytes, TAG, start);
	memset(bytes + start, 'A', len);
	memcpy(bytes + start + len, TRAILER, sizeof(TRAILER) - 1);
	message = fp_cspan_over(bytes, whole);
	field = (struct fp_fix_field){ .tag = 55, .value = fp_cspan_slice(message, start, len) };
}

/* Both ways to read the field agree. */
static void
compare(void)
{
	struct fp_symbol16 symbol;
	uint64_t key[2] = { 0 };
	bool is_symbol = fp_symbol16_parse(field.value, &symbol) == 0;

	assert_int_equal(fp_fix_read_symbol(message, &field, key), is_symbol);
	if (is_symbol) {
		assert_true(key[0] == fp_load_le64(symbol.text));
		assert_true(key[1] == fp_load_le64(symbol.text + 8));
	}
}

static void
every_byte_at_every_place_is_taken_or_refused(void **unused)
{
	(void)unused;
	for (uint32_t len = 1; len <= LEN_MAX; len++) {
		put(len);
		compare();
		for (uint32_t at = 0; at < len; at++) {
			uint8_t *byte = bytes + sizeof(TAG) - 1 + at;

			for (uint32_t value = 0; value <= UINT8_MAX; value++) {
				*byte = (uint8_t)value;
				compare();
			}
			*byte = (uint8_t)('B' + at);
		}
		free(bytes);
	}
}

static void
two_bytes_do_not_make_up_for_each_other(void **unused)
{
	static const uint8_t values[VALUES] = { 0, 1, 0x1f, ' ', '!', '~', 0x7f, 0x80, 0x9f, 0xa0,
		0xff };

	(void)unused;
	put(16);
	for (uint32_t first = 0; first < 15; first++) {
		for (uint32_t i = 0; i < VALUES * VALUES; i++) {
			bytes[sizeof(TAG) - 1 + first] = values[i / VALUES];
			bytes[sizeof(TAG) + first] = values[i % VALUES];
			compare();
		}
		bytes[sizeof(TAG) - 1 + first] = 'A';
		bytes[sizeof(TAG) + first] = 'A';
	}
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_at_every_place_is_taken_or_refused),
		cmocka_unit_test(two_bytes_do_not_make_up_for_each_other),
	};

	return cmocka_run_group_tests_name("fix_symbol_text", tests, NULL, NULL);
}
