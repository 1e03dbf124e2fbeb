/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Points in time as text: nanoseconds since 1970-01-01 00:00:00 UTC to FIX and ISO 8601 and back.
 *
 *   FIX  UTCTimestamp  YYYYMMDD-HH:MM:SS[.f]       ISO 8601  YYYY-MM-DDTHH:MM:SS[.f]Z
 *        UTCDateOnly   YYYYMMDD
 *        UTCTimeOnly   HH:MM:SS[.f]
 *
 * f is 1 to 12 digits; those behind the ninth are dropped when they are read, so that a point in
 * time is rounded down to its nanosecond. Written are 0, 3, 6 or 9 digits, rounded down as well.
 *
 * The calendar is checked: months, their lengths, leap years. A second of 60 is that of 23:59:60
 * only, on any day, and gives the same number as the first second of the next day, as POSIX has it.
 * The range is that of 64 bits: 1970-01-01 to 2554-07-21 23:34:33.709551615; else -ERANGE.
 *
 * No time zones, no locale, no libc. Nothing is read or written outside the views. Any thread.
 */

#ifndef FP_TIMESTAMP_H
#define FP_TIMESTAMP_H

#include "fp_span.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Longest text that is written: ISO 8601 with 9 digits [bytes]. */
#define FP_TIMESTAMP_TEXT_MAX 30

/** How a date and a time stand together. */
enum fp_timestamp_style {
	FP_TIMESTAMP_FIX, /**< YYYYMMDD-HH:MM:SS[.f] */
	FP_TIMESTAMP_ISO, /**< YYYY-MM-DDTHH:MM:SS[.f]Z, capital letters only. */
};

/**
 * Parse the point in time that a text begins with.
 *
 * A point with no digit behind it is not part of it: of "20240229-12:00:00." 17 bytes are taken.
 *
 * @param[in]  text      Date and time, then anything but a further digit.
 * @param[in]  style     How they are written.
 * @param[out] ns        Nanoseconds since 1970; 0 on error.
 * @param[out] consumed  Length of what was parsed [bytes]; 0 on error.
 * @return 0; -EBADMSG no such text, no such day or second, or more than 12 digits behind the
 *         point; -ERANGE before 1970 or behind what 64 bits hold.
 * @source FIX 5.0 SP2 EP206, UTCTimestamp; ISO 8601:2004, 4.3.2
 */
FP_MUST_CHECK FP_HOT_PATH int fp_timestamp_parse_prefix(FP_SCOPED struct fp_cspan text,
	enum fp_timestamp_style style, uint64_t *ns, uint32_t *consumed);

/** Parse a text that is a point in time as a whole. @see fp_timestamp_parse_prefix */
FP_MUST_CHECK FP_HOT_PATH int
fp_timestamp_parse(FP_SCOPED struct fp_cspan text, enum fp_timestamp_style style, uint64_t *ns);

/**
 * Parse the day that a text begins with: YYYYMMDD, FIX UTCDateOnly.
 *
 * @param[in]  text      Eight digits, then anything.
 * @param[out] ns        Nanoseconds from 1970 to its first second; 0 on error.
 * @param[out] consumed  8; 0 on error.
 * @return As fp_timestamp_parse_prefix().
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_timestamp_parse_date_prefix(FP_SCOPED struct fp_cspan text, uint64_t *ns, uint32_t *consumed);

/** Parse a text that is a day as a whole. @see fp_timestamp_parse_date_prefix */
FP_MUST_CHECK FP_HOT_PATH int fp_timestamp_parse_date(FP_SCOPED struct fp_cspan text, uint64_t *ns);

/**
 * Parse the time of day that a text begins with: HH:MM:SS[.f], FIX UTCTimeOnly.
 *
 * @param[in]  text       The time, then anything but a further digit.
 * @param[out] ns_of_day  Nanoseconds since midnight [0..86,401 * 10^9 - 1, above 86,400 * 10^9 in
 *                        a leap second]; 0 on error.
 * @param[out] consumed   Length of what was parsed [bytes]; 0 on error.
 * @return 0; -EBADMSG as for fp_timestamp_parse_prefix().
 */
FP_MUST_CHECK FP_HOT_PATH int fp_timestamp_parse_time_prefix(
	FP_SCOPED struct fp_cspan text, uint64_t *ns_of_day, uint32_t *consumed);

/** Parse a text that is a time of day as a whole. @see fp_timestamp_parse_time_prefix */
FP_MUST_CHECK FP_HOT_PATH int
fp_timestamp_parse_time(FP_SCOPED struct fp_cspan text, uint64_t *ns_of_day);

/**
 * Write a point in time.
 *
 * @param[in]  ns       Nanoseconds since 1970; any value.
 * @param[in]  style    How date and time are written.
 * @param[in]  digits   Digits behind the seconds [0, 3, 6, 9]; others panic.
 * @param[in]  to       Room for the text; what is behind the text stays.
 * @param[out] written  Length of the text [bytes]; 0 on error.
 * @return 0, or -ERANGE when @p to is too short; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_timestamp_format(uint64_t ns, enum fp_timestamp_style style,
	uint8_t digits, FP_SCOPED struct fp_span to, uint32_t *written);

/**
 * Write the day of a point in time: YYYYMMDD.
 *
 * @param[in]  ns       Nanoseconds since 1970; any value.
 * @param[in]  to       Room for the text; what is behind the text stays.
 * @param[out] written  8; 0 on error.
 * @return 0, or -ERANGE when @p to is too short; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int
fp_timestamp_format_date(uint64_t ns, FP_SCOPED struct fp_span to, uint32_t *written);

/**
 * Write a time of day: HH:MM:SS[.f].
 *
 * @param[in]  ns_of_day  Nanoseconds since midnight [0..86,401 * 10^9 - 1]; from 86,400 * 10^9 on
 *                        it is 23:59:60.
 * @param[in]  digits     Digits behind the seconds [0, 3, 6, 9]; others panic.
 * @param[in]  to         Room for the text; what is behind the text stays.
 * @param[out] written    Length of the text [bytes]; 0 on error.
 * @return 0; -ERANGE when @p to is too short; -EINVAL no time of a day; nothing is written then.
 */
FP_MUST_CHECK FP_HOT_PATH int fp_timestamp_format_time(
	uint64_t ns_of_day, uint8_t digits, FP_SCOPED struct fp_span to, uint32_t *written);

#ifdef __cplusplus
}
#endif

#endif /* FP_TIMESTAMP_H */
