/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * DPDK owns a container from the moment it is attached to its parent, and frees it after writing
 * the reply; when a callback fails it frees none. Hence open_node() attaches at once, filling comes
 * after, and fp_telemetry_commit() does not fail as soon as anything has been added. The last entry
 * of each dictionary stays free for "incomplete", so that a full reply can say that it is not all.
 */

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include <rte_telemetry.h>
#include <rte_version.h>

#include "fp_telemetry.h"

#if RTE_VERSION < RTE_VERSION_NUM(23, 3, 0, 0)
#define TEL_ADD_DICT_UINT  rte_tel_data_add_dict_u64
#define TEL_ADD_ARRAY_UINT rte_tel_data_add_array_u64
#define TEL_UINT_VAL       RTE_TEL_U64_VAL
#define TEL_INT_MIN        INT_MIN
typedef int tel_int;
#else
#define TEL_ADD_DICT_UINT  rte_tel_data_add_dict_uint
#define TEL_ADD_ARRAY_UINT rte_tel_data_add_array_uint
#define TEL_UINT_VAL       RTE_TEL_UINT_VAL
#define TEL_INT_MIN        INT64_MIN
typedef int64_t tel_int;
#endif

#define DICT_ENTRIES_MAX (RTE_TEL_MAX_DICT_ENTRIES - 1)

static void
latch_error(struct fp_telemetry_node *node, int error)
{
	if (node->root->error == 0)
		node->root->error = error;
}

/* Take note of what DPDK returned for an entry: it reports a text that it cut as positive E2BIG. */
static void
note_entry(struct fp_telemetry_node *node, int rc)
{
	if (rc >= 0)
		node->entry_count++;
	if (rc != 0)
		latch_error(node, rc > 0 ? -rc : rc);
}

static bool
has_room(struct fp_telemetry_node *node, uint32_t entries_max)
{
	if (node->data == NULL)
		return false; /* the reason was noted when it was opened */
	if (node->entry_count < entries_max)
		return true;
	latch_error(node, -ENOSPC);
	return false;
}

static bool
is_key_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		c == '_' || c == '/';
}

static bool
can_add(struct fp_telemetry_node *dict, const char *name)
{
	size_t len = 0;

	while (is_key_char(name[len]))
		len++;
	if (len == 0 || name[len] != '\0' || len >= RTE_TEL_MAX_STRING_LEN) {
		latch_error(dict, -EINVAL);
		return false;
	}
	return has_room(dict, DICT_ENTRIES_MAX);
}

int
fp_telemetry_params_init(struct fp_telemetry_params *out, const char *text)
{
	size_t len = text == NULL ? 0 : strnlen(text, FP_TELEMETRY_PARAMS_LEN_MAX + 1);
	size_t start = 0;

	memset(out, 0, sizeof(*out));
	if (len > FP_TELEMETRY_PARAMS_LEN_MAX)
		return -E2BIG;
	if (len == 0)
		return 0;
	memcpy(out->text, text, len);
	for (size_t i = 0; i <= len; i++) {
		size_t end = i;

		if (i < len && out->text[i] != ',')
			continue;
		if (out->field_count == FP_TELEMETRY_FIELDS_MAX) {
			out->field_count = 0;
			return -E2BIG;
		}
		while (start < end && out->text[start] == ' ')
			start++;
		while (end > start && out->text[end - 1] == ' ')
			end--;
		out->text[end] = '\0';
		out->offset[out->field_count++] = (uint8_t)start;
		start = i + 1;
	}
	return 0;
}

int
fp_telemetry_params_get_uint(
	const struct fp_telemetry_params *p, uint32_t idx, uint64_t max, uint64_t *value)
{
	const char *text = fp_telemetry_params_get_string(p, idx);
	uint64_t number = 0;
	bool is_above = false;

	if (text == NULL)
		return -ENODATA;
	if (*text == '\0')
		return -EINVAL;
	for (; *text != '\0'; text++) {
		uint64_t digit;

		if (*text < '0' || *text > '9')
			return -EINVAL;
		digit = (uint64_t)(*text - '0');
		if (number > (UINT64_MAX - digit) / 10)
			is_above = true;
		number = number * 10 + digit;
	}
	if (is_above || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}

const char *
fp_telemetry_params_get_string(const struct fp_telemetry_params *p, uint32_t idx)
{
	return idx < p->field_count ? &p->text[p->offset[idx]] : NULL;
}

int
fp_telemetry_page_init(struct fp_telemetry_page *out, const struct fp_telemetry_params *p,
	uint32_t idx, uint64_t total, uint32_t item_bytes)
{
	uint64_t item_cap = FP_TELEMETRY_PAGE_BYTES / (item_bytes == 0 ? 1 : item_bytes);
	uint64_t first = 0;
	int rc = fp_telemetry_params_get_uint(p, idx, UINT64_MAX, &first);

	if (item_cap == 0)
		item_cap = 1;
	if (item_cap > FP_TELEMETRY_PAGE_ITEMS_MAX)
		item_cap = FP_TELEMETRY_PAGE_ITEMS_MAX;
	out->total = total;
	out->first = first < total ? first : total;
	out->end = total - out->first > item_cap ? out->first + item_cap : total;
	return rc == 0 || rc == -ENODATA ? 0 : -EINVAL;
}

void
fp_telemetry_init(struct fp_telemetry_node *root, struct rte_tel_data *data)
{
	root->data = data;
	root->root = root;
	root->entry_count = 0;
	root->error = rte_tel_data_start_dict(data);
}

int
fp_telemetry_commit(struct fp_telemetry_node *root)
{
	if (root->error == 0)
		return 0;
	if (root->entry_count == 0)
		return root->error;
	/* There is room: can_add() kept one entry back. */
	return TEL_ADD_DICT_UINT(root->data, "incomplete", (uint64_t)-root->error);
}

void
fp_telemetry_add_uint(struct fp_telemetry_node *dict, const char *name, uint64_t value)
{
	if (can_add(dict, name))
		note_entry(dict, TEL_ADD_DICT_UINT(dict->data, name, value));
}

void
fp_telemetry_add_int(struct fp_telemetry_node *dict, const char *name, int64_t value)
{
	if (value >= 0) {
		fp_telemetry_add_uint(dict, name, (uint64_t)value);
		return;
	}
	if (value < TEL_INT_MIN) {
		latch_error(dict, -ERANGE);
		value = TEL_INT_MIN;
	}
	if (can_add(dict, name))
		note_entry(dict, rte_tel_data_add_dict_int(dict->data, name, (tel_int)value));
}

void
fp_telemetry_add_string(struct fp_telemetry_node *dict, const char *name, const char *value)
{
	if (can_add(dict, name))
		note_entry(dict, rte_tel_data_add_dict_string(dict->data, name, value));
}

void
fp_telemetry_add_page(struct fp_telemetry_node *dict, const struct fp_telemetry_page *page)
{
	fp_telemetry_add_uint(dict, "total", page->total);
	fp_telemetry_add_uint(dict, "first", page->first);
	fp_telemetry_add_uint(dict, "next", page->end < page->total ? page->end : 0);
}

void
fp_telemetry_add_summary(struct fp_telemetry_node *dict, const char *name,
	const struct fp_histogram_summary *summary)
{
	struct fp_telemetry_node child;

	fp_telemetry_open_dict(dict, name, &child);
	fp_telemetry_add_uint(&child, "count", summary->count);
	fp_telemetry_add_uint(&child, "min", summary->min);
	fp_telemetry_add_uint(&child, "p50", summary->p50);
	fp_telemetry_add_uint(&child, "p90", summary->p90);
	fp_telemetry_add_uint(&child, "p99", summary->p99);
	fp_telemetry_add_uint(&child, "p99_9", summary->p99_9);
	fp_telemetry_add_uint(&child, "p99_99", summary->p99_99);
	fp_telemetry_add_uint(&child, "p99_999", summary->p99_999);
	fp_telemetry_add_uint(&child, "max", summary->max);
}

/* Make a container and attach it; DPDK wants it started before it is attached. */
static void
open_node(struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child,
	bool is_dict, enum rte_tel_value_type item_type)
{
	struct rte_tel_data *data;
	int rc;

	child->data = NULL;
	child->root = dict->root;
	child->entry_count = 0;
	child->error = 0;
	if (!can_add(dict, name))
		return;
	data = rte_tel_data_alloc();
	if (data == NULL) {
		latch_error(dict, -ENOMEM);
		return;
	}
	rc = is_dict ? rte_tel_data_start_dict(data) : rte_tel_data_start_array(data, item_type);
	if (rc == 0)
		rc = rte_tel_data_add_dict_container(dict->data, name, data, 0);
	note_entry(dict, rc);
	if (rc < 0) {
		rte_tel_data_free(data);
		return;
	}
	child->data = data;
}

void
fp_telemetry_open_dict(
	struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child)
{
	open_node(dict, name, child, true, RTE_TEL_CONTAINER);
}

void
fp_telemetry_open_uints(
	struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child)
{
	open_node(dict, name, child, false, TEL_UINT_VAL);
}

void
fp_telemetry_open_strings(
	struct fp_telemetry_node *dict, const char *name, struct fp_telemetry_node *child)
{
	open_node(dict, name, child, false, RTE_TEL_STRING_VAL);
}

void
fp_telemetry_append_uint(struct fp_telemetry_node *list, uint64_t value)
{
	if (has_room(list, RTE_TEL_MAX_ARRAY_ENTRIES))
		note_entry(list, TEL_ADD_ARRAY_UINT(list->data, value));
}

void
fp_telemetry_append_string(struct fp_telemetry_node *list, const char *value)
{
	if (has_room(list, RTE_TEL_MAX_ARRAY_ENTRIES))
		note_entry(list, rte_tel_data_add_array_string(list->data, value));
}
