/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * A message as the fields that a parser finds in it: ours, and that of QuickFIX.
 *
 * With it, what every test of the peer needs: where failures are counted, and random values.
 */

#ifndef QUICKFIX_FIELDS_H
#define QUICKFIX_FIELDS_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <quickfix/DataDictionary.h>
#include <quickfix/Message.h>

#include "fp_fix_tags.h"
#include "fp_span.h"

/** Tag and value. */
typedef std::pair<int, std::string> Field;
typedef std::vector<Field> Fields;

/** Of each kind of test. */
const unsigned MESSAGES = 5000;

const char SOH = FP_FIX_SOH;

/** Failures of the present test. */
extern unsigned failures;

/** Count a failure; the first few of a test have a line. */
void fail(const std::string &what, const std::string &message);

/** Random numbers, the same in each run. */
uint64_t random_u64();

/** Below @p limit, and short ones as often as long ones. */
uint64_t random_below(uint64_t limit);

/** 1 to 20 characters, no NUL and no SOH among them. */
std::string random_text();

/** A price of any length and sign. */
int64_t random_ticks();

/** Its bytes, which it keeps. */
struct fp_cspan view(const std::string &text);

/** Fields by our cursor, tags 8, 9 and 10 not among them; false when the text is refused. */
bool our_fields(const std::string &text, Fields &fields);

/** Groups and data fields of the tests' messages; Debian's package has no dictionary. */
const FIX::DataDictionary &dictionary();

/** Fields of a part of a message in the order of the wire: entries behind their count. */
void flatten(const FIX::FieldMap &map, Fields &fields);

/** Fields of QuickFIX's message, tags 8, 9 and 10 not among them. */
Fields their_fields(const FIX::Message &message);

/** Fields by QuickFIX, length and sum validated; false when the text is refused. */
bool their_fields_of(const std::string &text, Fields &fields);

/** True when the same fields are in both; QuickFIX sorts those outside of groups by their tags. */
bool same_fields(Fields a, Fields b);

#endif /* QUICKFIX_FIELDS_H */
