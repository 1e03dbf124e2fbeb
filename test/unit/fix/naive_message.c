/* SPDX-License-Identifier: BSD-3-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fp_fix_frame.h"
#include "fp_test_panic.h"
#include "naive_message.h"

struct naive_message naive;

static struct fp_test_guard guard;

void
naive_bytes(uint32_t tag, const void *value, size_t len)
{
	int written = snprintf(naive.body + naive.len, NAIVE_MESSAGE_MAX - naive.len, "%u=", tag);

	naive.len += (size_t)written;
	memcpy(naive.body + naive.len, value, len);
	naive.len += len;
	naive.body[naive.len++] = FP_FIX_SOH;
}

void
naive_text(uint32_t tag, const char *value)
{
	naive_bytes(tag, value, strlen(value));
}

void
naive_begin(const char *type)
{
	naive.len = 0;
	naive_text(35, type);
}

static void
naive_end(const char *version)
{
	unsigned sum = 0;

	naive.whole_len = (size_t)snprintf(naive.whole, sizeof(naive.whole), "8=%s%c9=%05u%c",
		version, FP_FIX_SOH, (unsigned)naive.len, FP_FIX_SOH);
	memcpy(naive.whole + naive.whole_len, naive.body, naive.len);
	naive.whole_len += naive.len;
	for (size_t i = 0; i < naive.whole_len; i++)
		sum += (uint8_t)naive.whole[i];
	naive.whole_len += (size_t)snprintf(
		naive.whole + naive.whole_len, 16, "10=%03u%c", sum % 256, FP_FIX_SOH);
}

struct fp_writer
writer_of(uint32_t cap)
{
	memset(guard.end - cap, 0xee, cap);
	return fp_writer_open(fp_span_over(guard.end - cap, cap));
}

void
assert_written(struct fp_fix_writer *message, const char *version)
{
	struct fp_writer *writer = message->writer;
	uint32_t start = fp_writer_written(writer), end;
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;

	naive_end(version);
	assert_int_equal(fp_fix_writer_end(message), naive.whole_len);
	end = fp_writer_written(writer);
	assert_int_equal(end - start, naive.whole_len);
	assert_memory_equal(writer->data + start, naive.whole, naive.whole_len);
	for (uint32_t i = end; i < writer->cap; i++)
		assert_int_equal(writer->data[i], 0xee);
	assert_int_equal(
		fp_fix_frame(fp_cspan_over(writer->data + start, end - start), &frame, &fault), 0);
	assert_int_equal(frame.message.len, naive.whole_len);
}

const char *
naive_price(char text[40], int64_t ticks, uint32_t decimals)
{
	uint64_t rest = ticks < 0 ? 0 - (uint64_t)ticks : (uint64_t)ticks;
	char *at = text + 39;
	uint32_t digits = 0;

	*at = '\0';
	do {
		if (digits == decimals && decimals != 0)
			*--at = '.';
		*--at = (char)('0' + rest % 10);
		rest /= 10;
		digits++;
	} while (rest != 0 || digits <= decimals);
	if (ticks < 0)
		*--at = '-';
	return at;
}

int
naive_map(void **state)
{
	(void)state;
	return fp_test_guard_create(&guard, NAIVE_MESSAGE_MAX);
}

int
naive_unmap(void **state)
{
	(void)state;
	fp_test_guard_destroy(&guard);
	return 0;
}
