/* SPDX-License-Identifier: BSD-3-Clause */

#include <algorithm>
#include <cstdio>
#include <exception>

#include "fp_fix_fields.h"
#include "quickfix_fields.h"

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

uint64_t
random_u64()
{
	static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

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

int64_t
random_ticks()
{
	int64_t ticks = static_cast<int64_t>(random_below(UINT64_C(1) << 63));

	return random_u64() % 4 == 0 ? -ticks : ticks;
}

bool
our_fields(const std::string &text, Fields &fields)
{
	struct fp_fix_frame frame;
	struct fp_fix_fault fault;
	struct fp_fix_index index;
	struct fp_fix_fields cursor;
	struct fp_fix_field field;

	fields.clear();
	if (fp_fix_frame(view(text), &frame, &fault) != 0 || frame.message.len != text.size())
		return false;
	cursor = fp_fix_fields_open(&frame, &index);
	while (fp_fix_fields_next(&cursor, &field)) {
		const char *value = reinterpret_cast<const char *>(field.value.data);

		fields.push_back(
			Field(static_cast<int>(field.tag), std::string(value, field.value.len)));
	}
	return fp_fix_fields_fault(&cursor).reason == FP_MALFORMED_COUNT;
}

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

bool
same_fields(Fields a, Fields b)
{
	std::stable_sort(a.begin(), a.end());
	std::stable_sort(b.begin(), b.end());
	return a == b;
}
