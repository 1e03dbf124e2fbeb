/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Each path of the scans against loops over single bytes, at every alignment and length and right
 * between two inaccessible pages; and which path is chosen, with EAL and without.
 */

#define ALLOW_EXPERIMENTAL_API

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#ifdef RTE_ARCH_X86
#include <cpuid.h>
#endif

#include <rte_common.h>
#include <rte_eal.h>
#include <rte_ip.h>

#include "fp_poison.h"
#include "fp_scan.h"
#include "fp_span_search.h"
#include "fp_test_panic.h"
#include "fpi_scan.h"
#include "walls.h"

#define LEN_MAX    300
#define ALIGNMENTS 64
#define LONG_LEN   65537
#define BLOCKS_MAX (LONG_LEN / 64 + 2)

/* What is looked for: bytes that are nowhere in what random_byte() makes. */
#define A      0x01
#define B      0x80
#define C      0xff
#define ABSENT 0x02

static struct walls walls;
static uint64_t random_state = 88172645463325252;

/* The path of the build, before anything else was done. */
static enum fp_scan_path path_at_start;

FP_CONSTRUCTOR static void
scan_early(void)
{
	static const uint8_t bytes[] = "a scan before main()";

	if (fp_cspan_index_of_u8(fp_cspan_over(bytes, 20), 'm') != 14)
		abort();
	path_at_start = fp_scan_get();
}

static uint64_t
random_u64(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static uint8_t
random_byte(void)
{
	uint8_t byte = (uint8_t)random_u64();

	return byte == A || byte == B || byte == C || byte == ABSENT ? 0x7f : byte;
}

static void
fill(uint8_t *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[i] = random_byte();
}

static int64_t
naive_find(const uint8_t *data, uint32_t len, const uint8_t *wanted, uint32_t count)
{
	for (uint32_t i = 0; i < len; i++) {
		for (uint32_t k = 0; k < count; k++) {
			if (data[i] == wanted[k])
				return i;
		}
	}
	return -1;
}

static uint16_t
naive_checksum(const uint8_t *data, uint32_t len)
{
	uint64_t sum = 0;
	uint16_t pair;

	for (uint32_t i = 0; i + 1 < len; i += 2) {
		memcpy(&pair, data + i, 2);
		sum += pair;
	}
	if (len % 2 != 0) {
		pair = 0;
		memcpy(&pair, data + len - 1, 1);
		sum += pair;
	}
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static uint8_t
naive_sum(const uint8_t *data, uint32_t len)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < len; i++)
		sum += data[i];
	return (uint8_t)sum;
}

/* How many of the searches do not find the first of the bytes that they look for. */
static uint32_t
count_wrong_finds(const uint8_t *data, uint32_t len)
{
	static const uint8_t wanted[] = { B, A, C };
	static const uint8_t zero[] = { 0 }; /* what is behind the end when it is masked out */
	struct fp_cspan span = fp_cspan_over(data, len);

	return (fp_cspan_index_of_u8(span, B) != naive_find(data, len, wanted, 1)) +
		(fp_cspan_index_of_any2_u8(span, A, B) != naive_find(data, len, wanted, 2)) +
		(fp_cspan_index_of_any3_u8(span, C, B, A) != naive_find(data, len, wanted, 3)) +
		(fp_cspan_index_of_u8(span, 0) != naive_find(data, len, zero, 1)) +
		(fp_cspan_index_of_any3_u8(span, ABSENT, ABSENT, ABSENT) != -1);
}

/* How many bits of the blocks, sums and words behind the blocks are not what they should be. */
static uint32_t
count_wrong_delimiters(const uint8_t *data, uint32_t len, uint8_t first, uint8_t second)
{
	static struct fp_delimiters blocks[BLOCKS_MAX];
	uint32_t count = (len + 63) / 64;
	uint32_t wrong;

	memset(blocks, 0xee, (count + 1) * sizeof(blocks[0]));
	wrong = fp_cspan_find_delimiters(fp_cspan_over(data, len), first, second, blocks) !=
		naive_sum(data, len);
	for (uint32_t i = 0; i < count * 64; i++) {
		uint64_t is_first = i < len && data[i] == first;
		uint64_t is_second = i < len && data[i] == second;

		wrong += (blocks[i / 64].first >> i % 64 & 1) != is_first;
		wrong += (blocks[i / 64].second >> i % 64 & 1) != is_second;
	}
	wrong += blocks[count].first != UINT64_C(0xeeeeeeeeeeeeeeee);
	wrong += blocks[count].second != UINT64_C(0xeeeeeeeeeeeeeeee);
	return wrong;
}

/* How many results on some bytes are wrong. */
static uint32_t
count_wrong(const uint8_t *data, uint32_t len)
{
	struct fp_cspan span = fp_cspan_over(data, len);

	return count_wrong_finds(data, len) + count_wrong_delimiters(data, len, A, B) +
		count_wrong_delimiters(data, len, C, 0) +
		(fp_cspan_sum_u8(span) != naive_sum(data, len)) +
		(fp_cspan_internet_checksum(span) != naive_checksum(data, len));
}

/* With one hit at each place, and none; a search that looks for another byte finds nothing. */
static uint32_t
count_wrong_places(uint8_t *data, uint32_t len)
{
	struct fp_cspan span = fp_cspan_over(data, len);
	uint32_t wrong = count_wrong(data, len);

	for (uint32_t i = 0; i < len; i++) {
		uint8_t before = data[i];

		data[i] = A;
		wrong += (fp_cspan_index_of_u8(span, B) != -1) +
			(fp_cspan_index_of_any2_u8(span, A, B) != i) +
			(fp_cspan_index_of_any3_u8(span, C, B, A) != i);
		data[i] = B;
		wrong += (fp_cspan_index_of_u8(span, B) != i) +
			(fp_cspan_index_of_any2_u8(span, A, B) != i) +
			(fp_cspan_index_of_any3_u8(span, C, B, A) != i);
		data[i] = C;
		wrong += (fp_cspan_index_of_u8(span, B) != -1) +
			(fp_cspan_index_of_any2_u8(span, A, B) != -1) +
			(fp_cspan_index_of_any3_u8(span, C, B, A) != i);
		data[i] = before;
	}
	return wrong;
}

/* Random bytes among which the wanted ones are about every @p distance bytes. */
static void
sow(uint8_t *data, uint32_t len, uint32_t distance)
{
	static const uint8_t hits[] = { A, B, C };

	fill(data, len);
	for (uint32_t i = 0; i < len; i++) {
		if (random_u64() % distance == 0)
			data[i] = hits[random_u64() % RTE_DIM(hits)];
	}
}

/* Every path that this CPU has, one after the other; -1 is before the first and behind the last. */
static bool
next_path(int *path)
{
	while (++*path < FP_SCAN_PATHS) {
		if (fp_scan_set((enum fp_scan_path) * path) == 0)
			return true;
		print_message(
			"# no %s on this machine\n", fp_scan_name((enum fp_scan_path) * path));
	}
	(void)fp_scan_choose();
	return false;
}

static void
every_path_finds_every_place_right_between_two_inaccessible_pages(void **state)
{
	(void)state;
	for (int path = -1; next_path(&path);) {
		for (uint32_t len = 0; len <= LEN_MAX; len++) {
			fill(walls.start, len);
			assert_int_equal(count_wrong_places(walls.start, len), 0);
			fill(walls.end - len, len);
			assert_int_equal(count_wrong_places(walls.end - len, len), 0);
		}
	}
}

static void
every_path_is_right_at_every_alignment_and_length(void **state)
{
	/* What is behind and before a view is what is looked for. */
	static _Alignas(64) uint8_t bytes[64 + ALIGNMENTS + LEN_MAX + 64];

	(void)state;
	for (int path = -1; next_path(&path);) {
		for (uint32_t align = 0; align < ALIGNMENTS; align++) {
			for (uint32_t len = 0; len <= LEN_MAX; len++) {
				uint8_t *data = bytes + 64 + align;

				memset(bytes, B, sizeof(bytes));
				sow(data, len, 1 + (uint32_t)(random_u64() % 400));
				assert_int_equal(count_wrong(data, len), 0);
			}
		}
	}
}

static void
every_path_is_right_in_long_views(void **state)
{
	static const uint32_t lens[] = { 1471, 1472, 4095, 4096, 4097, 9000, 16384, 65533, 65535,
		65536, 65537 };

	(void)state;
	for (int path = -1; next_path(&path);) {
		for (size_t i = 0; i < RTE_DIM(lens); i++) {
			uint8_t *data = walls.end - lens[i];

			for (uint32_t distance = 1; distance < 1000000; distance *= 10) {
				sow(data, lens[i], distance);
				assert_int_equal(count_wrong(data, lens[i]), 0);
			}
			fill(data, lens[i]);
			data[lens[i] - 1] = B;
			assert_int_equal(count_wrong(data, lens[i]), 0);
		}
	}
}

static void
sums_do_not_overflow_and_say_zero_for_zeros_only(void **state)
{
	(void)state;
	for (int path = -1; next_path(&path);) {
		uint8_t *data = walls.end - LONG_LEN;

		memset(data, 0xff, LONG_LEN);
		assert_int_equal(count_wrong(data, LONG_LEN), 0);
		assert_int_equal(
			fp_cspan_internet_checksum(fp_cspan_over(data, LONG_LEN - 1)), 0xffff);
		memset(data, 0, LONG_LEN);
		assert_int_equal(fp_cspan_internet_checksum(fp_cspan_over(data, LONG_LEN)), 0);
		for (uint32_t len = 0; len <= LEN_MAX; len++) {
			memset(data, 0xff, len);
			assert_int_equal(count_wrong(data, len), 0);
		}
	}
}

static void
the_checksum_is_the_one_of_dpdk(void **state)
{
	(void)state;
	for (int path = -1; next_path(&path);) {
		for (uint32_t len = 0; len <= 1500; len++) {
			const uint8_t *data = walls.end - len;

			fill(walls.end - len, len);
			assert_int_equal(fp_cspan_internet_checksum(fp_cspan_over(data, len)),
				rte_raw_cksum(data, len));
		}
	}
}

static void
an_empty_view_without_address_has_nothing(void **state)
{
	struct fp_cspan nothing = fp_cspan_over(NULL, 0);

	(void)state;
	for (int path = -1; next_path(&path);) {
		assert_int_equal(fp_cspan_index_of_u8(nothing, 0), -1);
		assert_int_equal(fp_cspan_index_of_any2_u8(nothing, 0, 0), -1);
		assert_int_equal(fp_cspan_index_of_any3_u8(nothing, 0, 0, 0), -1);
		assert_int_equal(fp_cspan_sum_u8(nothing), 0);
		assert_int_equal(fp_cspan_internet_checksum(nothing), 0);
		assert_int_equal(fp_cspan_find_delimiters(nothing, 0, 0, NULL), 0);
	}
}

static void
equal_delimiters_are_both_found(void **state)
{
	struct fp_delimiters block;

	(void)state;
	for (int path = -1; next_path(&path);) {
		(void)fp_cspan_find_delimiters(fp_cspan_over("a=b=", 4), '=', '=', &block);
		assert_int_equal(block.first, 0xa);
		assert_int_equal(block.second, 0xa);
	}
}

#ifdef RTE_ARCH_X86
/* Whether the upper halves of the first 16 vector registers may be other than 0. */
static bool
has_upper_halves(void)
{
	uint32_t low;
	uint32_t high;

	__asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(1));
	return (low & (1U << 2 | 1U << 6)) != 0; /* of 256 bits, of 512 bits */
}

static void
no_path_leaves_upper_halves_of_registers_behind(void **state)
{
	uint32_t eax = 0;
	uint32_t ebx = 0;
	uint32_t ecx = 0;
	uint32_t edx = 0;

	(void)state;
	if (__get_cpuid_count(0xd, 1, &eax, &ebx, &ecx, &edx) == 0 || (eax & 1U << 2) == 0 ||
		fp_scan_set(FP_SCAN_AVX2) != 0) {
		print_message("# the machine cannot tell, or has no such halves\n");
		return;
	}
	fill(walls.start, LEN_MAX);
	for (int path = -1; next_path(&path);) {
		for (uint32_t len = 0; len <= LEN_MAX; len++) {
			static struct fp_delimiters blocks[LEN_MAX / 64 + 1];
			struct fp_cspan span = fp_cspan_over(walls.start, len);
			bool is_left = false;

			__asm__ volatile("vzeroupper" ::: "memory");
			(void)fp_cspan_index_of_u8(span, A);
			is_left |= has_upper_halves();
			(void)fp_cspan_index_of_any2_u8(span, A, B);
			is_left |= has_upper_halves();
			(void)fp_cspan_index_of_any3_u8(span, A, B, C);
			is_left |= has_upper_halves();
			(void)fp_cspan_sum_u8(span);
			is_left |= has_upper_halves();
			(void)fp_cspan_internet_checksum(span);
			is_left |= has_upper_halves();
			(void)fp_cspan_find_delimiters(span, A, B, blocks);
			assert_false(is_left | has_upper_halves());
		}
	}
}
#endif

/* The controls: scans as they must not be. */

static uint8_t
sum_one_more(const uint8_t *data, uint32_t len)
{
	return naive_sum(data, len + 1);
}

static int64_t
find_in_a_whole_vector(const uint8_t *data, uint32_t len, uint8_t a)
{
	const uint8_t wanted[] = { a };

	return naive_find(data, RTE_ALIGN_CEIL(len, 16), wanted, 1);
}

static uint8_t
find_delimiters_to_the_end_of_a_block(const uint8_t *data, uint32_t len, uint8_t first,
	uint8_t second, struct fp_delimiters *blocks)
{
	uint8_t total = fpi_scan_scalar.find_delimiters(data, len, first, second, blocks);

	if (len % 64 != 0)
		blocks[len / 64].first |= UINT64_C(1) << len % 64;
	return total;
}

static void
count_wrong_at_the_end_of_a_page(void *arg)
{
	(void)arg;
	for (uint32_t len = 0; len <= LEN_MAX; len++)
		(void)count_wrong(walls.end - len, len);
}

static void
what_reads_past_the_end_is_stopped_by_the_page(void **state)
{
	struct fpi_scan_table table = fpi_scan_scalar;
	static struct fp_test_end end;

	(void)state;
	table.sum = sum_one_more;
	fpi_scan_in_use = &table;
	fp_test_run_child(count_wrong_at_the_end_of_a_page, NULL, &end);
	(void)fp_scan_choose();
	assert_false(WIFEXITED(end.status) && WEXITSTATUS(end.status) == 0);
	if (!FP_HAS_ASAN) {
		assert_true(WIFSIGNALED(end.status));
		assert_int_equal(WTERMSIG(end.status), SIGSEGV);
	}
	fp_test_run_child(count_wrong_at_the_end_of_a_page, NULL, &end);
	assert_true(WIFEXITED(end.status));
	assert_int_equal(WEXITSTATUS(end.status), 0);
}

static void
what_a_wrong_mask_lets_through_is_counted(void **state)
{
	struct fpi_scan_table table = fpi_scan_scalar;
	uint8_t *data = walls.start + 16;

	(void)state;
	memset(walls.start, B, 512);
	fill(data, 150);
	fpi_scan_in_use = &table;
	assert_int_equal(count_wrong(data, 150), 0);
	table.find = find_in_a_whole_vector;
	assert_int_equal(count_wrong(data, 150), 1);
	table = fpi_scan_scalar;
	table.find_delimiters = find_delimiters_to_the_end_of_a_block;
	assert_int_equal(count_wrong(data, 150), 2);
	assert_int_equal(count_wrong(data, 128), 0);
	(void)fp_scan_choose();
}

/* The widest path of this CPU that is not above a limit. */
static enum fp_scan_path
widest(enum fp_scan_path limit)
{
	while (fp_scan_set(limit) != 0)
		limit--;
	return limit;
}

static void
before_eal_the_path_is_the_one_of_the_build(void **state)
{
	(void)state;
	assert_int_equal(fp_scan_choose(), path_at_start);
	assert_int_equal(fp_scan_get(), path_at_start);
#ifdef __SSE4_2__
	assert_int_equal(path_at_start, FP_SCAN_SSE42);
#endif
}

/* An argument of EAL, or none, and what is chosen then. */
struct choice {
	const char *argument;
	enum fp_scan_path limit;
};

static void
choose_after_eal(void *arg)
{
	const struct choice *choice = arg;
	enum fp_scan_path expected = widest(choice->limit);
	char argument[64];
	char prefix[64];
	char *argv[] = { (char[]){ "test" }, (char[]){ "--no-shconf" }, (char[]){ "--no-huge" },
		(char[]){ "--no-pci" }, (char[]){ "--no-telemetry" }, (char[]){ "-m" },
		(char[]){ "64" }, prefix, argument, NULL };

	snprintf(argument, sizeof(argument), "%s", choice->argument);
	snprintf(prefix, sizeof(prefix), "--file-prefix=fptest%d", (int)getpid());
	if (rte_eal_init((int)RTE_DIM(argv) - 1, argv) < 0)
		_exit(2);
	if (fp_scan_choose() != expected || fp_scan_get() != expected)
		_exit(3);
}

static void
after_eal_the_path_is_the_widest_that_its_options_allow(void **state)
{
	static const struct choice choices[] = {
		{ "--log-level=error", FP_SCAN_AVX2 },
		{ "--force-max-simd-bitwidth=64", FP_SCAN_SCALAR },
		{ "--force-max-simd-bitwidth=128", FP_SCAN_SSE42 },
		{ "--force-max-simd-bitwidth=256", FP_SCAN_AVX2 },
		{ "--force-max-simd-bitwidth=512", FP_SCAN_AVX512 },
		{ "--force-max-simd-bitwidth=0", FP_SCAN_AVX512 },
	};
	static struct fp_test_end end;

	(void)state;
	for (size_t i = 0; i < RTE_DIM(choices); i++) {
		struct choice choice = choices[i];

		fp_test_run_child(choose_after_eal, &choice, &end);
		if (end.status != 0)
			print_message("# %s: %s\n", choice.argument, end.text);
		assert_int_equal(end.status, 0);
	}
}

static void
a_path_is_set_by_its_name_or_refused(void **state)
{
	static const char *const names[] = { "scalar", "sse4.2", "avx2", "avx512" };

	(void)state;
	for (int path = 0; path < FP_SCAN_PATHS; path++) {
		enum fp_scan_path before = fp_scan_get();
		int error = fp_scan_set((enum fp_scan_path)path);

		assert_true(error == 0 || error == -ENOTSUP);
		assert_int_equal(fp_scan_get(), error == 0 ? (enum fp_scan_path)path : before);
		assert_string_equal(fp_scan_name((enum fp_scan_path)path), names[path]);
	}
	assert_int_equal(fp_scan_set(FP_SCAN_SCALAR), 0);
	assert_int_equal(fp_scan_set(FP_SCAN_PATHS), -EINVAL);
	assert_int_equal(fp_scan_set((enum fp_scan_path) - 1), -EINVAL);
	assert_int_equal(fp_scan_get(), FP_SCAN_SCALAR);
	assert_string_equal(fp_scan_name(FP_SCAN_PATHS), "unknown");
	(void)fp_scan_choose();
}

static int
set_up(void **state)
{
	(void)state;
	return walls_create(&walls, LONG_LEN);
}

static int
tear_down(void **state)
{
	(void)state;
	walls_destroy(&walls);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before_eal_the_path_is_the_one_of_the_build),
		cmocka_unit_test(a_path_is_set_by_its_name_or_refused),
		cmocka_unit_test(after_eal_the_path_is_the_widest_that_its_options_allow),
		cmocka_unit_test(every_path_finds_every_place_right_between_two_inaccessible_pages),
		cmocka_unit_test(every_path_is_right_at_every_alignment_and_length),
		cmocka_unit_test(every_path_is_right_in_long_views),
		cmocka_unit_test(sums_do_not_overflow_and_say_zero_for_zeros_only),
		cmocka_unit_test(the_checksum_is_the_one_of_dpdk),
		cmocka_unit_test(an_empty_view_without_address_has_nothing),
		cmocka_unit_test(equal_delimiters_are_both_found),
#ifdef RTE_ARCH_X86
		cmocka_unit_test(no_path_leaves_upper_halves_of_registers_behind),
#endif
		cmocka_unit_test(what_reads_past_the_end_is_stopped_by_the_page),
		cmocka_unit_test(what_a_wrong_mask_lets_through_is_counted),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
