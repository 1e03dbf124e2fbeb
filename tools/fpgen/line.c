/* SPDX-License-Identifier: BSD-3-Clause */

#include "line.h"

#include <string.h>

#define FROM_IP \
	UINT32_C(0xc0000201) /* 192.0.2.1 for line A, the next one for B; for documentation */

void
line_init(struct line *line, unsigned int idx, const struct fpgen_options *options,
	struct capture *capture, struct truth *truth)
{
	uint64_t seed = options->damage_seed ^ (uint64_t)idx << 63;

	memset(line, 0, sizeof(*line));
	line->idx = idx;
	line->options = options;
	line->capture = capture;
	line->truth = truth;
	line->path.to = options->lines[idx];
	line->path.from_ip = FROM_IP + idx;
	memcpy(line->path.vlans, options->vlans, sizeof(line->path.vlans));
	line->path.vlan_count = options->vlan_count;
	for (unsigned int i = 0; i < LINE_WINDOW; i++)
		line->window[i] = &line->frames[i];
	random_seed(&line->strikes, random_mix(&seed));
	for (unsigned int i = 0; i < TRUTH_KINDS; i++)
		random_seed(&line->details[i], random_mix(&seed));
}

static bool
strikes(struct line *line, uint64_t ppm)
{
	return random_below(&line->strikes, 1000000) < ppm;
}

static struct truth_damage
damage_of(const struct line *line, const struct line_frame *frame)
{
	return (struct truth_damage){
		.datagram = frame->datagram,
		.first_sequence = frame->first_sequence,
		.messages = frame->messages,
		.line_idx = (uint8_t)line->idx,
	};
}

static void
truncate_frame(struct line *line, struct line_frame *frame)
{
	struct truth_damage damage = damage_of(line, frame);

	damage.original_len = (uint32_t)frame->len;
	frame->len = 1 + random_below(&line->details[TRUTH_TRUNCATED], (uint32_t)frame->len - 1);
	damage.kept_len = (uint32_t)frame->len;
	truth_add(line->truth, TRUTH_TRUNCATED, &damage);
}

/* Draw different bit positions in rising order. */
static void
draw_bits(struct line *line, uint32_t from, uint32_t to, struct truth_damage *damage)
{
	struct random_source *random = &line->details[TRUTH_FLIPPED];
	const uint8_t wanted = (uint8_t)(1 + random_below(random, TRUTH_BITS_MAX));

	damage->bit_count = 0;
	while (damage->bit_count < wanted) {
		const uint32_t bit = from + random_below(random, to - from);
		unsigned int at = damage->bit_count;

		while (at > 0 && damage->bits[at - 1] > bit)
			at--;
		if (at > 0 && damage->bits[at - 1] == bit)
			continue;
		memmove(&damage->bits[at + 1], &damage->bits[at],
			(damage->bit_count - at) * sizeof(damage->bits[0]));
		damage->bits[at] = bit;
		damage->bit_count++;
	}
}

static void
flip(struct line_frame *frame, const struct truth_damage *damage)
{
	for (unsigned int i = 0; i < damage->bit_count; i++)
		frame->bytes[damage->bits[i] / 8] ^= (uint8_t)(1U << damage->bits[i] % 8);
}

/* Flips that cancel out in the checksums are drawn again; unless the checksums are to be fixed. */
static void
flip_frame(struct line *line, struct line_frame *frame)
{
	const bool is_fixed = line->options->fix_checksums;
	const size_t headers_len = is_fixed ? FRAME_IP_LEN + FRAME_UDP_LEN : 0;
	const uint32_t from = (uint32_t)(frame_ip_at(&line->path) + headers_len) * 8;
	struct truth_damage damage = damage_of(line, frame);

	draw_bits(line, from, (uint32_t)frame->len * 8, &damage);
	flip(frame, &damage);
	while (!is_fixed && frame_is_believed(&line->path, frame->bytes, frame->len)) {
		flip(frame, &damage);
		draw_bits(line, from, (uint32_t)frame->len * 8, &damage);
		flip(frame, &damage);
	}
	if (is_fixed)
		frame_fix_udp_checksum(&line->path, frame->bytes, frame->len);
	truth_add(line->truth, TRUTH_FLIPPED, &damage);
}

static struct line_frame *
push_frame(struct line *line, const struct mold_datagram *datagram)
{
	struct line_frame *frame = line->window[line->waiting++];

	frame->datagram = datagram->idx;
	frame->due = datagram->idx;
	frame->first_sequence = datagram->first_sequence;
	frame->messages = datagram->messages;
	frame->is_to_swap = false;
	frame->is_swapped = false;
	frame->len = frame_build(&line->path, datagram->payload, datagram->len, frame->bytes);
	return frame;
}

static void
push_copy(struct line *line, const struct line_frame *frame)
{
	const struct truth_damage damage = damage_of(line, frame);
	struct line_frame *copy = line->window[line->waiting++];

	memcpy(copy, frame, offsetof(struct line_frame, bytes) + frame->len);
	copy->is_to_swap = false;
	truth_add(line->truth, TRUTH_DUPLICATED, &damage);
}

/* May the oldest frame change places with the one @distance behind it? */
static bool
can_swap(const struct line *line, unsigned int distance)
{
	return !line->window[distance]->is_swapped &&
		line->window[distance]->datagram != line->window[0]->datagram;
}

static void
swap_oldest(struct line *line)
{
	struct line_frame *oldest = line->window[0];
	struct line_frame *other;
	struct truth_damage damage = damage_of(line, oldest);
	unsigned int distances[LINE_REACH];
	unsigned int count = 0;

	for (unsigned int i = 1; i < line->waiting && i <= LINE_REACH; i++) {
		if (can_swap(line, i))
			distances[count++] = i;
	}
	if (count == 0)
		return;
	damage.distance = distances[random_below(&line->details[TRUTH_REORDERED], count)];
	other = line->window[damage.distance];
	damage.swapped_with = other->datagram;
	line->window[0] = other;
	line->window[damage.distance] = oldest;
	other->due = oldest->due;
	oldest->due = damage.swapped_with;
	oldest->is_swapped = true;
	truth_add(line->truth, TRUTH_REORDERED, &damage);
}

static void
release_oldest(struct line *line)
{
	struct line_frame *oldest = line->window[0];

	if (oldest->is_to_swap && !oldest->is_swapped) {
		swap_oldest(line);
		oldest = line->window[0];
	}
	capture_write(line->capture, line->idx, oldest->due, oldest->bytes, oldest->len);
	line->waiting--;
	for (unsigned int i = 0; i < line->waiting; i++)
		line->window[i] = line->window[i + 1];
	line->window[line->waiting] = oldest;
}

bool
line_send(struct line *line, const struct mold_datagram *datagram)
{
	const struct fpgen_options *options = line->options;
	/* Always these five, in this order. */
	const bool is_lost = strikes(line, options->loss_ppm[line->idx]);
	const bool is_truncated = strikes(line, options->truncate_ppm);
	const bool is_flipped = strikes(line, options->bitflips_ppm);
	const bool is_duplicated = strikes(line, options->duplicates_ppm);
	const bool is_reordered = strikes(line, options->reorder_ppm);
	struct line_frame *frame = push_frame(line, datagram);

	if (is_lost) {
		const struct truth_damage damage = damage_of(line, frame);

		line->waiting--;
		truth_add(line->truth, TRUTH_LOST, &damage);
		return false;
	}
	if (is_truncated) {
		truncate_frame(line, frame);
	} else if (is_flipped) {
		flip_frame(line, frame);
	}
	frame->is_to_swap = is_reordered;
	if (is_duplicated)
		push_copy(line, frame);
	while (line->waiting > LINE_REACH)
		release_oldest(line);
	return !is_truncated && !is_flipped;
}

void
line_flush(struct line *line)
{
	while (line->waiting > 0)
		release_oldest(line);
}

void
line_end(struct line *line, const struct mold_datagram *datagram)
{
	const struct line_frame *frame;

	line_flush(line);
	frame = push_frame(line, datagram);
	capture_write(line->capture, line->idx, frame->due, frame->bytes, frame->len);
	line->waiting--;
}
