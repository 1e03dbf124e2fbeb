/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * QuickFIX as an independent opinion on FIX: it parses what fp_fix_writer wrote, fp_fix_frame() and
 * fp_fix_fields_next() take apart what it wrote, and both judge the same garbled messages.
 *
 * In C++14 at most: QuickFIX's headers have exception specifications. TAP on standard output.
 */

#include <cstdio>

#include "quickfix_fields.h"
#include "quickfix_peer.h"

namespace
{

const struct {
	const char *name;
	void (*run)();
} tests[] = {
	{ "they_read_the_fields_that_we_wrote", they_read_the_fields_that_we_wrote },
	{ "they_read_whole_messages_in_data_fields", they_read_whole_messages_in_data_fields },
	{ "they_take_our_numbers_and_times_for_what_they_are",
		they_take_our_numbers_and_times_for_what_they_are },
	{ "they_frame_our_stream", they_frame_our_stream },
	{ "we_read_the_fields_that_they_wrote", we_read_the_fields_that_they_wrote },
	{ "we_read_data_fields_that_they_wrote", we_read_data_fields_that_they_wrote },
	{ "both_refuse_what_is_garbled", both_refuse_what_is_garbled },
	{ "we_refuse_what_they_are_not_asked", we_refuse_what_they_are_not_asked },
	{ "opinions_differ_where_it_is_documented", opinions_differ_where_it_is_documented },
	{ "both_read_the_same_in_captured_messages", both_read_the_same_in_captured_messages },
	{ "both_refuse_captured_messages_without_length_and_sum",
		both_refuse_captured_messages_without_length_and_sum },
	{ "a_changed_value_is_found", a_changed_value_is_found },
};

} /* namespace */

int
main()
{
	const size_t count = sizeof(tests) / sizeof(tests[0]);
	bool is_good = true;

	printf("1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		failures = 0;
		tests[i].run();
		printf("%s %zu - %s\n", failures == 0 ? "ok" : "not ok", i + 1, tests[i].name);
		is_good = is_good && failures == 0;
	}
	return is_good ? 0 : 1;
}
