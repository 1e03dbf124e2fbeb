/* SPDX-License-Identifier: BSD-3-Clause */

/* The truth as JSON. */

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "truth.h"
#include "truth_file.h"

static const char *const kind_names[TRUTH_KINDS] = {
	[TRUTH_LOST] = "lost",
	[TRUTH_DUPLICATED] = "duplicated",
	[TRUTH_REORDERED] = "reordered",
	[TRUTH_TRUNCATED] = "truncated",
	[TRUTH_FLIPPED] = "flipped",
};

static const char *const line_names[FPGEN_LINES] = { "a", "b" };

static bool
set_endpoint(json_t *object, const char *key, const struct fpgen_endpoint *endpoint)
{
	return truth_set(object, key,
		json_sprintf("%u.%u.%u.%u:%u", endpoint->ip >> 24, endpoint->ip >> 16 & 255,
			endpoint->ip >> 8 & 255, endpoint->ip & 255, endpoint->port));
}

static json_t *
make_parameters(const struct fpgen_options *options)
{
	json_t *object = json_object();
	json_t *vlans = json_array();
	bool ok = truth_set(
		object, "command", json_string(options->mode == FPGEN_ITCH ? "itch" : "wrap"));

	if (options->mode == FPGEN_ITCH) {
		ok &= truth_set_number(object, "messages", options->messages);
		ok &= truth_set_number(object, "symbols", options->symbols);
		ok &= truth_set_number(object, "max_live", options->max_live);
	} else {
		ok &= truth_set(object, "input", json_string(options->input));
	}
	ok &= truth_set_seed(object, "seed", options->seed);
	ok &= truth_set_seed(object, "damage_seed", options->damage_seed);
	ok &= truth_set(object, "session", json_string(options->session));
	ok &= set_endpoint(object, "group", &options->lines[0]);
	if (options_line_count(options) == 2)
		ok &= set_endpoint(object, "line_b", &options->lines[1]);
	ok &= truth_set_number(object, "max_payload", options->max_payload);
	ok &= truth_set_number(object, "messages_per_packet", options->messages_per_packet);
	ok &= truth_set_number(object, "rate", options->rate_hz);
	ok &= truth_set_number(object, "heartbeats", options->heartbeats);
	for (unsigned int i = 0; i < options->vlan_count; i++)
		ok &= json_array_append_new(vlans, json_integer(options->vlans[i])) == 0;
	ok &= truth_set(object, "vlan", vlans);
	ok &= truth_set_percent(object, "loss", options->loss_ppm[0]);
	ok &= truth_set_percent(object, "loss_b", options->loss_ppm[1]);
	ok &= truth_set_percent(object, "duplicates", options->duplicates_ppm);
	ok &= truth_set_percent(object, "reorder", options->reorder_ppm);
	ok &= truth_set_percent(object, "truncate", options->truncate_ppm);
	ok &= truth_set_percent(object, "bitflips", options->bitflips_ppm);
	ok &= truth_set(object, "fix_checksums", json_boolean(options->fix_checksums));
	return truth_object(object, ok);
}

static json_t *
make_by_type(const struct truth *truth)
{
	json_t *object = json_object();
	bool ok = object != NULL;

	for (unsigned int type = 0; type < 256; type++) {
		char key[8];

		if (truth->by_type[type] == 0)
			continue;
		snprintf(key, sizeof(key), type > ' ' && type < 127 ? "%c" : "0x%02x", type);
		ok &= truth_set_number(object, key, truth->by_type[type]);
	}
	return truth_object(object, ok);
}

static json_t *
make_frames(const struct capture *capture, unsigned int lines)
{
	json_t *object = json_object();
	bool ok = true;

	for (unsigned int i = 0; i < lines; i++)
		ok &= truth_set_number(object, line_names[i], capture->frames[i]);
	return truth_object(object, ok);
}

static json_t *
make_bits(const struct truth_damage *damage)
{
	json_t *array = json_array();
	bool ok = true;

	for (unsigned int i = 0; i < damage->bit_count; i++)
		ok &= json_array_append_new(array, json_integer(damage->bits[i])) == 0;
	if (ok)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *
make_damage(enum truth_kind kind, const struct truth_damage *damage)
{
	json_t *object = json_object();
	bool ok = truth_set_number(object, "datagram", damage->datagram);

	ok &= truth_set_number(object, "first_sequence", damage->first_sequence);
	ok &= truth_set_number(object, "messages", damage->messages);
	ok &= truth_set(object, "line", json_string(line_names[damage->line_idx]));
	if (kind == TRUTH_REORDERED) {
		ok &= truth_set_number(object, "swapped_with", damage->swapped_with);
		ok &= truth_set_number(object, "distance", damage->distance);
	}
	if (kind == TRUTH_TRUNCATED) {
		ok &= truth_set_number(object, "frame_bytes", damage->original_len);
		ok &= truth_set_number(object, "kept_bytes", damage->kept_len);
	}
	if (kind == TRUTH_FLIPPED)
		ok &= truth_set(object, "bits", make_bits(damage));
	return truth_object(object, ok);
}

static json_t *
make_damages(const struct truth *truth)
{
	json_t *object = json_object();
	bool ok = true;

	for (unsigned int kind = 0; kind < TRUTH_KINDS; kind++) {
		const struct truth_list *list = &truth->damage[kind];
		json_t *array = json_array();

		for (size_t i = 0; i < list->count; i++)
			ok &= json_array_append_new(array, make_damage(kind, &list->items[i])) == 0;
		ok &= truth_set(object, kind_names[kind], array);
	}
	return truth_object(object, ok);
}

static json_t *
make_undelivered(const struct truth *truth, unsigned int lines)
{
	json_t *object = json_object();
	json_t *ranges = json_array();
	bool ok = true;

	for (unsigned int i = 0; i < lines; i++)
		ok &= truth_set_number(object, line_names[i], truth->undelivered[i]);
	ok &= truth_set_number(object, "all_lines", truth->undelivered_all);
	for (size_t i = 0; i < truth->range_count; i++) {
		json_t *range = json_array();

		ok &= json_array_append_new(
			      range, json_integer((json_int_t)truth->ranges[i].first)) == 0;
		ok &= json_array_append_new(
			      range, json_integer((json_int_t)truth->ranges[i].last)) == 0;
		ok &= json_array_append_new(ranges, range) == 0;
	}
	ok &= truth_set(object, "ranges", ranges);
	return truth_object(object, ok);
}

static json_t *
make_truth(const struct truth *truth, const struct fpgen_options *options,
	const struct source *source, const struct capture *capture)
{
	const unsigned int lines = options_line_count(options);
	json_t *object = json_object();
	uint64_t frames = 0;
	bool ok = truth_set(object, "parameters", make_parameters(options));

	for (unsigned int i = 0; i < lines; i++)
		frames += capture->frames[i];
	if (options->mode == FPGEN_WRAP) {
		ok &= truth_set(object, "input_is_cut_off", json_boolean(source->is_cut_off));
		ok &= truth_set(object, "input_has_end", json_boolean(source->has_end));
	}
	ok &= truth_set_number(object, "datagrams", truth->datagrams);
	ok &= truth_set_number(object, "heartbeats", truth->heartbeats);
	ok &= truth_set(object, "end_of_session", json_boolean(truth->has_end));
	ok &= truth_set_number(object, "messages", truth->messages);
	ok &= truth_set(object, "by_type", make_by_type(truth));
	ok &= truth_set_number(object, "frames", frames);
	ok &= truth_set(object, "frames_by_line", make_frames(capture, lines));
	ok &= truth_set(object, "damage", make_damages(truth));
	ok &= truth_set(object, "undelivered", make_undelivered(truth, lines));
	return truth_object(object, ok && !truth->is_out_of_memory);
}

int
truth_write(const struct truth *truth, const struct fpgen_options *options,
	const struct source *source, const struct capture *capture)
{
	return truth_write_file(make_truth(truth, options, source, capture), options);
}
