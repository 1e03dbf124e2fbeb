/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * State of an IEX channel: its symbols, and where its stream of bytes is.
 *
 *    key (8 characters) --hash--> slots: | key | id | named |   at most half full, linear probing
 *                                              |
 *                                  symbols[id - 1]: | slot | lot | what a datagram changed |
 *
 * Private to the driver and its tests. Lives in the channel's arena, owned by the channel's lcore.
 */

#ifndef FP_IEX_H
#define FP_IEX_H

#include <stdint.h>

/** Most instruments that a channel may be made for. */
#define FP_IEX_INSTRUMENTS_MAX (1u << 24)

/** Where a symbol is found by its characters. */
struct fp_iex_slot {
	uint64_t key;   /**< The symbol's 8 characters, loaded little-endian; 0 = free. */
	uint32_t id;    /**< Instrument [1..max]. */
	uint32_t named; /**< Session in which it was last named; 0 = in none. */
};

/** What is known of a symbol beside its id. */
struct fp_iex_symbol {
	uint64_t datagram;     /**< Last datagram that changed it. */
	uint32_t slot_idx;     /**< Its slot. */
	uint32_t lot;          /**< Round lot [units]; 0 before its directory message. */
	uint32_t lot_before;   /**< lot before that datagram. */
	uint32_t named_before; /**< Its slot's named before that datagram. */
};

/** All symbols of a channel. */
struct fp_iex_symbols {
	/* hot */
	struct fp_iex_slot *slots; /**< Shape [mask + 1]. */
	uint32_t mask;             /**< Slots - 1; slots are a power of two. */
	uint32_t shift;            /**< 64 - log2(slots). */
	uint32_t session;          /**< Number of the session that goes on, from 1. */
	uint32_t count;            /**< Symbols with an id. */
	/* cold */
	struct fp_iex_symbol *symbols; /**< By id - 1, shape [max]. */
	uint32_t max;                  /**< Symbols that may have one. */
	uint32_t count_before;         /**< count before the datagram that is decoded. */
	uint64_t datagram;             /**< Number of the datagram that is decoded. */
};

/** What a channel's state points to. */
struct fp_iex {
	struct fp_iex_symbols symbols;
	uint64_t next_offset; /**< Stream offset that follows the last datagram placed [bytes]. */
};

#endif /* FP_IEX_H */
