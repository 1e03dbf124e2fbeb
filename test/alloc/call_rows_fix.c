/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Rows of test_no_alloc_calls.c: frames, fields and streams of FIX.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <rte_common.h>

#include "call_rows.h"
#include "fp_fix_fields.h"
#include "fp_fix_stream.h"

/* The second is garbled: its sum is another one. */
static const char text[] = "8=FIX.4.4\0019=17\00135=0\00195=3\00196=a\001b\00110=038\001"
			   "8=FIX.4.4\0019=5\00135=0\00110=164\001\r\n"
			   "8=FIX.4.4\0019=5\00135=0\00110=163\001";

#define TEXT_BYTES ((uint32_t)sizeof(text) - 1)
#define LAST_BYTES FP_FIX_MESSAGE_MIN

static struct fp_arena *arena;
static struct fp_fix_stream *stream;

static struct fp_cspan
last(uint32_t len)
{
	return fp_cspan_over(text + TEXT_BYTES - LAST_BYTES, len);
}

static void
call_frame(void)
{
	struct fp_fix_fault fault;
	struct fp_fix_frame frame;
	uint8_t sum;

	call_result += fp_fix_frame(last(LAST_BYTES), &frame, &fault) == 0;
	call_result += fp_fix_frame_announced(last(LAST_BYTES), &frame, &sum, &fault) == 0;
	call_result +=
		fp_fix_frame(last((uint32_t)(call_turn % LAST_BYTES)), &frame, &fault) == -ENODATA;
	call_result +=
		fp_fix_frame(fp_cspan_over(text + 1, TEXT_BYTES - 1), &frame, &fault) == -EBADMSG;
}

/* Data, and one more field than the message has. */
static void
call_fields(void)
{
	struct fp_fix_fault fault;
	struct fp_fix_frame frame;
	struct fp_fix_index index;
	struct fp_fix_fields fields;
	struct fp_fix_field field;

	if (fp_fix_frame_index(fp_cspan_over(text, TEXT_BYTES), &frame, &index, &fault) != 0)
		fail_msg("the message is not framed");
	fields = fp_fix_fields_begin(&frame, &index);
	while (fp_fix_fields_next(&fields, &field))
		call_result += field.tag;
	call_result += fp_fix_fields_fault(&fields).reason;
	fields = fp_fix_fields_open(&frame, &index);
	call_result += fp_fix_fields_next(&fields, &field);
}

/* In two chunks, cut anywhere; then the end comes too early. */
static void
call_stream(void)
{
	uint32_t cut = (uint32_t)(call_turn % TEXT_BYTES);
	struct fp_fix_stream_fault fault;
	struct fp_fix_frame frame;
	uint32_t messages = 0;
	int error;

	fp_fix_stream_reset(stream);
	for (int i = 0; i < 3; i++) {
		if (i < 2) {
			fp_fix_stream_feed(stream,
				fp_cspan_over(text + (i == 0 ? 0 : cut),
					i == 0 ? cut : TEXT_BYTES - cut - 1));
		} else {
			fp_fix_stream_finish(stream);
		}
		while ((error = fp_fix_stream_next(stream, &frame, &fault)) != -ENODATA)
			messages += error == 0;
	}
	if (messages != 1)
		fail_msg("a stream of one message gave %u", messages);
	call_result += fp_fix_stream_offset(stream) + fp_fix_stream_counters(stream)->garbled;
}

int
call_fix_set_up(void)
{
	const struct fp_arena_params params = { "calls_fix", fp_fix_stream_bytes(), -1, 0 };
	int error = fp_arena_create(&params, &arena);

	return error != 0 ? error : fp_fix_stream_create(arena, &stream);
}

void
call_fix_tear_down(void)
{
	fp_arena_destroy(arena);
}

const struct call_row fix_rows[] = {
	{ "fp_fix_frame", call_frame },
	{ "fp_fix_frame_index, fp_fix_fields", call_fields },
	{ "fp_fix_stream", call_stream },
};
const uint32_t fix_row_count = RTE_DIM(fix_rows);
