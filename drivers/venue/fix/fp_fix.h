/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * State of a FIX channel: its symbols, its sessions, and the bytes of a message that is not whole.
 *
 *    symbol (16 characters) --hash--> slots: | key | id | named | last level |   half full at most
 *                                       ^           |
 *                                       +--- slot_idxs[id - 1]
 *
 *    channel->continuity is the place of the session that spoke last; places[] has those of all
 *    others, and places[current] what that session's was when it began to speak.
 *
 * Private to the driver and its tests. Lives in the channel's arena, owned by the channel's lcore.
 */

#ifndef FP_FIX_H
#define FP_FIX_H

#include "fp_continuity.h"
#include "fp_fix_fields.h"
#include "fp_fix_stream.h"

/** Most instruments that a channel may be made for. */
#define FP_FIX_INSTRUMENTS_MAX (1U << 24)

/** Sessions that a channel keeps the places of. */
#define FP_FIX_SESSIONS_MAX 64U

/** Decimals of native prices when the configuration does not say. */
#define FP_FIX_PRICE_DECIMALS 8

/** Where a symbol is found by its characters. */
struct fp_fix_slot {
	uint64_t key[2];    /**< The symbol, padded with NUL, loaded little-endian; 0, 0 = free. */
	uint32_t id;        /**< Instrument [1..max]. */
	uint32_t named;     /**< Session in which it was last named; 0 = in none. */
	uint32_t level_idx; /**< Where in a batch its last level is, or was. */
	uint32_t unused;    /**< A slot lies in one line of the cache. */
};

/** All symbols of a channel. */
struct fp_fix_symbols {
	/* hot */
	struct fp_fix_slot *slots; /**< Shape [mask + 1]. */
	uint32_t mask;             /**< Slots - 1; slots are a power of two. */
	uint32_t shift;            /**< 64 - log2(slots). */
	uint32_t session;          /**< Number of the session that goes on, from 1. */
	uint32_t count;            /**< Symbols with an id. */
	uint32_t count_before;     /**< count before the message that is decoded. */
	/* cold */
	uint32_t max;            /**< Symbols that may have one. */
	uint32_t *slot_idxs;     /**< By id - 1, shape [max]. */
	struct fp_fix_slot none; /**< Of symbols that find no room; its id is max + 1. */
	uint8_t price_decimals;
};

/** Places of all sessions. */
struct fp_fix_sessions {
	struct fp_continuity *places; /**< Shape [FP_FIX_SESSIONS_MAX]. */
	uint32_t count;               /**< Sessions. */
	uint32_t current;             /**< Whose place is in the channel, if there are any. */
};

/** What a channel's state points to. */
struct fp_fix {
	struct fp_fix_symbols symbols;
	struct fp_fix_sessions sessions;
	struct fp_fix_stream *stream; /**< Finds the messages, of all, or of what is not plain. */
	uint64_t before;              /**< Bytes of the datagram before it began [bytes]. */
	uint64_t fed;                 /**< Bytes given to it since it began [bytes]. */
	uint8_t price_excess;         /**< enum fp_price_excess. */
	bool is_stream;               /**< Payloads joined are one stream. */
	bool is_fed;                  /**< The stream has the next datagram already. */
	struct fp_fix_index index;    /**< Of the message that is decoded. */
};

#endif /* FP_FIX_H */
