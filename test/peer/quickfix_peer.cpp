/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * QuickFIX as an independent opinion on FIX: it parses what fp_fix_writer wrote, fp_fix_frame() and
 * fp_fix_fields_next() take apart what it wrote, and both judge the same garbled messages.
 *
 * The dictionary is made here, as Debian's package has none: groups by their tags, data fields.
 * In C++14 at most: QuickFIX's headers have exception specifications. TAP on standard output.
 */

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <quickfix/DataDictionary.h>
#include <quickfix/FieldConvertors.h>
#include <quickfix/Message.h>
#include <quickfix/Parser.h>
#include <quickfix/fix42/ExecutionReport.h>
#include <quickfix/fix42/MarketDataSnapshotFullRefresh.h>
#include <quickfix/fix42/NewOrderSingle.h>
#include <quickfix/fix44/ExecutionReport.h>
#include <quickfix/fix44/MarketDataIncrementalRefresh.h>
#include <quickfix/fix44/MarketDataSnapshotFullRefresh.h>
#include <quickfix/fix44/NewOrderSingle.h>
#include <quickfix/fix44/News.h>
#include <quickfix/fix44/OrderCancelReplaceRequest.h>
#include <quickfix/fix44/OrderCancelRequest.h>
#include <quickfix/fix50/ExecutionReport.h>
#include <quickfix/fix50/MarketDataIncrementalRefresh.h>
#include <quickfix/fix50/MarketDataSnapshotFullRefresh.h>
#include <quickfix/fix50/NewOrderSingle.h>
#include <quickfix/fixt11/Logon.h>

#include "fp_fix_fields.h"
#include "fp_fix_frame.h"
#include "fp_fix_writer.h"
#include "quickfix_opinions.h"

namespace
{

/* Tag and value. */
typedef std::pair<int, std::string> Field;
typedef std::vector<Field> Fields;

const unsigned MESSAGES = 5000; /* of each kind of test */
const char SOH = FP_FIX_SOH;

/* Failures of the present test, the first few with a line. */
unsigned failures;

void
fail(const std::string &what, const std::string &message)
{
	if (failures++ >= 3)
		return;
	std::string text = what + ": " + message;
	std::replace(text.begin(), text.end(), SOH, '|');
	printf("# %.140s\n", text.c_str());
}

/* Random numbers, the same in each run. */
uint64_t
random_u64()
{
	static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* Below limit, and short ones as often as long ones. */
uint64_t
random_below(uint64_t limit)
{
	return (random_u64() >> random_u64() % 64) % limit;
}

std::string
random_text()
{
	std::string text;

	for (uint64_t i = random_u64() % 20 + 1; i > 0; i--)
		text += static_cast<char>(random_u64() % 254 + 2); /* no NUL, no SOH */
	return text;
}

struct fp_cspan
view(const std::string &text)
{
	return fp_cspan_over(text.data(), static_cast<uint32_t>(text.size()));
}

/* ------------------------------------------------------------------------------------------ */
/* Both parsers */

/* Fields of a message by our cursor, tags 8, 9 and 10 not among them; false when it is refused. */
bool
our_fields(const std::string &text, Fields &fields)
{
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	struct fp_fix_fields cursor;
	struct fp_fix_field field;

	fields.clear();
	if (fp_fix_frame(view(text), &frame, &fault) != 0 || frame.message.len != text.size())
		return false;
	cursor = fp_fix_fields_open(&frame);
	while (fp_fix_fields_next(&cursor, &field)) {
		const char *value = reinterpret_cast<const char *>(field.value.data);

		fields.push_back(
			Field(static_cast<int>(field.tag), std::string(value, field.value.len)));
	}
	return fp_fix_fields_fault(&cursor).reason == FP_MALFORMED_COUNT;
}

/* Fields of a part of QuickFIX's message in the order of the wire: entries behind their count. */
void
flatten(const FIX::FieldMap &map, Fields &fields)
{
	for (FIX::FieldMap::const_iterator i = map.begin(); i != map.end(); ++i) {
		int tag = i->getTag();

		if (tag != 8 && tag != 9 && tag != 10)
			fields.push_back(Field(tag, i->getString()));
		for (size_t entry = 1; entry <= map.groupCount(tag); entry++)
			flatten(map.getGroupRef(static_cast<int>(entry), tag), fields);
	}
}

Fields
their_fields(const FIX::Message &message)
{
	Fields fields;

	flatten(message.getHeader(), fields);
	flatten(message, fields);
	flatten(message.getTrailer(), fields);
	return fields;
}

/* Groups and data fields of the messages below. */
const FIX::DataDictionary &
dictionary()
{
	static FIX::DataDictionary made;
	static const int entry_tags[] = { 279, 269, 278, 55, 270, 271, 272, 273, 346, 83 };
	FIX::DataDictionary entry;

	if (made.isDataField(96))
		return made;
	for (size_t i = 0; i < sizeof(entry_tags) / sizeof(entry_tags[0]); i++)
		entry.addField(entry_tags[i]);
	made.addGroup("W", 268, 269, entry);
	made.addGroup("X", 268, 279, entry);
#define ADD_DATA(length_tag, data_tag)                    \
	made.addFieldType(length_tag, FIX::TYPE::Length); \
	made.addFieldType(data_tag, FIX::TYPE::Data);
	FP_FIX_DATA_FIELDS(ADD_DATA)
	return made;
}

/* Fields of a text by QuickFIX, length and sum validated; false when it is refused. */
bool
their_fields_of(const std::string &text, Fields &fields)
{
	fields.clear();
	try {
		FIX::Message message(text, dictionary(), true);

		fields = their_fields(message);
		return true;
	} catch (const std::exception &) {
		return false;
	}
}

/* True when the same fields are in both; QuickFIX sorts those outside of groups by their tags. */
bool
same_fields(Fields a, Fields b)
{
	std::stable_sort(a.begin(), a.end());
	std::stable_sort(b.begin(), b.end());
	return a == b;
}

/* ------------------------------------------------------------------------------------------ */
/* Messages of ours, and what they are meant to say */

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

int64_t
random_ticks()
{
	int64_t ticks = static_cast<int64_t>(random_below(UINT64_C(1) << 63));

	return random_u64() % 4 == 0 ? -ticks : ticks;
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

/* ------------------------------------------------------------------------------------------ */
/* Tests */

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

/* We find in QuickFIX's text what its message holds, in the same order. */
void
compare_theirs(FIX::Message &message)
{
	std::string text = message.toString();
	Fields ours;

	if (!our_fields(text, ours))
		fail("refused", text);
	else if (ours != their_fields(message))
		fail("read otherwise", text);
}

void
fill_header(FIX::Message &message)
{
	message.getHeader().setField(FIX::SenderCompID(random_text()));
	message.getHeader().setField(FIX::TargetCompID(random_text()));
	message.getHeader().setField(FIX::MsgSeqNum(static_cast<int>(random_below(INT32_MAX))));
	message.getHeader().setField(FIX::SendingTime(FIX::UtcTimeStamp()));
}

double
random_double()
{
	return static_cast<double>(random_ticks()) / 1e9;
}

template <class Message>
void
compare_their_refresh(bool is_incremental)
{
	Message message;
	uint64_t count = random_u64() % 20 + 1;

	fill_header(message);
	message.setField(FIX::MDReqID(random_text()));
	for (uint64_t i = 0; i < count; i++) {
		typename Message::NoMDEntries entry;

		if (is_incremental)
			entry.setField(FIX::MDUpdateAction('0'));
		entry.setField(FIX::MDEntryType('1'));
		entry.setField(FIX::MDEntryPx(random_double()));
		entry.setField(FIX::MDEntrySize(random_double()));
		entry.setField(FIX::MDEntryTime(FIX::UtcTimeOnly()));
		message.addGroup(entry);
	}
	compare_theirs(message);
}

template <class Message>
void
compare_their_order()
{
	Message message;

	fill_header(message);
	message.setField(FIX::ClOrdID(random_text()));
	message.setField(FIX::OrigClOrdID(random_text()));
	message.setField(FIX::Symbol(random_text()));
	message.setField(FIX::Side('1'));
	message.setField(FIX::OrdType('2'));
	message.setField(FIX::Price(random_double()));
	message.setField(FIX::OrderQty(random_double()));
	message.setField(FIX::LastPx(random_double()));
	message.setField(FIX::TransactTime(FIX::UtcTimeStamp(), 9));
	message.setField(static_cast<int>(5000 + random_below(4999)), random_text());
	compare_theirs(message);
}

void
we_read_the_fields_that_they_wrote()
{
	for (unsigned i = 0; i < MESSAGES / 10; i++) {
		compare_their_refresh<FIX42::MarketDataSnapshotFullRefresh>(false);
		compare_their_refresh<FIX44::MarketDataSnapshotFullRefresh>(false);
		compare_their_refresh<FIX50::MarketDataSnapshotFullRefresh>(false);
		compare_their_refresh<FIX44::MarketDataIncrementalRefresh>(true);
		compare_their_refresh<FIX50::MarketDataIncrementalRefresh>(true);
		compare_their_order<FIX42::NewOrderSingle>();
		compare_their_order<FIX42::ExecutionReport>();
		compare_their_order<FIX44::NewOrderSingle>();
		compare_their_order<FIX44::OrderCancelReplaceRequest>();
		compare_their_order<FIX44::OrderCancelRequest>();
		compare_their_order<FIX44::ExecutionReport>();
		compare_their_order<FIX50::NewOrderSingle>();
		compare_their_order<FIX50::ExecutionReport>();
		compare_their_order<FIXT11::Logon>();
	}
}

void
we_read_data_fields_that_they_wrote()
{
	for (unsigned i = 0; i < 500; i++) {
		FIX44::News message;
		std::string data;

		for (uint64_t j = random_u64() % 100 + 1; j > 0; j--)
			data += static_cast<char>(random_u64() % 4);
		fill_header(message);
		message.setField(FIX::Headline(random_text()));
		message.setField(FIX::RawDataLength(static_cast<int>(data.size())));
		message.setField(FIX::RawData(data));
		compare_theirs(message);
	}
}

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

/* Messages of a file, one behind the other, perhaps with line ends between. */
void
compare_file(const char *name)
{
	std::ifstream stream(std::string(FP_SHARED_DIR) + "/data/" + name, std::ios::binary);
	std::string bytes(
		(std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
	size_t at = 0, messages = 0;

	if (!stream) {
		printf("# %s is not there: left out\n", name);
		return;
	}
	while (at < bytes.size()) {
		struct fp_fix_frame frame;
		struct fp_fix_fault fault;
		Fields ours, theirs;

		if (bytes[at] == '\n' || bytes[at] == '\r') {
			at++;
			continue;
		}
		if (fp_fix_frame(fp_cspan_over(bytes.data() + at,
					 static_cast<uint32_t>(bytes.size() - at)),
			    &frame, &fault) != 0) {
			fail("not framed", bytes.substr(at, 80));
			return;
		}
		std::string text = bytes.substr(at, frame.message.len);
		if (!our_fields(text, ours) || !their_fields_of(text, theirs) ||
			!same_fields(ours, theirs))
			fail("read otherwise", text);
		at += frame.message.len;
		messages++;
	}
	printf("# %s: %zu messages\n", name, messages);
}

void
both_read_the_same_in_captured_messages()
{
	compare_file("fix41-16.fix");
	compare_file("fix50-cme-test.fix");
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
