/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Reading files of expected answers: one row is one question with its answer.
 *
 * Columns are separated by TAB; the first line begins with '#' and names them. In a field `\e` is
 * empty, `\\` a backslash, `\xHH` a byte, and a lone `-` says that there is no value. A list of
 * elements is decimals with commas between them, where `v*n` is n times v and `a..b` is a, a+1 to
 * b, or `\e` for an empty list; segments are lists with `|` between them.
 *
 *   struct fp_test_vectors rows;
 *
 *   if (fp_test_vectors_open(&rows, dir, "span_reverse.tsv") == 0) {
 *           while (fp_test_vectors_next(&rows)) {
 *                   const char *op = fp_test_vectors_get(&rows, "op");
 *
 *                   if (is_beyond_the_library(op))
 *                           fp_test_vectors_skip(&rows, op);
 *                   else if (!answer_is_right(&rows))
 *                           fp_test_vectors_fail(&rows, "3 is wrong");
 *           }
 *   }
 *   assert_int_equal(fp_test_vectors_close(&rows), 0);
 *
 * A field that is not there or cannot be parsed fails its row by itself, so that a test may go on
 * with what it got.
 */

#ifndef FP_TEST_VECTORS_H
#define FP_TEST_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** Most columns of a file. */
#define FP_TEST_VECTORS_COLUMNS_MAX 16

/** Most reasons to skip rows of a file. */
#define FP_TEST_VECTORS_SKIPS_MAX 16

/** A file being read. */
struct fp_test_vectors {
	FILE *file;                                      /**< NULL when it is not there. */
	char path[512];                                  /**< Its name, for messages. */
	char *header;                                    /**< Where `names` point into. */
	char *text;                                      /**< Where `fields` point into. */
	char *raw;                                       /**< The row as it stands in the file. */
	size_t text_cap;                                 /**< Room at `text` [bytes]. */
	const char *names[FP_TEST_VECTORS_COLUMNS_MAX];  /**< Names of the columns. */
	const char *fields[FP_TEST_VECTORS_COLUMNS_MAX]; /**< Of the current row, as written. */
	unsigned int columns;                            /**< How many there are. */
	unsigned int line;                               /**< Number of the current row, from 1. */
	unsigned int rows;                               /**< Rows read so far. */
	unsigned int failed;                             /**< Rows of them that failed. */
	unsigned int skipped;                            /**< Rows of them that were skipped. */
	bool has_failed;                                 /**< The current row has. */
	char skip_names[FP_TEST_VECTORS_SKIPS_MAX][64];  /**< Why rows were skipped. */
	unsigned int skip_counts[FP_TEST_VECTORS_SKIPS_MAX]; /**< How many for each reason. */
};

/**
 * The folder that a test program reads from.
 *
 * @return argv[1] when it is given, else @p otherwise.
 */
const char *fp_test_vectors_dir(int argc, char **argv, const char *otherwise);

/**
 * Open a file and read the names of its columns.
 *
 * @return 0; -1 when it is not there, which is said in a line, or has no header, which fails.
 *         fp_test_vectors_close() is called in each case.
 */
int fp_test_vectors_open(struct fp_test_vectors *rows, const char *dir, const char *name);

/** Go to the next row; false at the end of the file. A row with too few fields fails here. */
bool fp_test_vectors_next(struct fp_test_vectors *rows);

/** The field of a column, as written, until the next row; "" fails the row: no such column. */
const char *fp_test_vectors_get(struct fp_test_vectors *rows, const char *column);

/** True when the field is a lone `-`: there is no value. */
bool fp_test_vectors_is_none(struct fp_test_vectors *rows, const char *column);

/**
 * Take the field for text and resolve its escapes.
 *
 * @param[out] out  Room for @p cap bytes; no NUL is added.
 * @return Length [bytes]; 0 with the row failed when it does not fit or an escape is none.
 */
size_t
fp_test_vectors_text(struct fp_test_vectors *rows, const char *column, uint8_t *out, size_t cap);

/** Take the field for one number, -2^63 to 2^64 - 1; above 2^63 - 1 it is its bits. */
int64_t fp_test_vectors_number(struct fp_test_vectors *rows, const char *column);

/**
 * Take the field for a list of elements.
 *
 * @param[out] out  Room for @p cap elements; what is above 2^63 - 1 is stored as its bits.
 * @return Number of elements; 0 with the row failed when they do not fit or are none.
 */
size_t
fp_test_vectors_list(struct fp_test_vectors *rows, const char *column, int64_t *out, size_t cap);

/**
 * Parse a list that is a part of a field, as an argument or a segment is.
 *
 * @param[in]     text   The list begins here.
 * @param[out]    out    Room for @p cap elements.
 * @param[in]     cap    Most elements.
 * @param[out]    count  Number of elements.
 * @return Where the list ended: at the end of the text or at the character that is none of a list
 *         (`|`, `;`); NULL when it is malformed or does not fit.
 */
const char *fp_test_vectors_parse(const char *text, int64_t *out, size_t cap, size_t *count);

/** Skip the current row; rows are counted by @p name, which is the operation or the type. */
void fp_test_vectors_skip(struct fp_test_vectors *rows, const char *name);

/** Fail the current row; the first failure of a row is printed, with file, line and columns. */
void fp_test_vectors_fail(struct fp_test_vectors *rows, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * Close the file and print how many rows were run, skipped and failed.
 *
 * @return Number of failed rows; 1 for a file without rows; 0 when the file was not there.
 */
unsigned int fp_test_vectors_close(struct fp_test_vectors *rows);

#endif /* FP_TEST_VECTORS_H */
