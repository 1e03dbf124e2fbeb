/* SPDX-License-Identifier: BSD-3-Clause */

/* QuickFIX reads what fp_fix_writer wrote. */

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <quickfix/FieldConvertors.h>
#include <quickfix/Parser.h>

#include "fp_fix_writer.h"
#include "quickfix_fields.h"
#include "quickfix_peer.h"

namespace
{

/* A message of ours, and what it is meant to say. */
class Ours
{
      public:
	Ours(enum fp_fix_version version, const char *type)
	    : writer(fp_writer_open(fp_span_over(bytes, sizeof(bytes))))
	{
		fp_fix_writer_begin(&message, &writer, version, type);
		plain.push_back(Field(35, type));
	}

	void
	number(uint32_t tag, int64_t value)
	{
		fp_fix_write_i64(&message, tag, value);
		add(tag, std::to_string(value));
	}

	void
	price(uint32_t tag, int64_t ticks, uint8_t decimals)
	{
		struct fp_price value = { ticks };
		std::string text = std::to_string(ticks < 0 ? 0 - static_cast<uint64_t>(ticks)
							    : static_cast<uint64_t>(ticks));

		fp_fix_write_price(&message, tag, value, decimals);
		while (text.size() <= decimals)
			text = "0" + text;
		if (decimals != 0)
			text.insert(text.size() - decimals, ".");
		add(tag, (ticks < 0 ? "-" : "") + text);
	}

	void
	character(uint32_t tag, char value)
	{
		fp_fix_write_char(&message, tag, value);
		add(tag, std::string(1, value));
	}

	void
	text(uint32_t tag, const std::string &value)
	{
		if (fp_fix_write_bytes(&message, tag, view(value)) != 0)
			fail("refused", value);
		add(tag, value);
	}

	void
	time(uint32_t tag, uint64_t ns, uint8_t digits)
	{
		time_t seconds = static_cast<time_t>(ns / 1000000000);
		char day[32], fraction[16];
		struct tm tm;

		fp_fix_write_timestamp(&message, tag, ns, digits);
		strftime(day, sizeof(day), "%Y%m%d-%H:%M:%S", gmtime_r(&seconds, &tm));
		snprintf(fraction, sizeof(fraction), ".%09u",
			static_cast<unsigned>(ns % 1000000000));
		add(tag, std::string(day) + std::string(fraction, digits == 0 ? 0 : digits + 1));
	}

	void
	data(uint32_t length_tag, uint32_t tag, const std::string &value)
	{
		if (fp_fix_write_data(&message, tag, view(value)) != 0)
			fail("refused", value);
		add(length_tag, std::to_string(value.size()));
		add(tag, value);
	}

	void
	header()
	{
		uint64_t ns = random_u64() % UINT64_C(4102444800000000000); /* before 2100 */

		text(49, random_text());
		text(56, random_text());
		number(34, static_cast<int64_t>(random_below(1000000000)));
		time(52, ns, static_cast<uint8_t>(random_u64() % 4 * 3));
	}

	/* Fields from here on are those of entry n of group 268. */
	void
	entry()
	{
		entries.push_back(Fields());
	}

	/* End it; the message's text. */
	std::string
	end()
	{
		uint32_t len = fp_fix_writer_end(&message);

		return std::string(reinterpret_cast<const char *>(bytes), len);
	}

	/* What was written, in order; the entries were last. */
	Fields
	all() const
	{
		Fields fields = plain;

		for (size_t i = 0; i < entries.size(); i++)
			fields.insert(fields.end(), entries[i].begin(), entries[i].end());
		return fields;
	}

	Fields plain;
	std::vector<Fields> entries;

      private:
	void
	add(uint32_t tag, const std::string &value)
	{
		(entries.empty() ? plain : entries.back())
			.push_back(Field(static_cast<int>(tag), value));
	}

	uint8_t bytes[8192];
	struct fp_writer writer;
	struct fp_fix_writer message;
};

/* A price of QuickFIX's own parser, as far as a double holds it. */
bool
is_price(const std::string &text)
{
	double value = FIX::DoubleConvertor::convert(text);
	double wanted = strtod(text.c_str(), NULL);

	return value == wanted;
}

/* QuickFIX finds what was written: outside of groups, and entry by entry. */
bool
they_read(const std::string &text, const Ours &ours)
{
	try {
		FIX::Message message(text, dictionary(), true);
		FIX::FieldMap &body = message;
		Fields plain, fields;

		if (body.groupCount(268) != ours.entries.size())
			return false;
		for (size_t i = 0; i < ours.entries.size(); i++) {
			fields.clear();
			flatten(body.getGroupRef(static_cast<int>(i + 1), 268), fields);
			if (!same_fields(fields, ours.entries[i]))
				return false;
		}
		body.removeGroup(268);
		plain = their_fields(message);
		fields = ours.plain;
		/* removeGroup() removes the count, too */
		fields.erase(std::remove_if(fields.begin(), fields.end(),
				     [](const Field &field) { return field.first == 268; }),
			fields.end());
		plain.erase(std::remove_if(plain.begin(), plain.end(),
				    [](const Field &field) { return field.first == 268; }),
			plain.end());
		return same_fields(plain, fields);
	} catch (const std::exception &error) {
		fail(error.what(), text);
		return false;
	}
}

/* A message of each kind in turn. */
void
write_random(Ours &ours, const std::string &type)
{
	uint8_t decimals = static_cast<uint8_t>(random_u64() % 10);

	ours.header();
	if (type == "W" || type == "X") {
		uint64_t count = random_u64() % 20;

		ours.text(262, random_text());
		ours.text(1500, random_text());
		ours.number(268, static_cast<int64_t>(count));
		for (uint64_t i = 0; i < count; i++) {
			ours.entry();
			if (type == "X")
				ours.character(279, static_cast<char>('0' + random_u64() % 3));
			ours.character(269, static_cast<char>('0' + random_u64() % 3));
			if (random_u64() % 2 == 0)
				ours.text(278, random_text());
			ours.price(270, random_ticks(), decimals);
			ours.number(271, static_cast<int64_t>(random_below(INT64_MAX)));
		}
		return;
	}
	ours.text(11, random_text());
	ours.text(55, random_text());
	ours.character(54, random_u64() % 2 == 0 ? '1' : '2');
	ours.number(38, static_cast<int64_t>(random_below(INT64_MAX)));
	ours.price(44, random_ticks(), decimals);
	ours.time(60, random_u64(), static_cast<uint8_t>(random_u64() % 4 * 3));
	if (type == "8") {
		ours.text(37, random_text());
		ours.price(6, random_ticks(), 9);
		ours.character(150, 'F');
	}
	if (type == "n") {
		std::string data;

		for (uint64_t i = random_u64() % 300 + 1; i > 0; i--)
			data += static_cast<char>(random_u64() % 4);
		ours.data(95, 96, data);
		ours.data(93, 89, data);
	}
	ours.number(9999999, random_ticks());
}

const char *const types[] = { "W", "X", "D", "G", "F", "8", "n", "0", "A", "2", "3", "4", "5",
	"1" };
const size_t type_count = sizeof(types) / sizeof(types[0]);

enum fp_fix_version
random_version()
{
	return static_cast<enum fp_fix_version>(random_u64() % (FP_FIX_T_1_1 + 1));
}

} /* namespace */

void
they_read_the_fields_that_we_wrote()
{
	for (unsigned i = 0; i < MESSAGES; i++) {
		Ours ours(random_version(), types[i % type_count]);
		Fields fields;

		write_random(ours, types[i % type_count]);
		std::string text = ours.end();
		if (!they_read(text, ours))
			fail("read otherwise", text);
		if (!our_fields(text, fields) || fields != ours.all())
			fail("read otherwise by ourselves", text);
	}
}

void
they_read_whole_messages_in_data_fields()
{
	Ours inner(FP_FIX_4_2, "8");
	Ours ours(FP_FIX_T_1_1, "n");

	write_random(inner, "8");
	ours.header();
	ours.data(212, 213, inner.end());
	ours.number(38, 7);
	std::string text = ours.end();
	if (!they_read(text, ours))
		fail("read otherwise", text);
}

void
they_take_our_numbers_and_times_for_what_they_are()
{
	for (unsigned i = 0; i < MESSAGES; i++) {
		Ours ours(FP_FIX_4_4, "D");
		uint8_t decimals = static_cast<uint8_t>(random_u64() % 10);
		uint8_t digits = static_cast<uint8_t>(random_u64() % 4 * 3);

		ours.price(44, random_ticks() % 1000000000000000, decimals);
		ours.number(38, static_cast<int64_t>(random_below(INT32_MAX)));
		ours.time(60, random_u64() % UINT64_C(4102444800000000000), digits);
		std::string text = ours.end();
		try {
			FIX::Message message(text, dictionary(), true);
			FIX::UtcTimeStamp time =
				FIX::UtcTimeStampConvertor::convert(message.getField(60));

			if (!is_price(message.getField(44)) ||
				std::to_string(FIX::IntConvertor::convert(message.getField(38))) !=
					message.getField(38) ||
				FIX::UtcTimeStampConvertor::convert(time, digits) !=
					message.getField(60))
				fail("another value", text);
		} catch (const std::exception &error) {
			fail(error.what(), text);
		}
	}
}

void
they_frame_our_stream()
{
	FIX::Parser parser;
	std::vector<std::string> sent;
	std::string text;

	for (unsigned i = 0; i < 500; i++) {
		Ours ours(random_version(), types[i % type_count]);

		write_random(ours, types[i % type_count]);
		sent.push_back(ours.end());
		parser.addToStream(sent.back());
	}
	for (size_t i = 0; i < sent.size(); i++) {
		try {
			if (!parser.readFixMessage(text) || text != sent[i])
				fail("framed otherwise", sent[i]);
		} catch (const std::exception &error) {
			fail(error.what(), sent[i]);
		}
	}
}

/* The control: what is not the same is found. */
void
a_changed_value_is_found()
{
	Ours ours(FP_FIX_4_4, "W");
	Fields fields;

	ours.header();
	ours.number(268, 1);
	ours.entry();
	ours.character(269, '0');
	ours.price(270, 512550, 2);
	std::string text = ours.end();
	if (!they_read(text, ours) || !our_fields(text, fields) || fields != ours.all())
		fail("read otherwise", text);
	ours.entries[0][1].second = "5125.51";
	if (they_read(text, ours) || fields == ours.all())
		fail("a changed price was not found", text);
	ours.entries[0][1].second = "5125.50";
	ours.plain[1].second += "x";
	if (they_read(text, ours) || fields == ours.all())
		fail("a changed sender was not found", text);
}
