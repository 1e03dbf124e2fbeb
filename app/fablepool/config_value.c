/* SPDX-License-Identifier: BSD-3-Clause */

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <rte_ether.h>

#include "config_value.h"

bool
value_parse_number(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	unsigned long long number;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno != 0 || *end != '\0' || number < min || number > max)
		return false;
	*value = number;
	return true;
}

bool
value_parse_bool(const char *text, uint32_t *value)
{
	*value = strcmp(text, "yes") == 0;
	return *value != 0 || strcmp(text, "no") == 0;
}

bool
value_parse_ipv4(const char *text, uint32_t *address)
{
	struct in_addr parsed;

	if (inet_pton(AF_INET, text, &parsed) != 1)
		return false;
	*address = ntohl(parsed.s_addr);
	return true;
}

bool
value_parse_endpoint(const char *text, uint32_t *address, uint32_t *port)
{
	const char *colon = strchr(text, ':');
	char host[INET_ADDRSTRLEN];
	uint64_t number;

	if (colon == NULL || (size_t)(colon - text) >= sizeof(host))
		return false;
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = '\0';
	if (!value_parse_ipv4(host, address) ||
		!value_parse_number(colon + 1, 1, UINT16_MAX, &number))
		return false;
	*port = (uint32_t)number;
	return true;
}

bool
value_parse_mac(const char *text, uint8_t mac[6])
{
	struct rte_ether_addr parsed;

	if (rte_ether_unformat_addr(text, &parsed) != 0)
		return false;
	memcpy(mac, parsed.addr_bytes, sizeof(parsed.addr_bytes));
	return true;
}
