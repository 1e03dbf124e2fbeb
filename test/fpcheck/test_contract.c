/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Contract tables: what is read out of every construct of the grammar, what a later line does to
 * an earlier one, and the tables that are built in.
 */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contract.h"
#include "contract_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct contracts *contracts;

static int
create_contracts(void **state)
{
	(void)state;
	contracts = contracts_create();
	return 0;
}

static int
destroy_contracts(void **state)
{
	(void)state;
	contracts_destroy(contracts);
	return 0;
}

/* Parse what has no mistake. */
static void
parse(const char *text)
{
	char error[512] = "";

	if (contracts_parse(contracts, text, "own.table", error, sizeof(error)) != 0)
		fail_msg("%s", error);
}

/* The function's row, or the reason why the test ends here. */
static const struct contract *
find(const char *function)
{
	const struct contract *contract = contracts_find(contracts, function);

	if (contract == NULL)
		fail_msg("no row for '%s'", function);
	return contract;
}

static void
assert_row(const char *function, const char *line)
{
	char found[512];

	contract_text(find(function), found, sizeof(found));
	assert_string_equal(found, line);
}

/* In canonical form: what is read and written again is the same text. */
static const char *const rows[] = {
	"fn  f()",
	"fn  f(-)",
	"fn  f(-, -, -, -, -, -, -, -, -, -, -, use)",
	"fn  f(use)",
	"fn  f(write)",
	"fn  f(free)",
	"fn  f(free?)",
	"fn  f(free-seg?)",
	"fn  f(send)",
	"fn  f(keep)",
	"fn  f(grant)",
	"fn  f(lend)",
	"fn  f(move)",
	"fn  f(replace)",
	"fn  f(share)",
	"fn  f(clear)",
	"fn  f(scoped)",
	"fn  f(ref 2, -)",
	"fn  f(use, join 1 if 0)",
	"fn  f(use, view 1 if 0)",
	"fn  f(use, take 1)",
	"fn  f(use, view 1?[=3] if >0)",
	"fn  f(-, ref 12)",
	"fn  f(free?[2], -)",
	"fn  f(send[=1] if 0)",
	"fn  f(send[=4096])",
	"fn  f(grant[12])",
	"fn  f(send[..ret], -) -> count 2",
	"fn  f(send[..ret], -) -> count 2 or error",
	"fn  f(send[..ret], -) -> all 2",
	"fn  f(grant[..ret])",
	"fn  f(send[..ret] if >0)",
	"fn  f(send if 0)",
	"fn  f(send if !0)",
	"fn  f(send if >0)",
	"fn  f(send if >=0)",
	"fn  f(send if <0)",
	"fn  f(-) -> new",
	"fn  f(-) -> new?",
	"fn  f(-, send) -> new or 2",
	"fn  f(-, send) -> new or 2?",
	"fn  f(use) -> view of 1?",
	"fn  f(use) -> part of 1",
	"fn  f(use) -> same as 1",
	"fn  f(share if !0) -> clone of 1?",
	"fn  f(use) -> next of 1?",
	"fn  f(use) -> status",
	"fn  f(use) -> status 105",
	"fn  f(use) -> flag",
	"fn  f(-) -> never",
};

static void
every_construct_is_read_as_it_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		parse(rows[i]);
		assert_row("f", rows[i]);
	}
}

/* The same said in other ways. */
static const struct {
	const char *line;
	const char *row;
} spellings[] = {
	{ "fn f ( use ,send [ ..ret ]if>=0,- )->count 3",
		"fn  f(use, send[..ret] if >=0, -) -> count 3" },
	{ "\tfn\tf(\tuse)\t# and a comment", "fn  f(use)" },
	{ "fn f(-, -, ...) -> never", "fn  f(-, -) -> never" },
	{ "fn f(...)", "fn  f()" },
	{ "fn f(use) -> -", "fn  f(use)" },
	{ "fn f(free ?[ 2 ], -)#", "fn  f(free?[2], -)" },
	{ "fn f(send[= 8])", "fn  f(send[=8])" },
	{ "fn f(send if ! 0)", "fn  f(send if !0)" },
	{ "fn f(send[..ret]) -> - # any number", "fn  f(send[..ret])" },
	{ "fn f(free?[0002], -)", "fn  f(free?[2], -)" },
};

static void
blanks_and_comments_do_not_matter(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spellings); i++) {
		parse(spellings[i].line);
		assert_row("f", spellings[i].row);
	}
}

static void
long_words_are_no_trouble(void **state)
{
	char text[4096];
	char error[256];

	(void)state;
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(contracts_parse(contracts, text, "t", error, sizeof(error)), -EINVAL);
	assert_true(strncmp(error, "t:1: expected 'fn', 'type' or 'ban', found 'aaa", 40) == 0);
	memcpy(text, "fn ", 3);
	memcpy(text + sizeof(text) - 6, "(use)", 6);
	parse(text);
	text[sizeof(text) - 6] = '\0';
	assert_string_equal(find(text + 3)->name, text + 3);
}

static void
a_later_line_replaces_an_earlier_one(void **state)
{
	enum finding_rule rule = RULE_COUNT;

	(void)state;
	parse("fn mine(free) -> status\nfn other(use)\n");
	parse("fn mine(-, send)\n");
	assert_row("mine", "fn  mine(-, send)");
	assert_row("other", "fn  other(use)");
	parse("fn rte_pktmbuf_free(keep)");
	assert_row("rte_pktmbuf_free", "fn  rte_pktmbuf_free(keep)");

	parse("type packet buffer\ntype packet view");
	assert_int_equal(contracts_type(contracts, "packet"), CONTRACT_TYPE_VIEW);
	parse("type packet plain\ntype rte_mbuf plain");
	assert_int_equal(contracts_type(contracts, "packet"), CONTRACT_TYPE_PLAIN);
	assert_int_equal(contracts_type(contracts, "rte_mbuf"), CONTRACT_TYPE_PLAIN);

	parse("ban fp0404 say shout  # in small letters\nban FP0406 shout");
	assert_true(contracts_ban(contracts, "say", &rule));
	assert_int_equal(rule, RULE_FP0404);
	assert_true(contracts_ban(contracts, "shout", &rule));
	assert_int_equal(rule, RULE_FP0406);
	parse("ban - say malloc");
	assert_false(contracts_ban(contracts, "say", &rule));
	assert_false(contracts_ban(contracts, "malloc", &rule));
	assert_true(contracts_ban(contracts, "calloc", &rule));
}

static void
a_name_can_be_a_function_a_struct_and_banned(void **state)
{
	enum finding_rule rule = RULE_COUNT;

	(void)state;
	parse("fn thing(use)\ntype thing cursor\nban FP0401 thing\n");
	assert_row("thing", "fn  thing(use)");
	assert_int_equal(contracts_type(contracts, "thing"), CONTRACT_TYPE_CURSOR);
	assert_true(contracts_ban(contracts, "thing", &rule));
	assert_int_equal(rule, RULE_FP0401);
	parse("type only_type lease\nban FP0401 only_ban");
	assert_null(contracts_find(contracts, "only_type"));
	assert_null(contracts_find(contracts, "only_ban"));
	assert_int_equal(contracts_type(contracts, "only_ban"), CONTRACT_TYPE_PLAIN);
	assert_false(contracts_ban(contracts, "only_type", &rule));
}

static void
ends_of_line_and_byte_order_mark_do_not_matter(void **state)
{
	enum finding_rule rule;

	(void)state;
	parse("\xef\xbb\xbf# first\r\nfn crlf(use)\r\ntype crlf view\r\nban FP0401 crlf\r\n\r\n");
	assert_row("crlf", "fn  crlf(use)");
	assert_int_equal(contracts_type(contracts, "crlf"), CONTRACT_TYPE_VIEW);
	assert_true(contracts_ban(contracts, "crlf", &rule));
	parse("fn first(use)\nfn last(use) -> status");
	assert_row("last", "fn  last(use) -> status");
	parse("");
	parse("\n\n\r\n");
	parse("# nothing but a comment");
}

static void
what_no_table_names_is_not_found(void **state)
{
	enum finding_rule rule;

	(void)state;
	assert_null(contracts_find(contracts, "rte_pktmbuf_fre"));
	assert_null(contracts_find(contracts, "rte_pktmbuf_freeX"));
	assert_null(contracts_find(contracts, ""));
	assert_int_equal(contracts_type(contracts, "sk_buff"), CONTRACT_TYPE_PLAIN);
	assert_false(contracts_ban(contracts, "memcpy", &rule));
}

static void
many_rows_are_all_found(void **state)
{
	char text[128];

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		(void)snprintf(text, sizeof(text), "fn wrapper_%u(send[=%u])", i, i % 4096 + 1);
		parse(text);
	}
	for (unsigned int i = 0; i < 20000; i++) {
		(void)snprintf(text, sizeof(text), "wrapper_%u", i);
		assert_int_equal(find(text)->params[0].count, i % 4096 + 1);
	}
	assert_non_null(contracts_find(contracts, "rte_eth_tx_burst"));
}

/* Copy the name of the function that a line is about; false for another line. */
static bool
name_of_row(const char *line, char *name, size_t cap)
{
	size_t len;

	if (strncmp(line, "fn ", 3) != 0)
		return false;
	line += 3 + strspn(line + 3, " ");
	len = strcspn(line, "(");
	assert_true(len < cap);
	memcpy(name, line, len);
	name[len] = '\0';
	return true;
}

static void
the_built_in_tables_have_one_row_per_function(void **state)
{
	uint32_t row_count = 0;

	(void)state;
	/* Each function that is met is overwritten with a row of its own: never met again. */
	for (size_t i = 0; i < contract_table_count; i++) {
		const char *line = contract_tables[i].text;

		for (; *line != '\0'; line += strcspn(line, "\n") + 1) {
			char name[128];
			char mark[160];

			if (!name_of_row(line, name, sizeof(name)))
				continue;
			if (find(name)->param_count == 12)
				fail_msg("two rows for '%s'", name);
			(void)snprintf(mark, sizeof(mark), "fn %s(-,-,-,-,-,-,-,-,-,-,-,-)", name);
			parse(mark);
			row_count++;
		}
	}
	assert_true(row_count > 500);
}

static void
the_built_in_tables_know_the_field(void **state)
{
	enum finding_rule rule = RULE_COUNT;

	(void)state;
	assert_row("rte_pktmbuf_free", "fn  rte_pktmbuf_free(free?)");
	assert_row("rte_eth_tx_burst", "fn  rte_eth_tx_burst(-, -, send[..ret], -) -> count 4");
	assert_row("rte_ring_sp_enqueue_bulk",
		"fn  rte_ring_sp_enqueue_bulk(-, send[3] if !0, -, -) -> all 3");
	assert_row("memcpy", "fn  memcpy(write, use, -) -> same as 1");
	assert_row("fp_lease_share", "fn  fp_lease_share(share if 0, grant if 0) -> status");
	assert_int_equal(contracts_type(contracts, "rte_mbuf"), CONTRACT_TYPE_BUFFER);
	assert_int_equal(contracts_type(contracts, "fp_lease"), CONTRACT_TYPE_LEASE);
	assert_int_equal(contracts_type(contracts, "fp_cspan"), CONTRACT_TYPE_VIEW);
	assert_int_equal(contracts_type(contracts, "fp_reader"), CONTRACT_TYPE_CURSOR);
	assert_true(contracts_ban(contracts, "rte_log", &rule));
	assert_int_equal(rule, RULE_FP0404);
	assert_true(contracts_ban(contracts, "qsort", &rule));
	assert_int_equal(rule, RULE_FP0406);
	contracts_destroy(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_contracts, destroy_contracts)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_construct_is_read_as_it_is_written),
		TEST(blanks_and_comments_do_not_matter),
		TEST(long_words_are_no_trouble),
		TEST(a_later_line_replaces_an_earlier_one),
		TEST(a_name_can_be_a_function_a_struct_and_banned),
		TEST(ends_of_line_and_byte_order_mark_do_not_matter),
		TEST(what_no_table_names_is_not_found),
		TEST(many_rows_are_all_found),
		TEST(the_built_in_tables_have_one_row_per_function),
		TEST(the_built_in_tables_know_the_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
