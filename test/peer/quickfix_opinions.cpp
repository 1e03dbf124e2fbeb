/* SPDX-License-Identifier: BSD-3-Clause */

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "fp_fix_tags.h"
#include "quickfix_opinions.h"

namespace
{

const char SOH = FP_FIX_SOH;

/* A message of fields "tag=value|..." with the sum that it needs, and any text as its length. */
std::string
sealed(const std::string &begin, std::string length, std::string body)
{
	unsigned sum = 0;
	char trailer[16];

	std::replace(body.begin(), body.end(), '|', SOH);
	std::string text = "8=" + begin + SOH + "9=" + length + SOH + body;
	for (size_t i = 0; i < text.size(); i++)
		sum += static_cast<unsigned char>(text[i]);
	snprintf(trailer, sizeof(trailer), "10=%03u%c", sum % 256, SOH);
	return text + trailer;
}

/* The same with its right length. */
std::string
sealed(const std::string &begin, const std::string &body)
{
	return sealed(begin, std::to_string(body.size()), body);
}

/* The text with the first occurrence of a part replaced, '|' being SOH in both. */
std::string
with(std::string text, std::string part, std::string other)
{
	std::replace(part.begin(), part.end(), '|', SOH);
	std::replace(other.begin(), other.end(), '|', SOH);
	size_t at = text.find(part);
	return at == std::string::npos ? "no such part" : text.replace(at, part.size(), other);
}

} /* namespace */

std::vector<Opinion>
garbled()
{
	const std::string body = "35=D|49=A|56=B|34=7|52=20240229-12:00:00|11=order|55=ESZ6|";
	const std::string good = sealed("FIX.4.4", body);
	const std::string length = std::to_string(body.size());
	const std::string start = good.substr(0, good.size() - 7); /* without its trailer */
	const std::string sum = good.substr(good.size() - 4, 3);
	const char digit = static_cast<char>('0' + (sum[2] - '0' + 1) % 10);

	return {
		{ "good", good, true, true },
		{ "length one too small", sealed("FIX.4.4", std::to_string(body.size() - 1), body),
			false, false },
		{ "length one too large", sealed("FIX.4.4", std::to_string(body.size() + 1), body),
			false, false },
		{ "length 0", sealed("FIX.4.4", "0", body), false, false },
		{ "length of 10 digits", sealed("FIX.4.4", "9999999999", body), false, false },
		{ "length of 20 digits", sealed("FIX.4.4", "99999999999999999999", body), false,
			false },
		{ "length with a letter behind", sealed("FIX.4.4", length + "x", body), false,
			false },
		{ "length of letters", sealed("FIX.4.4", "xx", body), false, false },
		{ "length empty", sealed("FIX.4.4", "", body), false, false },
		{ "length negative", sealed("FIX.4.4", "-" + length, body), false, false },
		{ "length with a plus", sealed("FIX.4.4", "+" + length, body), false, false },
		{ "length with a blank", sealed("FIX.4.4", " " + length, body), false, false },
		{ "sum another one", start + "10=" + sum.substr(0, 2) + digit + SOH, false, false },
		{ "sum with a letter", start + "10=" + sum.substr(0, 2) + "x" + SOH, false, false },
		{ "sum empty", start + "10=" + SOH, false, false },
		{ "sum of 256 more", start + "10=" + std::to_string(std::stoi(sum) + 256) + SOH,
			false, false },
		{ "no 10", start, false, false },
		{ "no last SOH", good.substr(0, good.size() - 1), false, false },
		{ "no 8", good.substr(10), false, false },
		{ "no 9", with(good, "9=" + length + "|", ""), false, false },
		{ "9 before 8",
			"9=" + length + SOH + "8=FIX.4.4" + good.substr(good.find("35=") - 1),
			false, false },
		{ "35 fourth", sealed("FIX.4.4", "49=A|35=D|56=B|34=7|"), false, false },
		{ "no 35", sealed("FIX.4.4", "49=A|56=B|34=7|"), false, false },
		{ "tag with a letter", sealed("FIX.4.4", body + "5x=1|"), false, false },
		{ "tag empty", sealed("FIX.4.4", body + "=1|"), false, false },
		{ "field without '='", sealed("FIX.4.4", body + "58|"), false, false },
		{ "bytes behind the message", good + "x", false, false },
		{ "a second message behind", good + good, false, false },
		{ "data shorter than said", sealed("FIX.4.4", body + "95=2|96=a|58=b|"), false,
			false },
		{ "data longer than said", sealed("FIX.4.4", body + "95=1|96=ab|58=b|"), false,
			false },
	};
}

std::vector<Opinion>
disputed()
{
	const std::string body = "35=D|49=A|56=B|34=7|52=20240229-12:00:00|11=order|55=ESZ6|";
	const std::string good = sealed("FIX.4.4", body);
	const std::string length = std::to_string(body.size());
	const std::string start = good.substr(0, good.size() - 7);
	const std::string sum = good.substr(good.size() - 4, 3);

	return {
		{ "zeros before the length", sealed("FIX.4.4", "000" + length, body), true, true },
		{ "length of 11 digits", sealed("FIX.4.4", "000000000" + length, body), false,
			true },
		{ "length that wraps 32 bits",
			sealed("FIX.4.4", std::to_string(body.size() + (UINT64_C(1) << 32)), body),
			false, true },
		{ "zeros before the sum", start + "10=0" + sum + SOH, false, true },
		{ "10 in the middle", sealed("FIX.4.4", body + "10=000|58=a|"), true, false },
		{ "8 in the middle", sealed("FIX.4.4", body + "8=FIX.4.4|58=a|"), true, false },
		{ "value empty", sealed("FIX.4.4", body + "58=|"), false, true },
		{ "type empty", sealed("FIX.4.4", "35=|49=A|56=B|"), false, true },
		{ "tag with a zero before", sealed("FIX.4.4", body + "058=a|"), false, true },
		{ "tag 0", sealed("FIX.4.4", body + "0=a|"), false, true },
		{ "tag negative", sealed("FIX.4.4", body + "-58=a|"), false, true },
		{ "tag of 10 digits", sealed("FIX.4.4", body + "1234567890=a|"), false, true },
		{ "tag of 20 digits", sealed("FIX.4.4", body + "12345678901234567890=a|"), false,
			true },
		{ "version unknown", sealed("FIX.9.9", body), false, true },
		{ "begin string empty", sealed("", body), false, true },
		{ "data length 0", sealed("FIX.4.4", body + "95=0|96=|"), false, true },
		{ "data of another tag", sealed("FIX.4.4", body + "95=1|58=a|96=a|"), false, true },
		{ "data without its length", sealed("FIX.4.4", body + "96=ab|58=b|"), true, false },
		{ "length without data", sealed("FIX.4.4", body + "95=2|"), false, true },
		{ "'=' and NUL in a value",
			sealed("FIX.4.4", body + "58=a=b" + std::string(1, '\0') + "|"), true,
			true },
		{ "a field twice", sealed("FIX.4.4", body + "55=A|"), true, true },
		{ "a message of 65001 bytes",
			sealed("FIX.4.4",
				body + "58=" + std::string(65001 - 29 - body.size(), 'x') + "|"),
			false, true },
		{ "zero before the sum missing",
			start + "10=" + std::to_string(std::stoi(sum)) + SOH, false, true },
	};
}

std::vector<Opinion>
not_asked()
{
	const std::string body = "35=D|49=A|56=B|34=7|";

	return {
		{ "data longer than the message", sealed("FIX.4.4", body + "95=999|96=a|"), false,
			false },
		{ "data longer than 32 bits", sealed("FIX.4.4", body + "95=4294967297|96=a|"),
			false, false },
		{ "data length negative", sealed("FIX.4.4", body + "95=-1|96=a|"), false, false },
	};
}
