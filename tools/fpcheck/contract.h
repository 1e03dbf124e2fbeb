/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What calls do to buffers: the table that tells fpcheck about functions whose body it does not
 * follow, and about types.
 *
 * The table is text, so that people add their own wrappers without building fpcheck again. The
 * tables for DPDK, libc and FablePool are built in (tools/fpcheck/tables/...) and may be printed; a
 * configuration names more, and a later line for a function replaces an earlier one.
 *
 *   # a comment
 *   type  rte_mbuf  buffer          # struct rte_mbuf * points to a buffer
 *   type  fp_lease  lease           # holds a buffer by value; moved, not copied
 *   type  fp_cspan  view            # is a view of a buffer
 *   type  fp_reader cursor          # a view that walks
 *   ban   FP0401    malloc calloc   # calling these in hot code is this finding
 *   ban   -         calloc          # ... and now calloc is none any more
 *   fn    rte_pktmbuf_alloc(-) -> new?
 *   fn    rte_pktmbuf_free(free?)
 *   fn    rte_eth_rx_burst(-, -, grant[..ret], -) -> count 4
 *   fn    rte_eth_tx_burst(-, -, send[..ret], -) -> count 4
 *   fn    rte_ring_enqueue(-, send if 0) -> status
 *   fn    rte_ring_enqueue_bulk(-, send[3] if !0, -, -) -> all 3
 *   fn    rte_pktmbuf_alloc_bulk(-, grant[3] if 0, -) -> status
 *   fn    rte_pktmbuf_adj(move if !0, -) -> view of 1?
 *   fn    rte_pktmbuf_clone(share if !0, -) -> clone of 1?
 *   fn    rte_vlan_insert(replace if 0) -> status
 *   fn    rte_pktmbuf_chain(use, join 1 if 0) -> status
 *   fn    rte_ipv4_fragment_packet(use, grant[..ret], -, -, -, -) -> count 3 or error
 *   fn    rte_ipv4_frag_reassemble_packet(-, -, send) -> new or 3?
 *   fn    rte_gro_reassemble_burst(replace[2], -, -) -> count 2
 *   fn    memcpy(write, use, -) -> same as 1
 *   fn    rte_exit(-, -, ...) -> never
 *
 * A parameter is a word, then perhaps "?" (NULL is allowed), an extent in brackets, a condition:
 *   word       see enum contract_effect; "-" is CONTRACT_NONE
 *   [N]        all of the first N elements of an array, N being the number (1..) of the parameter
 *              that counts them; [=K] for a constant count
 *   [..ret]    the first `result` elements of an array; none when the result is negative
 *   if C       only when the call's result fulfils C: 0, !0, >0, >=0, <0; NULL counts as 0
 * Parameters that are not written are CONTRACT_NONE. Numbers of parameters count from 1.
 * A result is one of
 *   -                     nothing that is known, as without an arrow: any number
 *   new                   a buffer of the caller's
 *   new or N              the argument N, or another buffer that took it over
 *   view of N             a pointer into N, or a view of it, that moves with the data
 *   part of N             a pointer into N that does not: its private area
 *   same as N             the argument N itself
 *   clone of N            a buffer of the caller's that shares data with N
 *   next of N             a segment of N
 *   count N               0 to the value of parameter N
 *   count N or error      that, or negative
 *   all N                 0, or the value of parameter N
 *   status                0 or negative
 *   status N              0 or -N: an errno
 *   flag                  0 or 1
 *   never                 does not return
 * "?" behind a pointer: may be NULL.
 *
 * What passes through a `void *` or `void **` (rings, mempools) is a buffer when the argument's own
 * type, without the cast, says so; of other objects the line says nothing.
 *
 * What is given away through a pointer to a lease (free, send) leaves the lease empty: giving it
 * away once more is nothing. "move" of what holds leases or memory (a frame, an arena) makes views
 * of them stale.
 *
 * The text may have CRLF ends of line, and a byte order mark. docs/guide/fpcheck-tables.md is the
 * same for users.
 */

#ifndef FPCHECK_CONTRACT_H
#define FPCHECK_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "finding.h"

#define CONTRACT_MAX_PARAMS 12

/** What a call does to the buffer that an argument is, or that an argument points to. */
enum contract_effect {
	CONTRACT_NONE,     /**< "-": no buffer, or one that the call does not look at. */
	CONTRACT_USE,      /**< "use": the buffer must be alive; nothing about it changes. */
	CONTRACT_WRITE,    /**< "write": use, and its data is written to. */
	CONTRACT_FREE,     /**< "free": one reference is given up; the last one frees the buffer. */
	CONTRACT_FREE_SEG, /**< "free-seg": as free, of this segment alone. */
	CONTRACT_SEND,  /**< "send": the callee owns it from here (port, ring, another thread). */
	CONTRACT_KEEP,  /**< "keep": the callee keeps a pointer; who owns it is not known. */
	CONTRACT_GRANT, /**< "grant": the caller owns what is stored here. */
	CONTRACT_LEND,  /**< "lend": what is stored here is a buffer that somebody else owns. */
	CONTRACT_MOVE,  /**< "move": its data may move; earlier pointers into it are stale. */
	/**
	 * "replace": the argument comes back as another buffer. "replace[N]": of the N elements the
	 * first `result` are buffers of the caller's afterwards, the others are gone.
	 */
	CONTRACT_REPLACE,
	CONTRACT_SHARE,    /**< "share": its data is shared from here: not to be written to. */
	CONTRACT_REF,      /**< "ref N": its reference count changes by the value of parameter N. */
	CONTRACT_JOIN,     /**< "join N": is a segment of the buffer in parameter N from here. */
	CONTRACT_CLEAR,    /**< "clear": what the argument points to holds no buffer afterwards. */
	CONTRACT_VIEW_OUT, /**< "view N": a view of the buffer in parameter N is stored here. */
	CONTRACT_MOVE_OUT, /**< "take N": the buffer in parameter N is stored here. */
	CONTRACT_SCOPED,   /**< "scoped": a view that is used in the call and not kept. */
};

enum contract_when {
	CONTRACT_ALWAYS,
	CONTRACT_IF_ZERO,
	CONTRACT_IF_NONZERO,
	CONTRACT_IF_POSITIVE,
	CONTRACT_IF_NOT_NEGATIVE,
	CONTRACT_IF_NEGATIVE,
};

enum contract_extent {
	CONTRACT_ONE,      /**< The argument itself. */
	CONTRACT_COUNTED,  /**< Elements [0, value of parameter `count`). */
	CONTRACT_CONSTANT, /**< Elements [0, `count`). */
	CONTRACT_RESULT,   /**< Elements [0, result). */
};

struct contract_param {
	enum contract_effect effect;
	enum contract_when when;
	enum contract_extent extent;
	uint32_t count; /**< COUNTED: index (0..) of the parameter; CONSTANT: how many. */
	uint32_t other; /**< REF, JOIN, VIEW_OUT, MOVE_OUT: index (0..) of the parameter named. */
	bool may_be_null;
};

enum contract_result {
	CONTRACT_RESULT_NONE,
	CONTRACT_RESULT_NEW,         /**< A buffer that the caller owns. */
	CONTRACT_RESULT_NEW_OR_SAME, /**< The argument `of`, which stays the caller's, or NEW. */
	CONTRACT_RESULT_VIEW,  /**< A pointer into (or a view of) the buffer in parameter `of`. */
	CONTRACT_RESULT_PART,  /**< A pointer into `of` that no "move" makes stale: private area. */
	CONTRACT_RESULT_SAME,  /**< The argument `of` itself. */
	CONTRACT_RESULT_CLONE, /**< A buffer of the caller's that shares data with `of`. */
	CONTRACT_RESULT_NEXT,  /**< A segment of the chain in `of`. */
	CONTRACT_RESULT_COUNT, /**< [0, value of parameter `of`]. */
	CONTRACT_RESULT_COUNT_OR_ERROR, /**< COUNT, or negative. */
	CONTRACT_RESULT_ALL,            /**< 0, or the value of parameter `of`. */
	CONTRACT_RESULT_STATUS,         /**< 0 or negative; `of`, if not 0: 0 or -`of`. */
	CONTRACT_RESULT_FLAG,           /**< 0 or 1. */
	CONTRACT_RESULT_EMPTY,          /**< 1 when the lease in `of` was given away, else 0. */
	CONTRACT_RESULT_NEVER,          /**< Does not return. */
};

struct contract {
	const char *name;
	struct contract_param params[CONTRACT_MAX_PARAMS];
	uint32_t param_count; /**< Parameters beyond are CONTRACT_NONE. */
	enum contract_result result;
	uint32_t of; /**< Index (0..) of the parameter that the result speaks of. */
	bool result_may_be_null;
};

/** What a type is to fpcheck. */
enum contract_type {
	CONTRACT_TYPE_PLAIN,
	CONTRACT_TYPE_BUFFER, /**< A pointer to it points to a buffer: struct rte_mbuf. */
	CONTRACT_TYPE_LEASE,  /**< Holds a buffer by value; moved, never copied: struct fp_lease. */
	CONTRACT_TYPE_VIEW,   /**< A view by value: struct fp_span. */
	CONTRACT_TYPE_CURSOR, /**< A view that walks, for the stack: struct fp_reader. */
};

struct contracts;

/** The built-in tables. */
struct contracts *contracts_create(void);

/** NULL is fine. */
void contracts_destroy(struct contracts *contracts);

/**
 * Add a table.
 *
 * @param[in] text  Zero-terminated.
 * @param[in] file  Its name, for messages.
 * @param[out] error  What is wrong, as "FILE:LINE: sentence", when the result is negative.
 * @return 0, or -EINVAL: a line could not be understood; those before it were added.
 */
int contracts_parse(struct contracts *contracts, const char *text, const char *file, char *error,
	size_t error_cap);

/** The function's line in the tables; NULL when there is none. O(1). */
const struct contract *contracts_find(const struct contracts *contracts, const char *function);

/** What a struct is; PLAIN when no table names it. O(1). */
enum contract_type contracts_type(const struct contracts *contracts, const char *tag);

/** The rule (FP04xx) that a call of the function breaks in hot code; false when none. O(1). */
bool
contracts_ban(const struct contracts *contracts, const char *function, enum finding_rule *rule);

/** The built-in tables as text, for --print-tables: [*count] texts, with their names. */
struct contract_table {
	const char *name; /**< "dpdk.table" ... */
	const char *text;
};
extern const struct contract_table contract_tables[];
extern const size_t contract_table_count;

#endif /* FPCHECK_CONTRACT_H */
