/* SPDX-License-Identifier: BSD-3-Clause */

/**
 * @file
 * Values of the configuration file and of options, from text.
 */

#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/** Parse a whole decimal number in [min, max]; false when the text is anything else. */
bool value_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/** Parse "yes" or "no". */
bool value_parse_bool(const char *text, uint32_t *value);

/** Parse a dotted IPv4 address into host order. */
bool value_parse_ipv4(const char *text, uint32_t *address);

/** Parse "ADDRESS:PORT". */
bool value_parse_endpoint(const char *text, uint32_t *address, uint32_t *port);

/** Parse six hexadecimal pairs separated by colons. */
bool value_parse_mac(const char *text, uint8_t mac[6]);

#endif /* CONFIG_VALUE_H */
