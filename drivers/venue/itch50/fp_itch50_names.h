/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Which stock locates of a session the channel has named, and how.
 *
 * An Instrument message stands before the first use of a locate and again when what it says has
 * changed. Usually 'R' (Stock Directory) names a locate; who joins in mid-day takes the symbol
 * from the first add. Locates are the venue's for one session: a restart forgets them all.
 *
 * Every add looks at one bit; listings are looked at when a locate is named. What a datagram
 * changed is kept until the next one begins, so that a rejected datagram can be undone.
 * Private to the driver; one thread, the lcore that owns the channel.
 */

#ifndef FP_ITCH50_NAMES_H
#define FP_ITCH50_NAMES_H

#include "fp_batch.h"

/** Values that a stock locate can have. */
#define FP_ITCH50_LOCATES 65536

/** Decimals of a Price(4). */
#define FP_ITCH50_PRICE_DECIMALS 4

/**
 * Most namings in one datagram: fp_batch_has_room() admits fewer than 8 * FP_BATCH_MESSAGES bytes,
 * and the shortest block that can name a locate, an add, has 38.
 */
#define FP_ITCH50_NAMINGS_MAX (8 * FP_BATCH_MESSAGES / 38)

/** What all messages begin with. */
struct fp_itch50_head {
	uint16_t locate;  /**< Stock locate, 0 = none. */
	uint64_t time_ns; /**< Time of the event [ns since midnight]. */
};

/** What an Instrument message said of a locate. */
struct fp_itch50_listing {
	struct fp_symbol8 symbol; /**< As on the wire, padded with spaces. */
	uint32_t lot;             /**< Round lot; 0 = not known [shares]. */
};

/** What a naming replaced. */
struct fp_itch50_naming {
	struct fp_itch50_listing listing; /**< Before, where listings has the locate. */
	uint16_t locate;                  /**< The locate that was named. */
	bool was_named;                   /**< It had a name before. */
};

/** What was named. */
struct fp_itch50_names {
	uint64_t bits[FP_ITCH50_LOCATES / 64]; /**< One per locate: it has a name. */
	struct fp_itch50_listing *listings;    /**< Shape [listings_cap], by locate. */
	uint32_t listings_cap;                 /**< Locates from here on are named by every 'R'. */
	uint32_t namings_count;                /**< Namings of the current datagram. */
	struct fp_itch50_naming namings[FP_ITCH50_NAMINGS_MAX]; /**< In order. */
};

/** True when the locate has a name. */
static inline bool
fp_itch50_is_named(const struct fp_itch50_names *names, uint16_t locate)
{
	return (names->bits[locate / 64] >> locate % 64 & 1) != 0;
}

/** Begin a datagram: what was named so far stays. */
static inline void
fp_itch50_names_begin(struct fp_itch50_names *names)
{
	names->namings_count = 0;
}

/** Undo the namings of the current datagram, the last first. */
FP_COLD static void
fp_itch50_names_undo(struct fp_itch50_names *names)
{
	while (names->namings_count != 0) {
		struct fp_itch50_naming *naming = &names->namings[--names->namings_count];
		uint64_t bit = UINT64_C(1) << naming->locate % 64;

		if (naming->locate < names->listings_cap)
			names->listings[naming->locate] = naming->listing;
		if (!naming->was_named)
			names->bits[naming->locate / 64] &= ~bit;
	}
}

/** Forget every name: another session began. */
FP_COLD static void
fp_itch50_names_forget(struct fp_itch50_names *names)
{
	memset(names->bits, 0, sizeof(names->bits));
	names->namings_count = 0;
}

/** Remember the listing; false when it was known and just the same. */
static inline bool
fp_itch50_remember(
	struct fp_itch50_names *names, uint16_t locate, const struct fp_itch50_listing *listing)
{
	struct fp_itch50_naming naming = { .locate = locate };

	naming.was_named = fp_itch50_is_named(names, locate);
	if (locate < names->listings_cap) {
		naming.listing = names->listings[locate];
		if (naming.was_named && naming.listing.lot == listing->lot &&
			memcmp(&naming.listing.symbol, &listing->symbol, sizeof(listing->symbol)) ==
				0)
			return false;
		names->listings[locate] = *listing;
	}
	names->bits[locate / 64] |= UINT64_C(1) << locate % 64;
	names->namings[names->namings_count++] = naming;
	return true;
}

/** The symbol with NUL in place of the spaces on its right. */
static inline struct fp_symbol16
fp_itch50_symbol(struct fp_symbol8 symbol)
{
	struct fp_symbol16 trimmed = { { 0 } };
	size_t len = sizeof(symbol.text);

	while (len > 0 && (symbol.text[len - 1] == ' ' || symbol.text[len - 1] == '\0'))
		len--;
	for (size_t idx = 0; idx < len; idx++)
		trimmed.text[idx] = symbol.text[idx];
	return trimmed;
}

/**
 * Name a locate by an Instrument message, unless that would say nothing new.
 *
 * @param[in,out] names   Of the channel.
 * @param[in]     head    Of the message that names its locate.
 * @param[in]     symbol  Shape [8], as on the wire.
 * @param[in]     lot     Round lot; 0 = not known [shares].
 * @param[out]    out     Place of the Instrument message.
 * @return Messages written, 0 or 1; -EBADMSG the symbol begins with a space or NUL.
 */
FP_MUST_CHECK FP_COLD static int
fp_itch50_name(struct fp_itch50_names *names, struct fp_itch50_head head,
	FP_SCOPED struct fp_cspan symbol, uint32_t lot, struct fp_message *out)
{
	struct fp_reader reader = fp_reader_open(symbol);
	struct fp_itch50_listing listing = { .lot = lot };

	fp_reader_read_into(&reader, listing.symbol.text, sizeof(listing.symbol.text));
	if (listing.symbol.text[0] == ' ' || listing.symbol.text[0] == '\0')
		return -EBADMSG;
	if (!fp_itch50_remember(names, head.locate, &listing))
		return 0;
	*out = (struct fp_message){
		.len = FP_MESSAGE_LEN(instrument),
		.type = FP_MESSAGE_INSTRUMENT,
		.instrument_id = head.locate,
		.time_ns = head.time_ns,
		.instrument = {
			.symbol = fp_itch50_symbol(listing.symbol),
			.lot = lot,
			.price_decimals = FP_ITCH50_PRICE_DECIMALS,
		},
	};
	return 1;
}

#endif /* FP_ITCH50_NAMES_H */
