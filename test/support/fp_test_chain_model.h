/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * The chain reader beside a naive one that has all bytes in one array.
 *
 * A chain is built by hand over segments of any lengths, so that no EAL is needed. Each operation
 * of fp_chain_reader.h and fp_chain_search.h is done on both, and everything that can be seen
 * afterwards is compared: what it returned, what it lent and where that lies, and the whole state
 * of the reader. The naive one goes byte by byte and knows of segments only where they begin.
 */

#ifndef FP_TEST_CHAIN_MODEL_H
#define FP_TEST_CHAIN_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "fp_chain_search.h"

/** Most bytes of a chain that is compared. */
#define FP_TEST_CHAIN_BYTES_MAX 256U

/** What an operation takes. */
enum fp_test_chain_args {
	FP_TEST_ARGS_NONE,       /**< Nothing. */
	FP_TEST_ARGS_COUNT,      /**< count */
	FP_TEST_ARGS_VIEW,       /**< count, room */
	FP_TEST_ARGS_BYTE,       /**< byte, is_past */
	FP_TEST_ARGS_BYTE_VIEW,  /**< byte, is_past, room */
	FP_TEST_ARGS_ESCAPE,     /**< byte, escape, is_past */
	FP_TEST_ARGS_WORD,       /**< word, is_past */
	FP_TEST_ARGS_BYTES,      /**< bytes, bytes_len as a sequence, is_past */
	FP_TEST_ARGS_SET,        /**< bytes, bytes_len as a set, is_past */
	FP_TEST_ARGS_KINDS_COUNT /**< Number of kinds. */
};

/** One operation with its arguments. */
struct fp_test_chain_step {
	unsigned int op;      /**< [0..fp_test_chain_ops() - 1] */
	uint32_t count;       /**< Any number. */
	uint32_t room;        /**< Of the scratch [bytes, 0..FP_TEST_CHAIN_BYTES_MAX]. */
	uint16_t word;        /**< For searches of 16 bits. */
	uint8_t byte;         /**< Searched for. */
	uint8_t escape;       /**< Escapes it. */
	bool is_past;         /**< Move past what is found. */
	const uint8_t *bytes; /**< Shape [bytes_len]. */
	uint32_t bytes_len;   /**< [bytes, 0..FP_TEST_CHAIN_BYTES_MAX] */
};

/** A chain and the naive idea of it. */
struct fp_test_chain {
	struct rte_mbuf mbufs[FP_CHAIN_SEGMENTS_MAX]; /**< Linked. */
	struct fp_chain chain;                        /**< What is read; a part of the mbufs. */
	uint8_t bytes[FP_TEST_CHAIN_BYTES_MAX];       /**< All of that. */
	uint32_t len;                                 /**< [bytes] */
	uint8_t segment_of[FP_TEST_CHAIN_BYTES_MAX];  /**< Index of the mbuf of each byte. */
	uint32_t end_of[FP_TEST_CHAIN_BYTES_MAX];     /**< Bytes up to the end of its piece. */
	uint32_t start_of[FP_TEST_CHAIN_BYTES_MAX];   /**< Bytes before its piece. */
};

/** Two readers of it. */
struct fp_test_chain_pair {
	const struct fp_test_chain *of; /**< What they read. */
	struct fp_chain_reader reader;  /**< The library's. */
	uint32_t pos;                   /**< The naive one's: bytes consumed; 0 after a fault. */
	bool is_ok;                     /**< False after a fault: nothing remains. */
};

/** Number of operations. */
unsigned int fp_test_chain_ops(void);

/** What an operation takes. */
enum fp_test_chain_args fp_test_chain_op_args(unsigned int op);

/** Name of an operation. */
const char *fp_test_chain_op_name(unsigned int op);

/**
 * Link mbufs by hand and make a chain of them, or of a part.
 *
 * @param[out] chain     What is built.
 * @param[in]  segments  Shape [count]; data of each one, to be kept while the chain is used.
 * @param[in]  lens      Shape [count]; lengths [bytes, 0..UINT16_MAX].
 * @param[in]  count     Segments [1..FP_CHAIN_SEGMENTS_MAX].
 * @param[in]  off       First byte of the part that is read [bytes].
 * @param[in]  len       Its length [bytes, 0..FP_TEST_CHAIN_BYTES_MAX]; UINT32_MAX = all, uncut.
 */
void fp_test_chain_build(struct fp_test_chain *chain, uint8_t *const *segments,
	const uint16_t *lens, uint32_t count, uint32_t off, uint32_t len);

/** Open both readers. */
void fp_test_chain_open(struct fp_test_chain_pair *pair, const struct fp_test_chain *chain);

/** Do a step with both; NULL, or what is not the same afterwards. */
const char *
fp_test_chain_step(struct fp_test_chain_pair *pair, const struct fp_test_chain_step *step);

/** Compare all that can be seen of both readers; NULL, or what is not the same. */
const char *fp_test_chain_compare(const struct fp_test_chain_pair *pair);

#endif /* FP_TEST_CHAIN_MODEL_H */
