/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Frames made by hand and cut at every length, lengths that contradict each other, and the checksum
 * against one that adds two bytes at a time. Everything lies right against an inaccessible page.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fp_test_panic.h"
#include "fp_udp.h"
#include "fp_writer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define FRAME_MAX   66000
#define SOURCE      0x0a000001
#define DESTINATION 0xe9360c6f
#define UDP_PORT    26477
#define ETHERNET    14

static struct fp_test_guard guard;

/* What a frame is made of; the fields that are 0 in most tests say what is wrong with it. */
struct recipe {
	uint16_t tags[3]; /* EtherTypes of tags; 0 = no more */
	uint16_t options; /* bytes of IP options */
	uint16_t payload; /* bytes */
	uint16_t padding; /* bytes behind the IP packet */
	bool has_checksum;
};

static const struct recipe good[] = {
	{ { 0 }, 0, 20, 0, false },
	{ { 0 }, 0, 0, 18, false },
	{ { 0 }, 0, 1, 17, true },
	{ { 0x8100 }, 0, 33, 0, true },
	{ { 0x88a8 }, 0, 33, 0, false },
	{ { 0x8100, 0x8100 }, 0, 7, 4, true },
	{ { 0x88a8, 0x8100 }, 4, 8, 3, true },
	{ { 0x8100, 0x88a8 }, 40, 9, 1, false },
	{ { 0 }, 40, 100, 0, true },
	{ { 0 }, 4, 1471, 0, true },
};

/* A frame that was made, and where its parts are. */
struct frame {
	uint8_t bytes[FRAME_MAX];
	uint32_t len;
	uint32_t ip;     /* offset of the IPv4 header */
	uint32_t udp;    /* offset of the UDP header */
	uint32_t ip_end; /* offset of the first byte behind the IP packet */
	uint32_t tags;   /* their number */
};

static struct frame frame;

/* The Internet checksum, as RFC 1071 describes it: 16 bits at a time, the carry added at once. */
static uint16_t
naive_sum(uint16_t sum, const uint8_t *bytes, uint32_t len)
{
	for (uint32_t i = 0; i < len; i += 2) {
		uint32_t word = (uint32_t)bytes[i] << 8 | (i + 1 < len ? bytes[i + 1] : 0);
		uint32_t wide = sum + word;

		sum = (uint16_t)((wide & 0xffff) + (wide >> 16));
	}
	return sum;
}

static uint16_t
naive_udp_sum(const uint8_t *ip, const uint8_t *udp, uint16_t udp_len)
{
	const uint8_t rest[] = { 0, 17, (uint8_t)(udp_len >> 8), (uint8_t)udp_len };

	return naive_sum(naive_sum(naive_sum(0, ip + 12, 8), rest, 4), udp, udp_len);
}

/* After the IP header was changed. */
static void
fix_ip_checksum(void)
{
	uint8_t *ip = frame.bytes + frame.ip;

	fp_store_be16(ip + 10, 0);
	fp_store_be16(ip + 10, (uint16_t)~naive_sum(0, ip, (uint32_t)(ip[0] & 15) * 4));
}

static void
fix_udp_checksum(void)
{
	uint8_t *udp = frame.bytes + frame.udp;
	uint16_t sum;

	fp_store_be16(udp + 6, 0);
	sum = (uint16_t)~naive_udp_sum(
		frame.bytes + frame.ip, udp, (uint16_t)(frame.ip_end - frame.udp));
	fp_store_be16(udp + 6, sum == 0 ? 0xffff : sum);
}

static void
make_frame(const struct recipe *recipe)
{
	struct fp_writer writer = fp_writer_open(fp_span_over(frame.bytes, FRAME_MAX));
	uint16_t udp_len = (uint16_t)(8 + recipe->payload);

	memset(frame.bytes, 0, 4096);
	fp_writer_write_be48(&writer, UINT64_C(0x01005e360c6f));
	fp_writer_write_be48(&writer, UINT64_C(0x020000000001));
	for (frame.tags = 0; frame.tags < 3 && recipe->tags[frame.tags] != 0; frame.tags++) {
		fp_writer_write_be16(&writer, recipe->tags[frame.tags]);
		fp_writer_write_be16(&writer, 0x6123);
	}
	fp_writer_write_be16(&writer, 0x0800);
	frame.ip = fp_writer_written(&writer);
	fp_writer_write_u8(&writer, (uint8_t)(0x45 + recipe->options / 4));
	fp_writer_write_u8(&writer, 0x10);
	fp_writer_write_be16(&writer, (uint16_t)(20 + recipe->options + udp_len));
	fp_writer_write_be32(&writer, 0xabcd4000);
	fp_writer_write_be32(&writer, 0x10110000);
	fp_writer_write_be32(&writer, SOURCE);
	fp_writer_write_be32(&writer, DESTINATION);
	for (uint16_t i = 0; i < recipe->options; i++)
		fp_writer_write_u8(&writer, 1);
	frame.udp = fp_writer_written(&writer);
	fp_writer_write_be16(&writer, 1234);
	fp_writer_write_be16(&writer, UDP_PORT);
	fp_writer_write_be16(&writer, udp_len);
	fp_writer_write_be16(&writer, 0);
	for (uint32_t i = 0; i < recipe->payload; i++)
		fp_writer_write_u8(&writer, (uint8_t)(0xf0 + 11 * i));
	frame.ip_end = fp_writer_written(&writer);
	for (uint16_t i = 0; i < recipe->padding; i++)
		fp_writer_write_u8(&writer, 0xdd);
	frame.len = fp_writer_written(&writer);
	fix_ip_checksum();
	if (recipe->has_checksum)
		fix_udp_checksum();
}

/* Parse the first len bytes of the frame, at the end of accessible memory. */
static enum fp_drop
parse(uint32_t len, bool verify, struct fp_udp *udp)
{
	uint8_t *at = guard.end - len;

	memcpy(at, frame.bytes, len);
	return fp_udp_parse(fp_cspan_over(at, len), verify, udp);
}

static void
assert_drop(enum fp_drop reason)
{
	struct fp_udp udp;

	for (int verify = 0; verify < 2; verify++) {
		assert_string_equal(
			fp_drop_name(parse(frame.len, verify != 0, &udp)), fp_drop_name(reason));
	}
}

static void
good_frames_give_their_payload_without_padding(void **state)
{
	struct fp_udp udp;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		make_frame(&good[i]);
		for (int verify = 0; verify < 2; verify++) {
			assert_int_equal(parse(frame.len, verify != 0, &udp), FP_DROP_COUNT);
			assert_int_equal(udp.destination, DESTINATION);
			assert_int_equal(udp.port, UDP_PORT);
			assert_int_equal(udp.payload.len, good[i].payload);
			assert_ptr_equal(udp.payload.data, guard.end - frame.len + frame.udp + 8);
		}
	}
}

/* What the end of a frame at that place means. */
static enum fp_drop
naive_truncation(uint32_t len)
{
	if (len < ETHERNET + 4 * frame.tags)
		return FP_DROP_ETHERNET_SHORT;
	if (len < frame.udp)
		return FP_DROP_IP_SHORT;
	return len < frame.ip_end ? FP_DROP_IP_LENGTH : FP_DROP_COUNT;
}

static void
a_frame_cut_anywhere_is_refused_with_the_layer_it_ends_in(void **state)
{
	struct fp_udp udp;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		make_frame(&good[i]);
		for (uint32_t len = 0; len <= frame.len; len++) {
			assert_int_equal(parse(len, true, &udp), naive_truncation(len));
			assert_int_equal(parse(len, false, &udp), naive_truncation(len));
		}
	}
	assert_int_equal(fp_udp_parse(fp_cspan_over(NULL, 0), true, &udp), FP_DROP_ETHERNET_SHORT);
}

/* Change bytes of the first good frame, put the IP checksum right, and see the reason. */
static void
assert_drop_with(uint32_t offset, uint16_t value, enum fp_drop reason)
{
	make_frame(&good[0]);
	fp_store_be16(frame.bytes + offset, value);
	fix_ip_checksum();
	assert_drop(reason);
}

static void
other_ethertypes_are_not_ipv4(void **state)
{
	static const uint16_t types[] = { 0x86dd, 0x0806, 0x0000, 0xffff, 0x0801, 0x9100, 0x8847,
		46 };
	static const struct recipe tagged = { { 0x8100 }, 0, 20, 0, false };

	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		make_frame(&good[0]);
		fp_store_be16(frame.bytes + 12, types[i]);
		assert_drop(FP_DROP_NOT_IPV4);
		make_frame(&tagged);
		fp_store_be16(frame.bytes + 16, types[i]);
		assert_drop(FP_DROP_NOT_IPV4);
	}
}

static void
a_third_tag_is_too_many(void **state)
{
	static const struct recipe deep[] = { { { 0x8100, 0x8100, 0x8100 }, 0, 20, 0, false },
		{ { 0x88a8, 0x88a8, 0x88a8 }, 0, 20, 0, false },
		{ { 0x88a8, 0x8100, 0x8100 }, 0, 20, 0, false } };

	(void)state;
	for (size_t i = 0; i < COUNT(deep); i++) {
		make_frame(&deep[i]);
		assert_drop(FP_DROP_VLAN_DEPTH);
		/* Even if nothing of it is there. */
		frame.len = ETHERNET + 8;
		assert_drop(FP_DROP_VLAN_DEPTH);
	}
}

static void
a_wrong_version_or_header_length_is_refused(void **state)
{
	(void)state;
	for (uint16_t first = 0; first < 256; first++) {
		enum fp_drop reason = FP_DROP_IP_HEADER;

		make_frame(&good[0]);
		frame.bytes[frame.ip] = (uint8_t)first;
		/* 8 and 20 bytes follow the header: they may pass for options. */
		if (first == 0x45) {
			reason = FP_DROP_COUNT;
		} else if (first >= 0x46 && first <= 0x4c) {
			reason = FP_DROP_IP_CHECKSUM;
		} else if (first > 0x4c && first <= 0x4f) {
			reason = FP_DROP_IP_SHORT;
		}
		assert_drop(reason);
	}
}

static void
every_wrong_bit_in_the_ip_header_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		make_frame(&good[i]);
		for (uint32_t bit = 0; bit < (frame.udp - frame.ip) * 8; bit++) {
			uint8_t *byte = &frame.bytes[frame.ip + bit / 8];
			struct fp_udp udp;

			*byte ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(parse(frame.len, false, &udp), FP_DROP_COUNT);
			if (bit >= 4 * 8) {
				assert_int_equal(
					parse(frame.len, false, &udp), FP_DROP_IP_CHECKSUM);
			}
			*byte ^= (uint8_t)(1 << bit % 8);
		}
	}
}

static void
fragments_are_refused_the_first_too(void **state)
{
	static const uint16_t fragments[] = { 0x2000, 0x0001, 0x1fff, 0x2001, 0x3fff, 0x6000,
		0xa005, 0x4001 };
	static const uint16_t wholes[] = { 0x0000, 0x4000, 0x8000, 0xc000 };

	(void)state;
	for (size_t i = 0; i < COUNT(fragments); i++)
		assert_drop_with(ETHERNET + 6, fragments[i], FP_DROP_FRAGMENT);
	for (size_t i = 0; i < COUNT(wholes); i++)
		assert_drop_with(ETHERNET + 6, wholes[i], FP_DROP_COUNT);
}

static void
other_protocols_are_not_udp(void **state)
{
	(void)state;
	for (uint16_t protocol = 0; protocol < 256; protocol++) {
		assert_drop_with(ETHERNET + 8, (uint16_t)(0x1000 | protocol),
			protocol == 17 ? FP_DROP_COUNT : FP_DROP_NOT_UDP);
	}
}

/* What three lengths that contradict each other or not come to. */
static enum fp_drop
naive_lengths(uint32_t available, uint32_t header_len, uint32_t total, uint32_t udp_len)
{
	if (available < header_len)
		return FP_DROP_IP_SHORT;
	if (total < header_len || total > available)
		return FP_DROP_IP_LENGTH;
	if (total < header_len + 8 || udp_len < 8 || udp_len > total - header_len)
		return FP_DROP_UDP_LENGTH;
	return FP_DROP_COUNT;
}

static void
check_lengths(uint32_t available, uint32_t options, uint16_t total, uint16_t udp_len)
{
	static const struct recipe recipe = { { 0 }, 0, 20, 0, false };
	enum fp_drop expected = naive_lengths(available, 20 + options, total, udp_len);
	struct fp_udp udp;
	enum fp_drop reason;

	make_frame(&recipe);
	/* Options that look like the UDP header would, were it behind 20 bytes. */
	frame.bytes[frame.ip] = (uint8_t)(0x45 + options / 4);
	frame.udp = frame.ip + 20 + options;
	fp_store_be16(frame.bytes + frame.ip + 2, total);
	memset(frame.bytes + frame.ip + 20, 1, options);
	fp_store_be16(frame.bytes + frame.udp + 2, UDP_PORT);
	fp_store_be16(frame.bytes + frame.udp + 4, udp_len);
	fp_store_be16(frame.bytes + frame.udp + 6, 0);
	fix_ip_checksum();
	reason = parse(ETHERNET + available, true, &udp);
	if (reason != expected) {
		fail_msg("%u bytes of which %u header, total %u, UDP %u: %s", available,
			20 + options, total, udp_len, fp_drop_name(reason));
	}
	if (reason == FP_DROP_COUNT) {
		assert_int_equal(udp.payload.len, udp_len - 8);
		assert_ptr_equal(
			udp.payload.data, guard.end - (ETHERNET + available) + frame.udp + 8);
	}
}

static void
lengths_are_accepted_exactly_when_they_fit_into_each_other(void **state)
{
	static const uint32_t available[] = { 0, 1, 19, 20, 21, 27, 28, 29, 59, 60, 67, 68, 69, 100,
		101, 1500, 65534, 65535, 65549 };
	static const uint16_t totals[] = { 0, 1, 19, 20, 21, 27, 28, 29, 59, 60, 61, 67, 68, 69, 99,
		100, 101, 1500, 65534, 65535 };
	static const uint16_t udp_lens[] = { 0, 1, 7, 8, 9, 40, 41, 72, 79, 80, 81, 1440, 1480,
		65475, 65514, 65515, 65516, 65535 };

	(void)state;
	for (size_t i = 0; i < COUNT(available); i++) {
		for (size_t j = 0; j < COUNT(totals); j++) {
			for (size_t k = 0; k < COUNT(udp_lens); k++) {
				check_lengths(available[i], 0, totals[j], udp_lens[k]);
				check_lengths(available[i], 20, totals[j], udp_lens[k]);
				check_lengths(available[i], 40, totals[j], udp_lens[k]);
			}
		}
	}
}

static void
a_udp_checksum_is_verified_if_there_is_one_and_it_is_wanted(void **state)
{
	struct fp_udp udp;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		uint16_t right;

		make_frame(&good[i]);
		fix_udp_checksum();
		right = fp_load_be16(frame.bytes + frame.udp + 6);
		for (uint32_t wrong = 0; wrong < 65536; wrong += 13) {
			bool is_right = wrong == 0 || wrong == right;

			fp_store_be16(frame.bytes + frame.udp + 6, (uint16_t)wrong);
			assert_int_equal(parse(frame.len, false, &udp), FP_DROP_COUNT);
			assert_int_equal(parse(frame.len, true, &udp),
				is_right ? FP_DROP_COUNT : FP_DROP_UDP_CHECKSUM);
		}
	}
}

static void
every_wrong_bit_of_a_datagram_with_checksum_is_found(void **state)
{
	struct fp_udp udp;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		if (!good[i].has_checksum || good[i].payload > 100)
			continue;
		make_frame(&good[i]);
		for (uint32_t bit = frame.udp * 8; bit < frame.ip_end * 8; bit++) {
			frame.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_not_equal(parse(frame.len, true, &udp), FP_DROP_COUNT);
			frame.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		/* Padding is not part of it. */
		for (uint32_t at = frame.ip_end; at < frame.len; at++)
			frame.bytes[at] ^= 0xff;
		assert_int_equal(parse(frame.len, true, &udp), FP_DROP_COUNT);
	}
}

static void
a_datagram_whose_sum_is_0_carries_ffff(void **state)
{
	struct recipe recipe = { { 0 }, 0, 2, 0, false };
	struct fp_udp udp;
	uint16_t sum;

	(void)state;
	make_frame(&recipe);
	/* Payload that makes the sum of everything else ffff. */
	fp_store_be16(frame.bytes + frame.udp + 8, 0);
	sum = naive_udp_sum(frame.bytes + frame.ip, frame.bytes + frame.udp, 10);
	fp_store_be16(frame.bytes + frame.udp + 8, (uint16_t)~sum);
	fix_udp_checksum();
	assert_int_equal(fp_load_be16(frame.bytes + frame.udp + 6), 0xffff);
	assert_int_equal(parse(frame.len, true, &udp), FP_DROP_COUNT);
}

static void
the_checksum_of_rfc_1071_is_its_own_example(void **state)
{
	static const uint8_t example[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	static const uint8_t header[] = { 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40,
		0x11, 0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 };

	(void)state;
	assert_int_equal(fp_checksum_fold(fp_checksum_add(0, fp_cspan_over(example, 8))), 0xddf2);
	/* Any grouping of pairs gives the same. */
	assert_int_equal(
		fp_checksum_fold(fp_checksum_add(fp_checksum_add(0, fp_cspan_over(example, 2)),
			fp_cspan_over(example + 2, 6))),
		0xddf2);
	assert_int_equal(fp_checksum_fold(fp_checksum_add(0, fp_cspan_over(example, 3))), 0xf201);
	assert_int_equal(fp_checksum_fold(fp_checksum_add(0, fp_cspan_over(header, 20))), 0xffff);
}

/* xorshift: the same values in every run */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void
check_checksum(uint32_t len, uint64_t start)
{
	const uint8_t *at = guard.end - len;
	uint16_t expected = naive_sum(fp_checksum_fold(start), at, len);
	uint16_t got = fp_checksum_fold(fp_checksum_add(start, fp_cspan_over(at, len)));

	if (got != expected) {
		fail_msg("%u bytes from %llu: %04x, expected %04x", len, (unsigned long long)start,
			got, expected);
	}
}

static void
the_checksum_of_any_length_is_that_of_16_bit_words(void **state)
{
	static const uint64_t starts[] = { 0, 1, 0xffff, 0x10000, 0xffffffff,
		UINT64_C(0x2fffffffe) };
	static const uint32_t lens[] = { 1472, 1473, 9000, 65507, 65515, 65535 };
	uint64_t seed = 3;

	(void)state;
	for (int fill = 0; fill < 4; fill++) {
		for (uint8_t *at = guard.start; at < guard.end; at++) {
			uint8_t random = (uint8_t)(next_random(&seed) >> 40);
			const uint8_t fills[] = { 0, 0xff, random, random % 8 ? 0xff : random };

			*at = fills[fill];
		}
		for (size_t i = 0; i < COUNT(starts); i++) {
			/* Ends against the inaccessible page: each length has its own alignment. */
			for (uint32_t len = 0; len <= 300; len++)
				check_checksum(len, starts[i]);
			for (size_t j = 0; j < COUNT(lens); j++)
				check_checksum(lens[j], starts[i]);
		}
	}
	assert_true(fp_checksum_add(5, fp_cspan_over(NULL, 0)) == 5);
}

static void
the_checksum_is_the_same_at_every_alignment(void **state)
{
	uint8_t *end = guard.end;
	uint8_t original[300];
	uint64_t seed = 5;

	(void)state;
	for (size_t i = 0; i < sizeof(original); i++)
		original[i] = (uint8_t)(next_random(&seed) >> 20);
	for (uint32_t len = 0; len <= 300; len++) {
		uint16_t expected = naive_sum(0, original, len);

		for (uint32_t align = 0; align < 16; align++) {
			const uint8_t *at = memcpy(end - 400 + align, original, len);

			assert_int_equal(
				fp_checksum_fold(fp_checksum_add(0, fp_cspan_over(at, len))),
				expected);
		}
	}
}

static void
folding_keeps_the_sum_modulo_65535(void **state)
{
	static const uint64_t edges[] = { 0, 1, 0xfffe, 0xffff, 0x10000, 0x1fffe, 0x1ffff,
		0xffffffff, UINT64_C(0x100000000), UINT64_C(0xffffffffffff), UINT64_MAX - 1,
		UINT64_MAX, UINT64_C(0xfffefffefffeffff), UINT64_C(0x8000000000000000) };
	uint64_t seed = 9;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint64_t sum = (size_t)i < COUNT(edges)
			? edges[i]
			: next_random(&seed) >> next_random(&seed) % 64;
		uint64_t expected = sum == 0 ? 0 : (sum - 1) % 65535 + 1;

		assert_true(fp_checksum_fold(sum) == expected);
	}
}

static int
map_guard(void **state)
{
	(void)state;
	return fp_test_guard_create(&guard, FRAME_MAX);
}

static int
unmap_guard(void **state)
{
	(void)state;
	fp_test_guard_destroy(&guard);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_frames_give_their_payload_without_padding),
		cmocka_unit_test(a_frame_cut_anywhere_is_refused_with_the_layer_it_ends_in),
		cmocka_unit_test(other_ethertypes_are_not_ipv4),
		cmocka_unit_test(a_third_tag_is_too_many),
		cmocka_unit_test(a_wrong_version_or_header_length_is_refused),
		cmocka_unit_test(every_wrong_bit_in_the_ip_header_is_found),
		cmocka_unit_test(fragments_are_refused_the_first_too),
		cmocka_unit_test(other_protocols_are_not_udp),
		cmocka_unit_test(lengths_are_accepted_exactly_when_they_fit_into_each_other),
		cmocka_unit_test(a_udp_checksum_is_verified_if_there_is_one_and_it_is_wanted),
		cmocka_unit_test(every_wrong_bit_of_a_datagram_with_checksum_is_found),
		cmocka_unit_test(a_datagram_whose_sum_is_0_carries_ffff),
		cmocka_unit_test(the_checksum_of_rfc_1071_is_its_own_example),
		cmocka_unit_test(the_checksum_of_any_length_is_that_of_16_bit_words),
		cmocka_unit_test(the_checksum_is_the_same_at_every_alignment),
		cmocka_unit_test(folding_keeps_the_sum_modulo_65535),
	};

	return cmocka_run_group_tests_name("fp_udp", tests, map_guard, unmap_guard);
}
