/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Text is made in registers of eight characters, the first in the lowest byte, and stored eight
 * bytes at a time. What such a store writes behind the field, seven bytes at most, is the place of
 * the next field or of the trailer: limit keeps room for the trailer's seven bytes behind each
 * field, so nothing outside of the message is touched. The sum of the characters is taken from the
 * same registers.
 */

#include "fp_fix_writer.h"
#include "fp_endian.h"
#include "fp_panic.h"

/* "9=" to its SOH, right before tag 35; one register. */
#define LENGTH_BYTES 8U

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define ZEROS     (EACH_BYTE * '0')
#define E8        UINT64_C(100000000)

/* Longer values are copied by memcpy(). */
#define COPY_BYTES_MAX 64U

#define NS_PER_SECOND   UINT64_C(1000000000)
#define SECONDS_PER_DAY 86400U

/* Days from 0000-03-01 to 1970-01-01. Years begin in March: the leap day is their last. */
#define DAYS_TO_1970     719468U
#define DAYS_PER_400     146097U
#define DAYS_OF_5_MONTHS 153U /* from March on: 31, 30, 31, 30, 31, and again */

static const uint64_t powers_of_ten[] = {
	1,
	10,
	100,
	1000,
	10000,
	100000,
	1000000,
	10000000,
	100000000,
	1000000000,
	10000000000,
	100000000000,
	1000000000000,
	10000000000000,
	100000000000000,
	1000000000000000,
	10000000000000000,
	100000000000000000,
	1000000000000000000,
	10000000000000000000U,
};

/* Sum of "8=FIX.a.b" and "8=FIXT.a.b" with their SOH. */
#define SUM_FIX(a, b)  ('8' + '=' + 'F' + 'I' + 'X' + '.' + (a) + '.' + (b) + FP_FIX_SOH)
#define SUM_FIXT(a, b) (SUM_FIX(a, b) + 'T')

static const struct {
	char text[16];
	uint32_t len;
	uint32_t sum;
} begins[] = {
	[FP_FIX_4_0] = { "8=FIX.4.0\001", 10, SUM_FIX('4', '0') },
	[FP_FIX_4_1] = { "8=FIX.4.1\001", 10, SUM_FIX('4', '1') },
	[FP_FIX_4_2] = { "8=FIX.4.2\001", 10, SUM_FIX('4', '2') },
	[FP_FIX_4_3] = { "8=FIX.4.3\001", 10, SUM_FIX('4', '3') },
	[FP_FIX_4_4] = { "8=FIX.4.4\001", 10, SUM_FIX('4', '4') },
	[FP_FIX_5_0] = { "8=FIX.5.0\001", 10, SUM_FIX('5', '0') },
	[FP_FIX_T_1_1] = { "8=FIXT.1.1\001", 11, SUM_FIXT('1', '1') },
};

static FP_COLD FP_NORETURN void
panic_tag(uint32_t tag)
{
	if (tag == FP_FIX_TAG_BEGIN_STRING || tag == FP_FIX_TAG_BODY_LENGTH ||
		tag == FP_FIX_TAG_MSG_TYPE || tag == FP_FIX_TAG_CHECK_SUM) {
		fp_panic("FIX tag %u is not a field to be written: fp_fix_writer_begin() writes "
			 "8, 9 and 35, fp_fix_writer_end() writes 10",
			tag);
	}
	if (tag == 0 || tag > FP_FIX_KEY_TAG_MAX) {
		fp_panic("FIX tag %u is none that can be written: 1 to %u are", tag,
			FP_FIX_KEY_TAG_MAX);
	}
	fp_panic("FIX tag %u is a data field or the length of one: fp_fix_write_data() writes both",
		tag);
}

static FP_COLD FP_NORETURN void
panic_room(const struct fp_fix_writer *message, uint32_t len)
{
	if (message->writer == NULL)
		fp_panic("FIX message: a field after its end; begin the next message first");
	fp_panic("FIX message: a field of %u bytes more, %u of %u written (the trailer takes 7 "
		 "more, and no message is longer than %u); size the buffer for the largest "
		 "message, or ask fp_fix_writer_room() first",
		len, message->pos, message->limit, FP_FIX_MESSAGE_MAX);
}

/* Sum of eight characters; those that are not used are 0. */
static inline uint32_t
sum_of(uint64_t word)
{
	uint64_t pairs =
		(word & UINT64_C(0x00ff00ff00ff00ff)) + (word >> 8 & UINT64_C(0x00ff00ff00ff00ff));

	return (uint32_t)(pairs * UINT64_C(0x0001000100010001) >> 48);
}

/* The same of values that come to less than 256, such as digits that are not yet characters. */
static inline uint32_t
sum_of_digits(uint64_t digits)
{
	return (uint32_t)(digits * EACH_BYTE >> 56);
}

/* True when one of the eight bytes is SOH. */
static inline bool
has_soh(uint64_t word)
{
	uint64_t zeroed = word ^ (EACH_BYTE * FP_FIX_SOH);

	return ((zeroed - EACH_BYTE) & ~zeroed & EACH_BYTE * 0x80) != 0;
}

/* Take the place of a field, all of it; its sum is added by the caller. */
static inline uint8_t *
claim(struct fp_fix_writer *message, uint32_t len)
{
	uint32_t pos = message->pos;

	if (FP_UNLIKELY(len > message->limit - pos))
		panic_room(message, len);
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(message->room.watch);
#endif
	message->pos = pos + len;
	return message->room.data + pos;
}

/* The eight digits of a number below 10^8 as values, the first in the lowest byte. */
static inline uint64_t
digits_of(uint32_t value)
{
	/* Halves, then quarters, then single digits; each quotient by a rounded reciprocal. */
	uint64_t high = value * UINT64_C(109951163) >> 40;
	uint64_t fours = high | (value - high * 10000) << 32;
	uint64_t hundreds = (fours * 10486) >> 20 & UINT64_C(0x0000007f0000007f);
	uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
	uint64_t tens = (twos * 103) >> 10 & UINT64_C(0x000f000f000f000f);

	return tens | (twos - tens * 10) << 8;
}

/* Number of digits [1..20]. */
static inline uint32_t
count_digits(uint64_t value)
{
	uint32_t bits = 64 - (uint32_t)__builtin_clzll(value | 1);
	uint32_t guess = bits * 1233 >> 12; /* 1233/4096 is log10(2), nearly: right or one less */

	return guess + (guess == 0 || value >= powers_of_ten[guess]);
}

/* Write the last count digits [1..8] of a number below 10^8; gives their sum. */
static inline uint32_t
put_short(uint8_t *to, uint32_t value, uint32_t count)
{
	uint64_t digits = digits_of(value);

	fp_store_le64(to, (digits | ZEROS) >> 8 * (8 - count));
	return sum_of_digits(digits) + '0' * count;
}

/* The same of more digits [9..20]. */
static uint32_t
put_long(uint8_t *to, uint64_t value, uint32_t count)
{
	uint64_t high = value / E8;
	uint32_t sum;

	if (count <= 16) {
		sum = put_short(to, (uint32_t)high, count - 8);
	} else {
		sum = put_short(to, (uint32_t)(high / E8), count - 16);
		sum += put_short(to + count - 16, (uint32_t)(high % E8), 8);
	}
	return sum + put_short(to + count - 8, (uint32_t)(value % E8), 8);
}

static inline uint32_t
put_digits(uint8_t *to, uint64_t value, uint32_t count)
{
	return count <= 8 ? put_short(to, (uint32_t)value, count) : put_long(to, value, count);
}

static inline void
put_integer(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t value, uint32_t sign)
{
	uint32_t count = count_digits(value);
	uint8_t *to = claim(message, key.len + sign + count + 1);
	uint32_t sum = key.sum + '-' * sign;

	fp_store_le64(to, key.text);
	to += key.len;
	*to = '-'; /* the first digit replaces it when there is no sign */
	to += sign;
	sum += put_digits(to, value, count);
	to[count] = FP_FIX_SOH;
	message->sum += sum;
}

struct fp_fix_key
fp_fix_key_of(uint32_t tag)
{
	if (FP_UNLIKELY(fp_fix_tag_is_reserved(tag)))
		panic_tag(tag);
	return fp_fix_key_text(tag);
}

/* The characters of a type as one register; none when it is no type. */
static inline uint64_t
pack_type(const char *type, uint32_t *len)
{
	uint64_t text = 0;
	uint32_t i;

	for (i = 0; i < FP_FIX_TYPE_BYTES_MAX && type[i] != '\0'; i++)
		text |= (uint64_t)(uint8_t)type[i] << 8 * i;
	if (FP_UNLIKELY(
		    i == 0 || has_soh(text) || (i == FP_FIX_TYPE_BYTES_MAX && type[i] != '\0'))) {
		fp_panic("FIX message type '%.*s': one has 1 to %u characters, and no SOH",
			(int)i + 1, type, FP_FIX_TYPE_BYTES_MAX);
	}
	*len = i;
	return text;
}

void
fp_fix_writer_begin(struct fp_fix_writer *message, struct fp_writer *writer,
	enum fp_fix_version version, const char *type)
{
	uint32_t type_len;
	uint64_t type_text = pack_type(type, &type_len);
	uint8_t *to;

	if ((uint32_t)version >= sizeof(begins) / sizeof(begins[0]))
		fp_panic("FIX version %u is none: see enum fp_fix_version", (unsigned)version);
	message->room = fp_writer_rest(writer);
	if (message->room.len > FP_FIX_MESSAGE_MAX)
		message->room.len = FP_FIX_MESSAGE_MAX;
	message->pos = 0;
	message->limit = 0;
	if (message->room.len > FP_FIX_TRAILER_BYTES)
		message->limit = message->room.len - FP_FIX_TRAILER_BYTES;
	message->body = begins[version].len + LENGTH_BYTES;
	message->start = fp_writer_written(writer);
	message->writer = writer;
	to = claim(message, message->body + 3 + type_len + 1);
	fp_store_le64(to, fp_load_le64(begins[version].text));
	fp_store_le64(to + 8, fp_load_le64(begins[version].text + 8));
	to += message->body;
	fp_store_le32(to, '3' | '5' << 8 | '=' << 16);
	fp_store_le64(to + 3, type_text);
	to[3 + type_len] = FP_FIX_SOH;
	message->sum = begins[version].sum + '3' + '5' + '=' + sum_of(type_text) + FP_FIX_SOH;
}

uint32_t
fp_fix_writer_end(struct fp_fix_writer *message)
{
	uint64_t digits = digits_of(message->pos - message->body) >> 8 * (8 - FP_FIX_LENGTH_DIGITS);
	uint32_t len = message->pos + FP_FIX_TRAILER_BYTES;
	uint8_t *to = message->room.data + message->body - LENGTH_BYTES;
	uint64_t text = (digits | ZEROS >> 8 * (8 - FP_FIX_LENGTH_DIGITS)) << 16 | '9' | '=' << 8 |
		(uint64_t)FP_FIX_SOH << 56;
	uint32_t sum;

	if (FP_UNLIKELY(message->writer == NULL))
		fp_panic("FIX message: ended twice");
	if (FP_UNLIKELY(fp_writer_written(message->writer) != message->start)) {
		fp_panic("FIX message: begun at %u of its writer, which is at %u now; the room "
			 "is the message's alone until its end",
			message->start, fp_writer_written(message->writer));
	}
	fp_writer_commit(message->writer, len); /* the watch is checked there */
	fp_store_le64(to, text);
	sum = (message->sum + sum_of(text)) & 0xff;
	digits = digits_of(sum) >> 40 | UINT64_C(0x303030);
	to = message->room.data + message->pos;
	fp_store_le32(to, (uint32_t)('1' | '0' << 8 | '=' << 16 | (digits & 0xff) << 24));
	fp_store_le32(to + 3, (uint32_t)digits | (uint32_t)FP_FIX_SOH << 24);
	message->limit = message->pos; /* no field fits any more */
	message->writer = NULL;
	return len;
}

void
fp_fix_put_u64(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t value)
{
	put_integer(message, key, value, 0);
}

void
fp_fix_put_i64(struct fp_fix_writer *message, struct fp_fix_key key, int64_t value)
{
	uint32_t sign = value < 0;

	put_integer(message, key, sign != 0 ? 0 - (uint64_t)value : (uint64_t)value, sign);
}

/* Write up to eight digits with a point behind the first of them; gives their sum. */
static inline uint32_t
put_short_price(uint8_t *to, uint32_t value, uint32_t count, uint32_t whole)
{
	uint64_t digits = digits_of(value);
	uint64_t text = (digits | ZEROS) >> 8 * (8 - count);
	uint64_t behind = ~UINT64_C(0) << 8 * whole;

	fp_store_le64(to, (text & ~behind) | (text & behind) << 8 | (uint64_t)'.' << 8 * whole);
	to[count] = (uint8_t)(text >> 8 * (count - 1)); /* the ninth character of eight digits */
	return sum_of_digits(digits) + '0' * count + '.';
}

void
fp_fix_put_price(struct fp_fix_writer *message, struct fp_fix_key key, struct fp_price price,
	uint8_t decimals)
{
	uint32_t sign = price.ticks < 0;
	uint64_t ticks = sign != 0 ? 0 - (uint64_t)price.ticks : (uint64_t)price.ticks;
	uint32_t count = count_digits(ticks), whole;
	uint8_t *to;

	if (FP_UNLIKELY(decimals > FP_PRICE_DECIMALS_MAX)) {
		fp_panic("FIX price of %u decimals: 0 to %u can be written", decimals,
			FP_PRICE_DECIMALS_MAX);
	}
	if (decimals == 0) {
		put_integer(message, key, ticks, sign);
		return;
	}
	if (count <= decimals)
		count = decimals + 1U;
	whole = count - decimals;
	to = claim(message, key.len + sign + count + 2);
	fp_store_le64(to, key.text);
	to += key.len;
	*to = '-';
	to += sign;
	message->sum += key.sum + '-' * sign;
	if (count <= 8) {
		message->sum += put_short_price(to, (uint32_t)ticks, count, whole);
	} else {
		message->sum += put_digits(to, ticks / powers_of_ten[decimals], whole) + '.';
		to[whole] = '.';
		message->sum +=
			put_digits(to + whole + 1, ticks % powers_of_ten[decimals], decimals);
	}
	to[count + 1] = FP_FIX_SOH;
}

void
fp_fix_put_char(struct fp_fix_writer *message, struct fp_fix_key key, char value)
{
	uint8_t *to;

	if (FP_UNLIKELY(value == FP_FIX_SOH)) {
		fp_panic("FIX message: SOH as a character; write one from elsewhere with "
			 "fp_fix_write_bytes(), which refuses it");
	}
	to = claim(message, key.len + 2);
	fp_store_le64(to, key.text);
	fp_store_le16(to + key.len, (uint16_t)((uint8_t)value | FP_FIX_SOH << 8));
	message->sum += key.sum + (uint8_t)value;
}

/* Write YYYYMMDD; gives its sum. */
static inline uint32_t
put_day(uint8_t *to, uint32_t days_since_1970)
{
	uint32_t days = days_since_1970 + DAYS_TO_1970;
	uint32_t of_400 = days % DAYS_PER_400;
	/* Days but for leap days: one in 4 years, none in 100, one in 400. */
	uint32_t even = of_400 - of_400 / 1460 + of_400 / 36524 - of_400 / (DAYS_PER_400 - 1);
	uint32_t year_of_400 = even / 365;
	uint32_t of_year = of_400 - (365 * year_of_400 + year_of_400 / 4 - year_of_400 / 100);
	uint32_t month = (5 * of_year + 2) / DAYS_OF_5_MONTHS; /* 0 is March */
	uint32_t day = of_year - (DAYS_OF_5_MONTHS * month + 2) / 5 + 1;
	uint32_t year = days / DAYS_PER_400 * 400 + year_of_400 + (month >= 10);

	month = month < 10 ? month + 3 : month - 9;
	return put_short(to, year * 10000 + month * 100 + day, 8);
}

/* Write the point and the digits behind the seconds; gives their sum. */
static inline uint32_t
put_fraction(uint8_t *to, uint32_t ns, uint32_t second_digits)
{
	if (second_digits == 0)
		return 0;
	*to++ = '.';
	if (second_digits == 3)
		return '.' + put_short(to, ns / 1000000, 3);
	if (second_digits == 6)
		return '.' + put_short(to, ns / 1000, 6);
	*to = (uint8_t)('0' + ns / (uint32_t)E8);
	return '.' + '0' + ns / (uint32_t)E8 + put_short(to + 1, ns % (uint32_t)E8, 8);
}

/* Write HH:MM:SS and the digits behind it; gives their sum. */
static inline uint32_t
put_clock(uint8_t *to, uint32_t second_of_day, uint32_t ns, uint32_t second_digits)
{
	uint32_t minutes = second_of_day / 60;
	uint32_t spaced = minutes / 60 * 1000000 + minutes % 60 * 1000 + second_of_day % 60;
	/* HH0MM0SS; ':' is ten more than '0'. */
	uint64_t digits = digits_of(spaced) + (UINT64_C(10) << 16 | UINT64_C(10) << 40);

	fp_store_le64(to, digits + ZEROS);
	return sum_of_digits(digits) + '0' * 8 + put_fraction(to + 8, ns, second_digits);
}

/* Length of HH:MM:SS and the digits behind it. */
static inline uint32_t
clock_bytes(uint32_t second_digits)
{
	if (FP_UNLIKELY(second_digits > 9 || second_digits % 3 != 0)) {
		fp_panic("FIX time with %u digits behind the seconds: 0, 3, 6 and 9 are written",
			second_digits);
	}
	return second_digits == 0 ? 8 : 9 + second_digits;
}

void
fp_fix_put_timestamp(
	struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns, uint8_t second_digits)
{
	uint64_t seconds = ns / NS_PER_SECOND;
	uint32_t clock = clock_bytes(second_digits);
	uint8_t *to = claim(message, key.len + 9 + clock + 1);
	uint32_t sum = key.sum + '-';

	fp_store_le64(to, key.text);
	to += key.len;
	sum += put_day(to, (uint32_t)(seconds / SECONDS_PER_DAY));
	to[8] = '-';
	sum += put_clock(to + 9, (uint32_t)(seconds % SECONDS_PER_DAY),
		(uint32_t)(ns % NS_PER_SECOND), second_digits);
	to[9 + clock] = FP_FIX_SOH;
	message->sum += sum;
}

void
fp_fix_put_date(struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns)
{
	uint8_t *to = claim(message, key.len + 8 + 1);

	fp_store_le64(to, key.text);
	to += key.len;
	message->sum += key.sum + put_day(to, (uint32_t)(ns / NS_PER_SECOND / SECONDS_PER_DAY));
	to[8] = FP_FIX_SOH;
}

void
fp_fix_put_time(
	struct fp_fix_writer *message, struct fp_fix_key key, uint64_t ns, uint8_t second_digits)
{
	uint32_t clock = clock_bytes(second_digits);
	uint8_t *to = claim(message, key.len + clock + 1);

	fp_store_le64(to, key.text);
	to += key.len;
	message->sum += key.sum +
		put_clock(to, (uint32_t)(ns / NS_PER_SECOND % SECONDS_PER_DAY),
			(uint32_t)(ns % NS_PER_SECOND), second_digits);
	to[clock] = FP_FIX_SOH;
}

/* One to seven bytes as one register, 0 behind them. */
static inline uint64_t
load_short(const uint8_t *from, uint32_t len)
{
	if (len >= 4)
		return fp_load_le32(from) | (uint64_t)fp_load_le32(from + len - 4) << 8 * (len - 4);
	if (len >= 2)
		return fp_load_le16(from) | (uint64_t)fp_load_le16(from + len - 2) << 8 * (len - 2);
	return *from;
}

/* Sum of the bytes of a value, and whether it holds SOH. */
static inline uint32_t
judge(struct fp_cspan value, bool *is_cut)
{
	const uint8_t *from = value.data;
	uint32_t len = value.len, rest = len % 8, sum = 0;
	uint64_t word;

	*is_cut = false;
	for (uint32_t i = 0; i + 8 <= len; i += 8) {
		word = fp_load_le64(from + i);
		*is_cut |= has_soh(word);
		sum += sum_of(word);
	}
	if (rest == 0)
		return sum;
	word = len < 8 ? load_short(from, len) : fp_load_le64(from + len - 8) >> 8 * (8 - rest);
	*is_cut |= has_soh(word);
	return sum + sum_of(word);
}

/* Copy a value; up to seven bytes behind it are written, too. */
static inline void
put_value(uint8_t *to, struct fp_cspan value)
{
	if (value.len > COPY_BYTES_MAX) {
		memcpy(to, value.data, value.len);
		return;
	}
	if (value.len < 8) {
		fp_store_le64(to, load_short(value.data, value.len));
		return;
	}
	for (uint32_t i = 0; i + 8 <= value.len; i += 8)
		fp_store_le64(to + i, fp_load_le64(value.data + i));
	fp_store_le64(to + value.len - 8, fp_load_le64(value.data + value.len - 8));
}

/* What every value of bytes passes: it lives, and it is no longer than a message. */
static inline void
check_value(const struct fp_fix_writer *message, struct fp_cspan value)
{
#if FP_LIFETIME == FP_LIFETIME_FULL
	fp_watch_check(value.watch);
#endif
	if (FP_UNLIKELY(value.len > FP_FIX_MESSAGE_MAX))
		panic_room(message, value.len);
}

/* Write a value that was judged; the place of the field is taken as a whole. */
static inline void
put_judged(
	struct fp_fix_writer *message, struct fp_fix_key key, struct fp_cspan value, uint32_t sum)
{
	uint8_t *to = claim(message, key.len + value.len + 1);

	fp_store_le64(to, key.text);
	put_value(to + key.len, value);
	to[key.len + value.len] = FP_FIX_SOH;
	message->sum += key.sum + sum;
}

int
fp_fix_put_bytes(struct fp_fix_writer *message, struct fp_fix_key key, struct fp_cspan value)
{
	bool is_cut;
	uint32_t sum;

	if (FP_UNLIKELY(value.len == 0))
		return -EBADMSG;
	check_value(message, value);
	sum = judge(value, &is_cut);
	if (FP_UNLIKELY(is_cut))
		return -EBADMSG;
	put_judged(message, key, value, sum);
	return 0;
}

/* Characters before the first NUL [0..8]. */
static inline uint32_t
count_characters(uint64_t word)
{
	uint64_t ends = (word - EACH_BYTE) & ~word & EACH_BYTE * 0x80;

	return ends == 0 ? 8 : (uint32_t)__builtin_ctzll(ends) / 8;
}

int
fp_fix_put_symbol16(struct fp_fix_writer *message, struct fp_fix_key key, struct fp_symbol16 symbol)
{
	uint64_t low = fp_load_le64(symbol.text), high = fp_load_le64(symbol.text + 8);
	uint32_t len = count_characters(low), more = 0;
	uint8_t *to;

	if (len == 8) {
		more = count_characters(high);
		high &= more == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * more) - 1;
	} else {
		low &= (UINT64_C(1) << 8 * len) - 1;
		high = 0;
	}
	if (FP_UNLIKELY(len == 0 || has_soh(low) || has_soh(high)))
		return -EBADMSG;
	to = claim(message, key.len + len + more + 1);
	fp_store_le64(to, key.text);
	to += key.len;
	fp_store_le64(to, low);
	if (more != 0)
		fp_store_le64(to + 8, high);
	to[len + more] = FP_FIX_SOH;
	message->sum += key.sum + sum_of(low) + sum_of(high);
	return 0;
}

int
fp_fix_write_data(struct fp_fix_writer *message, uint32_t data_tag, struct fp_cspan value)
{
	uint32_t length_tag = fp_fix_length_tag(data_tag);
	bool is_cut;

	if (FP_UNLIKELY(length_tag == 0))
		fp_panic("FIX tag %u is no data field of fp_fix_tags.h", data_tag);
	if (FP_UNLIKELY(value.len == 0))
		return -EBADMSG;
	check_value(message, value);
	put_integer(message, fp_fix_key_text(length_tag), value.len, 0);
	put_judged(message, fp_fix_key_text(data_tag), value, judge(value, &is_cut));
	return 0;
}

int
fp_fix_write_header(struct fp_fix_writer *message, const struct fp_fix_header *header)
{
	uint32_t pos = message->pos, sum = message->sum;
	int error;

	error = fp_fix_write_bytes(message, FP_FIX_TAG_SENDER_COMP_ID, header->sender);
	if (error == 0)
		error = fp_fix_write_bytes(message, FP_FIX_TAG_TARGET_COMP_ID, header->target);
	if (FP_UNLIKELY(error != 0)) {
		message->pos = pos;
		message->sum = sum;
		return error;
	}
	fp_fix_write_u64(message, FP_FIX_TAG_MSG_SEQ_NUM, header->sequence);
	fp_fix_write_timestamp(
		message, FP_FIX_TAG_SENDING_TIME, header->sending_time_ns, header->second_digits);
	return 0;
}

int
fp_fix_write_feed_header(
	struct fp_fix_writer *message, struct fp_cspan appl_id, uint64_t sequence, uint64_t ns)
{
	uint32_t pos = message->pos, sum = message->sum;
	int error;

	fp_fix_write_timestamp(message, FP_FIX_TAG_SENDING_TIME, ns, 9);
	error = fp_fix_write_bytes(message, FP_FIX_TAG_APPL_ID, appl_id);
	if (FP_UNLIKELY(error != 0)) {
		message->pos = pos;
		message->sum = sum;
		return error;
	}
	fp_fix_write_u64(message, FP_FIX_TAG_APPL_SEQ_NUM, sequence);
	return 0;
}
