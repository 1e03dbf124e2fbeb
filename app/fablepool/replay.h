/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Looking through a file before it is replayed: what kind it is, how much it holds, whether it was
 * cut off, and which streams are in it.
 */

#ifndef REPLAY_H
#define REPLAY_H

#include "config.h"

/** What a file holds. */
struct replay {
	bool is_fix;        /**< A FIX log; the rest but its length concerns captures. */
	uint64_t bytes;     /**< Of a FIX log. */
	uint64_t packets;   /**< Whole packets. */
	bool is_cut;        /**< The file ends in the middle of a record. */
	bool has_checksums; /**< Its UDP checksums are mostly right: wrong ones mean damage. */
};

/**
 * Read a capture from end to end, or the beginning of a FIX log.
 *
 * @param[in]     path    pcap or pcapng, of Ethernet frames, or FIX messages.
 * @param[in,out] config  When it has no channels, those that are recognised are added. Of those
 *                        that it has, one must take a FIX log. NULL = only count.
 * @param[out]    replay  Filled on success.
 * @return True; otherwise the reason was printed.
 */
bool replay_survey(const char *path, struct config *config, struct replay *replay);

#endif /* REPLAY_H */
