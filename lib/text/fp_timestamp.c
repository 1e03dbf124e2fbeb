/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Eight characters are looked at at once: date and time are each eight, apart from the separators
 * that ISO 8601 adds to the date. A byte that was '0' to '9' is 0 to 9 after exclusive or with '0'.
 */

#include "fp_timestamp.h"
#include "fp_panic.h"
#include "fpi_text_digits.h"

#define NS_PER_SEC   UINT64_C(1000000000)
#define SECS_PER_DAY 86400U

#define DATE_BYTES      8U  /* YYYYMMDD */
#define TIME_BYTES      8U  /* HH:MM:SS */
#define ISO_DATE_BYTES  10U /* YYYY-MM-DD */
#define DIGITS_READ_MAX 12U
#define DIGITS_HELD     9U

/* Of the eight characters HH:MM:SS, the first in the lowest byte. */
#define TIME_ZERO       UINT64_C(0x30303a30303a3030)
#define TIME_SEPARATORS UINT64_C(0x0000ff0000ff0000)
#define DATE_ZERO       UINT64_C(0x3030303030303030)

/* The last second that 64 bits of nanoseconds reach, and what is left there. */
#define SECS_MAX (UINT64_MAX / NS_PER_SEC)
#define REST_MAX (UINT64_MAX % NS_PER_SEC)

/* Days from 0000-03-01 to 1970-01-01: a year that begins in March ends with its leap day. */
#define DAYS_TO_1970    719468U
#define DAYS_PER_400    146097U
#define DAYS_TO_JANUARY 306U

/* A quarter of a day in years [2^-32]; a day in months, and the month of March 1 [2^-16]. */
#define QUARTERS_TO_YEARS 2939745U
#define DAYS_TO_MONTHS    2141U
#define MARCH             197913U

struct civil {
	uint32_t year;
	uint32_t month; /* [1..12] */
	uint32_t day;   /* [1..31] */
};

static FP_COLD FP_NORETURN void
refuse_digits(uint8_t digits)
{
	fp_panic("timestamp: %u digits behind the seconds; 0, 3, 6 or 9 can be written", digits);
}

static uint64_t
load8(const uint8_t *from)
{
	uint64_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

/* True when each byte is 0 to 9. */
static bool
are_digits(uint64_t bytes)
{
	return (((bytes + UINT64_C(0x7676767676767676)) | bytes) & UINT64_C(0x8080808080808080)) ==
		0;
}

static bool
is_leap_year(uint32_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970-01-01 to a day not before it. */
static uint32_t
days_of(struct civil civil)
{
	uint32_t is_early = civil.month <= 2;
	uint32_t year = civil.year - is_early;
	uint32_t month = civil.month + 12 * is_early - 3; /* from March on */
	/* 31, 30, 31, 30, 31 days and again: 153 in five months. */
	uint32_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;

	return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - DAYS_TO_1970;
}

/*
 * The day that is so many days behind 1970-01-01.
 *
 * One product has the years in its upper half, and in the lower half the part of a year that is
 * left; one more does so for months and days. Four quarters of a day are a day, 1,461 a year, and
 * 3 more round to the day. Exact for every day that 64 bits of nanoseconds reach.
 * Source: Neri, Schneider: Euclidean affine functions and their application to calendar algorithms.
 */
static struct civil
civil_of(uint32_t days)
{
	uint32_t quarters = 4 * (days + DAYS_TO_1970) + 3;
	uint32_t century = quarters / DAYS_PER_400;
	uint64_t years = (uint64_t)(quarters % DAYS_PER_400 | 3) * QUARTERS_TO_YEARS;
	uint32_t day_of_year = (uint32_t)years / (4 * QUARTERS_TO_YEARS); /* 0 is March 1 */
	uint32_t months = day_of_year * DAYS_TO_MONTHS + MARCH;
	uint32_t is_early = day_of_year >= DAYS_TO_JANUARY;
	struct civil civil;

	civil.day = (months & 0xffff) / DAYS_TO_MONTHS + 1;
	civil.month = (months >> 16) - 12 * is_early;
	civil.year = 100 * century + (uint32_t)(years >> 32) + is_early;
	return civil;
}

/* Eight characters YYYYMMDD; false when they are no day of the calendar. */
static bool
read_date(uint64_t text, struct civil *civil)
{
	static const uint8_t month_days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t digits = text ^ DATE_ZERO;
	uint64_t pairs = digits * 10 + (digits >> 8); /* in bytes 0, 2, 4 and 6 */

	if (!are_digits(digits))
		return false;
	civil->year = (uint32_t)(pairs & 0xff) * 100 + (uint32_t)(pairs >> 16 & 0xff);
	civil->month = (uint32_t)(pairs >> 32 & 0xff);
	civil->day = (uint32_t)(pairs >> 48 & 0xff);
	if (civil->month < 1 || civil->month > 12 || civil->day < 1)
		return false;
	return civil->day <= month_days[civil->month] +
		(uint32_t)(civil->month == 2 && is_leap_year(civil->year));
}

/* Eight characters HH:MM:SS; false when they are no second of a day. */
static bool
read_time(uint64_t text, uint32_t *secs)
{
	uint64_t digits = text ^ TIME_ZERO;
	uint64_t pairs = digits * 10 + (digits >> 8); /* in bytes 0, 3 and 6 */
	uint32_t hour = (uint32_t)(pairs & 0xff);
	uint32_t minute = (uint32_t)(pairs >> 24 & 0xff);
	uint32_t second = (uint32_t)(pairs >> 48 & 0xff);

	if (!are_digits(digits) || (digits & TIME_SEPARATORS) != 0)
		return false;
	*secs = (hour * 60 + minute) * 60 + second;
	return hour < 24 && minute < 60 && (second < 60 || (second == 60 && *secs == SECS_PER_DAY));
}

/* A point and digits at pos, if they are there; returns where they end, 0 for too many. */
static uint32_t
read_fraction(struct fp_cspan text, uint32_t pos, uint32_t *ns)
{
	uint32_t value = 0;
	uint32_t count = 0;

	*ns = 0;
	if (text.len - pos < 2 || text.data[pos] != '.')
		return pos;
	for (uint32_t i = pos + 1; i < text.len && count <= DIGITS_READ_MAX; i++, count++) {
		uint32_t digit = (uint32_t)text.data[i] - '0';

		if (digit > 9)
			break;
		if (count < DIGITS_HELD)
			value = value * 10 + digit;
	}
	if (count > DIGITS_READ_MAX)
		return 0;
	if (count == 0)
		return pos;
	if (count < DIGITS_HELD)
		value *= (uint32_t)fp_digits_pow10[DIGITS_HELD - count];
	*ns = value;
	return pos + 1 + count;
}

/* Time and fraction at pos; returns where they end, 0 when they are not there. */
static uint32_t
read_time_of_day(struct fp_cspan text, uint32_t pos, uint32_t *secs, uint32_t *ns)
{
	if (text.len < pos + TIME_BYTES || !read_time(load8(text.data + pos), secs))
		return 0;
	return read_fraction(text, pos + TIME_BYTES, ns);
}

/* Nanoseconds since 1970 of a second of a day, if 64 bits hold them. */
static int
join(struct civil civil, uint32_t secs, uint32_t rest, uint64_t *ns)
{
	uint64_t since;

	if (civil.year < 1970)
		return -ERANGE;
	since = (uint64_t)days_of(civil) * SECS_PER_DAY + secs;
	if (since > SECS_MAX || (since == SECS_MAX && rest > REST_MAX))
		return -ERANGE;
	*ns = since * NS_PER_SEC + rest;
	return 0;
}

/* Eight characters YYYYMMDD of YYYY-MM-DD. */
static bool
squeeze_date(const uint8_t *from, uint64_t *text)
{
	uint64_t front = load8(from);
	uint16_t day;

	memcpy(&day, from + 8, sizeof(day));
	*text = (front & 0xffffffff) | (front >> 8 & UINT64_C(0xffff00000000)) |
		(uint64_t)day << 48;
	return from[4] == '-' && from[7] == '-';
}

/* Date and time, and where they end, which is told with -ERANGE, too. */
static int
read_timestamp(struct fp_cspan text, bool is_iso, uint64_t *ns, uint32_t *end)
{
	uint32_t date_bytes = is_iso ? ISO_DATE_BYTES : DATE_BYTES;
	struct civil civil;
	uint64_t date;
	uint32_t secs = 0;
	uint32_t rest = 0;

	if (text.len < date_bytes + 1 + TIME_BYTES)
		return -EBADMSG;
	if (is_iso) {
		if (!squeeze_date(text.data, &date) || text.data[date_bytes] != 'T')
			return -EBADMSG;
	} else {
		date = load8(text.data);
		if (text.data[date_bytes] != '-')
			return -EBADMSG;
	}
	*end = read_time_of_day(text, date_bytes + 1, &secs, &rest);
	if (*end == 0 || !read_date(date, &civil))
		return -EBADMSG;
	if (is_iso) {
		if (*end == text.len || text.data[*end] != 'Z')
			return -EBADMSG;
		(*end)++;
	}
	return join(civil, secs, rest, ns);
}

int
fp_timestamp_parse_prefix(FP_SCOPED struct fp_cspan text, enum fp_timestamp_style style,
	uint64_t *ns, uint32_t *consumed)
{
	uint32_t end = 0;
	int error;

	*ns = 0;
	fpi_cspan_check(text);
	error = read_timestamp(text, style == FP_TIMESTAMP_ISO, ns, &end);
	*consumed = error == 0 ? end : 0;
	return error;
}

int
fp_timestamp_parse(FP_SCOPED struct fp_cspan text, enum fp_timestamp_style style, uint64_t *ns)
{
	uint32_t end = 0;
	int error;

	*ns = 0;
	fpi_cspan_check(text);
	error = read_timestamp(text, style == FP_TIMESTAMP_ISO, ns, &end);
	if (FP_LIKELY(end == text.len))
		return error;
	*ns = 0;
	return -EBADMSG;
}

int
fp_timestamp_parse_date_prefix(FP_SCOPED struct fp_cspan text, uint64_t *ns, uint32_t *consumed)
{
	struct civil civil;
	int error;

	*ns = 0;
	*consumed = 0;
	if (text.len < DATE_BYTES)
		return -EBADMSG;
	fpi_cspan_check(text);
	if (!read_date(load8(text.data), &civil))
		return -EBADMSG;
	error = join(civil, 0, 0, ns);
	if (error == 0)
		*consumed = DATE_BYTES;
	return error;
}

int
fp_timestamp_parse_date(FP_SCOPED struct fp_cspan text, uint64_t *ns)
{
	uint32_t consumed;

	*ns = 0;
	if (text.len != DATE_BYTES)
		return -EBADMSG;
	return fp_timestamp_parse_date_prefix(text, ns, &consumed);
}

int
fp_timestamp_parse_time_prefix(
	FP_SCOPED struct fp_cspan text, uint64_t *ns_of_day, uint32_t *consumed)
{
	uint32_t secs;
	uint32_t rest;
	uint32_t end;

	*ns_of_day = 0;
	*consumed = 0;
	fpi_cspan_check(text);
	end = read_time_of_day(text, 0, &secs, &rest);
	if (end == 0)
		return -EBADMSG;
	*ns_of_day = secs * NS_PER_SEC + rest;
	*consumed = end;
	return 0;
}

int
fp_timestamp_parse_time(FP_SCOPED struct fp_cspan text, uint64_t *ns_of_day)
{
	uint32_t consumed;
	int error = fp_timestamp_parse_time_prefix(text, ns_of_day, &consumed);

	if (error == 0 && consumed == text.len)
		return 0;
	*ns_of_day = 0;
	return -EBADMSG;
}

static uint32_t
fraction_bytes(uint8_t digits)
{
	if (FP_UNLIKELY(digits > DIGITS_HELD || digits % 3 != 0))
		refuse_digits(digits);
	return digits != 0 ? 1U + digits : 0;
}

/* Write the first digits of nine [3, 6, 9]; divisors and counts are constants. */
static void
write_fraction(uint8_t *to, uint32_t rest, uint8_t digits)
{
	if (digits == 3) {
		fpi_text_put_digits(to, rest / 1000000, 3);
	} else if (digits == 6) {
		fpi_text_put_digits(to, rest / 1000, 6);
	} else {
		*to = (uint8_t)('0' + rest / 100000000);
		fpi_text_put_digits(to + 1, rest % 100000000, 8);
	}
}

/* HH:MM:SS[.f]; a second of 86,400 is 23:59:60. */
static inline uint8_t *
write_time(uint8_t *to, uint32_t secs, uint32_t rest, uint8_t digits)
{
	uint32_t is_leap = secs == SECS_PER_DAY;
	uint32_t of_day = secs - is_leap;
	uint32_t minutes = of_day / 60;
	/* The zeros between the numbers become the separators. */
	uint32_t spaced = minutes / 60 * 1000000 + minutes % 60 * 1000 + of_day % 60 + is_leap;
	uint64_t text = fp_digits_split(spaced) | TIME_ZERO;

	memcpy(to, &text, TIME_BYTES);
	to += TIME_BYTES;
	if (digits == 0)
		return to;
	*to = '.';
	write_fraction(to + 1, rest, digits);
	return to + 1 + digits;
}

static void
write_date(uint8_t *to, uint32_t days)
{
	struct civil civil = civil_of(days);

	fpi_text_put_digits(to, civil.year * 10000 + civil.month * 100 + civil.day, DATE_BYTES);
}

int
fp_timestamp_format(uint64_t ns, enum fp_timestamp_style style, uint8_t digits,
	FP_SCOPED struct fp_span to, uint32_t *written)
{
	bool is_iso = style == FP_TIMESTAMP_ISO;
	uint32_t len = (is_iso ? ISO_DATE_BYTES : DATE_BYTES) + 1 + TIME_BYTES +
		fraction_bytes(digits) + is_iso;
	uint64_t secs = ns / NS_PER_SEC;
	uint32_t days = (uint32_t)(secs / SECS_PER_DAY);
	uint8_t *end = to.data;

	*written = 0;
	if (FP_UNLIKELY(to.len < len))
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	write_date(end, days);
	end += DATE_BYTES;
	if (is_iso) {
		memmove(end, end - 2, 2); /* the day, then the month */
		memmove(end - 3, end - 4, 2);
		end[-4] = '-';
		end[-1] = '-';
		end += 2;
	}
	*end++ = is_iso ? 'T' : '-';
	end = write_time(end, (uint32_t)(secs % SECS_PER_DAY), (uint32_t)(ns % NS_PER_SEC), digits);
	if (is_iso)
		*end = 'Z';
	*written = len;
	return 0;
}

int
fp_timestamp_format_date(uint64_t ns, FP_SCOPED struct fp_span to, uint32_t *written)
{
	*written = 0;
	if (FP_UNLIKELY(to.len < DATE_BYTES))
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	write_date(to.data, (uint32_t)(ns / NS_PER_SEC / SECS_PER_DAY));
	*written = DATE_BYTES;
	return 0;
}

int
fp_timestamp_format_time(
	uint64_t ns_of_day, uint8_t digits, FP_SCOPED struct fp_span to, uint32_t *written)
{
	uint32_t len = TIME_BYTES + fraction_bytes(digits);

	*written = 0;
	if (FP_UNLIKELY(ns_of_day >= (SECS_PER_DAY + 1) * NS_PER_SEC))
		return -EINVAL;
	if (FP_UNLIKELY(to.len < len))
		return -ERANGE;
	fpi_cspan_check(fp_span_const(to));
	(void)write_time(to.data, (uint32_t)(ns_of_day / NS_PER_SEC),
		(uint32_t)(ns_of_day % NS_PER_SEC), digits);
	*written = len;
	return 0;
}
