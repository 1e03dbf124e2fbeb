/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef FPGEN_COMPLAIN_H
#define FPGEN_COMPLAIN_H

/** @file One line on stderr, with the program's name before it. */

/** Print "fpgen: " and the text, as by printf (%m is errno), and a newline. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* FPGEN_COMPLAIN_H */
