/* SPDX-License-Identifier: BSD-3-Clause */

/* Both judge garbled messages, and those on which opinions differ. */

#include <cstdio>
#include <fstream>

#include "quickfix_fields.h"
#include "quickfix_opinions.h"
#include "quickfix_peer.h"

namespace
{

void
compare_opinions(const std::vector<Opinion> &rows)
{
	Fields fields;

	for (size_t i = 0; i < rows.size(); i++) {
		bool we_take = our_fields(rows[i].text, fields);
		bool they_take = their_fields_of(rows[i].text, fields);

		if (we_take != rows[i].we_take || they_take != rows[i].they_take)
			fail(std::string(rows[i].what) + ": we " + (we_take ? "take" : "refuse") +
					", they " + (they_take ? "take" : "refuse"),
				rows[i].text);
	}
}

} /* namespace */

void
both_refuse_what_is_garbled()
{
	compare_opinions(garbled());
}

void
we_refuse_what_they_are_not_asked()
{
	const std::vector<Opinion> rows = not_asked();
	Fields fields;

	for (size_t i = 0; i < rows.size(); i++) {
		if (our_fields(rows[i].text, fields))
			fail(rows[i].what, rows[i].text);
	}
}

void
opinions_differ_where_it_is_documented()
{
	compare_opinions(disputed());
}

/* Each of them has a length and a sum of 0. */
void
both_refuse_captured_messages_without_length_and_sum()
{
	std::ifstream stream(
		FP_SHARED_DIR "/data/fix42-bad-length-and-checksum.fix", std::ios::binary);
	unsigned messages = 0;
	std::string text;
	Fields fields;

	while (std::getline(stream, text)) {
		messages++;
		if (our_fields(text, fields) || their_fields_of(text, fields))
			fail("taken", text);
	}
	printf("# %u broken messages\n", messages);
}
