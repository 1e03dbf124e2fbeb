/* SPDX-License-Identifier: BSD-3-Clause */

/* Mistakes in contract tables: each is told with its file and line, and changes nothing. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "contract.h"

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

#define NO_EFFECT    "expected what happens to a parameter (-, use, free, send, grant ...)"
#define NO_RESULT    "expected a result (-, new, view of, same as, count, status ...)"
#define NO_CONDITION "expected a condition: 0, !0, >0, >=0 or <0"
#define NO_MEANING   "expected what the type is: buffer, lease, view, cursor or plain"
#define FOURTEEN     "-, -, -, -, -, -, -, -, -, -, -, -, -, -"

/* Each is the third line of "bad.table". */
static const struct {
	const char *line;
	const char *problem;
} mistakes[] = {
	{ "function f(use)", "expected 'fn', 'type' or 'ban', found 'function'" },
	{ "fnf(use)", "expected 'fn', 'type' or 'ban', found 'fnf'" },
	{ "42", "expected 'fn', 'type' or 'ban', found '42'" },
	{ "@", "expected 'fn', 'type' or 'ban', found '@'" },
	{ "\xc3\xa9", "expected 'fn', 'type' or 'ban', found '\xc3\xa9'" },
	{ "fn", "expected the name of a function, but the line ends here" },
	{ "fn # f", "expected the name of a function, but the line ends here" },
	{ "fn 1f(use)", "expected the name of a function, found '1'" },
	{ "fn a-b(use)", "expected the name of a function, found 'a-b'" },
	{ "fn *f(use)", "expected the name of a function, found '*'" },
	{ "fn f", "expected '(' behind the function's name, but the line ends here" },
	{ "fn f use", "expected '(' behind the function's name, found 'use'" },
	{ "fn f(", NO_EFFECT ", but the line ends here" },
	{ "fn f(eat)", NO_EFFECT ", found 'eat'" },
	{ "fn f(Free)", NO_EFFECT ", found 'Free'" },
	{ "fn f(use,)", NO_EFFECT ", found ')'" },
	{ "fn f(use", "expected ',' or ')', but the line ends here" },
	{ "fn f(use send)", "expected ',' or ')', found 'send'" },
	{ "fn f(-?)", "expected ',' or ')', found '?'" },
	{ "fn f(-[2])", "expected ',' or ')', found '['" },
	{ "fn f(- if 0)", "expected ',' or ')', found 'if'" },
	{ "fn f(..., use)", "expected ',' or ')', found ','" },
	{ "fn f(send if 0 if 0)", "expected ',' or ')', found 'if'" },
	{ "fn f(send[2)", "expected ']', found ')'" },
	{ "fn f(send[=2)", "expected ']', found ')'" },
	{ "fn f(send[..ret)", "expected ']', found ')'" },
	{ "fn f(send[..result])", "expected 'ret' behind '[..', found 'result'" },
	{ "fn f(send[])", "expected the number of a parameter, found ']'" },
	{ "fn f(send[n], -)", "expected the number of a parameter, found 'n'" },
	{ "fn f(send[0], -)", "parameter 0 is not one of 1 to 12" },
	{ "fn f(send[13], -)", "parameter 13 is not one of 1 to 12" },
	{ "fn f(send[99999999999999999999], -)",
		"parameter 99999999999999999999 is not one of 1 to 12" },
	{ "fn f(send[4294967297], -)", "parameter 4294967297 is not one of 1 to 12" },
	{ "fn f(send[-2], -)", "expected the number of a parameter, found '-'" },
	{ "fn f(-, send[2])", "a parameter counts itself" },
	{ "fn f(send[=0])", "0 elements is not one of 1 to 4096" },
	{ "fn f(send[=4097])", "4097 elements is not one of 1 to 4096" },
	{ "fn f(send[=x])", "expected a number of elements, found 'x'" },
	{ "fn f(ref)", "expected the number of a parameter, found ')'" },
	{ "fn f(ref 1)", "a parameter names itself" },
	{ "fn f(use, join 0)", "parameter 0 is not one of 1 to 12" },
	{ "fn f(send if)", NO_CONDITION ", found ')'" },
	{ "fn f(send if 1)", NO_CONDITION ", found '1'" },
	{ "fn f(send if >1)", NO_CONDITION ", found '1'" },
	{ "fn f(send if <=0)", NO_CONDITION ", found '='" },
	{ "fn f(send if !NULL)", NO_CONDITION ", found 'NULL'" },
	{ "fn f(" FOURTEEN ")", "more than 12 parameters" },
	{ "fn f(use) new", "expected the end of the line, found 'new'" },
	{ "fn f(use) ->", NO_RESULT ", but the line ends here" },
	{ "fn f(use) -> old", NO_RESULT ", found 'old'" },
	{ "fn f(use) -> view 1", "expected 'of' or 'as', found '1'" },
	{ "fn f(use) -> same of 1", "expected 'of' or 'as', found 'of'" },
	{ "fn f(use) -> view of", "expected the number of a parameter, but the line ends here" },
	{ "fn f(use) -> view of 13", "parameter 13 is not one of 1 to 12" },
	{ "fn f(use) -> count", "expected the number of a parameter, but the line ends here" },
	{ "fn f(use) -> count 1 or 2", "expected 'error', found '2'" },
	{ "fn f(use) -> new or error", "expected the number of a parameter, found 'error'" },
	{ "fn f(use) -> status or 1", "only 'new' and 'count' have an 'or'" },
	{ "fn f(use) -> count 1?", "'?' behind a result that is no pointer" },
	{ "fn f(use) -> never?", "'?' behind a result that is no pointer" },
	{ "fn f(use) -> new? new", "expected the end of the line, found 'new'" },
	{ "fn f(send[..ret]) -> new", "[..ret] needs a result that counts" },
	{ "fn f(send[..ret]) -> status", "[..ret] needs a result that counts" },
	{ "type", "expected the tag of a struct, but the line ends here" },
	{ "type struct x buffer", NO_MEANING ", found 'x'" },
	{ "type x", NO_MEANING ", but the line ends here" },
	{ "type x pointer", NO_MEANING ", found 'pointer'" },
	{ "type x view y", "expected the end of the line, found 'y'" },
	{ "ban", "expected the id of a rule, or '-', but the line ends here" },
	{ "ban malloc", "expected the id of a rule, or '-', found 'malloc'" },
	{ "ban FP0410 malloc", "expected the id of a rule, or '-', found 'FP0410'" },
	{ "ban 0401 malloc", "expected the id of a rule, or '-', found '0401'" },
	{ "ban FP0401", "expected the name of a function, but the line ends here" },
	{ "ban FP0401 malloc, calloc", "expected the name of a function, found ','" },
	{ "ban FP0401 malloc R-04-01", "expected the name of a function, found 'R-04-01'" },
};

static void
every_mistake_is_told_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		char text[512];
		char error[512] = "";
		char wanted[512];

		(void)snprintf(text, sizeof(text), "fn before(use)\r\n\n%s\nfn behind(use)\n",
			mistakes[i].line);
		(void)snprintf(wanted, sizeof(wanted), "bad.table:3: %s", mistakes[i].problem);
		assert_int_equal(
			contracts_parse(contracts, text, "bad.table", error, sizeof(error)),
			-EINVAL);
		assert_string_equal(error, wanted);
		assert_non_null(contracts_find(contracts, "before"));
		assert_null(contracts_find(contracts, "behind"));
		assert_null(contracts_find(contracts, "f"));
	}
}

static void
a_ban_with_a_mistake_bans_nothing(void **state)
{
	char error[512];
	enum finding_rule rule;

	(void)state;
	assert_int_equal(contracts_parse(contracts, "ban FP0401 first second, third", "bad.table",
				 error, sizeof(error)),
		-EINVAL);
	assert_false(contracts_ban(contracts, "first", &rule));
	assert_false(contracts_ban(contracts, "second", &rule));
}

static void
an_error_is_cut_to_its_room(void **state)
{
	char error[16];

	(void)state;
	memset(error, 'x', sizeof(error));
	assert_int_equal(contracts_parse(contracts, "nonsense", "own.table", error, 12), -EINVAL);
	assert_memory_equal(error, "own.table:1\0xxxx", 16);
}

/* What is left of a table when a byte of it is another one: read or refused, but not a crash. */
static void
a_wrong_byte_is_read_or_refused(void **state)
{
	static const char bytes[] = "()[]-?,.=!<>#\n\r0a ";
	char text[] = "fn  f(-, send?[..ret] if >=0, join 1, ref 2[=3]) -> count 2 or error\n"
		      "type  t  view\nban FP0401 a b\n";
	char error[512];

	(void)state;
	for (size_t at = 0; at < sizeof(text) - 1; at++) {
		char was = text[at];

		for (size_t i = 0; i < sizeof(bytes); i++) {
			int result;

			text[at] = bytes[i];
			error[0] = '\0';
			result = contracts_parse(contracts, text, "t", error, sizeof(error));
			assert_true(result == 0 ? error[0] == '\0' : result == -EINVAL);
			assert_true(result == 0 || strncmp(error, "t:", 2) == 0);
		}
		text[at] = was;
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, create_contracts, destroy_contracts)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_mistake_is_told_with_its_line),
		TEST(a_ban_with_a_mistake_bans_nothing),
		TEST(an_error_is_cut_to_its_room),
		TEST(a_wrong_byte_is_read_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
