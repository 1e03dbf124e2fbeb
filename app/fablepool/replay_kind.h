/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What kind of file is replayed, by what it holds: its name says nothing.
 */

#ifndef REPLAY_KIND_H
#define REPLAY_KIND_H

#include <stdint.h>

/** Kinds of files. */
enum replay_kind {
	REPLAY_NONE,     /**< Cannot be replayed; the reason was printed. */
	REPLAY_CAPTURE,  /**< pcap or pcapng. */
	REPLAY_FIX,      /**< FIX messages, separated by nothing, LF or CRLF. */
	REPLAY_FIX_TEXT, /**< FIX messages among text of a log, as a time in front of each. */
};

/**
 * Look at the beginning of a file.
 *
 * @param[in]  path   Of the file.
 * @param[out] bytes  Its length [bytes].
 */
enum replay_kind replay_kind_of(const char *path, uint64_t *bytes);

#endif /* REPLAY_KIND_H */
