/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../span/walls.h"
#include "fpi_text_decimal.h"
#include "text_walls.h"

#define MARK  0xa5
#define MORE  200
#define TAIL  34
#define BYTES 8192

static struct walls walls;

int
text_walls_create(void)
{
	return walls_create(&walls, BYTES);
}

void
text_walls_destroy(void)
{
	walls_destroy(&walls);
}

int
text_paths(void)
{
	return fpi_text_has_masked() ? 2 : 1;
}

void
text_use_path(int path)
{
	assert_int_equal(fpi_text_set_masked(path == 1), 0);
}

static int
format(const struct text_format_call *call, struct fp_span to, uint32_t *written)
{
	if (call->type == NULL)
		return fp_text_format_bool(call->value != 0, call->format, to, written);
	return call->type->format(call->value, call->format, to, written);
}

/* True when all of the bytes have the mark. */
static bool
is_marked(const uint8_t *from, const uint8_t *to)
{
	while (from < to && *from == MARK)
		from++;
	return from == to;
}

/* Format to @cap bytes at @to, with marks around them as far as the memory goes. */
static const char *
check_room(const struct text_format_call *call, uint8_t *to, uint32_t cap, const char *expected,
	uint32_t len)
{
	uint8_t *first = to - walls.start > MORE ? to - MORE : walls.start;
	uint8_t *last = walls.end - to > 2L * MORE + (long)cap ? to + cap + MORE : walls.end;
	uint32_t written = 1;
	int error;

	memset(first, MARK, (size_t)(last - first));
	error = format(call, fp_span_over(to, cap), &written);
	if (!is_marked(first, to))
		return "changed what is in front";
	if (cap < len) {
		if (!is_marked(to + cap, last))
			return "changed what is behind a view that is too short";
		return error == -ERANGE && written == 0 ? NULL : "not refused when too short";
	}
	if (error != 0 || written != len)
		return "refused, or of another length";
	if (memcmp(to, expected, len) != 0)
		return "other text";
	return is_marked(to + len, last) ? NULL : "changed what is behind the text";
}

const char *
text_check_format(const struct text_format_call *call, const char *expected, uint32_t len)
{
	const char *wrong = NULL;

	for (uint32_t cap = 0; cap <= len && wrong == NULL; cap++) {
		wrong = check_room(call, walls.end - cap, cap, expected, len);
		if (wrong == NULL)
			wrong = check_room(call, walls.start, cap, expected, len);
		if (wrong == NULL)
			wrong = check_room(call, walls.start + 1024, cap, expected, len);
	}
	for (uint32_t more = 1; more <= MORE && wrong == NULL; more += more < 20 ? 1 : 36)
		wrong = check_room(call, walls.end - len - more, len + more, expected, len);
	return wrong;
}

static const char *
check_parse(const struct text_parse_call *call, struct fp_cspan text)
{
	uint64_t value = 1;
	uint32_t consumed = 1;
	bool word = true;
	int error;

	if (call->type == NULL) {
		error = fp_text_parse_bool(text, call->symbol, &word, &consumed);
		value = word;
	} else {
		error = call->type->parse(text, call->symbol, &value, &consumed);
	}
	if (call->error == 1 ? error == 0 : error != call->error)
		return "another error";
	if (value != call->value)
		return "another value";
	return consumed == call->consumed ? NULL : "another number of bytes";
}

const char *
text_check_parse(const struct text_parse_call *call, const void *text, uint32_t len)
{
	uint8_t *end = walls.end - len;
	const char *wrong;

	if (len != 0)
		memcpy(end, text, len);
	wrong = check_parse(call, fp_cspan_over(end, len));
	memset(walls.start, '7', 2UL * len + TAIL); /* were it read, it would go on */
	if (len != 0)
		memcpy(walls.start, text, len);
	if (wrong == NULL)
		wrong = check_parse(call, fp_cspan_over(walls.start, len));
	if (wrong == NULL && call->error == 0) {
		memset(walls.start + len, '$', TAIL);
		wrong = check_parse(call, fp_cspan_over(walls.start, len + TAIL));
	}
	return wrong;
}
