/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * What a telemetry command needs beside rte_telemetry.h, the same from DPDK 22.11 to 25.11.
 *
 *   params  "3,64"   -> fields, numbers checked                      fp_telemetry_params_*
 *   page    "total": 500, "first": 64, "next": 128 (0 = that was all) fp_telemetry_page_*
 *   reply   {"name": 1, "pools": ["a", "b"], "lat": {"p50": 7}}      fp_telemetry_*
 *
 * A node is one dictionary or list of the reply. Adding to it cannot fail for the caller: the first
 * error is kept in the root and fp_telemetry_commit() tells the client by an entry "incomplete". A
 * callback must not return an error once it has opened a node: DPDK would leak the memory of it.
 * Callbacks run on telemetry's own threads, several at a time: they read counters, change nothing.
 */

#ifndef FP_TELEMETRY_H
#define FP_TELEMETRY_H

#include <stdint.h>

#include <rte_telemetry.h>

#include "fp_common.h"
#include "fp_histogram.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Most fields that a command's parameters may have. */
#define FP_TELEMETRY_FIELDS_MAX 4

/** Longest parameters that are looked at [bytes, without the final zero]. */
#define FP_TELEMETRY_PARAMS_LEN_MAX 127

/** What a page may take of DPDK's 16 KiB, beyond which elements are dropped silently [bytes]. */
#define FP_TELEMETRY_PAGE_BYTES (15 * 1024)

/** Most items of a page; a dictionary holds 256 entries, a list 512. */
#define FP_TELEMETRY_PAGE_ITEMS_MAX 240

/** Parameters of one request, cut at the commas; spaces around a field are dropped. */
struct fp_telemetry_params {
	uint32_t field_count;                       /**< [0..FP_TELEMETRY_FIELDS_MAX]. */
	uint8_t offset[FP_TELEMETRY_FIELDS_MAX];    /**< Start of each field in text [bytes]. */
	char text[FP_TELEMETRY_PARAMS_LEN_MAX + 1]; /**< The fields, each ended by a zero. */
};

/** Which items of a long list one reply shows. */
struct fp_telemetry_page {
	uint64_t total; /**< Items of the whole list. */
	uint64_t first; /**< Index of the first item shown [0..total]. */
	uint64_t end;   /**< Index after the last item shown [first..total]. */
};

/** One dictionary or list of a reply. @threads The one that runs the callback. */
struct fp_telemetry_node {
	struct rte_tel_data *data;      /**< DPDK's container; NULL when there is none. */
	struct fp_telemetry_node *root; /**< Keeps the error; must outlive its children. */
	uint32_t entry_count;           /**< Entries added so far. */
	int error;                      /**< In the root: first error, negative errno; else 0. */
};

/**
 * Take a command's parameters apart.
 *
 * @param[in]  text  What DPDK passes to the callback; NULL and "" give no fields.
 * @param[out] out   Fields; a copy, @p text may change afterwards.
 * @return 0, or -E2BIG more fields than FP_TELEMETRY_FIELDS_MAX or longer than
 *         FP_TELEMETRY_PARAMS_LEN_MAX; @p out then has no fields.
 */
FP_COLD FP_MUST_CHECK int
fp_telemetry_params_init(struct fp_telemetry_params *out, const char *text);

/**
 * Get a field that is a number: decimal digits only.
 *
 * @param[in]     p      Parameters.
 * @param[in]     idx    Which field, from 0.
 * @param[in]     max    Largest value accepted.
 * @param[in,out] value  The number; unchanged on error, so that it may hold a default.
 * @return 0, or -ENODATA there is no such field; -EINVAL empty or not a decimal number; -ERANGE
 *         above @p max.
 */
FP_COLD FP_MUST_CHECK int fp_telemetry_params_get_uint(
	const struct fp_telemetry_params *p, uint32_t idx, uint64_t max, uint64_t *value);

/**
 * Get a field as text, such as a symbol or a name.
 *
 * @param[in] p    Parameters.
 * @param[in] idx  Which field, from 0.
 * @return Zero-ended text inside @p p, may be empty; NULL when there is no such field.
 */
FP_COLD const char *
fp_telemetry_params_get_string(const struct fp_telemetry_params *p, uint32_t idx);

/**
 * Find the page that a request asks for: the field @p idx is the first item, 0 when it is missing.
 *
 * A page has as many items as surely fit: those of @p item_bytes in FP_TELEMETRY_PAGE_BYTES, at
 * most FP_TELEMETRY_PAGE_ITEMS_MAX, at least one. A first item beyond the list, which may
 * have become shorter, gives an empty last page.
 *
 * @param[out] out         Page.
 * @param[in]  p           Parameters of the request.
 * @param[in]  idx         Field that holds the first item's index.
 * @param[in]  total       Items of the whole list.
 * @param[in]  item_bytes  Longest JSON text of an item, quotes and comma included; 0 counts as 1.
 * @return 0, or -EINVAL the field is not a decimal number of 64 bits.
 */
FP_COLD FP_MUST_CHECK int fp_telemetry_page_init(struct fp_telemetry_page *out,
	const struct fp_telemetry_params *p, uint32_t idx, uint64_t total, uint32_t item_bytes);

/**
 * Begin a reply: a dictionary, without entries.
 *
 * @param[out] root  Node; must stay where it is until fp_telemetry_commit().
 * @param[in]  data  What DPDK passes to the callback.
 */
FP_COLD void fp_telemetry_init(struct fp_telemetry_node *root, struct rte_tel_data *data);

/**
 * End a reply.
 *
 * @param[in,out] root  Node of fp_telemetry_init(). When something could not be added, it gets the
 *                      entry "incomplete": the first errno, positive.
 * @return What the callback must return: 0, or that negative errno when the reply has no entry.
 */
FP_COLD FP_MUST_CHECK int fp_telemetry_commit(struct fp_telemetry_node *root);

/**
 * Add an unsigned number to a dictionary.
 *
 * @param[in,out] dict   Dictionary.
 * @param[in]     name   Key: letters, digits, '_' and '/' only, at most 127; copied.
 * @param[in]     value  Any; a bool counts as 0 or 1.
 */
FP_COLD void
fp_telemetry_add_uint(struct fp_telemetry_node *dict, const char *name, uint64_t value);

/**
 * Add a signed number to a dictionary.
 *
 * DPDK before 23.03 has no negative numbers below INT32_MIN: that is added instead, and
 * the reply marked -ERANGE.
 *
 * @param[in,out] dict   Dictionary.
 * @param[in]     name   Key, as for fp_telemetry_add_uint().
 * @param[in]     value  Any.
 */
FP_COLD void fp_telemetry_add_int(struct fp_telemetry_node *dict, const char *name, int64_t value);

/**
 * Add a text to a dictionary.
 *
 * @param[in,out] dict   Dictionary.
 * @param[in]     name   Key, as for fp_telemetry_add_uint().
 * @param[in]     value  Text; copied; cut after 127 bytes, the reply then marked -E2BIG.
 */
FP_COLD void
fp_telemetry_add_string(struct fp_telemetry_node *dict, const char *name, const char *value);

/** Add a page's "total", "first" and "next" (index to ask for next; 0 when it is the last page). */
FP_COLD void
fp_telemetry_add_page(struct fp_telemetry_node *dict, const struct fp_telemetry_page *page);

/** Add a dictionary named @p name with the fields of @p summary. */
FP_COLD void fp_telemetry_add_summary(struct fp_telemetry_node *dict, const char *name,
	const struct fp_histogram_summary *summary);

/**
 * Add an empty dictionary to a dictionary, to be filled through @p child.
 *
 * @param[in,out] dict   Dictionary: the root or one opened in the root, not deeper.
 * @param[in]     name   Key, as for fp_telemetry_add_uint().
 * @param[out]    child  The new dictionary; usable, to no effect, when it could not be made.
 * @owns The reply: nothing is to be closed or freed.
 */
FP_COLD void fp_telemetry_open_dict(
	struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child);

/** Add an empty list of unsigned numbers to a dictionary; otherwise as fp_telemetry_open_dict(). */
FP_COLD void fp_telemetry_open_uints(
	struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child);

/** Add an empty list of texts to a dictionary; otherwise as fp_telemetry_open_dict(). */
FP_COLD void fp_telemetry_open_strings(
	struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child);

/** Append a number to a list of fp_telemetry_open_uints(). */
FP_COLD void fp_telemetry_append_uint(struct fp_telemetry_node *list, uint64_t value);

/** Append a text to a list of fp_telemetry_open_strings(); copied, cut after 127 bytes. */
FP_COLD void fp_telemetry_append_string(struct fp_telemetry_node *list, const char *value);

#ifdef __cplusplus
}
#endif

#endif /* FP_TELEMETRY_H */
