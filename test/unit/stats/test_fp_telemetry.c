/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Parameters and pages are checked directly; replies are read back as JSON from DPDK's own
 * telemetry socket, in a process without hugepages and devices.
 */

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_version.h>

#include <cmocka.h>

#include "fp_telemetry.h"

#define EXIT_SKIP   77
#define REPLY_BYTES 32768
#define ITEMS_TOTAL 500

static int client = -1;
static char reply[REPLY_BYTES];

/* The reply that each command of this test builds. */
typedef void (*fill_fn)(struct fp_telemetry_node *root, const struct fp_telemetry_params *params);

static fill_fn fill;

static void
params_missing_or_empty_have_no_fields(void **state)
{
	struct fp_telemetry_params p;
	uint64_t value = 17;

	(void)state;
	assert_int_equal(fp_telemetry_params_init(&p, NULL), 0);
	assert_int_equal(p.field_count, 0);
	assert_int_equal(fp_telemetry_params_init(&p, ""), 0);
	assert_int_equal(p.field_count, 0);
	assert_null(fp_telemetry_params_get_string(&p, 0));
	assert_int_equal(fp_telemetry_params_get_uint(&p, 0, 100, &value), -ENODATA);
	assert_true(value == 17);
}

static void
params_are_cut_at_commas_and_trimmed(void **state)
{
	struct fp_telemetry_params p;

	(void)state;
	assert_int_equal(fp_telemetry_params_init(&p, "BRK.A, two words ,,7"), 0);
	assert_int_equal(p.field_count, 4);
	assert_string_equal(fp_telemetry_params_get_string(&p, 0), "BRK.A");
	assert_string_equal(fp_telemetry_params_get_string(&p, 1), "two words");
	assert_string_equal(fp_telemetry_params_get_string(&p, 2), "");
	assert_string_equal(fp_telemetry_params_get_string(&p, 3), "7");
	assert_null(fp_telemetry_params_get_string(&p, 4));
	assert_int_equal(fp_telemetry_params_init(&p, "   "), 0);
	assert_int_equal(p.field_count, 1);
	assert_string_equal(fp_telemetry_params_get_string(&p, 0), "");
	assert_int_equal(fp_telemetry_params_init(&p, "a,"), 0);
	assert_int_equal(p.field_count, 2);
}

static void
params_too_many_or_too_long_are_rejected(void **state)
{
	char text[FP_TELEMETRY_PARAMS_LEN_MAX + 2];
	struct fp_telemetry_params p;

	(void)state;
	assert_int_equal(fp_telemetry_params_init(&p, "1,2,3,4,5"), -E2BIG);
	assert_int_equal(p.field_count, 0);
	memset(text, 'x', sizeof(text));
	text[FP_TELEMETRY_PARAMS_LEN_MAX] = '\0';
	assert_int_equal(fp_telemetry_params_init(&p, text), 0);
	assert_string_equal(fp_telemetry_params_get_string(&p, 0), text);
	text[FP_TELEMETRY_PARAMS_LEN_MAX] = 'x';
	text[FP_TELEMETRY_PARAMS_LEN_MAX + 1] = '\0';
	assert_int_equal(fp_telemetry_params_init(&p, text), -E2BIG);
	assert_int_equal(p.field_count, 0);
}

static void
numbers_are_decimal_digits_within_the_maximum(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int rc;
		uint64_t value;
	} cases[] = {
		{ "0", 0, 0, 0 },
		{ "007", 7, 0, 7 },
		{ " 42 ", 42, 0, 42 },
		{ "43", 42, -ERANGE, 0 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
		{ "18446744073709551620", UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999", UINT64_MAX, -ERANGE, 0 },
		{ "184467440737095516160", UINT64_MAX, -ERANGE, 0 },
		{ "18446744073709551616x", UINT64_MAX, -EINVAL, 0 },
		{ "-1", UINT64_MAX, -EINVAL, 0 },
		{ "+1", UINT64_MAX, -EINVAL, 0 },
		{ "1 2", UINT64_MAX, -EINVAL, 0 },
		{ "0x10", UINT64_MAX, -EINVAL, 0 },
		{ "1.5", UINT64_MAX, -EINVAL, 0 },
		{ "/", UINT64_MAX, -EINVAL, 0 },
		{ ":", UINT64_MAX, -EINVAL, 0 },
		{ " ", UINT64_MAX, -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fp_telemetry_params p;
		uint64_t value = 12345;

		assert_int_equal(fp_telemetry_params_init(&p, cases[i].text), 0);
		assert_int_equal(
			fp_telemetry_params_get_uint(&p, 0, cases[i].max, &value), cases[i].rc);
		assert_true(value == (cases[i].rc == 0 ? cases[i].value : 12345));
	}
}

static void
check_page(const char *text, uint64_t total, uint32_t item_bytes, uint64_t first, uint64_t end)
{
	struct fp_telemetry_params p;
	struct fp_telemetry_page page;

	assert_int_equal(fp_telemetry_params_init(&p, text), 0);
	assert_int_equal(fp_telemetry_page_init(&page, &p, 1, total, item_bytes), 0);
	assert_true(page.total == total);
	assert_true(page.first == first);
	assert_true(page.end == end);
}

static void
pages_follow_each_other_and_end_at_the_total(void **state)
{
	struct fp_telemetry_params p;
	struct fp_telemetry_page page;

	(void)state;
	check_page("9", 0, 10, 0, 0);
	check_page("9", 5, 10, 0, 5);
	check_page("9", 240, 1, 0, 240);
	check_page("9", 241, 0, 0, 240);
	check_page("9,240", 241, 1, 240, 241);
	check_page("9,241", 241, 1, 241, 241);
	check_page("9,18446744073709551615", 241, 1, 241, 241);
	check_page("9,0", 1000, 1024, 0, 15);
	check_page("9,990", 1000, 1024, 990, 1000);
	check_page("9,3", 1000, 1000000, 3, 4);
	check_page("9,3", UINT64_MAX, 64, 3, 243);
	assert_int_equal(fp_telemetry_params_init(&p, "9,x"), 0);
	assert_int_equal(fp_telemetry_page_init(&page, &p, 1, 10, 10), -EINVAL);
	assert_int_equal(fp_telemetry_params_init(&p, "9,18446744073709551616"), 0);
	assert_int_equal(fp_telemetry_page_init(&page, &p, 1, 10, 10), -EINVAL);
	assert_int_equal(fp_telemetry_params_init(&p, "9,"), 0);
	assert_int_equal(fp_telemetry_page_init(&page, &p, 1, 10, 10), -EINVAL);
}

static int
answer(const char *cmd, const char *text, struct rte_tel_data *data)
{
	struct fp_telemetry_params params;
	struct fp_telemetry_node root;

	(void)cmd;
	if (fp_telemetry_params_init(&params, text) != 0)
		return -EINVAL;
	fp_telemetry_init(&root, data);
	fill(&root, &params);
	return fp_telemetry_commit(&root);
}

/* Send a request and keep the reply, without the command's name around it. */
static const char *
ask(fill_fn fill_reply, const char *request)
{
	static const char prefix[] = "{\"/fablepool/test\":";
	ssize_t len;

	fill = fill_reply;
	assert_int_equal(send(client, request, strlen(request), 0), strlen(request));
	len = recv(client, reply, sizeof(reply) - 1, 0);
	assert_true(len > (ssize_t)sizeof(prefix));
	assert_true(len <= 16384);
	assert_int_equal(reply[len - 1], '}');
	reply[len - 1] = '\0';
	assert_memory_equal(reply, prefix, sizeof(prefix) - 1);
	return reply + sizeof(prefix) - 1;
}

static void
fill_every_kind(struct fp_telemetry_node *root, const struct fp_telemetry_params *params)
{
	struct fp_telemetry_node child;
	struct fp_telemetry_node grandchild;

	(void)params;
	fp_telemetry_add_uint(root, "u", UINT64_MAX);
	fp_telemetry_add_int(root, "n", -5);
	fp_telemetry_add_int(root, "big", INT64_MAX);
	fp_telemetry_add_string(root, "s", "BRK.A");
	fp_telemetry_open_uints(root, "list", &child);
	fp_telemetry_append_uint(&child, 3);
	fp_telemetry_append_uint(&child, UINT64_MAX);
	fp_telemetry_open_strings(root, "names", &child);
	fp_telemetry_append_string(&child, "a");
	fp_telemetry_append_string(&child, "b");
	fp_telemetry_open_uints(root, "none", &child);
	fp_telemetry_open_dict(root, "d", &child);
	fp_telemetry_add_uint(&child, "x/y_1", 1);
	fp_telemetry_open_uints(&child, "deep", &grandchild);
	fp_telemetry_append_uint(&grandchild, 2);
}

static void
a_reply_holds_every_kind_of_entry(void **state)
{
	(void)state;
	assert_string_equal(ask(fill_every_kind, "/fablepool/test"),
		"{\"u\":18446744073709551615,\"n\":-5,\"big\":9223372036854775807,\"s\":\"BRK.A\","
		"\"list\":[3,18446744073709551615],\"names\":[\"a\",\"b\"],\"none\":[],"
		"\"d\":{\"x/y_1\":1,\"deep\":[2]}}");
}

static void
fill_summary(struct fp_telemetry_node *root, const struct fp_telemetry_params *params)
{
	const struct fp_histogram_summary summary = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

	(void)params;
	fp_telemetry_add_summary(root, "latency", &summary);
}

static void
a_summary_is_a_dictionary_in_its_own_order(void **state)
{
	(void)state;
	assert_string_equal(ask(fill_summary, "/fablepool/test"),
		"{\"latency\":{\"count\":1,\"min\":2,\"p50\":3,\"p90\":4,\"p99\":5,\"p99_9\":6,"
		"\"p99_99\":7,\"p99_999\":8,\"max\":9}}");
}

static void
fill_page(struct fp_telemetry_node *root, const struct fp_telemetry_params *params)
{
	struct fp_telemetry_node items;
	struct fp_telemetry_page page;
	char text[101];

	memset(text, 'i', sizeof(text));
	text[100] = '\0';
	if (fp_telemetry_page_init(&page, params, 1, ITEMS_TOTAL, 103) != 0)
		return;
	fp_telemetry_add_page(root, &page);
	fp_telemetry_open_strings(root, "items", &items);
	for (uint64_t i = page.first; i < page.end; i++)
		fp_telemetry_append_string(&items, text);
}

static size_t
count_items(const char *json)
{
	size_t items = 0;

	for (const char *at = json; (at = strstr(at, "\"ii")) != NULL; at++)
		items++;
	return items;
}

static void
full_pages_lose_no_item(void **state)
{
	char request[64];
	size_t items = 0;
	uint64_t next = 0;

	(void)state;
	do {
		const char *json;
		const char *at;

		(void)snprintf(request, sizeof(request), "/fablepool/test,0,%" PRIu64, next);
		json = ask(fill_page, request);
		items += count_items(json);
		at = strstr(json, "\"next\":");
		assert_non_null(at);
		next = strtoull(at + strlen("\"next\":"), NULL, 10);
		assert_true(next == 0 || (next == items && next < ITEMS_TOTAL));
	} while (next != 0);
	assert_int_equal(items, ITEMS_TOTAL);
}

static void
fill_too_much(struct fp_telemetry_node *root, const struct fp_telemetry_params *params)
{
	struct fp_telemetry_node child;
	char name[16];

	(void)params;
	fp_telemetry_open_uints(root, "list", &child);
	for (uint32_t i = 1; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "k%u", i);
		fp_telemetry_add_uint(root, name, i);
	}
	fp_telemetry_open_dict(root, "late", &child);
	fp_telemetry_add_uint(&child, "lost", 1);
}

static void
a_full_dictionary_says_that_it_is_incomplete(void **state)
{
	const char *json;
	char tail[64];

	(void)state;
	(void)snprintf(tail, sizeof(tail), ",\"k254\":254,\"incomplete\":%d}", ENOSPC);
	json = ask(fill_too_much, "/fablepool/test");
	assert_string_equal(json + strlen(json) - strlen(tail), tail);
}

static void
fill_faulty(struct fp_telemetry_node *root, const struct fp_telemetry_params *params)
{
	const char *which = fp_telemetry_params_get_string(params, 0);
	struct fp_telemetry_node child;
	char text[200];

	memset(text, 't', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	if (strcmp(which, "alone") == 0) {
		fp_telemetry_add_uint(root, "bad.key", 1);
		return;
	}
	fp_telemetry_add_uint(root, "ok", 1);
	fp_telemetry_open_dict(root, "d", &child);
	if (strcmp(which, "key") == 0) {
		fp_telemetry_add_uint(&child, "bad.key", 1);
	} else if (strcmp(which, "empty") == 0) {
		fp_telemetry_add_string(&child, "", "x");
	} else if (strcmp(which, "long") == 0) {
		fp_telemetry_add_uint(&child, text, 1);
	} else if (strcmp(which, "text") == 0) {
		fp_telemetry_add_string(root, "t", text);
		fp_telemetry_add_uint(root, "bad-key", 1); /* too late to be the first */
	} else {
		fp_telemetry_add_int(root, "n", INT64_MIN);
	}
}

static void
the_first_fault_is_reported_and_the_rest_kept(void **state)
{
	char text[128];
	char expected[256];

	(void)state;
	assert_string_equal(
		ask(fill_faulty, "/fablepool/test,key"), "{\"ok\":1,\"d\":{},\"incomplete\":22}");
	assert_string_equal(
		ask(fill_faulty, "/fablepool/test,empty"), "{\"ok\":1,\"d\":{},\"incomplete\":22}");
	assert_string_equal(
		ask(fill_faulty, "/fablepool/test,long"), "{\"ok\":1,\"d\":{},\"incomplete\":22}");
	memset(text, 't', sizeof(text));
	text[127] = '\0';
	(void)snprintf(expected, sizeof(expected),
		"{\"ok\":1,\"d\":{},\"t\":\"%s\",\"incomplete\":7}", text);
	assert_string_equal(ask(fill_faulty, "/fablepool/test,text"), expected);
#if RTE_VERSION < RTE_VERSION_NUM(23, 3, 0, 0)
	assert_string_equal(ask(fill_faulty, "/fablepool/test,negative"),
		"{\"ok\":1,\"d\":{},\"n\":-2147483648,\"incomplete\":34}");
#endif
	assert_string_equal(ask(fill_faulty, "/fablepool/test,alone"), "null");
}

static int
connect_client(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int len = snprintf(address.sun_path, sizeof(address.sun_path), "%s/dpdk_telemetry.v2",
		rte_eal_get_runtime_dir());

	if (len < 0 || (size_t)len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	client = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	if (client < 0)
		return -errno;
	if (connect(client, (const struct sockaddr *)&address, sizeof(address)) != 0)
		return -errno;
	return recv(client, reply, sizeof(reply), 0) > 0 ? 0 : -EIO; /* the hello */
}

/* EAL leaves its directory behind, which here has the process in its name. */
static void
remove_runtime_dir(void)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/dpdk_telemetry.v2", rte_eal_get_runtime_dir());
	(void)unlink(path);
	(void)rmdir(rte_eal_get_runtime_dir());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(params_missing_or_empty_have_no_fields),
		cmocka_unit_test(params_are_cut_at_commas_and_trimmed),
		cmocka_unit_test(params_too_many_or_too_long_are_rejected),
		cmocka_unit_test(numbers_are_decimal_digits_within_the_maximum),
		cmocka_unit_test(pages_follow_each_other_and_end_at_the_total),
		cmocka_unit_test(a_reply_holds_every_kind_of_entry),
		cmocka_unit_test(a_summary_is_a_dictionary_in_its_own_order),
		cmocka_unit_test(full_pages_lose_no_item),
		cmocka_unit_test(a_full_dictionary_says_that_it_is_incomplete),
		cmocka_unit_test(the_first_fault_is_reported_and_the_rest_kept),
	};
	char prefix[64];
	char *eal_args[] = { (char[]){ "test_fp_telemetry" }, (char[]){ "--no-huge" },
		(char[]){ "--no-shconf" }, (char[]){ "--no-pci" }, (char[]){ "-m" },
		(char[]){ "64" }, (char[]){ "-l" }, (char[]){ "0" }, prefix };
	int failed;
	int rc;

	(void)snprintf(prefix, sizeof(prefix), "--file-prefix=test_fp_telemetry_%d", (int)getpid());
	if (rte_eal_init((int)(sizeof(eal_args) / sizeof(eal_args[0])), eal_args) < 0) {
		printf("1..0 # SKIP EAL did not start: %s\n", rte_strerror(rte_errno));
		return EXIT_SKIP;
	}
	rc = rte_telemetry_register_cmd("/fablepool/test", answer, "Test. Parameters: any");
	if (rc == 0)
		rc = connect_client();
	if (rc != 0) {
		printf("Bail out! telemetry: errno %d\n", -rc);
		return EXIT_FAILURE;
	}
	failed = cmocka_run_group_tests_name("fp_telemetry", tests, NULL, NULL);
	(void)close(client);
	(void)rte_eal_cleanup();
	remove_runtime_dir();
	return failed;
}
