/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Looking through a capture before it is replayed: how much it holds, whether it was cut off, and
 * which streams are in it.
 */

#ifndef REPLAY_H
#define REPLAY_H

#include "config.h"

/** What a capture holds. */
struct replay {
	uint64_t packets;   /**< Whole packets. */
	bool is_cut;        /**< The file ends in the middle of a record. */
	bool has_checksums; /**< Its UDP checksums are mostly right: wrong ones mean damage. */
};

/**
 * Read a capture from end to end.
 *
 * @param[in]     path    pcap or pcapng, of Ethernet frames.
 * @param[in,out] config  When it has no channels, those that are recognised are added, with a port.
 *                        NULL = only count.
 * @param[out]    replay  Filled on success.
 * @return True; otherwise the reason was printed.
 */
bool replay_survey(const char *path, struct config *config, struct replay *replay);

#endif /* REPLAY_H */
